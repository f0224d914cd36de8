"""Names that are reached by a letter, on as many lines as they need: an account's panes, the team's sections."""

from __future__ import annotations

from collections.abc import Sequence


def tab_rows(titles: Sequence[str], width: int, front: int, *, choosing: bool) -> list[list[tuple[int, bool]]]:
    """The places of the tabs by line, and whether each is named: all of them while choosing, else on one line the one in
    front and those around it as far as there is room, the others by their letters.
    """
    if not choosing:
        room = width - 3 - 3 * len(titles)
        named = set()
        for n in sorted(range(len(titles)), key=lambda n: abs(n - front)):
            room -= len(titles[n]) + 1
            if room < 0 and n != front:
                break
            named.add(n)
        return [[(n, n in named) for n in range(len(titles))]]
    rows: list[list[tuple[int, bool]]] = [[]]
    left = width - 3
    for n, title in enumerate(titles):
        need = len(title) + 4
        if need > left and rows[-1]:
            rows.append([])
            left = width - 3
        rows[-1].append((n, True))
        left -= need
    return rows

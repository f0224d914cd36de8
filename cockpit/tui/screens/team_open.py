"""Where enter goes from a row of the Team screen: every figure leads to the rows behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui.finding import on_list
from cockpit.tui.render.team import Entry

if TYPE_CHECKING:
    from cockpit.services.cta import CtaShown
    from cockpit.services.pod import PodShown
    from cockpit.services.queue import CtaRow
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.screens.queue import QueueScreen
    from cockpit.tui.screens.team import TeamScreen


TEXTS = ("template", "article", "card")
SETTINGS = ("contact_rules", "lines", "activity_type", "cta_type", "reason")
READ = ("close", "review", "playbook", "kept", *TEXTS, *SETTINGS)
"""Kinds of rows that are read in a sheet."""


def open_entry(screen: TeamScreen, entry: Entry) -> None:
    """Go to the queue, the accounts, one account, or read a close."""
    app, kind = screen.cockpit, entry.kind
    if kind == "pool" or (kind == "flow_pool" and entry.key):
        show_queue(app, entry.key)
    elif kind in ("member", "person", "pod_member", "away", "flow_csm", "touch_csm"):
        app.show_accounts(f"owner:{quoted(entry.key)}")
    elif kind == "policy":
        app.show_accounts(f"segment:{quoted(entry.key)}")
    elif kind == "proposal":
        app.open_account(entry.data.account_id)
    elif kind == "pod":
        _patch(screen, entry.key)
    elif kind == "lease":
        _account_of(screen, entry.id)
    elif kind.startswith("health_"):
        _health(screen, entry)
    elif kind in ("escalation", "call"):
        app.open_account(int(entry.key), "plan")
    elif kind == "pattern":
        app.show_accounts(f"risk:{quoted(entry.key)}" + (f" risk_department:{quoted(entry.of)}" if entry.of else ""))
    elif kind == "touch_account":
        app.open_account(int(entry.key), "timeline")
    elif kind in READ:
        read_whole(screen, entry)
    else:
        show_queue(app, None, f"lane:{entry.key}" if kind == "flow_lane" and entry.key else "")


def quoted(word: str) -> str:
    """A value of a query, in quotes."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def show_queue(app: CockpitApp, pool: str | None, where: str = "") -> None:
    """The queue of a pool, or what of it a filter matches."""

    def show(screen: QueueScreen) -> None:
        screen.pool = pool
        screen.show_view(where, None)

    on_list(app, "queue", show)


def _health(screen: TeamScreen, entry: Entry) -> None:
    """The account that fell; of a group the accounts of one band, or all."""
    if entry.kind == "health_fell":
        screen.cockpit.open_account(int(entry.key), "scorecard")
        return
    from cockpit.services.health_portfolio import query_of
    from cockpit.tui.modals.pick import Pick

    one = entry.data
    options = [("", "all", str(one.accounts))]
    options += [(band, band, str(getattr(one, band))) for band in ("red", "amber", "green", "unknown") if getattr(one, band)]

    def chosen(band: str | None) -> None:
        if band is not None:
            screen.cockpit.show_accounts(query_of(entry.of, one.group, band))

    screen.app.push_screen(Pick(f"Accounts of {one.label}", options, screen.palette), chosen)


def _patch(screen: TeamScreen, name: str) -> None:
    from cockpit.services.pod import show_pod
    from cockpit.tui.modals.pick import Pick
    from cockpit.tui.render.figure import money
    from cockpit.tui.render.safe import plain

    def arrived(shown: PodShown) -> None:
        p = screen.palette
        options = []
        for one in shown.accounts:
            arr, health = money(one.arr, one.currency, p, symbol=True)[0], "n/a" if one.health is None else one.health
            options.append((str(one.id), plain(one.name), f"{arr}  ♥ {health}"))

        def chosen(id_: str | None) -> None:
            if id_ is not None:
                screen.cockpit.open_account(int(id_))

        pick = Pick(f"Patch of pod {name}", options, p, empty="The pod has no accounts yet: H gives it some.")
        screen.app.push_screen(pick, chosen)

    screen.later("pod", lambda: show_pod(screen.desk, name), arrived)


def _account_of(screen: TeamScreen, cta_id: int) -> None:
    from cockpit.services.queue import ctas_by_id

    def arrived(found: dict[int, CtaRow]) -> None:
        if cta_id in found:
            screen.cockpit.open_account(found[cta_id].account_id, "ctas")
        else:
            screen.refuse(f"CTA {cta_id} is gone.")

    screen.later("account", lambda: ctas_by_id(screen.desk, [cta_id]), arrived)


def read_whole(screen: TeamScreen, entry: Entry) -> None:
    """A close with what was thought of it, a playbook's steps, a text."""
    if entry.kind in ("playbook", "kept"):
        screen.show_playbook(entry.of)
    elif entry.kind in TEXTS:
        screen.read_text(entry)
    elif entry.kind in SETTINGS:
        screen.read_setting(entry)
    else:
        read_close(screen, entry)


def read_close(screen: TeamScreen, entry: Entry) -> None:
    """All of a closed CTA, and what was thought of it."""
    from cockpit.services.cta import show_cta

    cta_id = int(entry.key)

    def arrived(shown: CtaShown) -> None:
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.cta_whole import whole_lines
        from cockpit.tui.render.line import Line, heading, paragraph
        from cockpit.tui.theme import Palette

        today, said = screen.desk.today(), entry.data

        def draw(width: int, p: Palette) -> list[Line]:
            lines = whole_lines(shown, today, width, p)
            if entry.kind == "review":
                lines += [[], heading(f"{said.verdict}, says {said.reviewer_name or 'nobody'}", p)]
                lines += paragraph(said.note or "without a note", width, p.text, 2)
            elif said.lacks_evidence:
                lines += [[], [("! A success with nothing logged, no task done and no note.", p.bad)]]
            return lines

        screen.app.push_screen(Sheet(f"CTA {cta_id} · {shown.row.account}", draw, screen.palette))

    screen.later("cta", lambda: show_cta(screen.desk, cta_id), arrived)

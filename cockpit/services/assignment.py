"""Who takes which account of a leaver: a flow of least cost over what speaks for and against each (``domain.leaver``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cockpit.domain.leaver import LOAD, Candidate, Held, fit, fit_pool


def assign(
    accounts: Sequence[Held], candidates: Sequence[Candidate], pool: str, fixed: Mapping[int, int | None] | None = None
) -> dict[int, int | None]:
    """Return for every account the CSM who takes it (None: the pool), the whole as good as it can be.

    A flow of least cost from accounts to recipients: nobody gets more of a segment than there is room for, nor more
    minutes than she has free; the pool takes any number. Each further account of one recipient costs a little more.
    ``fixed`` are choices of a person: they are kept, whatever the limits, and use up what they need.
    The same input gives the same answer.
    """
    given = dict(fixed or {})
    open_ = [one for one in accounts if one.id not in given]
    by_id = {one.id: one for one in candidates}
    most = {one.id: _slots(one, accounts, given) for one in candidates}
    while True:
        found = _flow(open_, candidates, pool, most, accounts, given)
        over = [
            one for one in candidates
            if one.free is not None and _minutes(one.id, found | given, accounts) > one.free and any(to == one.id for to in found.values())
        ]
        if not over:
            return {one.id: given[one.id] if one.id in given else found[one.id] for one in accounts}
        for one in over:  # accounts weigh differently: one less, and again
            took = sum(to == one.id for to in found.values())
            most[by_id[one.id].id] = took - 1


def _slots(one: Candidate, accounts: Sequence[Held], given: Mapping[int, int | None]) -> int:
    """How many accounts she could take at most: one by one from the lightest, until her week is full."""
    if one.free is None:
        return len(accounts)
    left = one.free - _minutes(one.id, given, accounts)
    count = 0
    for minutes in sorted(a.minutes or 0 for a in accounts if a.id not in given):
        if minutes > left:
            break
        left -= minutes
        count += 1
    return count


def _minutes(csm: int, choices: Mapping[int, int | None], accounts: Sequence[Held]) -> int:
    return sum(a.minutes or 0 for a in accounts if choices.get(a.id) == csm)


def _flow(
    open_: Sequence[Held], candidates: Sequence[Candidate], pool: str, most: Mapping[int, int], accounts: Sequence[Held],
    given: Mapping[int, int | None],
) -> dict[int, int | None]:  # fmt: skip
    import networkx

    if not open_:
        return {}
    graph = networkx.DiGraph()
    graph.add_node("sink", demand=len(open_))
    graph.add_edge("pool", "sink", weight=0)
    scale = len(candidates) + 1  # ties go to whoever stands first
    for place, one in enumerate(candidates):
        has = sum(to == one.id for to in given.values())
        for n in range(max(most[one.id], 0)):
            graph.add_edge(f"c{one.id}", f"c{one.id} {n}", capacity=1, weight=0)
            graph.add_edge(f"c{one.id} {n}", "sink", capacity=1, weight=LOAD * (n + has) * scale)
        for segment in {a.segment for a in open_}:
            taken = sum(to == one.id and a.segment == segment for a in accounts for to in [given.get(a.id)])
            room = one.room.get(segment or "")
            limit = {} if room is None else {"capacity": max(room - taken, 0)}
            graph.add_edge(f"c{one.id} of {segment}", f"c{one.id}", weight=place, **limit)
    for a in open_:
        graph.add_node(f"a{a.id}", demand=-1)
        graph.add_edge(f"a{a.id}", "pool", capacity=1, weight=fit_pool(a, pool).cost * scale)
        for one in candidates:
            graph.add_edge(f"a{a.id}", f"c{one.id} of {a.segment}", capacity=1, weight=fit(a, one).cost * scale)
    flow = networkx.min_cost_flow(graph)
    found: dict[int, int | None] = {}
    for a in open_:
        to = next(node for node, units in flow[f"a{a.id}"].items() if units)
        found[a.id] = None if to == "pool" else int(to.partition(" of ")[0][1:])
    return found

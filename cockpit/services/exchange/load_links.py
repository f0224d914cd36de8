"""Join tables: which company, or which contact, another export's row belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.services.exchange.prepare import Row
from cockpit.services.exchange.write import Item, Loading

_WORDS = {
    "opportunity": "Deal",
    "activity": "Engagement",
    "ticket": "Ticket",
    "person": "Contact",
    "account": "Company",
}


def load_links(loading: Loading, rows: Sequence[Row]) -> None:
    """One batch of joins; those that the same run used already are unchanged."""
    link = loading.ready.found.link
    assert link is not None
    things = loading.refs.ids(link.thing, loading.system, [row.values["left"] for row in rows])
    others = loading.refs.ids(link.to, loading.system, [row.values["right"] for row in rows])
    pairs: list[tuple[Item, int, int]] = []
    for row in rows:
        left, right = row.values["left"], row.values["right"]
        if left not in things:
            loading.reject(row, link.column, f'{_WORDS[link.thing]} "{left}" is not known.')
        elif right not in others:
            loading.reject(row, link.to_column, f'{_WORDS[link.to]} "{right}" is not known.')
        else:
            pairs.append((Item(row, {}), things[left], others[right]))
    if link.to == "person":
        _attendees(loading, pairs)
    elif link.thing == "person":
        _memberships(loading, pairs)
    else:
        _accounts(loading, link.thing, pairs)
    loading.done([item for item, _, _ in pairs])


def _accounts(loading: Loading, thing: str, pairs: Sequence[tuple[Item, int, int]]) -> None:
    """Gives the account to what has none; the first join of a thing counts."""
    if not pairs:
        return
    db = loading.work.db
    params: dict[str, object] = {}
    marks = db.marks("t", sorted({thing_id for _, thing_id, _ in pairs}), params)
    present = dict[int, int | None](db.all(f"SELECT id, account_id FROM {thing} WHERE id IN ({marks})", **params))
    wanted: dict[int, int] = {}
    for item, thing_id, account in pairs:
        if present[thing_id] is None and thing_id not in wanted:
            wanted[thing_id] = account
            item.outcome = "updated"
        elif wanted.get(thing_id, present[thing_id]) != account:
            loading.counts["name a second company; the first counts"] += 1
    loading.work.update_many(thing, {id_: {"account_id": account} for id_, account in wanted.items()})


def _memberships(loading: Loading, pairs: Sequence[tuple[Item, int, int]]) -> None:
    there = loading.refs.accounts_of(person for _, person, _ in pairs)
    fresh: dict[tuple[int, int], Item] = {}
    for item, person, account in pairs:
        if account not in there.get(person, []) and (person, account) not in fresh:
            fresh[person, account] = item
            item.outcome = "created"
    loading.work.insert_many("membership", [{"person_id": person, "account_id": account} for person, account in fresh])


def _attendees(loading: Loading, pairs: Sequence[tuple[Item, int, int]]) -> None:
    if not pairs:
        return
    db = loading.work.db
    params: dict[str, object] = {}
    marks = db.marks("a", sorted({activity for _, activity, _ in pairs}), params)
    there = set(db.all(f"SELECT activity_id, person_id FROM attendee WHERE activity_id IN ({marks})", **params))
    fresh: dict[tuple[int, int], Item] = {}
    for item, activity, person in pairs:
        if (activity, person) not in there and (activity, person) not in fresh:
            fresh[activity, person] = item
            item.outcome = "created"
    loading.work.insert_many("attendee", [{"activity_id": activity, "person_id": person} for activity, person in fresh])

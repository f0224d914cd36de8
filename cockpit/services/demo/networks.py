"""What the demo knows of people beyond their names: value obtained, bottlenecks, who was confirmed, and who is there twice.

Its dice are its own, so that the rest of the company stays as it is.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from cockpit.services.demo.names import domain_of

if TYPE_CHECKING:
    from cockpit.services.act import Work

TOLD = 240
"""Members of whom something is told."""
TWINS = 3
VALUE = {
    "driver": (
        "Board sees one figure instead of three", "Closes the month two days earlier", "Onboards new sites in a week",
        "Dropped two older tools", "Audit passed without findings",
    ),
    "generator": (
        "Saves half a day a week on reports", "No more copying between sheets", "Finds faults before the customer does",
        "Plans the shift in ten minutes", "Trains colleagues herself",
    ),
}  # fmt: skip
BOTTLENECK = (
    "Waits for single sign-on", "Data of one site still missing", "Colleagues prefer their spreadsheets",
    "No time for training this quarter", "Export to finance is by hand", "Needs a second administrator",
)  # fmt: skip
CHANNELS = ("mail", "phone", "chat")


def weave(work: Work, seed: int) -> int:
    """Tells it of the first members of value networks; makes twins of some people (how many) and of one account."""
    dice = Random(f"network {seed}")
    members = work.db.all(
        "SELECT m.id, m.person_id, m.network_role FROM membership m JOIN person n ON n.id = m.person_id"
        " WHERE m.value_network = TRUE AND n.left_on IS NULL ORDER BY m.id LIMIT :most",
        most=TOLD,
    )  # fmt: skip
    csms = [row[0] for row in work.db.all("SELECT id FROM csm WHERE active = TRUE AND role = 'csm' ORDER BY id")]
    there: dict[int, dict[str, object]] = {}
    people: dict[int, dict[str, object]] = {}
    for id_, person, role in members:
        values: dict[str, object] = {}
        if dice.random() < 0.4:
            values["value_obtained"] = dice.choice(VALUE[role or "generator"])
        if dice.random() < 0.25:
            values["bottleneck"] = dice.choice(BOTTLENECK)
        if csms and dice.random() < 0.3:
            values |= {"confirmed_at": work.now - timedelta(days=dice.randint(3, 200)), "confirmed_by_id": dice.choice(csms)}
        if values:
            there[id_] = values
        if dice.random() < 0.3:
            people[person] = {"channel": dice.choice(CHANNELS)}
    work.update_many("membership", there)
    work.update_many("person", people)
    _twin_account(work)
    return _twin_people(work, dice)


def _twin_people(work: Work, dice: Random) -> int:
    """The same person again, as another system spelled her: not in the network, met by nobody."""
    rows = work.db.all(
        "SELECT n.name, n.email, m.account_id, m.title FROM membership m JOIN person n ON n.id = m.person_id"
        " WHERE m.value_network = TRUE AND n.left_on IS NULL AND n.email IS NOT NULL ORDER BY m.id LIMIT :most",
        most=60,
    )
    chosen = dice.sample(rows, min(TWINS, len(rows) // 10))
    for name, email, account, title in chosen:
        first, _, last = name.partition(" ")
        person = work.insert("person", {"name": f"{last}, {first}", "email": f"{first[0]}{last}@{email.rpartition('@')[2]}".lower()})
        work.insert("membership", {"person_id": person, "account_id": account, "title": title})
    return len(chosen)


def _twin_account(work: Work) -> None:
    """One of the last accounts turns out to be a record of one of the first, as billing spells it."""
    found = work.db.all(
        "SELECT a.id, a.name FROM account a WHERE a.parent_id IS NULL AND a.status = 'customer'"
        " AND NOT EXISTS (SELECT 1 FROM cta c WHERE c.account_id = a.id)"
        " AND NOT EXISTS (SELECT 1 FROM account k WHERE k.parent_id = a.id) ORDER BY a.id DESC LIMIT :one",
        one=1,
    )  # fmt: skip
    first = work.db.one("SELECT id, name FROM account ORDER BY id LIMIT :one", one=1)
    if found and first is not None and found[0][0] > first[0] + 20:
        name = f"{first[1]} Inc."
        work.update("account", found[0][0], {"name": name, "domain": domain_of(first[1])})

"""Who may be written to, when, in whose name: the rules every mail to a customer passes.

What a person wants (no mail) and what cannot arrive (bounced, left, no address) holds for every mail; the cap on how
often, quiet while an escalation is open or the account changes hands, and the language hold for mail that is not
written by hand to one customer.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from db.terms import ServedBy

MOST_ADDRESS = 254
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)


class Why(StrEnum):
    """Why somebody is not written to."""

    NOBODY = "nobody"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    OPTED_OUT = "opted_out"
    BOUNCED = "bounced"
    LEFT = "left"
    TWICE = "twice"
    CAP = "cap"
    ESCALATION = "escalation"
    TRANSITION = "transition"
    LANGUAGE = "language"
    TEXT = "text"
    """The template needs a fact that is not known."""


HARD = frozenset({Why.NOBODY, Why.NO_ADDRESS, Why.BAD_ADDRESS, Why.OPTED_OUT, Why.BOUNCED, Why.LEFT, Why.TWICE, Why.TEXT})
"""What holds for a letter by hand too."""


@dataclass(frozen=True, slots=True)
class Rules:
    """At most ``cap`` mails to a person in any ``cap_days`` days (ours: no public source)."""

    cap: int = 2
    cap_days: int = 14
    quiet_in_escalation: bool = True
    quiet_in_transition: bool = True

    def __post_init__(self) -> None:
        """Raises ValueError for what nobody can mean."""
        if not 0 <= self.cap <= 1_000 or not 1 <= self.cap_days <= 366:
            raise ValueError("The cap is 0 to 1000 mails in 1 to 366 days.")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Of a person what the rules ask about; ``lately``: mails to her in the cap's days, waiting ones included."""

    address: str | None
    opted_out: bool = False
    bounced: bool = False
    left: bool = False
    lately: int = 0
    escalated: bool = False
    changes_hands: bool = False


@dataclass(frozen=True, slots=True)
class No:
    """One reason against a mail, and its sentence."""

    why: Why
    says: str


def address_of(text: str | None) -> str | None:
    """The address if a mail can be sent to it, else None: one plain address, nothing that a header would read on."""
    if text is None or len(text) > MOST_ADDRESS or not _ADDRESS.fullmatch(text):
        return None
    return text


def refusals(to: Recipient, rules: Rules, *, by_hand: bool = False) -> tuple[No, ...]:
    """Every reason against a mail to her, the gravest first; none means it may go.

    ``by_hand``: a letter somebody wrote to this one customer.
    """
    found: list[No] = []

    def no(why: Why, says: str) -> None:
        found.append(No(why, says))

    if to.opted_out:
        no(Why.OPTED_OUT, "wants no mail")
    if to.left:
        no(Why.LEFT, "has left")
    if not (to.address or "").strip():
        no(Why.NO_ADDRESS, "no address is known")
    elif address_of(to.address) is None:
        no(Why.BAD_ADDRESS, "no mail can be sent to that address")
    if to.bounced:
        no(Why.BOUNCED, "mail came back from that address")
    if by_hand:
        return tuple(found)
    if to.lately >= rules.cap:
        no(Why.CAP, f"{to.lately} in {rules.cap_days} days, at most {rules.cap}")
    if to.escalated and rules.quiet_in_escalation:
        no(Why.ESCALATION, "quiet: an escalation is open")
    if to.changes_hands and rules.quiet_in_transition:
        no(Why.TRANSITION, "quiet: the account is changing hands")
    return tuple(found)


def language_for(wanted: str | None, there: Collection[str], usual: str = "en") -> str | None:
    """Which of the languages a text is there in suits somebody; None when none does.

    Hers, by its first part (de-AT reads de); when hers is not known, the usual one, or the only one there is.
    """
    known = {one.casefold(): one for one in there}
    if wanted and wanted.strip():
        low = wanted.strip().casefold().replace("_", "-")
        return known.get(low) or known.get(low.partition("-")[0])
    return known.get(usual) or (next(iter(known.values())) if len(known) == 1 else None)


@dataclass(frozen=True, slots=True)
class From:
    """In whose name a mail goes, and where answers go."""

    name: str
    reply_to: str | None


def sender(served_by: str, csm: str, csm_email: str | None, pool_name: str | None, pool_reply: str | None, *, by_hand: bool) -> From:
    """In whose name: a dedicated account's CSM writes as herself; the pool's mails go in the pool's name.

    A letter by hand carries its writer's name beside the pool's, and answers still reach the pool.
    """
    if served_by == ServedBy.DEDICATED or not (pool_name or pool_reply):
        return From(csm, csm_email or pool_reply)
    name = pool_name or csm
    if by_hand and pool_name and csm not in pool_name:
        name = f"{csm} · {pool_name}"
    return From(name, pool_reply or csm_email)

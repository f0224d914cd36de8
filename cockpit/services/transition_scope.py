"""Covers and pods account by account: how far each is covered, by whom, who leads it and is its second; the patch's note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.domain import brief as briefs
from cockpit.domain.clean import clean_text
from cockpit.domain.say import listed, plural
from cockpit.domain.transition import LEVELS, may_move
from cockpit.services import lookup
from cockpit.services.act import Work, act
from cockpit.services.errors import NotFound, Refused
from cockpit.services.transition import check_side, locked, title
from cockpit.services.transition_acts import Changed, note_shown
from cockpit.services.transition_evidence import Facts
from db.reads.transition import Member
from db.terms import Side, TransitionKind, TransitionState


@act("scope_transition")
def scope(
    work: Work, transition_id: int, accounts: Sequence[str | int] = (), level: str | None = None, to: str | None = None,
    second: str | None = None,
) -> Changed:  # fmt: skip
    """Says of accounts of a cover how far they are covered (``full``, ``answer_only``) and who does it; of a pod's
    hand-over who leads them and is their second. Of all of its accounts when none are named.

    Raises NotFound, Refused (another kind, handed over, nothing said), Forbidden.
    """
    facts = _started(work, transition_id)
    check_side(work, facts, Side.BOTH, "Saying who takes which account")
    kind = TransitionKind(facts.row.kind)
    if level is not None and kind is not TransitionKind.COVER:
        raise Refused("level", "Only a cover has levels.")
    if level is not None and level not in LEVELS:
        raise Refused("level", f"An account is covered {' or '.join(LEVELS)}, not {level!r}.")
    if second is not None and kind is not TransitionKind.POD:
        raise Refused("second", "Only accounts of a pod have a second contact.")
    values: dict[str, Any] = {} if level is None else {"level": level}
    words = [] if level is None else [level.replace("_", " ")]
    for column, login, what in (("csm_id", to, "by" if kind is TransitionKind.COVER else "led by"), ("second_id", second, "second")):
        if login is not None:
            values[column] = _taker(work, facts, login)
            words.append(f"{what} {login}")
    if not values:
        raise Refused("nothing", "Say what of it: how far, who takes it, who is the second.")
    chosen = _chosen(work, facts, accounts)
    _check_two(chosen, values)
    ids = {account: id_ for id_, account in work.db.all(
        "SELECT id, account_id FROM transition_account WHERE transition_id = :id", id=transition_id)}  # fmt: skip
    work.update_many("transition_account", {ids[one.account_id]: values for one in chosen})
    if level == "full":
        _write_briefs(work, facts, chosen)
    names = chosen[0].account if len(chosen) == 1 else plural(len(chosen), "account")
    return note_shown(work, facts, f"Of {title(facts)}: {names} {listed(words)}", {})


def _taker(work: Work, facts: Facts, login: str) -> int:
    csm_id, name = lookup.active_csm(work.db, login)
    if csm_id == facts.row.from_csm_id:
        covers = facts.row.kind == TransitionKind.COVER
        raise Refused("same", f"{name} cannot cover for herself." if covers else f"{name} hands these accounts over.")
    return csm_id


def _chosen(work: Work, facts: Facts, accounts: Sequence[str | int]) -> list[Member]:
    if not accounts:
        return list(facts.members)
    there = {one.account_id: one for one in facts.members}
    found = {lookup.find_account(work.db, ref): ref for ref in accounts}
    strange = next((ref for id_, ref in found.items() if id_ not in there), None)
    if strange is not None:
        raise NotFound(f"{strange} is not among the accounts of {title(facts)}.")
    return [there[id_] for id_ in found]


def _check_two(chosen: Sequence[Member], values: dict[str, Any]) -> None:
    for one in chosen:
        lead, second = values.get("csm_id", one.csm_id), values.get("second_id", one.second_id)
        if second is not None and lead == second:
            raise Refused("second", f"{one.account}: lead and second contact are two people.")


def _write_briefs(work: Work, facts: Facts, chosen: Sequence[Member]) -> None:
    """What is covered in full has a page to write, also when it was only to be answered before."""
    form = briefs.FORM_OF[TransitionKind(facts.row.kind)]
    work.insert_many("brief", [
        {"transition_id": facts.row.id, "account_id": one.account_id, "form": form, "sections": {}, "written_at": work.now}
        for one in chosen if facts.current_brief(one.account_id) is None
    ])  # fmt: skip


@act("write_brief")
def patch_note(work: Work, transition_id: int, text: str) -> Changed:
    """Writes the one note about a patch's smaller accounts, which have no brief of their own to fill.

    Raises Refused (no pod's hand-over, it says nothing), Forbidden.
    """
    facts = _started(work, transition_id)
    if facts.row.kind != TransitionKind.POD:
        raise Refused("kind", "Only a pod's patch has a note: write the brief.")
    check_side(work, facts, Side.OUT, "Writing the patch's note")
    words = clean_text(text)
    if not briefs.is_written(words):
        raise Refused("note", 'Say it in a sentence, or "nothing, because …" with the reason.')
    work.update("transition", transition_id, {"extra": {**facts.extra, "patch_note": words}})
    return note_shown(work, facts, f"Wrote the patch's note of {title(facts)}", {})


def _started(work: Work, transition_id: int) -> Facts:
    facts = locked(work, transition_id)
    if facts.row.kind not in (TransitionKind.COVER, TransitionKind.POD):
        raise Refused("kind", "Only a cover or a pod's hand-over is shared out account by account.")
    if facts.row.state != TransitionState.STARTED:
        no = may_move(TransitionState(facts.row.state), TransitionState.CANCELLED)
        raise Refused(no.code if no else "state", no.sentence if no else "It is handed over already.")
    return facts


__all__ = ["patch_note", "scope"]

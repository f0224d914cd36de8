"""Questions between the two sides of a transition, and their answers."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.clean import clean_text
from cockpit.domain.transition import LEADERS
from cockpit.services.act import Work, act
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.transition import check_side, locked, title
from db.terms import Side


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked, answered or withdrawn."""

    id: int
    transition: int
    act: int | None = None
    said: str = ""


@act("ask")
def ask(work: Work, transition_id: int, body: str) -> Asked:
    """Asks the other side something about a hand-over. Raises Refused (no text), Forbidden."""
    facts = locked(work, transition_id)
    check_side(work, facts, Side.BOTH, "Asking")
    if facts.row.ended_at is not None:
        raise Refused("ended", f"This transition is {facts.row.state}: nobody looks for questions here any more.")
    text = clean_text(body)
    if not text:
        raise Refused("empty", "A question needs words.")
    made = work.insert("question", {"transition_id": transition_id, "asked_by_id": work.me.id, "body": text, "asked_at": work.now})
    work.say(f"Asked about {title(facts)}: {text}")
    return Asked(made, transition_id, said=work.act.what)


@act("answer_question")
def answer(work: Work, question_id: int, text: str = "", withdraw: bool = False) -> Asked:
    """Answers a question, or withdraws one's own. Raises NotFound, Refused, Forbidden."""
    transition_id = work.db.scalar("SELECT transition_id FROM question WHERE id = :id", id=question_id)
    if transition_id is None:
        raise NotFound(f"There is no question {question_id}.")
    facts = locked(work, transition_id)
    check_side(work, facts, Side.BOTH, "Answering")
    row = next(one for one in facts.questions if one.id == question_id)
    if not row.is_open:
        raise Refused("answered", "It is answered or withdrawn already.")
    words = clean_text(text)
    if withdraw:
        if row.asked_by_id != work.me.id and work.me.role not in LEADERS:
            raise Forbidden("Who asked withdraws a question.")
        work.update("question", question_id, {"withdrawn_at": work.now})
    elif not words:
        raise Refused("empty", "An answer needs words.")
    else:
        work.update("question", question_id, {"answer": words, "answered_at": work.now, "answered_by_id": work.me.id})
    work.say(f"Withdrew a question about {title(facts)}" if withdraw else f"Answered about {title(facts)}: {words}")
    return Asked(question_id, transition_id, said=work.act.what)

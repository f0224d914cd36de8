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
    text = clean_text(body)
    if not text:
        raise Refused("empty", "A question needs words.")
    made = work.insert("question", {"transition_id": transition_id, "asked_by_id": work.me.id, "body": text, "asked_at": work.now})
    work.say(f"Asked about {title(facts)}: {text}")
    return Asked(made, transition_id, said=work.act.what)


@act("answer_question")
def answer(work: Work, question_id: int, text: str = "", withdraw: bool = False) -> Asked:
    """Answers a question, or withdraws one's own. Raises NotFound, Refused, Forbidden."""
    row = work.db.one("SELECT transition_id, asked_by_id, answered_at, withdrawn_at FROM question WHERE id = :id", id=question_id)
    if row is None:
        raise NotFound(f"There is no question {question_id}.")
    facts = locked(work, row[0])
    check_side(work, facts, Side.BOTH, "Answering")
    if row[2] is not None or row[3] is not None:
        raise Refused("answered", "It is answered or withdrawn already.")
    words = clean_text(text)
    if withdraw:
        if row[1] != work.me.id and work.me.role not in LEADERS:
            raise Forbidden("Who asked withdraws a question.")
        work.update("question", question_id, {"withdrawn_at": work.now})
    elif not words:
        raise Refused("empty", "An answer needs words.")
    else:
        work.update("question", question_id, {"answer": words, "answered_at": work.now, "answered_by_id": work.me.id})
    work.say(f"Withdrew a question about {title(facts)}" if withdraw else f"Answered about {title(facts)}: {words}")
    return Asked(question_id, row[0], said=work.act.what)

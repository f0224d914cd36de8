"""What an act has touched: whose steps it may have done."""

from __future__ import annotations

from collections.abc import Collection

TOUCHES = {
    "activity": "SELECT account_id FROM activity WHERE id IN ({})",
    "attendee": "SELECT v.account_id FROM attendee w JOIN activity v ON v.id = w.activity_id WHERE w.id IN ({})",
    "person": "SELECT account_id FROM membership WHERE person_id IN ({})",
    "account": "SELECT id FROM account WHERE id IN ({})",
    "task": "SELECT coalesce(k.account_id, c.account_id, x.account_id) FROM task k LEFT JOIN cta c ON c.id = k.cta_id"
    " LEFT JOIN transition x ON x.id = k.transition_id WHERE k.run_id IS NOT NULL AND k.id IN ({})",
} | {
    name: f"SELECT account_id FROM {name} WHERE id IN ({{}})"
    for name in ("sentiment", "renewal_call", "risk", "goal", "opportunity", "membership", "intervention", "advocacy", "document",
                 "outbox", "training", "survey", "escalation", "ticket", "brief", "transition", "transition_account", "cta")
}  # fmt: skip
CSMS = {
    "csm": "SELECT id FROM csm WHERE id IN ({})",
    "pool_member": "SELECT csm_id FROM pool_member WHERE id IN ({})",
    "shadow": "SELECT csm_id FROM shadow WHERE id IN ({})",
    "review": "SELECT c.owner_id FROM review r JOIN cta c ON c.id = r.cta_id WHERE r.id IN ({})",
    "cta": "SELECT owner_id FROM cta WHERE id IN ({0}) UNION SELECT csm_id FROM shadow WHERE cta_id IN ({0})",
    "task": "SELECT u.csm_id FROM task k JOIN run u ON u.id = k.run_id WHERE k.id IN ({})",
    "intervention": "SELECT csm_id FROM intervention WHERE id IN ({})",
}
TRANSITIONS = {
    "transition": "SELECT id FROM transition WHERE id IN ({})",
    "task": "SELECT transition_id FROM task WHERE id IN ({})",
} | {
    name: f"SELECT transition_id FROM {name} WHERE id IN ({{}})" for name in ("decision", "question", "brief", "transition_account")
}  # fmt: skip
WITNESSES = frozenset({*TOUCHES, *CSMS, *TRANSITIONS}) - {"cta"}
CLOSERS = frozenset({"close", "reopen", "accept", "import"})
"""Acts in which a changed CTA may prove something too: a claim, which must not wait, proves nothing."""
SILENT = frozenset({"undo", "redo", "new_store", "demo", "score"})
"""Acts after which nothing is looked for."""


def may_prove(verb: str, things: Collection[str]) -> bool:
    """Whether an act that changed rows of these tables may have done what a step waits for."""
    return verb not in SILENT and not (WITNESSES.isdisjoint(things) and not (verb in CLOSERS and "cta" in things))

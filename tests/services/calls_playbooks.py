"""A call of each use-case about playbooks and tasks, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from cockpit.services import leaver, playbook, task
from db.terms import TaskStatus
from tests import builders

TEXT = 'name = "Small"\nabout = "account"\n\n[[step]]\ntitle = "Look"\nopens = "account"\ndone = "account opened"\n'



def leaves(s: Any) -> Any:
    """Chi leaves, with an account of hers."""
    builders.account(s.desk, "Chi's Ltd", owner="chi")
    return leaver.start(s.mo, "chi", date(2026, 12, 23))


PLAYBOOK_CALLS: dict[str, Callable[[Any], Any]] = {
    "leaver.start": leaves,
    "playbook.apply": lambda s: playbook.apply(s.mo, TEXT),
    "playbook.run_on_account": lambda s: playbook.run_on_account(s.desk, s.acme, "adoption recovery"),
    "playbook.run_on_csm": lambda s: playbook.run_on_csm(s.mo, "dee", "new-CSM onboarding", "ana"),
    "playbook.run_on_cta": lambda s: playbook.run_on_cta(s.desk, s.mine, "adoption recovery"),
    "playbook.stop": lambda s: playbook.stop(s.mo, playbook.run_on_account(s.desk, s.acme, "adoption recovery").run, "It closes down"),
    "playbook.switch": lambda s: playbook.switch(s.mo, "sponsor left"),
    "task.set_task": lambda s: task.set_task(s.desk, s.task, TaskStatus.DONE),
}

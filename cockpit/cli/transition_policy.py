"""`transition policy show|set`: from which ARR on a hand-over asks for more."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_one
from cockpit.cli.transition_app import app
from cockpit.domain.money import decimal_text
from cockpit.services import transition_policy as policies
from cockpit.services.frozen import to_plain

policy = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="From which ARR on a hand-over asks for more."
)
AgreeBelow = Annotated[
    str | None, typer.Option("--agree-below", metavar="M", help="Below it no manager has to agree: 50k, 48,000; default")
]
PoolBelow = Annotated[str | None, typer.Option("--pool-below", metavar="M", help="Below it a pool takes the account")]
KeyAbove = Annotated[str | None, typer.Option("--key-above", metavar="M", help="From it on a conversation introduces the new CSM")]
_SAYS = {
    "agree_below": "below it no manager has to agree", "pool_below": "below it a pool takes the account",
    "key_above": "from it on a conversation introduces the new CSM",
}  # fmt: skip


@policy.command("show")
@shared
def show() -> None:
    """Show the lines in force."""
    row = _plain(policies.transition_policy(desk()))
    emit_one(row, lines="\n".join(f"  {name:12} {row[name]:>14} {row['currency']}  {says}" for name, says in _SAYS.items()))


@policy.command("set")
@shared
def set_(agree_below: AgreeBelow = None, pool_below: PoolBelow = None, key_above: KeyAbove = None) -> None:
    """Change lines, in the reporting currency; for managers and ops."""
    given = {"agree_below": agree_below, "pool_below": pool_below, "key_above": key_above}
    fields = {name: value for name, value in given.items() if value is not None}
    if not fields:
        raise Usage("Say what to change, e.g. --agree-below 50k.")
    done = policies.set_transition_policy(desk(writes=True), fields)
    emit_one(_plain(done), done.said)


def _plain(found: policies.TransitionPolicy) -> dict[str, Any]:
    row: dict[str, Any] = to_plain(found)
    return row | {name: decimal_text(getattr(found, name), found.currency) for name in policies.FIELDS}


app.add_typer(policy, name="policy")
APPS: dict[str, typer.Typer] = {}
"""Its commands are of the group that ``transition`` is."""

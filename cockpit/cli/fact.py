"""`subscription|opportunity|ticket|survey|training|advocacy|event|usage|product list|new|edit`: one form for all facts."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import islice
from typing import Annotated, Any

import typer

from cockpit.cli.account import Account
from cockpit.cli.lists import Limit
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_list, emit_one, people_limit, say
from cockpit.domain.money import decimal_text
from cockpit.services.fact_kinds import FACTS, As, FactField, FactKind
from cockpit.services.frozen import to_plain

Where = Annotated[str, typer.Option("--where", metavar="Q", help="Of the accounts this query matches")]
SomeAccount = Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="Of this account and its relationships; else of all")]
ALL = 10**9


def plain(row: Any) -> dict[str, Any]:
    """A fact as `--json` prints it: fields by name, money as decimal strings."""
    kind = FACTS[row.kind]
    found: dict[str, Any] = {"id": row.number}
    if kind.name != "product":
        found |= {"account_id": row.account_id, "account": row.account}
    for field in kind.fields:
        value = row.values.get(field.name)
        if field.read is As.MONEY and value is not None:
            value = decimal_text(value, row.currency or "USD")
        elif field.read is As.MILLI and value is not None:
            value = value / 1000
        found[field.name] = to_plain(value)
    if any(field.read is As.MONEY for field in kind.fields):
        found["currency"] = row.currency
    return found | {"system": row.system, "recorded": to_plain(row.recorded)}


def _lister(kind: FactKind) -> Callable[..., None]:
    def listed(account: str | None, where: str, limit: int | None) -> None:
        from cockpit.services import fact
        from cockpit.services.account import find_account

        at = desk()
        shown = people_limit(limit)
        about = find_account(at, account) if account else None
        if about is not None and where:
            raise Usage("Name an account, or give --where: one of them.")
        rows = [plain(row) for row in islice(fact.facts_of(at, kind.name, about, where), (shown or ALL) + 1)]
        more = shown is not None and len(rows) > shown
        rows = rows[:shown] if shown is not None else rows
        columns = ("id", *(() if kind.name == "product" else ("account",)), *kind.shown)
        emit_list(rows, columns, empty=f"No {kind.name} is known: `cockpit {kind.name} new` notes one.")
        if more:
            say("… and more: --limit N shows more, --json and --csv all.")

    def of_accounts(account: SomeAccount = None, where: Where = "", limit: Limit = None) -> None:
        listed(account, where, limit)

    def of_nobody(limit: Limit = None) -> None:
        listed(None, "", limit)

    command = of_nobody if kind.name == "product" else of_accounts
    command.__doc__ = f"List what is known of the kind {kind.name}, the latest first."
    return command


def _maker(kind: FactKind) -> Callable[..., None]:
    def make(account: str | None = None, **given: Any) -> None:
        from cockpit.services.fact import new_fact

        done = new_fact(desk(writes=True), kind.name, account, _given(given))
        emit_one({"id": done.id, "kind": done.kind, "act": done.act}, done.said)

    about = [] if kind.name == "product" else [inspect.Parameter("account", _POSITIONAL, annotation=Account)]
    return _with(make, [*about, *_options(kind)], f"Note one of the kind {kind.name}.")


def _editor(kind: FactKind) -> Callable[..., None]:
    def edit(number: int, **given: Any) -> None:
        from cockpit.services.fact import edit_fact

        fields = _given(given)
        if not fields:
            raise Usage(f"Say what to change, e.g. --{kind.fields[0].name.replace('_', '-')}.")
        done = edit_fact(desk(writes=True), kind.name, number, fields)
        emit_one({"id": done.id, "changed": list(done.changed), "act": done.act}, done.said)

    number = Annotated[int, typer.Argument(metavar="ID", help="Its number, as the list shows it")]
    words = "Correct one; the version before stays on record."
    return _with(edit, [inspect.Parameter("number", _POSITIONAL, annotation=number), *_options(kind)], words)


_POSITIONAL = inspect.Parameter.POSITIONAL_OR_KEYWORD


def _options(kind: FactKind) -> list[inspect.Parameter]:
    return [
        inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_option(field))
        for field in kind.fields
    ]


def _option(field: FactField) -> Any:
    words = ", ".join(field.choices) if field.choices else field.hint or ("yes or no" if field.read is As.FLAG else field.label)
    return Annotated[str | None, typer.Option(f"--{field.name.replace('_', '-')}", metavar="V", help=words)]


def _with(command: Callable[..., None], parameters: list[inspect.Parameter], words: str) -> Callable[..., None]:
    """The command as Typer is to see it: these parameters, this help."""
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    command.__doc__ = words
    return command


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """What was given; ``none`` takes a value away."""
    given = {name: value for name, value in values.items() if value is not None}
    return {name: None if value.strip().lower() == "none" else value for name, value in given.items()}


def _app(kind: FactKind) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help=f"List, note and correct: {kind.name}.")
    app.command("list")(shared(_lister(kind)))
    app.command("new")(shared(_maker(kind)))
    app.command("edit")(shared(_editor(kind)))
    return app


APPS = {kind.name: _app(kind) for kind in FACTS.values()}

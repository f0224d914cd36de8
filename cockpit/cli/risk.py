"""`risk list|show|new|edit|close|reopen|patterns`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.goal import Account, Note, Where, given, words
from cockpit.cli.lists import Limit
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit
from cockpit.domain.money import decimal_text
from cockpit.services import risk as risks
from cockpit.services import success
from cockpit.services.errors import NotFound
from cockpit.services.frozen import to_plain
from cockpit.services.success import RiskRow

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="The risk register: what may go wrong, whose it is to mend, and patterns across accounts.",
)
COLUMNS = ("id", "account", "severity", "kind", "title", "department", "owner", "due", "is_late", "csm", "closed_on")
Id = Annotated[int, typer.Argument(metavar="ID", help="The number of a risk, as `risk list` prints it")]
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="K", help="readiness, implementation, sentiment, product … or your own")
]
Severity = Annotated[str | None, typer.Option("--severity", metavar="S", help="low, medium or high")]
Department = Annotated[str | None, typer.Option("--department", metavar="D", help="Whose it is to mend")]
Owner = Annotated[str | None, typer.Option("--owner", metavar="N", help="Who mends it there, by name")]
Csm = Annotated[str | None, typer.Option("--csm", metavar="LOGIN", help="Who follows it here; else me")]
Due = Annotated[str | None, typer.Option("--due", metavar="D", help="By when")]
Cta = Annotated[str | None, typer.Option("--cta", metavar="ID", help="The CTA that works on it")]


def plain(row: RiskRow) -> dict[str, Any]:
    """A risk as `--json` prints it: money as a decimal string."""
    found: dict[str, Any] = to_plain(row)
    if row.arr is not None:
        found["arr"] = decimal_text(row.arr, row.currency or "USD")
    return found


@app.command("list")
@shared
def list_(
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only this account's")] = None,
    kind: Kind = None,
    department: Department = None,
    where: Where = "",
    limit: Limit = None,
    all_: Annotated[bool, typer.Option("--all", help="Closed ones too")] = False,
) -> None:
    """List the open risks, the most severe first."""
    rows = success.risks(desk(), account, kind, department, where, closed=all_)
    shown = rows[: people_limit(limit)]
    empty = "No open risk: `risk new ACCOUNT TITLE --kind K` notes one."
    emit_list([plain(row) for row in shown], COLUMNS, empty=empty, more=len(rows) - len(shown))


@app.command()
@shared
def show(risk: Id) -> None:
    """Show one risk whole."""
    row = next((one for one in success.risks(desk(), closed=True) if one.id == risk), None)
    if row is None:
        raise NotFound(f"There is no risk {risk}.")
    emit_one(plain(row), lines=words(plain(row), f"Risk {row.id} · {row.account} · {row.title}"))


@app.command()
@shared
def new(
    account: Account,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What may go wrong")],
    kind: Annotated[str, typer.Option("--kind", metavar="K", help="readiness, implementation, sentiment, product …")],
    severity: Severity = None,
    department: Department = None,
    owner: Owner = None,
    csm: Csm = None,
    due: Due = None,
    note: Note = None,
    cta: Cta = None,
) -> None:
    """Note a risk."""
    fields = given(severity=severity, department=department, owner=owner, csm=csm, due=due, note=note, cta=cta)
    emit_done(risks.new_risk(desk(writes=True), account, title, kind, **fields))


@app.command()
@shared
def edit(
    risk: Id,
    title: Annotated[str | None, typer.Option("--title", metavar="T", help="What may go wrong")] = None,
    kind: Kind = None,
    severity: Severity = None,
    department: Department = None,
    owner: Owner = None,
    csm: Csm = None,
    due: Due = None,
    note: Note = None,
    cta: Cta = None,
) -> None:
    """Change a risk; none empties a field."""
    fields = given(
        title=title, kind=kind, severity=severity, department=department, owner=owner, csm=csm, due=due, note=note, cta=cta
    )
    if not fields:
        raise Usage("Say what to change, e.g. --severity high.")
    emit_done(risks.edit_risk(desk(writes=True), risk, fields))


@app.command()
@shared
def close(
    risk: Id,
    resolution: Annotated[str, typer.Option("--resolution", metavar="T", help="What became of it")],
) -> None:
    """Close a risk with what became of it."""
    emit_done(risks.close_risk(desk(writes=True), risk, resolution))


@app.command()
@shared
def reopen(risk: Id) -> None:
    """Open a closed risk again."""
    emit_done(risks.reopen_risk(desk(writes=True), risk))


@app.command()
@shared
def patterns(where: Where = "") -> None:
    """Open risks across accounts by kind and department: how many, on how many accounts, what ARR they touch."""
    rows = []
    for one in success.patterns(desk(), where):
        row: dict[str, Any] = to_plain(one)
        row["arr"] = [{"currency": code, "arr": decimal_text(minor, code)} for code, minor in one.arr]
        row["arr_touched"] = ", ".join(f"{decimal_text(minor, code)} {code}" for code, minor in one.arr) or None
        rows.append(row)
    columns = ("kind", "department", "accounts", "risks", "high", "late", "arr_touched", "without_arr")
    emit_list(rows, columns, empty="No open risk on any account.")


APPS = {"risk": app}

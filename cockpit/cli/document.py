"""`account brief|ebr A` and `ebr`: documents as Markdown, HTML and PDF, for one account or for all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cockpit.cli.account import Account
from cockpit.cli.options import GIVEN, Usage, desk, shared
from cockpit.cli.output import emit_list, emit_one, say
from cockpit.cli.queue import day
from cockpit.services.frozen import to_plain

app = typer.Typer(rich_markup_mode=None, add_completion=False)
From = Annotated[str | None, typer.Option("--from", metavar="D", help="First day; else 90 days before the last")]
To = Annotated[str | None, typer.Option("--to", metavar="D", help="Last day; else today")]
Form = Annotated[str | None, typer.Option("--format", metavar="F", help="md, html or pdf; else as the file's name says")]
Draft = Annotated[bool, typer.Option("--draft", help="Do not keep it with the account")]


@shared
def brief(account: Account, form: Form = None, draft: Draft = False) -> None:
    """Make the account brief: who they are, what they pay, use and say, what is open. With -o F as F's name says."""
    _make("brief", account, None, None, form, draft)


@shared
def ebr(account: Account, from_: From = None, to: To = None, form: Form = None, draft: Draft = False) -> None:
    """Make the EBR pack of an account: goals, what was done, usage, what comes next."""
    _make("ebr", account, from_, to, form, draft)


def _make(kind: str, account: str, from_: str | None, to: str | None, form: str | None, draft: bool) -> None:
    from cockpit.services import document
    from cockpit.services.account import find_account

    keeps = not (draft or GIVEN.read_only or GIVEN.as_of)
    at = desk(writes=keeps)
    first, last = day(at, from_, backward=True), day(at, to, backward=True)
    id_ = find_account(at, account)
    made = document.make_document(at, kind, id_, first, last) if keeps else document.draft_document(at, kind, id_, first, last)
    if GIVEN.json:
        emit_one({"id": made.id, "account": made.account, "kind": kind, "title": made.title, "body": made.body, "act": made.act})
        say(made.said)
        return
    if GIVEN.output is not None:
        path = Path(GIVEN.output)
        if form is not None and path.suffix.lower() != f".{form}":
            raise Usage(f"-o {path.name} and --format {form} do not agree: name the file .{form}.")
        try:
            say(f"Wrote {document.write_document(at, made, path)}")
        except OSError as error:
            raise Usage(f"{path} cannot be written: {error.strerror}.") from error
    elif form == "pdf":
        raise Usage("A PDF is written to a file: -o brief.pdf.")
    else:
        emit_one({}, lines=document.form_of(at, made, form or "md").decode().rstrip("\n"))
    say(made.said)


@app.command("ebr")
@shared
def for_all(
    where: Annotated[str, typer.Option("--where", metavar="Q", help="The accounts this query matches")] = "",
    folder: Annotated[str | None, typer.Option("--folder", metavar="F", help="Write a pack for each account there")] = None,
    propose: Annotated[bool, typer.Option("--propose", help="Make a CTA for each account that is due a business review")] = False,
    from_: From = None,
    to: To = None,
    form: Form = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made")] = False,
) -> None:
    """Make EBR packs for many accounts, or ask for the reviews that are due (segment policy, health, open sales)."""
    from cockpit.services import document

    if (folder is None) == (not propose):
        raise Usage("Say --folder F (packs as files) or --propose (CTAs for the reviews that are due): one of them.")
    at = desk(writes=not dry_run)
    if propose:
        found = document.propose_reviews(at, where, dry_run=dry_run)
        rows: list[dict[str, Any]] = [to_plain(row) | {"why": list(row.why), "act": found.act} for row in found.rows]
        emit_list(rows, ("account_id", "account", "segment", "why", "last", "cta"), empty="No business review is due.")
        say(found.said if found.rows else "")
        return
    made = document.make_ebrs(
        at, where, Path(folder or "."), day(at, from_, backward=True), day(at, to, backward=True), form or "md", dry_run=dry_run
    )
    emit_list([{"file": file, "act": made.act} for file in made.files], ("file",))
    say(made.said)


APPS = {"ebr": app}

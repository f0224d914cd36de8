"""`playbook list|show|check|apply|export|run|stop|off|on|adherence`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cockpit.cli.options import FromVersion, Usage, desk, shared
from cockpit.cli.output import dead, emit_done, emit_list, emit_one, say
from cockpit.cli.queue import day, resolve
from cockpit.domain.playbook_text import Problem
from cockpit.services import playbook as playbooks
from cockpit.services.frozen import to_plain
from cockpit.services.playbook import PlaybookShown

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True,
    help="Playbooks: what is done when, by whom, and how one sees that it is done. As text files.",
)  # fmt: skip
Name = Annotated[str, typer.Argument(metavar="NAME", help="A playbook, as `playbook list` prints it")]
Version = Annotated[int | None, typer.Option("--version", metavar="N", help="An earlier version; else the newest")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="TOML files, or folders of them; - reads stdin")]


@app.command("list")
@shared
def list_(
    about: Annotated[str | None, typer.Option("--about", metavar="WHAT", help="cta, account, csm, csm_to_csm, csm_to_pool …")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Those out of use too")] = False,
) -> None:
    """List the playbooks, and how often each runs."""
    rows = [to_plain(row) for row in playbooks.list_playbooks(desk(), about, all_)]
    emit_list(rows, ("name", "version", "about", "steps", "running", "runs", "shipped", "active", "says"), empty="No playbook is in use.")


@app.command()
@shared
def show(name: Name, version: Version = None) -> None:
    """Show a playbook step by step."""
    shown = playbooks.show_playbook(desk(), name, version)
    emit_one(_whole(shown), lines=_words(shown))


@app.command()
@shared
def export(name: Name, version: Version = None) -> None:
    """Print a playbook's text, or write it with -o."""
    from cockpit.cli.options import GIVEN
    from cockpit.cli.output import emit_text

    text = playbooks.export(desk(), name, version)
    if GIVEN.json:
        emit_one({"name": name, "text": text})
    else:
        emit_text(text)


@app.command()
@shared
def check(files: Files) -> None:
    """Check texts: what is wrong, with file, line and column. Needs no store."""
    rows = [_plain(where, problem) for where, text in _texts(files) for problem in playbooks.check(text)]
    emit_list(rows, ("file", "line", "column", "says"), empty="Nothing is wrong.")
    if rows:
        raise typer.Exit(1)


@app.command()
@shared
def apply(files: Files, from_version: FromVersion = None) -> None:
    """Put texts into the store; a changed one is a new version, and what runs keeps its own."""
    texts = _texts(files)
    if from_version is not None and len(texts) > 1:
        raise Usage("--from-version is said of one text.")
    wrong = [(where, problem) for where, text in texts for problem in playbooks.check(text)]
    for where, problem in wrong:
        say(f"{where}:{problem.line}:{problem.column}: {problem.says}")
    if wrong:
        raise typer.Exit(1)
    at = desk(writes=True)
    done = [playbooks.apply(at, text, from_version) for _, text in texts]
    emit_list([to_plain(one) for one in done], ("name", "version", "is_new", "said"))


@app.command()
@shared
def run(
    on: Annotated[str, typer.Argument(metavar="A", help="An account; with --cta a CTA, with --csm a login")],
    name: Name,
    cta: Annotated[bool, typer.Option("--cta", help="A is a CTA")] = False,
    csm: Annotated[bool, typer.Option("--csm", help="A is a CSM who is new")] = False,
    buddy: Annotated[str | None, typer.Option("--buddy", metavar="LOGIN", help="Who goes along with somebody new")] = None,
    start: Annotated[str | None, typer.Option("--start", metavar="DAY", help="Its first day; else today")] = None,
) -> None:
    """Start a playbook on an account, a CTA or somebody new."""
    if cta and csm:
        raise Usage("--cta or --csm: one of them.")
    at = desk(writes=True)
    first = day(at, start)
    if csm:
        done = playbooks.run_on_csm(at, on, name, buddy, first)
    elif cta:
        done = playbooks.run_on_cta(at, resolve(at, [on])[0], name, first)
    else:
        done = playbooks.run_on_account(at, on, name, first)
    emit_done(done)


@app.command()
@shared
def stop(
    on: Annotated[str, typer.Argument(metavar="A", help="An account; with --cta a CTA, with --csm a login")],
    name: Name,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is not gone on with; its steps keep it")] = "",
    cta: Annotated[bool, typer.Option("--cta", help="A is a CTA")] = False,
    csm: Annotated[bool, typer.Option("--csm", help="A is a CSM who is new")] = False,
) -> None:
    """End a playbook that runs: what is open of it is left out."""
    if cta and csm:
        raise Usage("--cta or --csm: one of them.")
    at = desk(writes=True)
    ids = {"cta": resolve(at, [on])[0]} if cta else {}
    run_ = playbooks.running(at, name, account=None if cta or csm else on, csm=on if csm else None, **ids)
    emit_done(playbooks.stop(at, run_, reason))


@app.command()
@shared
def off(name: Name) -> None:
    """Put a playbook out of use; what runs goes on."""
    emit_done(playbooks.switch(desk(writes=True), name, False))


@app.command("on")
@shared
def on_(name: Name) -> None:
    """Put a playbook back into use."""
    emit_done(playbooks.switch(desk(writes=True), name, True))


@app.command()
@shared
def adherence(
    from_: Annotated[str | None, typer.Option("--from", metavar="DAY", help="Steps due from that day; else of the last 90 days")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DAY", help="To that day; else today")] = None,
    by: Annotated[str, typer.Option("--by", metavar="WHAT", help="csm, or playbook alone")] = "csm",
) -> None:
    """How well playbooks are kept: done on time, late, overdue, left out, waived. No rate from fewer than ten steps."""
    from cockpit.services.adherence import adherence as kept

    if by not in ("csm", "playbook"):
        raise Usage("--by is csm or playbook.")
    at = desk()
    rows = kept(at, day(at, from_, backward=True), day(at, to, backward=True), by == "csm")
    columns = ("playbook", "csm", "n", "on_time", "late", "overdue", "skipped", "waived", "says")
    emit_list([to_plain(row) for row in rows], columns, empty="No step of a playbook was due.")


def _texts(files: list[Path]) -> list[tuple[str, str]]:
    """Each file with its text; a folder's .toml files."""
    found: list[tuple[str, str]] = []
    for path in files:
        if str(path) == "-":
            found.append(("stdin", sys.stdin.read()))
            continue
        some = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        for one in some:
            try:
                found.append((dead(str(one)), one.read_text(encoding="utf-8-sig")))
            except (OSError, UnicodeDecodeError) as error:
                raise Usage(f"{one} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.") from error
    if not found:
        raise Usage("There is no .toml file there.")
    return found


def _plain(where: str, problem: Problem) -> dict[str, Any]:
    return {"file": where, "line": problem.line, "column": problem.column, "says": problem.says}


def _whole(shown: PlaybookShown) -> dict[str, Any]:
    found: dict[str, Any] = to_plain(shown)
    for step, told in zip(shown.steps, found["steps"], strict=True):
        told["due"] = str(step.due) if step.due else None
    return found


def _words(shown: PlaybookShown) -> str:
    head = f"{shown.name} · version {shown.version} · for {shown.about}{'' if shown.active else ' · out of use'}"
    lines = [head, f"  {shown.says}"] if shown.says else [head]
    for n, step in enumerate(shown.steps, 1):
        mark = {"gate": "●", "yes": "●", "after": "◐"}.get(step.required.value, "○")
        needs = f" · after {', '.join(step.needs)}" if step.needs else ""
        only = f" · {step.when}" if step.when else ""
        ends = f" · done: {step.done}" if step.done else " · by hand, with a note"
        lines.append(f"  {n:>2} {mark} {step.due or ''!s:8} {step.role:6} {step.title}{needs}{only}{ends}")
    return "\n".join(lines)


APPS = {"playbook": app}

"""`health` and `scorecard`: how an account is, why, and by which measures."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cockpit.cli.first_word import ShowFirst
from cockpit.cli.lists import Limit
from cockpit.cli.options import GIVEN, FromVersion, Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit, say, shows_people
from cockpit.cli.queue import day
from cockpit.services.frozen import to_plain
from cockpit.services.health import HealthShown

health = typer.Typer(
    cls=ShowFirst, rich_markup_mode=None, add_completion=False, no_args_is_help=True,
    help="The health of accounts: scores by the scorecard, people's words, history. `health ACCOUNT` shows one.",
)  # fmt: skip
scorecard = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Scorecards as text: what health is made of."
)
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="By id, external id or exact name")]
File = Annotated[str, typer.Argument(metavar="FILE", help="A TOML file; - reads standard input")]
Since = Annotated[str | None, typer.Option("--since", metavar="D", help="What moved it since that day; else in four weeks")]
PORTFOLIO = ("label", "accounts", "red", "amber", "green", "unknown", "falling", "arr", "arr_at_risk", "currency")


@health.command("show")
@shared
def show(account: Account) -> None:
    """Show an account's score with every measure, and what is missing."""
    from cockpit.services import health as healths

    found = healths.health(desk(), account)
    emit_one(to_plain(found), lines=_words(found))


@health.command("set")
@shared
def set_(
    account: Account,
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="A measure of the scorecard, or total")],
    value: Annotated[int, typer.Argument(metavar="VALUE", help="0 to 100")],
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="Why you know better")],
    until: Annotated[str, typer.Option("--until", metavar="D", help="The last day it counts, at most 60 days from now")],
) -> None:
    """Say what a measure or the whole score is worth, until a day; the computed value stays beside it."""
    from cockpit.services.override import set_override

    at = desk(writes=True)
    last = day(at, until)
    assert last is not None
    emit_done(set_override(at, account, measure, value, reason, last))


@health.command("clear")
@shared
def clear(
    account: Account,
    measure: Annotated[str, typer.Argument(metavar="[MEASURE]", help="Or total; without it everything that was said")] = "",
) -> None:
    """Take back what was said against the computed score."""
    from cockpit.services.override import clear_override

    emit_done(clear_override(desk(writes=True), account, measure))


@health.command("history")
@shared
def history(
    account: Account,
    days: Annotated[int, typer.Option("--days", metavar="N", help="How far back")] = 180,
) -> None:
    """List every change of an account's score; a day holds until the next."""
    from cockpit.services import health as healths

    rows = [to_plain(point) for point in healths.history(desk(), account, days)]
    emit_list(rows, ("day", "score", "band", "computed", "override"), empty="No score of it is kept yet: `cockpit health run` makes one.")


@health.command("why")
@shared
def why(account: Account, since: Since = None) -> None:
    """Show which measures moved an account's score since a day."""
    from cockpit.services import health as healths

    at = desk()
    found = healths.movement(at, account, None if since is None else _past(since))
    plain: dict[str, Any] = to_plain(found)
    if not shows_people():
        emit_one(plain) if GIVEN.json else emit_list(plain["moves"], ("measure", "by", "before", "after"))
        return
    say(f"{found.account}: {_known(found.before)} on {found.first} → {_known(found.after)} on {found.last}")
    if found.note:
        say(f"({found.note})")
    emit_list(plain["moves"], ("label", "by", "before", "after", "figure_before", "figure_after", "unit"), empty="No measure moved.")


@health.command("run")
@shared
def run(
    where: Annotated[str, typer.Option("--where", metavar="Q", help="Only accounts the query matches")] = "",
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only this one")] = None,
) -> None:
    """Score every customer now; ctrl+c stops between batches, and a second run does the rest."""
    from cockpit.services.health_run import run as score

    emit_done(score(desk(), where, account, progress=_progress() if sys.stderr.isatty() else None))


@health.command("portfolio")
@shared
def portfolio(
    by: Annotated[str, typer.Option("--by", metavar="WORD", help="segment, owner or pool")] = "segment",
    where: Annotated[str, typer.Option("--where", metavar="Q", help="Only accounts the query matches")] = "",
) -> None:
    """Count the accounts of each band by segment, owner or pool."""
    from cockpit.domain.money import decimal_text
    from cockpit.services.health_portfolio import portfolio as groups

    rows = [to_plain(one) for one in groups(desk(), by, where)]
    for row in rows:
        for key in ("arr", "arr_at_risk"):
            row[key] = None if row[key] is None else decimal_text(row[key], row["currency"] or "USD")
    emit_list(rows, PORTFOLIO, empty="There are no accounts yet.")


@scorecard.command("list")
@shared
def card_list(limit: Limit = None) -> None:
    """List every version of every scorecard; the one that ships is version 0."""
    from cockpit.services.scorecard import scorecards

    rows = [_card(to_plain(one)) for one in scorecards(desk())]
    most = people_limit(limit)
    emit_list(rows[:most], ("name", "version", "in_force", "measures", "groups"), more=len(rows) - len(rows[:most]))


Name = Annotated[str, typer.Argument(metavar="[NAME]", help="The newest of this name; without it the one in force")]
Version = Annotated[int | None, typer.Option("--version", metavar="N", help="Another version of it")]


@scorecard.command("show")
@shared
def card_show(name: Name = "", version: Version = None) -> None:
    """Show a scorecard with its text."""
    from cockpit.services.scorecard import show_scorecard

    found = show_scorecard(desk(), name, version)
    state = "in force" if found.in_force else "not in force"
    emit_one(to_plain(found), f"{found.name} {found.version}: {state}, {found.measures} measures", lines=found.source.rstrip())


@scorecard.command("check")
@shared
def card_check(file: File) -> None:
    """Say what is wrong with a scorecard, by line and column; exit 1 when something is."""
    from cockpit.services.scorecard import check_scorecard

    card, problems = check_scorecard(desk(), _text(file))
    plain = {"file": file, "ok": card is not None, "problems": to_plain(problems)}
    lines = "\n".join(f"{file}:{one.line}:{one.column}: {one.says}" for one in problems)
    emit_one(plain, "" if card is None else f"{card.name}: {len(card.measures)} measures; nothing is wrong.", lines=lines or None)
    if card is None:
        raise typer.Exit(1)


@scorecard.command("apply")
@shared
def card_apply(file: File, from_version: FromVersion = None) -> None:
    """Put a scorecard in force as the next version of its name."""
    from cockpit.services.scorecard import apply_scorecard

    text = _text(file)
    emit_done(apply_scorecard(desk(writes=True), text, file, from_version))


@scorecard.command("export")
@shared
def card_export(name: Name = "", version: Version = None) -> None:
    """Print a scorecard's text, to change it and apply it again."""
    from cockpit.services.scorecard import show_scorecard

    found = show_scorecard(desk(), name, version)
    emit_one(to_plain(found), lines=found.source.rstrip())


@scorecard.command("off")
@shared
def card_off() -> None:
    """Take the scorecard out of force: health is then what people type and import."""
    from cockpit.services.scorecard import scorecard_off

    emit_done(scorecard_off(desk(writes=True)))


def _words(found: HealthShown) -> str:
    kept = {"kept": ", typed or imported", "override": ", somebody's word"}.get(found.source, "")
    trend = f", {found.trend} from {found.before}" if found.trend else ""
    lines = [f"{found.account}: {_known(found.score)}{f' {found.band}' if found.band else ''}{kept}{trend}"]
    if found.source in ("override", "kept") or found.computed != found.score:
        lines.append(f"  computed {_known(found.computed)}")
    if found.why:
        lines.append(f"  no score by the card: {found.why}")
    if found.stored != found.score:
        lines.append(f"  lists still show {_known(found.stored)}: the next tick follows")
    group = ""
    for one in found.measures:
        if one.group != group:
            group = one.group
            lines.append(f"  {group}")
        points, adds = ("–", "–") if one.points is None else (f"{one.points:.0f}", f"{one.adds:+.1f}")
        unit = "" if one.missing or not one.unit else f" {one.figure:g} {one.unit}"
        words = one.missing if one.points is None else f"{one.says}{f' ({unit.strip()})' if unit else ''}"
        if one.override is not None:
            words = f"{one.by or 'somebody'} says {one.override} until {one.until}: {one.reason}; computed {_known(one.computed)}"
        lines.append(f"    {one.label:34} {points:>3} {adds:>6}  {words}")
    lines += [
        f"  {word.by or 'somebody'} says the whole score is {word.value} until {word.until}: {word.reason}"
        for word in found.overrides if word.measure is None
    ]  # fmt: skip
    return "\n".join(lines)


def _known(value: float | None) -> str:
    return "n/a" if value is None else f"{value:g}"


def _card(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "source"}


def _past(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Usage(f"--since takes a day such as 2026-06-30, not {text!r}.") from error


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise Usage(f"{file} cannot be read: {words}.") from error


def _progress() -> Any:
    def tell(what: str, done: int, whole: int) -> None:
        sys.stderr.write(f"\r{done:,} of {whole:,} {what}" + ("\n" if done >= whole else ""))
        sys.stderr.flush()

    return tell


APPS = {"health": health, "scorecard": scorecard}

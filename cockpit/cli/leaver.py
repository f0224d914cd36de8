"""`transition leaver|leave`: a leaver's whole book, started in one act, and how the leave goes day by day."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one
from cockpit.cli.queue import day
from cockpit.cli.transition_app import app
from cockpit.desk import Desk
from cockpit.domain.leaver import FREEZE_DAYS
from cockpit.domain.money import decimal_text
from cockpit.services import leave_board as boards
from cockpit.services import leaver as leavers
from cockpit.services.frozen import to_plain
from cockpit.services.leave_board import LeaveBoard
from cockpit.services.leaver import KEEP, Proposal, Proposed

COLUMNS = ("account", "arr", "tier", "wave", "target", "to", "reasons")
Login = Annotated[str, typer.Argument(metavar="L", help="The login of who leaves")]


@app.command()
@shared
def leaver(
    login: Login,
    last_day: Annotated[str | None, typer.Option("--last-day", metavar="D", help="Her last day here")] = None,
    gone: Annotated[bool, typer.Option("--gone", help="She is gone already: her manager stands in")] = False,
    keep: Annotated[list[str] | None, typer.Option("--keep", metavar="A", help="An account she keeps; may repeat")] = None,
    to: Annotated[list[str] | None, typer.Option("--to", metavar="A=WHO", help="Another recipient: a login, or pool; may repeat")] = None,
    pool: Annotated[str | None, typer.Option("--pool", metavar="P", help="The pool that takes what nobody has room for")] = None,
    waves: Annotated[int | None, typer.Option("--waves", metavar="N", help="In so many waves; else by how many accounts")] = None,
    freeze: Annotated[int, typer.Option("--freeze", metavar="DAYS", help="No hand-over so many days before a renewal")] = FREEZE_DAYS,
    note: Annotated[str, typer.Option("--note", metavar="T", help="The reason, as each transition tells it")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only what would be started, with the reasons")] = False,
) -> None:
    """Hand over everything a leaver holds: recipients proposed, waves and tiers, all transitions in one act."""
    at = desk(writes=not dry_run)
    choices = _choices(at, keep or (), to or ())
    more: dict[str, Any] = {"gone": gone, "choices": choices, "waves": waves, "freeze": freeze, "pool": pool}
    if dry_run:
        proposal = leavers.propose(at, login, day(at, last_day), **more)
        emit_one(_whole(proposal), lines=_words(proposal))
        return
    emit_done(leavers.start(at, login, day(at, last_day), note=note, **more))


@app.command()
@shared
def leave(login: Annotated[str | None, typer.Argument(metavar="[L]", help="A login, or the number of a leave")] = None) -> None:
    """How a leave goes, day by day: hand-overs, steps, what is late, what she still holds. Without a login: every leave."""
    at = desk()
    if login is None:
        columns = ("id", "login", "name", "last_day", "is_gone", "started_at", "ended_at", "note")
        emit_list([to_plain(row) for row in boards.leaves(at)], columns,
                  empty="Nobody's leave was started.")  # fmt: skip
        return
    board = boards.leave_board(at, login)
    emit_one(to_plain(board) | {"says": board.says}, lines=_board_words(board))


def _choices(at: Desk, keep: tuple[str, ...] | list[str], to: tuple[str, ...] | list[str]) -> dict[int, str]:
    from cockpit.services.account import find_account

    found = {find_account(at, name): KEEP for name in keep}
    for pair in to:
        name, sign, who = pair.rpartition("=")
        if not sign or not name.strip() or not who.strip():
            raise Usage(f"--to takes an account and who gets it, A=LOGIN or A=pool, not {pair!r}.")
        found[find_account(at, name.strip())] = who.strip()
    return found


def _plain(row: Proposed) -> dict[str, Any]:
    found: dict[str, Any] = to_plain(row)
    if row.arr is not None:
        found["arr"] = decimal_text(row.arr, row.currency or "USD")
    return found


def _whole(proposal: Proposal) -> dict[str, Any]:
    found: dict[str, Any] = to_plain(proposal)
    return found | {"rows": [_plain(row) for row in proposal.rows], "says": proposal.says}


def _words(proposal: Proposal) -> str:
    from cockpit.cli.output import table

    kinds: dict[str, int] = {}
    for one in proposal.holds:
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    gone = "gone already" if proposal.is_gone else f"last day {proposal.last_day}"
    also = ", ".join(f"{n} {kind}" for kind, n in kinds.items()) or "nothing"
    lines = [f"{proposal.name} · {gone} · {proposal.says}", f"  also holds: {also}"]
    rows = [_plain(row) | {"reasons": "; ".join([*row.reasons, *([row.frozen] if row.frozen else [])])} for row in proposal.rows]
    lines += ["", table(rows, COLUMNS)] if rows else []
    people = [to_plain(one) for one in proposal.recipients]
    lines += ["", table(people, ("login", "name", "accounts", "hours", "free", "free_after"))] if people else []
    return "\n".join(lines)


def _board_words(board: LeaveBoard) -> str:
    from cockpit.cli.output import table

    days = [
        {"day": one.day, "hand-overs": f"{one.handed_over}/{one.hand_overs}" if one.hand_overs else "",
         "steps open": f"{one.open}/{one.steps}" if one.steps else "", "left": one.left,
         "planned": one.planned_left, "late": "!" if one.is_late else ""}
        for one in board.days
    ]  # fmt: skip
    rows = [{"account": r.account, "to": r.incoming, "wave": r.wave, "tier": r.tier, "target": r.target, "state": r.state,
             "out": f"{r.out_done}/{r.out_of}", "in": f"{r.in_done}/{r.in_of}", "overdue": r.overdue} for r in board.rows]  # fmt: skip
    head = f"{board.name} · {'gone' if board.is_gone else f'last day {board.last_day}'} · {board.says}"
    parts = [head, "", table(days, ("day", "hand-overs", "steps open", "left", "planned", "late"))]
    parts += ["", table(rows, ("account", "to", "wave", "tier", "target", "state", "out", "in", "overdue"))] if rows else []
    return "\n".join(parts)


APPS: dict[str, typer.Typer] = {}
"""Its commands are of the group that ``transition`` is."""

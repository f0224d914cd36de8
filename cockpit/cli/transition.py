"""`transition start|list|show|do|decide|accept|return|cancel|brief|readiness|board|…`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli import leaver, transition_more, transition_policy  # their commands join the others
from cockpit.cli.options import GIVEN, Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one
from cockpit.cli.queue import day
from cockpit.cli.transition_app import AccountOption, Id, Note, Person, Reason, app
from cockpit.domain.money import decimal_text
from cockpit.services import hand_over as handing
from cockpit.services import readiness as ready
from cockpit.services import transition as transitions
from cockpit.services import transition_acts as acts
from cockpit.services import transition_brief as briefs
from cockpit.services import transition_cover as covers
from cockpit.services import transition_talk as talk
from cockpit.services.frozen import to_plain
from cockpit.services.readiness import Readiness
from cockpit.services.transition import TransitionRow, TransitionShown

COLUMNS = ("id", "kind", "account", "outgoing", "incoming", "state", "target", "out", "in", "readiness", "overdue", "attention")
def plain(row: TransitionRow) -> dict[str, Any]:
    """A transition as `--json` prints it: money as a decimal string."""
    found: dict[str, Any] = to_plain(row)
    if row.arr is not None:
        found["arr"] = decimal_text(row.arr, row.currency or "USD")
    return found


def _listed(rows: tuple[TransitionRow, ...], empty: str) -> None:
    made = [plain(row) | {"out": f"{row.out_done}/{row.out_of}", "in": f"{row.in_done}/{row.in_of}"} for row in rows]
    emit_list(made, COLUMNS, empty=empty)


@app.command()
@shared
def start(
    account: Annotated[str | None, typer.Argument(metavar="[A]", help="The account; a cover or pod takes --account")] = None,
    kind: Annotated[str, typer.Option("--kind", metavar="K", help="csm_to_csm, csm_to_pool, pool_to_csm, cover or pod")] = "csm_to_csm",
    to: Annotated[str | None, typer.Option("--to", metavar="WHO", help="A login; a pool or pod for those kinds")] = None,
    target: Annotated[str | None, typer.Option("--target", metavar="D", help="The day of the hand-over")] = None,
    reason: Reason = "",
    returns: Annotated[str | None, typer.Option("--returns", metavar="D", help="Cover: the day of the return")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Cover, pod: whose accounts; mine without it")] = None,
    accounts: Annotated[list[str] | None, typer.Option("--account", metavar="A", help="Cover, pod: one account; may repeat")] = None,
    answer_only: Annotated[list[str] | None, typer.Option("--answer-only", metavar="A", help="Cover: mails only; may repeat")] = None,
    pool: Annotated[str | None, typer.Option("--pool", metavar="P", help="Cover by a pool")] = None,
    second: Annotated[str | None, typer.Option("--second", metavar="LOGIN", help="Pod: the second contact of every account")] = None,
    lead: Annotated[str | None, typer.Option("--lead", metavar="LOGIN", help="Pod: the lead of every account")] = None,
) -> None:
    """Start a transition: both sides get their steps, the outgoing side a brief to write."""
    at = desk(writes=True)
    more: dict[str, Any] = {"returns_on": day(at, returns), "owner": owner, "accounts": accounts or (), "pool": pool}
    more["levels"] = dict.fromkeys(answer_only or (), "answer_only")
    if second or lead:
        ids = [str(one.account_id) for one in ready.book(at, owner)]
        more["seconds"] = dict.fromkeys(ids, second) if second else {}
        more["takers"] = dict.fromkeys(ids, lead) if lead else {}
    emit_done(transitions.start(at, account, kind, to, day(at, target), reason, **more))


@app.command("list")
@shared
def list_(
    out: Annotated[bool, typer.Option("--out", help="Only what I hand over")] = False,
    into: Annotated[bool, typer.Option("--in", help="Only what I take over")] = False,
    csm: Annotated[str | None, typer.Option("--csm", metavar="LOGIN", help="Only hers")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only this account's")] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="K", help="Only this kind")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Those that have ended too")] = False,
) -> None:
    """List the running transitions, the next hand-over first."""
    side = "out" if out else "in" if into else None
    wanted = None if kind is None else transitions.read_kind(kind).value
    _listed(transitions.list_transitions(desk(), side, csm, account, wanted, all_), "No transition runs: `transition start A --to LOGIN`.")


@app.command()
@shared
def board() -> None:
    """The team's board: what needs a lead first, then what is overdue."""
    _listed(transitions.board(desk()), "No transition runs.")


@app.command()
@shared
def show(transition: Id) -> None:
    """Show one transition whole: steps of both sides, decisions, questions."""
    shown = transitions.show(desk(), transition)
    row = plain(shown.row) | {
        "members": to_plain(shown.members), "decisions": to_plain(shown.decisions), "questions": to_plain(shown.questions),
        "criteria": [{"title": name, "holds": holds, "says": says} for name, holds, says in shown.criteria],
        "patch_note": shown.patch_note,
    }  # fmt: skip
    emit_one(row, lines=_words(shown))


@app.command()
@shared
def do(
    transition: Id,
    step: Annotated[str, typer.Argument(metavar="STEP", help="Its key, as `transition show` prints it")],
    note: Note = "",
) -> None:
    """Record a step as done: by what shows it, or by a note where it is ticked by hand."""
    emit_done(acts.do_step(desk(writes=True), transition, step, note))


@app.command()
@shared
def waive(
    transition: Id,
    step: Annotated[str, typer.Argument(metavar="STEP", help="The key of a step, or of a pool's criterion")],
    reason: Reason = "",
) -> None:
    """Let a required step go, with the reason (managers)."""
    emit_done(acts.waive(desk(writes=True), transition, step, reason))


@app.command()
@shared
def decide(
    transition: Id,
    choice: Annotated[str, typer.Argument(metavar="CHOICE", help="move, close, keep, pool, or (cover) wait")],
    things: Annotated[list[str] | None, typer.Argument(metavar="[THING]…", help="cta:17, task:3 …; all undecided without")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="To somebody else than the incoming CSM")] = None,
    note: Note = "",
) -> None:
    """Say what becomes of open CTAs, tasks, interventions, drafts and meetings."""
    emit_done(acts.decide(desk(writes=True), transition, choice, things or (), to, note))


@app.command()
@shared
def people(
    transition: Id,
    person: Person = None,
    left: Annotated[list[int] | None, typer.Option("--left", metavar="P", help="Who has left the company; may repeat")] = None,
    none: Annotated[str, typer.Option("--none", metavar="R", help="Why no driver or key user is named")] = "",
) -> None:
    """Confirm the members of the network, one by one or all that are left."""
    emit_done(acts.confirm_people(desk(writes=True), transition, person or (), left or (), none))


@app.command()
@shared
def agree(transition: Id, note: Note = "") -> None:
    """Agree for the receiving manager that the customer may be told."""
    emit_done(acts.agree(desk(writes=True), transition, note))


@app.command()
@shared
def choose(
    transition: Id,
    to: Annotated[str, typer.Argument(metavar="LOGIN", help="Who takes it")],
    reason: Reason = "",
) -> None:
    """Choose the CSM who takes it over, with the reason."""
    emit_done(acts.choose(desk(writes=True), transition, to, reason))


@app.command()
@shared
def edit(
    transition: Id,
    target: Annotated[str | None, typer.Option("--target", metavar="D", help="Another day of the hand-over")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="R", help="The reason anew")] = None,
    returns: Annotated[str | None, typer.Option("--returns", metavar="D", help="Another day of the return")] = None,
) -> None:
    """Move the day, with every step that hangs on it, or change the reason."""
    at = desk(writes=True)
    emit_done(acts.edit(at, transition, day(at, target), reason, day(at, returns)))


@app.command("pass")
@shared
def pass_(transition: Id, note: Note = "") -> None:
    """Let it into the pool: the gatekeeper's review."""
    emit_done(acts.pass_gate(desk(writes=True), transition, note))


@app.command()
@shared
def accept(transition: Id) -> None:
    """Accept for the incoming side: owner, CTAs, tasks, drafts and meetings move in one act."""
    emit_done(handing.accept(desk(writes=True), transition))


@app.command("return")
@shared
def return_(transition: Id, reason: Reason = "") -> None:
    """Send it back with the reason; of a cover that runs: sign the return list."""
    at = desk(writes=True)
    shown = transitions.show(at, transition).row
    if shown.kind == "cover" and shown.state == "accepted":
        emit_done(covers.sign_return(at, transition, reason))
    else:
        emit_done(acts.send_back(at, transition, reason))


@app.command()
@shared
def cancel(transition: Id, reason: Reason = "") -> None:
    """Call it off before the hand-over."""
    emit_done(acts.cancel(desk(writes=True), transition, reason))


@app.command()
@shared
def end(
    transition: Id, stay: Annotated[str, typer.Option("--stay", metavar="T", help="To a pool: it stays, and why")] = ""
) -> None:
    """End it when the follow-up is done."""
    emit_done(acts.end(desk(writes=True), transition, stay))


@app.command()
@shared
def ask(transition: Id, text: Annotated[str, typer.Argument(metavar="TEXT", help="The question")]) -> None:
    """Ask the other side something."""
    emit_done(talk.ask(desk(writes=True), transition, text))


@app.command()
@shared
def answer(
    question: Annotated[int, typer.Argument(metavar="QUESTION", help="Its number, as `transition show` prints it")],
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="The answer")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take my own question back")] = False,
) -> None:
    """Answer a question of the other side."""
    emit_done(talk.answer(desk(writes=True), question, text, withdraw))


@app.command()
@shared
def questions(transition: Id) -> None:
    """List the questions between the two sides."""
    rows = [to_plain(one) | {"open": one.is_open} for one in transitions.show(desk(), transition).questions]
    emit_list(rows, ("id", "asked_by", "body", "answer", "answered_by", "open"), empty="Nothing was asked.")


@app.command()
@shared
def brief(
    transition: Id,
    section: Annotated[str | None, typer.Argument(metavar="[SECTION]", help="Which section to write: who, people, use …")] = None,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="What it says")] = None,
    account: AccountOption = None,
    sign: Annotated[bool, typer.Option("--sign", help="Sign the current version for the incoming side")] = False,
    version: Annotated[int | None, typer.Option("--version", metavar="N", help="An earlier version")] = None,
) -> None:
    """Show the handoff brief, write a section of it, or sign it; --md prints it whole as Markdown."""
    if section is not None and text is None:
        raise Usage("Say what the section says: `transition brief 3 risks \"…\"`.")
    if section is not None:
        emit_done(briefs.write_section(desk(writes=True), transition, section, text or "", account))
    elif sign:
        emit_done(briefs.sign(desk(writes=True), transition, account))
    elif GIVEN.md or GIVEN.output:
        GIVEN.md = False
        emit_one({}, lines=briefs.markdown(desk(), transition, account).rstrip("\n"))
    else:
        at = desk()
        shown = briefs.show_brief(at, transition, account, version)
        emit_one(to_plain(shown), lines=briefs.markdown(at, transition, shown.account_id).rstrip("\n"))


@app.command()
@shared
def readiness(
    account: Annotated[str | None, typer.Argument(metavar="[A]", help="One account; without it a whole book")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Whose book; mine without it")] = None,
    where: Annotated[str, typer.Option("--where", metavar="Q", help="What a query matches instead")] = "",
) -> None:
    """How ready an account (or a book) is to change hands: the score, and each gap with its remedy."""
    at = desk()
    if account is not None:
        one = ready.readiness(at, account)
        emit_one(to_plain(one), lines=_gaps(one))
        return
    rows = [to_plain(one) | {"missing": ", ".join(gap.title for gap in one.gaps)} for one in ready.book(at, owner, where)]
    emit_list(rows, ("account_id", "account", "owner", "score", "ready", "missing"), empty="No account there.")


def _gaps(one: Readiness) -> str:
    lines = [f"{one.account}: readiness {one.score}" + ("" if one.ready else ", required gaps open")]
    lines += [f"  {'●' if gap.required else '○'} −{gap.weight:2} {gap.title}: {gap.says} ({gap.pane}: {gap.remedy})" for gap in one.gaps]
    return "\n".join(lines)


_MARKS = {"done": "✔", "waived": "–", "locked": "·", "open": "·"}


def _words(shown: TransitionShown) -> str:
    row = shown.row
    lines = [f"Transition {row.id} · {row.account} · {row.kind} · {row.state} · {row.outgoing} → {row.incoming} · target {row.target}"]
    lines += [f"  ! {row.attention}"] if row.attention else []
    lines += [f"  sent back {row.sent_back} times: {row.sent_back_why}"] if row.sent_back else []
    for side in ("out", "in", "both"):
        for one in (one for one in row.steps if one.side == side):
            tail = f"waits for {', '.join(one.locked_by)}" if one.status == "locked" else one.says
            late = " OVERDUE" if one.is_overdue else ""
            lines.append(f"  {side:4} {_MARKS[one.status]} {one.key:14} {one.title} · {one.due or '–'}{late} · {tail}")
    lines += [f"  {one.thing}:{one.thing_id} {one.title} → {one.choice or 'undecided'}" for one in shown.decisions]
    if row.kind in ("cover", "pod"):
        takers = [(one.account, one.csm or "nobody yet", one.second and f"second {one.second}", one.level) for one in shown.members]
        lines += [f"  = {name}: {', '.join(word for word in words if word)}" for name, *words in takers]
    lines += [f"  Patch: {shown.patch_note}"] if shown.patch_note else []
    lines += [f"  ? {one.id} {one.body}" + (f" — {one.answer}" if one.answer else "") for one in shown.questions]
    return "\n".join(lines)


APPS = {"transition": app, **transition_more.APPS, **transition_policy.APPS, **leaver.APPS}

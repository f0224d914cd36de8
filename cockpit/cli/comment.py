"""`comment`, `mentions`, `shadow` and `review`: colleagues and each other's CTAs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, people_limit
from cockpit.cli.queue import day, resolve
from cockpit.services import comment as talk
from cockpit.services import review as coaching
from cockpit.services import shadow as following
from cockpit.services.frozen import to_plain

Cta = Annotated[str, typer.Argument(metavar="CTA", help="By number or external id")]
Who = Annotated[str | None, typer.Option("--who", metavar="LOGIN", help="Who follows it; else I")]
shadow = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Follow a colleague's CTA to its close."
)
review = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Read how CTAs were closed, and say so."
)


@shared
def comment(
    cta: Cta,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="What to say; @login tells somebody")] = None,
    to: Annotated[list[str] | None, typer.Option("--to", metavar="LOGIN", help="Who is told; may repeat")] = None,
    opinion: Annotated[bool, typer.Option("--opinion", help="Ask for a second opinion; the owner stays")] = False,
) -> None:
    """Comment on a CTA, tell colleagues, ask for a second opinion; without a text, list what was said."""
    if text is None and (to or opinion):
        raise Usage("Say something: cockpit comment CTA TEXT --to LOGIN.")
    at = desk(writes=text is not None)
    cta_id = resolve(at, [cta])[0]
    if text is None:
        rows = [to_plain(row) for row in talk.comments(at, cta_id)]
        emit_list(
            rows,
            ("id", "at", "author", "body", "mentioned", "asks_opinion"),
            empty=f"Nobody has commented on CTA {cta_id}.",
        )
        return
    emit_done(talk.add_comment(at, cta_id, text, to or (), opinion))


@shared
def mentions(
    all_: Annotated[bool, typer.Option("--all", help="Those I have seen too")] = False,
    seen: Annotated[bool, typer.Option("--seen", help="Mark them as seen")] = False,
) -> None:
    """Where colleagues spoke to me and I have not seen it yet."""
    at = desk(writes=seen)
    rows = [to_plain(row) for row in talk.mentions(at, not all_, people_limit(None) or 100_000)]
    emit_list(
        rows, ("id", "at", "cta", "account", "author", "body", "asks_opinion"), empty="Nobody has spoken to you since."
    )
    if seen and rows:
        talk.mark_seen(at, [row["id"] for row in rows])


@shadow.command("add")
@shared
def shadow_add(cta: Cta, who: Who = None) -> None:
    """Follow a colleague's CTA: it shows in `work` until it closes."""
    at = desk(writes=True)
    emit_done(following.add_shadow(at, resolve(at, [cta])[0], who))


@shadow.command("drop")
@shared
def shadow_drop(cta: Cta, who: Who = None) -> None:
    """Follow it no longer."""
    at = desk(writes=True)
    emit_done(following.drop_shadow(at, resolve(at, [cta])[0], who))


@shadow.command("list")
@shared
def shadow_list(
    who: Annotated[str | None, typer.Option("--who", metavar="LOGIN", help="What she follows; else what I do")] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="What anybody follows")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Those followed to their close too")] = False,
) -> None:
    """List the CTAs that are followed."""
    rows = [to_plain(row) for row in following.shadows(desk(), who, everybody, all_)]
    emit_list(
        rows,
        ("cta", "account", "title", "status", "owner", "login"),
        empty="Nothing is followed: `shadow add CTA` does.",
    )


@review.command("sample")
@shared
def review_sample(
    by: Annotated[
        str | None, typer.Option("--by", metavar="LOGIN", help="Whose closes; else some of each CSM's")
    ] = None,
    n: Annotated[int, typer.Option("--n", metavar="N", min=1, max=1000, help="How many of each")] = 5,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="D", help="Closed from that day on; else 30 days back")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="D", help="Closed until that day, included; else today")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another number draws others")] = 0,
) -> None:
    """Draw closes to read; a success without evidence is marked."""
    at = desk()
    drawn = coaching.sample(at, by, n, day(at, from_, backward=True), day(at, to, backward=True), seed)
    columns = (
        "id",
        "owner",
        "account",
        "title",
        "outcome",
        "activities",
        "tasks_done",
        "note",
        "lacks_evidence",
        "is_reviewed",
    )
    emit_list([to_plain(row) for row in drawn], columns, empty="Nothing was closed in that period.")


@review.command("add")
@shared
def review_add(
    cta: Cta,
    verdict: Annotated[str, typer.Option("--verdict", metavar="V", help="good, weak or wrong")],
    note: Annotated[str, typer.Option("--note", metavar="T", help="What to do differently, for whose it was")] = "",
) -> None:
    """Say what one thinks of how a CTA was closed; whose it was is told."""
    at = desk(writes=True)
    emit_done(coaching.review(at, resolve(at, [cta])[0], verdict, note))


@review.command("list")
@shared
def review_list(
    about: Annotated[str | None, typer.Option("--about", metavar="LOGIN", help="Whose closes")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="Who read them")] = None,
) -> None:
    """List reviews: managers see all, others those about them and by them."""
    rows = [to_plain(row) for row in coaching.reviews(desk(), about, by)]
    emit_list(
        rows, ("id", "at", "cta", "account", "owner", "verdict", "note", "reviewer"), empty="Nothing was reviewed yet."
    )


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {"comment": _single(comment), "mentions": _single(mentions), "shadow": shadow, "review": review}

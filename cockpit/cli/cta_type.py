"""`cta types|type|reasons|reason`: what CTAs can be, and why they are made."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list
from cockpit.services import cta_type as kinds
from cockpit.services.frozen import to_plain

type_app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Make and change types of CTA."
)
reason_app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Change the reasons of CTAs."
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="By name or id")]
NewName = Annotated[str | None, typer.Option("--name", metavar="N", help="Its new name")]
Label = Annotated[str | None, typer.Option("--label", metavar="L", help="Four letters for narrow tables")]
Required = Annotated[
    str | None,
    typer.Option(
        "--required",
        metavar="F,…",
        help="What a close needs: note, description, due, playbook, people, activity, opportunity; none",
    ),
]
Minutes = Annotated[
    str | None, typer.Option("--minutes", metavar="N", help="What one takes: its weight in capacity; none")
]
On = Annotated[bool | None, typer.Option("--on/--off", help="Whether it can be chosen")]


@shared
def types() -> None:
    """List the types of CTA with what each needs at close."""
    columns = ("id", "name", "label", "required_at_close", "minutes", "open_ctas", "active")
    emit_list([to_plain(row) for row in kinds.cta_types(desk())], columns)


@shared
def reasons() -> None:
    """List the reasons of CTAs with the lane and skill of each."""
    rows = [to_plain(row) for row in kinds.reasons(desk())]
    emit_list(
        rows,
        ("id", "name", "lane", "skill", "open_ctas", "active"),
        empty="No CTA was made yet: a reason is made with it.",
    )


@type_app.command("new")
@shared
def type_new(name: Name, label: Label = None, required: Required = None, minutes: Minutes = None) -> None:
    """Make a type of CTA."""
    emit_done(kinds.new_type(desk(writes=True), name, label or "", required, minutes))


@type_app.command("edit")
@shared
def type_edit(
    name: Name,
    new_name: NewName = None,
    label: Label = None,
    required: Required = None,
    minutes: Minutes = None,
    on: On = None,
) -> None:
    """Change a type of CTA, or take it out of the lists."""
    fields = _given(name=new_name, label=label, required_at_close=required, minutes=minutes, active=on)
    emit_done(kinds.edit_type(desk(writes=True), name, fields))


@reason_app.command("edit")
@shared
def reason_edit(
    name: Name,
    new_name: NewName = None,
    lane: Annotated[str | None, typer.Option("--lane", metavar="L", help="tactical, strategic or none")] = None,
    skill: Annotated[
        str | None, typer.Option("--skill", metavar="S", help="What one needs to be good at; none")
    ] = None,
    on: On = None,
) -> None:
    """Change a reason: its name, its lane, the skill it needs."""
    fields = _given(name=new_name, lane=lane, skill=skill, active=on)
    emit_done(kinds.edit_reason(desk(writes=True), name, fields))


def add_to(app: typer.Typer) -> None:
    """Puts these commands into the group `cta`."""
    app.command("types")(types)
    app.command("reasons")(reasons)
    app.add_typer(type_app, name="type")
    app.add_typer(reason_app, name="reason")


def _given(**values: Any) -> dict[str, Any]:
    given = {name: value for name, value in values.items() if value is not None}
    if not given:
        raise Usage("Say what to change, e.g. --minutes 30 or --off.")
    return {
        name: None if isinstance(value, str) and value.strip().casefold() == "none" else value
        for name, value in given.items()
    }

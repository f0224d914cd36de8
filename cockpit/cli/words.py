"""`template` and `article`: what is written to customers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cockpit.cli.options import GIVEN, FromVersion, Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, say
from cockpit.services import article as articles
from cockpit.services import template as templates
from cockpit.services.frozen import to_plain

template = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Words with places for an account's facts."
)
article = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Pages of the knowledge base that may be sent."
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called")]
Language = Annotated[str | None, typer.Option("--language", metavar="L", help="en, de, pt-br …")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Text files: heads (name: …), an empty line, the words")]
Every = Annotated[bool, typer.Option("--all", help="Those that are out of use too")]
MOST_BYTES = 1_000_000


@template.command("list")
@shared
def list_(
    every: Every = False,
    kind: Annotated[str | None, typer.Option("--kind", metavar="K", help="outreach, letter, introduction …")] = None,
) -> None:
    """List the templates with language, owner, expiry and how often each was used."""
    rows = [to_plain(row) for row in templates.templates(desk(), every=every, kind=kind)]
    columns = ("name", "language", "kind", "version", "owner", "expires", "is_expired", "used")
    emit_list(rows, columns, empty="There is no template: `cockpit template apply --shipped` brings those that ship.")


@template.command()
@shared
def show(name: Name, language: Language = None) -> None:
    """Show a template as the text that makes it."""
    row = templates.template(desk(), name, language)
    emit_one(to_plain(row), lines=templates.as_text(row).rstrip())


@template.command()
@shared
def check(file: Files) -> None:
    """Check texts without bringing them in: unknown facts and mistakes with their line."""
    for one in file:
        templates.check(_read(one), one.name)
    say(f"{len(file)} read without a mistake." if len(file) > 1 else f"{file[0]} is well.")


@template.command()
@shared
def apply(
    file: Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help="Text files")] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="Those that ship with Cockpit")] = False,
    from_version: FromVersion = None,
) -> None:
    """Bring templates in: a changed text is a new version."""
    files = [*(sorted(templates.SHIPPED.glob("*.txt")) if shipped else ()), *(file or ())]
    if not files:
        raise Usage("Say which files, or --shipped.")
    if from_version is not None and len(files) > 1:
        raise Usage("--from-version is said of one text.")
    emit_done(templates.apply(desk(writes=True), [(one.name, _read(one)) for one in files], from_version))


@template.command()
@shared
def export(name: Name, language: Language = None) -> None:
    """Print a template as the text that makes it; -o FILE writes it."""
    row = templates.template(desk(), name, language)
    emit_one(to_plain(row) if GIVEN.json else {"text": templates.as_text(row)}, lines=templates.as_text(row).rstrip())


@template.command()
@shared
def off(name: Name, language: Language = None) -> None:
    """Take a template out of use, in one language or all."""
    emit_done(templates.off(desk(writes=True), name, language))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Usage(f"{path} is too large for a template.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}.") from error


# -- articles

Owner = Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Who looks after it")]
Expires = Annotated[str | None, typer.Option("--expires", metavar="D", help="From then on it is to be looked over")]


@article.command("list")
@shared
def article_list(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Words in title or address")] = "",
    language: Language = None,
    every: Every = False,
) -> None:
    """List the articles with language, owner, expiry and how often each was sent."""
    rows = [to_plain(row) for row in articles.articles(desk(), every=every, language=language, text=text)]
    emit_list(rows, ("id", "title", "url", "language", "owner", "expires", "is_expired", "used"), empty="There is no article.")


@article.command("new")
@shared
def article_new(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is about")],
    url: Annotated[str, typer.Argument(metavar="URL", help="https://…")],
    language: Annotated[str, typer.Option("--language", metavar="L", help="en, de, pt-br …")] = "en",
    owner: Owner = None,
    expires: Expires = None,
) -> None:
    """Add an article."""
    emit_done(articles.new_article(desk(writes=True), title, url, language, owner, expires))


@article.command("edit")
@shared
def article_edit(
    id_: Annotated[int, typer.Argument(metavar="ID", help="The number of an article")],
    title: Annotated[str | None, typer.Option("--title", metavar="T", help="Another title")] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Another address")] = None,
    language: Language = None,
    owner: Owner = None,
    expires: Expires = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Whether it may be sent")] = None,
) -> None:
    """Change an article, or take it out of use."""
    given: dict[str, Any] = {"title": title, "url": url, "language": language, "owner": owner, "expires": expires, "active": on}
    fields = {name: value for name, value in given.items() if value is not None}
    if not fields:
        raise Usage("Say what to change, e.g. --title or --off.")
    emit_done(articles.edit_article(desk(writes=True), id_, fields))


APPS = {"template": template, "article": article}

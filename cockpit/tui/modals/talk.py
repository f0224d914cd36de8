"""Talking about a CTA: the form of a comment, in which @ offers colleagues; and what colleagues said to me."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import events
from textual.widgets import TextArea

from cockpit.domain.say import distance
from cockpit.tui.modals.ask import YES_NO
from cockpit.tui.modals.entry import Answer, Choice
from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.modals.form import Form
from cockpit.tui.render.offer import SUGGESTIONS
from cockpit.tui.render.safe import plain
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.comment import MentionRow
    from cockpit.tui.screens.base import CockpitScreen

_TOKEN = re.compile(r"(?<![\w@./+-])@([\w.-]*)$")


def comment(words: str, cta_id: int) -> FormSpec:
    """What to say about a CTA, to whom."""

    def check(values: Values) -> tuple[str, str] | None:
        if values["opinion"] == "yes" and "@" not in values["body"]:
            return "body", "Whose opinion? Write @login in the text."
        return None

    fields = (
        Field("body", "Comment", required=True, lines=5),
        Field("opinion", "Ask opinion", "no", choices=YES_NO),
    )
    return FormSpec(f"Comment · {words}", fields, "say", draft=f"comment {cta_id}", check=check)


class Spoken(TextArea):
    """A text in which ``@`` and a few letters offer logins; enter or tab takes one."""

    def __init__(self, text: str, logins: Sequence[str], *, id: str) -> None:
        super().__init__(text, id=id, compact=True, soft_wrap=True, tab_behavior="focus")
        self.logins = list(logins)
        self._offers: list[str] = []
        self._at = 0

    def _token(self) -> str | None:
        row, column = self.cursor_location
        found = _TOKEN.search(self.document.get_line(row)[:column])
        return found.group(1) if found else None

    def on_text_area_changed(self) -> None:
        """Offer who begins like that."""
        token = self._token()
        found = [] if token is None else [one for one in self.logins if one.startswith(token.lower()) and one != token]
        self._offer(found[:SUGGESTIONS])

    def on_blur(self) -> None:
        """Offer nothing."""
        self._offer([])

    def _offer(self, words: list[str], at: int = 0) -> None:
        self._offers, self._at = words, at
        self.post_message(Answer.Offers(self, [f"@{word}" for word in words], at))  # type: ignore[arg-type]

    async def _on_key(self, event: events.Key) -> None:
        if self._offers and event.key in ("down", "up", "enter", "tab"):
            event.stop()
            event.prevent_default()
            if event.key in ("down", "up"):
                self._offer(self._offers, (self._at + (1 if event.key == "down" else -1)) % len(self._offers))
            else:
                self._take(self._offers[self._at])
        else:
            await super()._on_key(event)

    def _take(self, login: str) -> None:
        row, column = self.cursor_location
        start = column - len(self._token() or "")
        self.replace(f"{login} ", (row, start), (row, column), maintain_selection_offset=False)
        self.move_cursor((row, start + len(login) + 1))
        self._offer([])


class TalkForm(Form):
    """A form whose text knows one's colleagues."""

    CSS_PATH = "form.tcss"

    def __init__(self, spec: FormSpec, palette: Palette, drafts: dict[str, Values], logins: Sequence[str] = ()) -> None:
        super().__init__(spec, palette, drafts)
        self.logins = logins

    def again(self, values: Values, problem: str) -> Form:
        """See Form."""
        form = TalkForm(self.spec, self.palette, self._drafts, self.logins)
        form._draft, form._problem, form._is_again = values, problem, True
        return form

    def _widget(self, asked: Field) -> Answer | Choice | TextArea:
        if asked.lines > 1:
            area = Spoken(str(self._draft.get(asked.name, asked.value)), self.logins, id=f"f-{asked.name}")
            area.styles.height = asked.lines
            return area
        return super()._widget(asked)


def show_mentions(screen: CockpitScreen) -> None:
    """What colleagues said to me: the new first; enter opens the account and marks it seen."""
    from cockpit.services.comment import mark_seen, mentions
    from cockpit.tui.modals.pick import Pick

    desk = screen.desk

    def arrived(found: tuple[Any, bool]) -> None:
        rows, is_new = found
        if not rows:
            key = screen.cockpit.keys.shown("comment")
            screen.refuse(f"Nobody has spoken to you yet. {key} on a CTA speaks to a colleague.")
            return
        by_id = {str(row.id): row for row in rows}
        options = [(id_, _words(row), distance(row.at.date(), desk.today())) for id_, row in by_id.items()]
        if is_new and len(rows) > 1:
            options.append(("*", "mark all as seen", ""))

        def chosen(id_: str | None) -> None:
            if id_ is None:
                return
            row = by_id.get(id_)
            if is_new and not desk.read_only:
                ids = [int(id_)] if row is not None else [one.id for one in rows]
                screen.do(lambda: mark_seen(desk, ids), said=lambda done: "" if row is not None else done.said)
            if row is not None:
                screen.cockpit.open_account(row.account_id, "ctas")
                screen.say(f"{row.author_name or 'Cockpit'} on CTA {row.cta}: {plain(row.body)}")

        title = "Said to you" if is_new else "Said to you · all seen"
        screen.app.push_screen(Pick(title, options, screen.palette), chosen)

    def read() -> tuple[Any, bool]:
        new = mentions(desk)
        return (new, True) if new else (mentions(desk, unseen=False, limit=100), False)

    screen.later("mentions", read, arrived)


def _words(row: MentionRow) -> str:
    asks = "? " if row.asks_opinion else ""
    return plain(f"{asks}{row.author_name or 'Cockpit'} · {row.account}: {row.body}")

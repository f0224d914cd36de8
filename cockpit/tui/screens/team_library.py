"""Library on the Team screen: templates, articles and scorecards, each read, written and taken out of use in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.ask import YES_NO
from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.modals.text_ask import text_form
from cockpit.tui.render.library import fact_lines, text_lines
from cockpit.tui.render.safe import plain
from cockpit.tui.render.team import Entry
from cockpit.tui.screens.team_playbooks import PlaybookActs

if TYPE_CHECKING:
    from cockpit.services.article import ArticleRow
    from cockpit.services.scorecard import CardShown
    from cockpit.services.template import TemplateRow

TEMPLATE = """name:
language: en
kind: outreach
subject: {{ account.name }}: …

Hello {{ person.first_name }},

…

{{ csm.name }}"""


class LibraryActs(PlaybookActs):
    """Mixed into the Team screen."""

    def makers(self) -> dict[str, Callable[[], Any]]:
        """One of three kinds of text, the kind under the cursor first."""
        return super().makers() | {"library": self._new_text}

    def editors(self) -> dict[str, Callable[[Entry], None]]:
        """What the kinds of rows are edited by."""
        return super().editors() | {"template": self._edit_template, "article": self._edit_article, "card": self._edit_card}

    def takers(self) -> dict[str, Callable[[Entry], Any]]:
        """How they are taken out of use."""
        return super().takers() | {"template": self._template_off, "article": self._article_off, "card": self._card_off}

    def read_text(self, entry: Entry) -> None:
        """All of it, in a sheet."""
        from cockpit.services.template import as_text
        from cockpit.tui.modals.sheet import Sheet

        row = entry.data
        if entry.kind == "article":
            facts = [
                ("Address", row.url), ("Language", row.language), ("Owner", row.owner or ""),
                ("Expires", row.expires.isoformat() if row.expires else ""), ("Used", f"{row.used} ×"),
                ("In use", "yes" if row.active else "no"),
            ]  # fmt: skip
            self.app.push_screen(Sheet(plain(row.title), lambda width, p: fact_lines(facts, width, p), self.palette))
        else:
            text = as_text(row) if entry.kind == "template" else row.source
            title = f"{plain(row.name)} · version {row.version}" if row.version else f"{plain(row.name)} as shipped"
            self.app.push_screen(Sheet(title, lambda width, p: text_lines(text, width, p), self.palette, wide=True))

    # Making ------------------------------------------------------------------------------------

    def _new_text(self) -> None:
        from cockpit.tui.modals.pick import Pick

        makers = {"template": self._new_template, "article": self._new_article, "card": self._new_card}
        options = [
            ("template", "Template", "what is written to customers, or a brief"),
            ("article", "Article", "a page of the knowledge base"),
            ("card", "Scorecard", "what health is counted from"),
        ]
        entry = self.entry
        options.sort(key=lambda one: entry is None or one[0] != entry.kind)

        def chosen(kind: str | None) -> None:
            if kind is not None:
                makers[kind]()

        self.app.push_screen(Pick("Add to the library", options, self.palette), chosen)

    def _new_template(self) -> None:
        from cockpit.services.template import apply, problems

        def then(values: Values) -> None:
            self.do(lambda: apply(self.desk, [("the text", values["text"])]))

        self.ask(text_form("New template", TEMPLATE, problems, draft="new_template"), then)

    def _new_article(self) -> None:
        from cockpit.services.article import new_article

        def then(values: Values) -> None:
            rest = [values[name] or None for name in ("owner", "expires")]
            self.do(lambda: new_article(self.desk, values["title"], values["url"], values["language"], *rest))

        self.ask(article(None, self.cockpit.names.logins), then)

    def _new_card(self) -> None:
        from cockpit.services.scorecard import apply_scorecard, check_scorecard, shipped_text

        def then(values: Values) -> None:
            self.do(lambda: apply_scorecard(self.desk, values["text"] + "\n"))

        spec = text_form("New scorecard", shipped_text(), lambda text: check_scorecard(self.desk, text)[1], draft="new_scorecard")
        self.ask(spec, then)

    # Editing -----------------------------------------------------------------------------------

    def _edit_template(self, entry: Entry) -> None:
        from cockpit.services.template import apply, as_text, problems

        row: TemplateRow = entry.data
        text = as_text(row)

        def save(values: Values) -> Any:
            is_on = values["active"] == "yes"
            if values["text"].strip() != text.strip() or (is_on and not row.active):
                return apply(self.desk, [("the text", values["text"])], row.version)
            return self._template_off(entry)

        self._edit_text(f"Template · {row.name} ({row.language}) {row.version}", text, problems, row.active, save)

    def _edit_card(self, entry: Entry) -> None:
        from cockpit.services.scorecard import apply_scorecard, check_scorecard

        row: CardShown = entry.data

        def save(values: Values) -> Any:
            is_on = values["active"] == "yes"
            if values["text"].strip() != row.source.strip() or (is_on and not row.in_force):
                return apply_scorecard(self.desk, values["text"] + "\n", seen=row.version)
            return self._card_off(entry)

        title = f"Scorecard · {row.name} {row.version or 'as shipped'}"
        self._edit_text(title, row.source, lambda text: check_scorecard(self.desk, text)[1], row.in_force, save)

    def _edit_text(self, title: str, text: str, check: Any, active: bool, save: Callable[[Values], Any]) -> None:
        """Its text and whether it is in use; ``save`` is asked only when either is another now."""

        def then(values: Values) -> None:
            if values["text"].strip() == text.strip() and (values["active"] == "yes") == active:
                self.say("Nothing changed.")
            else:
                self.do(lambda: save(values))

        self.ask(text_form(title, text, check, active=active, draft=title), then)

    def _edit_article(self, entry: Entry) -> None:
        from cockpit.services.article import edit_article

        row: ArticleRow = entry.data
        self._changes(article(row, self.cockpit.names.logins), lambda new, old: edit_article(self.desk, row.id, new, old))

    # Out of use --------------------------------------------------------------------------------

    def _template_off(self, entry: Entry) -> Any:
        from cockpit.services.template import off

        return off(self.desk, entry.key, entry.of)

    def _article_off(self, entry: Entry) -> Any:
        from cockpit.services.article import edit_article

        return edit_article(self.desk, entry.data.id, {"active": False})

    def _card_off(self, entry: Entry) -> Any:
        from cockpit.services.errors import Refused
        from cockpit.services.scorecard import scorecard_off

        if not entry.data.in_force:
            raise Refused("off", f"{entry.key} {entry.of} is not in force.")
        return scorecard_off(self.desk)


def article(row: ArticleRow | None, logins: Any) -> FormSpec:
    """A page of the knowledge base, new or not."""
    expires = "" if row is None or row.expires is None else row.expires.isoformat()
    fields = [
        Field("title", "Title", "" if row is None else row.title, required=True),
        Field("url", "Address", "" if row is None else row.url, required=True, hint="https://…"),
        Field("language", "Language", "en" if row is None else row.language, required=True, hint="en, de, pt-br"),
        Field("owner", "Owner", "" if row is None else row.owner or "", hint="login; who keeps it up to date", suggest=logins),
        Field("expires", "Expires", expires, hint="2027-06-30, 6m; empty: it does not"),
    ]
    if row is None:
        return FormSpec("New article", fields, "add", draft="new_article")
    return FormSpec(f"Article · {row.title}", [*fields, Field("active", "In use", "yes" if row.active else "no", choices=YES_NO)])

"""A form: questions in, answers out. Esc keeps what was typed as a draft until the program ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import TextArea

from cockpit.tui import perform
from cockpit.tui.modals.entry import Answer, Choice, is_inside
from cockpit.tui.modals.field import Field, FormSpec, Values, Wrong, missing
from cockpit.tui.render.line import Line, paragraph
from cockpit.tui.render.offer import offer_lines
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView

WIDTH = 70
"""Cells of a line of the form, as its stylesheet says; a narrower terminal cuts the last word of a long sentence."""


class Form(ModalScreen[Values | None]):
    """Shows a FormSpec; returns its answers by field name, or None."""

    AUTO_FOCUS = ".first"
    """Where most answers start; not by focus() at the end, so that a letter typed early lands nowhere else."""
    CSS_PATH = "form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save", priority=True),
        Binding("escape", "leave", "leave", priority=True),
        Binding("ctrl+g", "forget", "empty", priority=True),
    ]

    def __init__(self, spec: FormSpec, palette: Palette, drafts: dict[str, Values]) -> None:
        """``drafts`` holds answers not saved, by form, as long as the program runs."""
        super().__init__()
        self.spec = spec
        self.palette = palette
        self._drafts = drafts
        self._draft = drafts.get(spec.draft, {}) if spec.draft else {}
        self._problem = ""
        self._words: dict[str, list[str]] = {}
        self._is_again = False
        self.left: Values | None = None
        """What was typed when somebody left without saving."""

    def again(self, values: Values, problem: str) -> Form:
        """The same form with these answers, and what was wrong with them."""
        form = Form(self.spec, self.palette, self._drafts)
        form._draft, form._problem, form._words, form._is_again = values, problem, self._words, True
        return form

    def compose(self) -> ComposeResult:
        """A box with a line for each question."""
        with Vertical(id="box", classes="-file" if any(asked.is_file for asked in self.spec.fields) else "") as box:
            box.border_title = self.spec.title.replace("[", "\\[")
            with VerticalScroll(id="fields", can_focus=False):
                for asked in self.spec.fields:
                    with Horizontal(classes="field"):
                        if not asked.is_file:
                            yield Label(asked, self.palette)
                        widget = self._widget(asked)
                        widget.set_class(asked.name == (self.spec.first or self.spec.fields[0].name), "first")
                        with Vertical(classes="answer"):
                            yield widget
                            if asked.hint and not is_inside(asked):
                                yield Hint(asked, self.palette)
            yield LinesView(id="offers")
            yield LinesView(id="foot")

    def _widget(self, asked: Field) -> Answer | Choice | TextArea:
        value = str(self._draft.get(asked.name, asked.value))
        if asked.choices:
            return Choice(asked.choices, value, self.palette, id=f"f-{asked.name}")
        if asked.lines > 1:
            area = TextArea(
                value, id=f"f-{asked.name}", compact=True, soft_wrap=True, tab_behavior="focus", show_line_numbers=asked.is_file
            )
            area.styles.height = asked.lines
            return area
        answer = Answer(asked, id=f"f-{asked.name}")
        answer.value = value
        return answer

    def on_mount(self) -> None:
        """Only the questions for now."""
        for name, words in self._words.items():
            self.suggest(name, words)
        self.query_one("#offers").display = False
        self._foot()

    def _foot(self) -> None:
        def draw(width: int, p: Palette) -> list[Line]:
            told = paragraph(f"✗ {self._problem}", width, p.bad) if self._problem else []
            line: Line = [("ctrl+s", p.key), (f" {self.spec.save}   ", p.text), ("tab", p.key), (" next   ", p.text), ("esc", p.key)]
            line.append((" leave" + (" (kept as a draft)" if self.spec.draft else ""), p.text))
            if self._draft and not self._is_again:
                line.append(("   ✎ your draft · ", p.warn))
                line += [("ctrl+g", p.key), (" empties it", p.text)]
            return [*told, line]

        foot = self.query_one("#foot", LinesView)
        foot.styles.height = len(draw(WIDTH, self.palette))
        foot.show(draw, self.palette)
        self._fit()

    def _fit(self) -> None:
        """What stands under the fields stays in sight on a low terminal: they scroll."""
        offers = self.query_one("#offers", LinesView)
        heights = [view.styles.height for view in (self.query_one("#foot", LinesView), offers) if view.display]
        below = sum(int(height.value) for height in heights if height is not None) + (1 if offers.display else 0)
        room = max(4, int(self.app.size.height * 0.92) - 3 - below)
        self.query_one("#fields").styles.max_height = room
        others = sum(asked.lines + 1 for asked in self.spec.fields if not asked.is_file)
        for asked in self.spec.fields:
            if asked.is_file:
                self.query_one(f"#f-{asked.name}").styles.height = max(asked.lines, room - others - 1)

    def on_resize(self) -> None:
        """Another height."""
        self._fit()

    def values(self) -> Values:
        """The answers as they stand."""
        found: dict[str, Any] = {}
        for asked in self.spec.fields:
            widget = self.query_one(f"#f-{asked.name}")
            if isinstance(widget, TextArea):
                found[asked.name] = widget.text.strip()
            elif isinstance(widget, Choice | Answer):
                found[asked.name] = widget.value.strip()
        return found

    def _is_on_its_way(self, act: Callable[[], None]) -> bool:
        """Whether its fields are not there yet (a key was faster): the act follows when they are."""
        if not self.is_mounted:
            self.call_later(act)
        return not self.is_mounted

    def on_done(self) -> None:
        """Enter: the next question; in the last one it saves."""
        names = [asked.name for asked in self.spec.fields]
        focused = (self.focused.id or "") if self.focused else ""
        if focused == f"f-{names[-1]}":
            self.action_save()
        else:
            self.focus_next()

    def action_save(self) -> None:
        """Give the answers back, if they are complete."""
        if self._is_on_its_way(self.action_save):
            return
        values = self.values()
        if self.spec.reads:
            perform.background(
                self.app, self, "check", lambda: missing(self.spec, values), lambda wrong: self._checked(values, wrong), self._unchecked
            )
            return
        try:
            wrong = missing(self.spec, values)
        except Exception as why:  # noqa: BLE001 - what was typed stays, whatever a check runs into
            self._unchecked(perform.sayable(why))
        else:
            self._checked(values, wrong)

    def _unchecked(self, why: Exception) -> None:
        self._problem = str(why)
        self._foot()

    def _checked(self, values: Values, wrong: Wrong | None) -> None:
        if wrong is not None:
            self._problem = wrong[1]
            self._foot()
            widget = self.query_one(f"#f-{wrong[0]}")
            widget.focus()
            if len(wrong) == 3 and isinstance(widget, TextArea):
                line, column = wrong[2]
                widget.move_cursor((line - 1, column - 1), center=True)
            return
        self._drafts.pop(self.spec.draft, None)
        self.dismiss(values)

    def action_leave(self) -> None:
        """Keep what was typed and go."""
        if self._is_on_its_way(self.action_leave):
            return
        values = self.values()
        self.left = values if any(values[asked.name] != asked.value for asked in self.spec.fields) else {}
        if self.spec.draft:
            if any(values[asked.name] != asked.value for asked in self.spec.fields):
                self._drafts[self.spec.draft] = values
            else:
                self._drafts.pop(self.spec.draft, None)
        self.dismiss(None)

    def action_forget(self) -> None:
        """Empty the form."""
        if self._is_on_its_way(self.action_forget):
            return
        self._drafts.pop(self.spec.draft, None)
        self._draft = {}
        for asked in self.spec.fields:
            widget = self.query_one(f"#f-{asked.name}")
            if isinstance(widget, TextArea):
                widget.text = asked.value
            elif isinstance(widget, Choice | Answer):
                widget.value = asked.value
        self._foot()

    def resume(self, values: Values) -> None:
        """Fill in what was begun another day, unless something was typed meanwhile."""
        now = self.values()
        if self._draft or any(now[asked.name] != asked.value for asked in self.spec.fields):
            return
        self._draft = {name: str(value) for name, value in values.items() if name in now}
        for name, value in self._draft.items():
            widget = self.query_one(f"#f-{name}")
            if isinstance(widget, TextArea):
                widget.text = value
            elif isinstance(widget, Choice | Answer):
                widget.value = value
        self._foot()

    def suggest(self, name: str, words: list[str]) -> None:
        """Give a field words that arrived after the form opened."""
        self._words[name] = words
        answer = self.query_one(f"#f-{name}", Answer)
        answer.words = words
        if answer.has_focus:
            answer.on_focus()

    def on_answer_offers(self, message: Answer.Offers) -> None:
        """Show the completions."""
        offers = self.query_one("#offers", LinesView)
        offers.display = bool(message.words)
        offers.styles.height = len(message.words)
        self._fit()
        offers.show(lambda width, p: offer_lines(message.words, message.at, width, p), self.palette)


class Hint(LinesView):
    """The hint of a field, whole, where it is too long to stand in it."""

    DEFAULT_CSS = "Hint { height: auto; }"

    def __init__(self, asked: Field, palette: Palette) -> None:
        super().__init__()
        self.show(lambda width, p: paragraph(asked.hint, width, p.dim), palette)


class Label(LinesView):
    """The name of a field; needed ones carry a mark."""

    DEFAULT_CSS = "Label { width: 13; height: 1; }"

    def __init__(self, asked: Field, palette: Palette) -> None:
        super().__init__()
        mark = "*" if asked.required else " "
        self.show(lambda width, p: [[(asked.label, p.dim), (mark, p.accent)]], palette)

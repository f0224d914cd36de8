"""What every screen has: the two bars, its keys from the action list, background work, toasts and forms."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar, cast
from zoneinfo import ZoneInfo

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from cockpit.tui import perform
from cockpit.tui.actions import EVERY, SCREENS, Place, find, on_screen, textual_key
from cockpit.tui.render.columns import Drawing
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.bars import KeyBar, Pressed, TopBar
from cockpit.tui.widgets.still import Still

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.services.live import Live
    from cockpit.services.undo import Undone
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.modals.field import FormSpec, Values
    from cockpit.tui.modals.form import Form
    from cockpit.tui.screens.customers import Customers

T = TypeVar("T")


def bindings_for(screen: str) -> list[BindingType]:
    """The keys of a screen with their shipped values; the config file's come over them by id."""
    return [
        Binding(",".join(textual_key(k) for k in a.key.split(",")), f"act('{a.name}')", a.label, show=False, id=a.name)
        for a in on_screen(screen)
        if a.key
    ]


class CockpitScreen(Still, Screen[None]):
    """A screen of Cockpit. Subclasses say which (``place_name``), draw a body, and have ``act_…`` methods."""

    place_name = ""
    _answered: tuple[Form, Values, Callable[[Values], None]] | None = None
    """The form whose answers are being acted on now."""
    _keys_told: object = None
    """What the key bar was last told, not to draw the same again."""

    @property
    def cockpit(self) -> CockpitApp:
        """The program."""
        return cast("CockpitApp", self.app)

    @property
    def desk(self) -> Desk:
        """Whose desk this is."""
        return self.cockpit.desk

    @property
    def palette(self) -> Palette:
        """The styles of the theme in force."""
        return self.cockpit.palette

    def drawing(self) -> Drawing:
        """What rows are drawn with; moments in the reader's zone."""
        return Drawing(self.palette, self.desk.today(), self.desk.now(), ZoneInfo(self.desk.me.time_zone))

    # What it is made of ------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Top bar, body, key bar."""
        yield TopBar(id="top")
        yield from self.body()
        yield KeyBar(id="bar")

    def body(self) -> Iterable[Widget]:
        """The middle of the screen."""
        return ()

    async def on_mount(self) -> None:
        """Fill the bars."""
        self.tell_bars()

    def on_screen_resume(self) -> None:
        """Something may have happened while another screen was in front."""
        if self.is_mounted:
            self.tell_bars()

    def tell_bars(self) -> None:
        """Bring both bars up to date."""
        self.tell_top()
        self.tell_keys()

    def tell_top(self) -> None:
        """Bring the top bar up to date."""
        self.query_one(TopBar).tell(self.cockpit.tabs(), self.tab_name(), self.cockpit.status(), self.palette)

    def tell_keys(self) -> None:
        """Bring the key bar up to date: what can be done depends on the row."""
        place = self.place()
        told = (self.palette, place.pane, tuple(a.why_not(place) is None for a in on_screen(self.place_name)))
        if told != self._keys_told:
            self._keys_told = told
            self.query_one(KeyBar).tell(self.place_name, self.cockpit.keys, self.palette, place)

    def tab_name(self) -> str:
        """Which tab of the top bar this screen belongs to."""
        return self.place_name

    def place(self) -> Place:
        """What is true here now, for keys to say whether they do anything."""
        return Place(self.place_name, read_only=self.desk.read_only)

    def repaint(self) -> None:
        """Other colours or another day: draw everything again."""
        self.tell_bars()

    def live_changed(self, live: Live) -> None:
        """Somebody changed something."""

    def seen_stale(self) -> None:
        """What was on the screen turned out to be old."""

    # Keys --------------------------------------------------------------------------------------

    async def action_act(self, name: str) -> None:
        """Do what a key stands for, or say why not."""
        why = find(name).why_not(self.place())
        if why is not None:
            self.refuse(why)
            return
        act = getattr(self, f"act_{name}", None)
        if act is None:
            self.refuse(f"{find(name).label} does nothing here.")
            return
        try:
            done = act()
            if inspect.isawaitable(done):
                await done
        except Exception as error:  # noqa: BLE001 - one key that does not work leaves the others
            self.trouble(error)

    async def on_pressed(self, message: Pressed) -> None:
        """A click on the name of an act does what its key does."""
        message.stop()
        await self.action_act(message.action)

    async def on_key(self, event: events.Key) -> None:
        """No key is silent: one that means nothing here says so."""
        if is_editor(self.focused) or event.key in self.known_keys():
            return
        event.stop()
        shown = event.character if event.is_printable and event.character else event.key
        elsewhere = next((a for a in EVERY if event.key in map(textual_key, self.cockpit.keys.by_action[a.name])), None)
        if elsewhere is not None:
            self.refuse(f"{shown} ({elsewhere.label}) works in {', '.join(SCREENS[s] for s in elsewhere.on)}.")
        else:
            self.refuse(f"{shown} does nothing here; ? shows every key.")

    def known_keys(self) -> set[str]:
        """Keys that something on this screen answers to."""
        keys = self.cockpit.keys
        return {key for key, _ in keys.bindings(self.place_name)} | set(keys.moves()) | _OTHER_KEYS

    # Work and words ----------------------------------------------------------------------------

    def refuse(self, sentence: str) -> None:
        """A toast that says why not."""
        perform.refuse(self.app, sentence)

    def trouble(self, why: Exception) -> None:
        """A toast on what does not work, once."""
        perform.trouble(self.app, why)

    def say(self, sentence: str) -> None:
        """A toast that says what was done."""
        perform.say(self.app, sentence)

    def later(
        self,
        group: str,
        work: Callable[[], T],
        then: Callable[[T], None],
        refused: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a read elsewhere and go on with its result."""
        perform.background(self.app, self, group, work, then, refused)

    def do(
        self,
        use_case: Callable[[], T],
        then: Callable[[T], None] | None = None,
        said: Callable[[T], str] = perform.sentence_of,
        refused: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a use-case elsewhere, say what it did, and go on; unless ``then`` says how, by reading the screen again."""

        answered = self._answered

        def done(result: T) -> None:
            self.acted() if then is None else then(result)
            self.cockpit.recount()

        def again(why: Exception) -> None:
            self._ask_again(*answered, str(why)) if answered is not None else self.trouble(why)

        perform.perform(self.app, self, use_case, lambda result: self.hinted(said(result)), done, refused or again)

    def hinted(self, sentence: str) -> str:
        """What was done, and the key that takes it back."""
        undo = self.cockpit.keys.shown("undo")
        return f"{sentence} · {undo} undoes" if sentence and undo else sentence

    def ask(self, spec: FormSpec, then: Callable[[Values], None]) -> Form:
        """Show a form and go on with its answers; returns the form.

        When what ``then`` has done by ``do`` is refused, the form comes back as it was, with the refusal's sentence.
        """
        from cockpit.tui.modals.form import Form

        return self._show(Form(spec, self.palette, self.cockpit.drafts), then)

    def _show(self, form: Form, then: Callable[[Values], None]) -> Form:
        def closed(values: Values | None) -> None:
            if values is not None:
                self._answered = (form, dict(values), then)
                then(values)
                self._answered = None
            elif form.spec.left is not None and form.left is not None:
                form.spec.left(form.left)

        self.app.push_screen(form, closed)
        return form

    def _ask_again(self, form: Form, values: Values, then: Callable[[Values], None], sentence: str) -> None:
        self._show(form.again(values, sentence), then)

    # Acts of every screen ----------------------------------------------------------------------

    def act_queue(self) -> None:
        """Go to the queue."""
        self.cockpit.go("queue")

    def act_work(self) -> None:
        """Go to my work."""
        self.cockpit.go("work")

    def act_accounts(self) -> None:
        """Go to the accounts."""
        self.cockpit.go("accounts")

    def act_transitions(self) -> None:
        """Go to what changes hands."""
        self.cockpit.go("transitions")

    def act_network(self) -> None:
        """Go to the value networks."""
        self.cockpit.go("network")

    def act_team(self) -> None:
        """Go to the team."""
        self.cockpit.go("team")

    def act_mentions(self) -> None:
        """What colleagues said to me."""
        from cockpit.tui.modals.talk import show_mentions

        show_mentions(self)

    def act_viewed(self) -> None:
        """Which accounts I looked at."""
        from cockpit.tui.modals.viewed import show_viewed

        show_viewed(self)

    def act_promises(self) -> None:
        """What was promised: by me, or to the account that is open."""
        from cockpit.tui.screens.mail_acts import show_promises

        show_promises(self)

    def act_outbox(self) -> None:
        """Mail that waits, went, or has to be decided on."""
        from cockpit.tui.screens.outbox import OutboxScreen

        self.app.push_screen(OutboxScreen())

    def act_inbox(self) -> None:
        """Mail from people nobody here knows."""
        from cockpit.tui.screens.inbox import InboxScreen

        self.app.push_screen(InboxScreen())

    def act_bring_in(self) -> None:
        """Read mail or meetings from a file."""
        from cockpit.tui.screens.mail_acts import bring_in

        bring_in(self)

    def act_letter(self) -> None:
        """Write to the customer under the cursor, or to all that are marked."""
        from cockpit.tui.screens.mail_acts import write_to

        write_to(self, self.customers())

    def customers(self) -> Customers | None:
        """Who is written to from here; None when nobody is under the cursor."""
        return None

    def act_back(self) -> None:
        """Go back; from a first screen, leave."""
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        else:
            self.app.exit()

    def act_clear(self) -> None:
        """Leave, when there is nothing to clear."""
        if len(self.app.screen_stack) > 1:
            self.act_back()
        else:
            self.refuse("Nothing to clear: no marks, no filter. q leaves Cockpit.")

    def act_quit(self) -> None:
        """Leave Cockpit."""
        self.app.exit()

    def act_help(self) -> None:
        """Show every key."""
        from cockpit.tui.modals.help import Help

        self.app.push_screen(Help(self.place_name, self.cockpit.keys, self.palette))

    def act_palette(self) -> None:
        """Find anything by name."""
        from cockpit.tui.modals.finder import Finder

        def chosen(what: str | None) -> None:
            if what is not None:
                self.cockpit.open_found(what)

        self.app.push_screen(Finder(self.cockpit.finds(self.place_name), self.cockpit.find_more, self.palette), chosen)

    def act_theme(self) -> None:
        """Choose the colours."""
        from cockpit.tui.modals.pick import Pick
        from cockpit.tui.theme import THEMES

        def chosen(name: str | None) -> None:
            if name:
                self.app.theme = name

        self.app.push_screen(Pick("Theme", [(name, name, "") for name in THEMES], self.palette), chosen)

    def act_undo(self) -> None:
        """Take back my last act."""
        from cockpit.services.undo import undo

        self._reverse(lambda: undo(self.desk), f"{self.cockpit.keys.shown('redo')} does it again")

    def act_redo(self) -> None:
        """Do again what I took back."""
        from cockpit.services.undo import redo

        self._reverse(lambda: redo(self.desk), f"{self.cockpit.keys.shown('undo')} takes it back")

    def _reverse(self, use_case: Callable[[], Undone], hint: str) -> None:
        def done(result: Undone) -> None:
            if result.reverted:
                self.say(f"{result.said} · {hint}")
            else:
                self.refuse(result.said)
            for conflict in result.conflicts[:3]:
                self.refuse(conflict.says)
            self.acted()
            self.cockpit.recount()

        self.later("act", use_case, done)

    def acted(self) -> None:
        """An act of one's own is through: read again what is on the screen."""


def is_editor(widget: Widget | None) -> bool:
    """Whether a widget takes letters as letters; told by name, for importing the editors takes long."""
    return any(kind.__name__ in ("Input", "TextArea") for kind in type(widget).__mro__)


_OTHER_KEYS = {"tab", "shift+tab", "enter", "left", "right", "ctrl+c", "ctrl+z", "up", "down", "escape"}

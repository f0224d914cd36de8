"""The program: screens and their switching, themes, the watch, and what several screens need done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment, Segments
from textual.binding import BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from cockpit import log
from cockpit.config import Config
from cockpit.services.queue import QueueQuery
from cockpit.services.roles import spoken
from cockpit.tui import hung_up, perform
from cockpit.tui.actions import Keys, resolve
from cockpit.tui.filters import Harmless
from cockpit.tui.keys_in_turn import KeysInTurn
from cockpit.tui.memory import NAME, Memory
from cockpit.tui.names import Names, read_names
from cockpit.tui.presence import EVERY, Presence, queue_place
from cockpit.tui.screens.base import CockpitScreen
from cockpit.tui.screens.queue import QueueScreen, WorkScreen
from cockpit.tui.sources import CtaSource
from cockpit.tui.theme import DEFAULT, THEMES, Palette, palette, textual_themes
from cockpit.tui.watcher import Watcher
from cockpit.tui.widgets.bars import Tab
from cockpit.tui.widgets.window import Ask, Block
from db.errors import StoreError

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.services.live import Live
    from cockpit.services.queue import CtaRow
    from cockpit.tui.render.line import Draw

RECOUNT_AFTER = 0.8
TABS = (
    ("queue", "Queue"), ("work", "My work"), ("accounts", "Accounts"), ("transitions", "Transitions"), ("network", "Network"),
    ("team", "Team"),
)  # fmt: skip


def _made(module: str, name: str) -> Callable[[], Screen[None]]:
    """A screen that is imported when it is first gone to."""

    def make() -> Screen[None]:
        screen: Screen[None] = getattr(import_module(f"cockpit.tui.screens.{module}"), name)()
        return screen

    return make


class CockpitApp(KeysInTurn):
    """Cockpit in a terminal."""

    TITLE = "Cockpit"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    MODES: ClassVar[dict[str, Any]] = {
        "queue": QueueScreen,
        "work": WorkScreen,
        "board": _made("interventions", "InterventionsScreen"),
        "accounts": _made("accounts", "AccountsScreen"),
        "transitions": _made("transitions", "TransitionsScreen"),
        "network": _made("network", "NetworkScreen"),
        "team": _made("team", "TeamScreen"),
    }
    DEFAULT_MODE = "queue"

    def __init__(self, desk: Desk, *, config: Config | None = None, memory: Memory | None = None, watch: bool = True) -> None:
        """``memory`` None remembers nothing; ``watch`` off looks at the store only when asked (tests)."""
        self.config = config or Config()
        self.harmless = Harmless()
        super().__init__()
        self.desk = desk
        self.memory = memory or Memory(None)
        self.keys: Keys = resolve(self.config.keys)
        self.names = Names()
        self.drafts: dict[str, dict[str, Any]] = {}
        self.trouble = ""
        self._troubles_told: dict[str, float] = {}
        log.keep_out(desk.store.url)
        self.counts: dict[str, str] = {}
        self._is_watching = watch
        self._watcher: Watcher | None = None
        self._recounting = False
        self.presence = Presence(self, self._others_moved)
        self._first_page = Ready(desk, self.first_query())
        for theme in textual_themes():
            self.register_theme(theme)
        self.theme = self.config.theme if self.config.theme in self.available_themes else DEFAULT
        self.animation_level = "none" if self.config.reduced_motion else self.config.animation  # type: ignore[assignment]
        if self.config.keys:
            self.set_keymap({name: ",".join(self.keys.by_action[name]) for name in self.config.keys if name in self.keys.by_action})

    def first_query(self) -> QueueQuery:
        """What the queue showed when the program was last left."""
        get = self.memory.get
        return QueueQuery(pool=get("queue", "pool"), where=str(get("queue", "where", "")), sort=str(get("queue", "sort", "score")))

    # Starting and ending -----------------------------------------------------------------------

    def on_mount(self) -> None:
        """Everything that may come after the first paint."""
        self.theme_changed_signal.subscribe(self, self._repaint)
        for problem in self.keys.problems:
            perform.refuse(self, problem)
        if self.config.theme and self.config.theme not in self.available_themes:
            perform.refuse(self, f"There is no theme {self.config.theme!r}; there are {', '.join(THEMES)}.")
        self.call_after_refresh(self._settle_in)

    def _settle_in(self) -> None:
        if self._is_watching:
            self._watcher = Watcher(self.desk, self._from_watch(self._changed), self._from_watch(self._alive))
            self._watcher.start()
            threading.Thread(target=_warm, daemon=True, name="cockpit-warm").start()
            self.set_interval(EVERY, self.presence.beat)
            self.presence.beat()
        if not self.is_headless:
            self.set_interval(hung_up.EVERY, self._leave_if_alone)
            hung_up.leave_when_told(self.exit)
        self.recount()
        perform.background(self, self, "names", lambda: read_names(self.desk), self._named)

    def _leave_if_alone(self) -> None:
        if hung_up.has_hung_up():
            self.exit()

    def on_unmount(self) -> None:
        """Stop looking; remember where one was."""
        if self._watcher is not None:
            self._watcher.stop()
            self.presence.leave()
        self.memory.save()

    def _named(self, names: Names) -> None:
        self.names = names

    def names_of(self, column: str) -> Sequence[str]:
        """Known values of a ``table.column``, for completion."""
        return self.names.of_column(column)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing reaches the terminal that could steer it."""
        return [*super().get_line_filters(), self.harmless]

    def take_ready(self, query: QueueQuery) -> Block[CtaRow] | None:
        """The queue's first page, read while the program started; None if it is not that query's or not there."""
        return self._first_page.take(query)

    # Who else is here --------------------------------------------------------------------------

    def present_place(self) -> str:
        """Where I am, as others are told."""
        return queue_place(self.memory.get("queue", "pool")) if self.current_mode == "queue" else self.current_mode

    def moved(self) -> None:
        """I look elsewhere now."""
        if self._watcher is not None:
            self.presence.beat()

    def _others_moved(self) -> None:
        screen = self.screen
        if isinstance(screen, QueueScreen) and screen.is_mounted:
            screen.tell_filter()

    # Looks -------------------------------------------------------------------------------------

    @property
    def palette(self) -> Palette:
        """The styles of the theme in force."""
        return palette(self.theme, colour=not self.no_color)

    def _repaint(self, _theme: object) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, CockpitScreen) and screen.is_mounted:
                screen.repaint()

    def tabs(self) -> list[Tab]:
        """The screens of the top line."""
        return [Tab(name, self.keys.shown(name), label, self.counts.get(name, "")) for name, label in TABS]

    def status(self) -> list[tuple[str, str]]:
        """Who, where from, whether live: pieces of text with the word of their status."""
        me = self.desk.me
        found = [(f"{me.login} ", "text"), (f"· {spoken(me.role)} ", "dim")]
        if self.desk.read_only:
            found.append(("· ○ read only ", "warn"))
        if self.desk.as_of is not None:
            found.append((f"· as of {self.desk.as_of} ", "warn"))
        found.append(("· ✗ offline ", "bad") if self.trouble else ("· ● live ", "ok") if self._is_watching else ("", "dim"))
        return found

    # What others do ----------------------------------------------------------------------------

    def _from_watch(self, function: Callable[[Any], None]) -> Callable[[Any], None]:
        def told(value: Any) -> None:
            self.call_later(perform.guarded, self, function, value)

        return told

    def _changed(self, live: Live) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, CockpitScreen) and screen.is_mounted:
                perform.guarded(self, screen.live_changed, live)
        self.recount()

    def _alive(self, trouble: str) -> None:
        self.trouble = trouble
        if trouble:
            self.tell_trouble(trouble)
        else:
            self._troubles_told.clear()
            perform.say(self, "The store answers again.")
            perform.background(self, self, "names", lambda: read_names(self.desk), self._named)
        self._tell_tops()

    def tell_trouble(self, why: Exception | str) -> None:
        """One line on what does not work, unless it is still to be read on the screen."""
        now, sentence = monotonic(), str(why)
        if now - self._troubles_told.get(sentence, -perform.REFUSED_SECONDS) >= perform.REFUSED_SECONDS:
            self._troubles_told[sentence] = now
            perform.refuse(self, sentence)
        if isinstance(why, StoreError) and not self.trouble and self._watcher is not None:
            self._watcher.look()

    def _fatal_error(self) -> None:
        """What nothing above could catch: a sentence where Textual would print a traceback with every local value."""
        sentence = log.told(self._exception or RuntimeError("unknown"))
        self._exit_renderables.append(Segments([Segment(sentence + "\n")]))
        self._close_messages_no_wait()

    def look_now(self) -> None:
        """Look at the store at once: what one saw was stale."""
        if self._watcher is not None:
            self._watcher.look()
        for screen in self.screen_stack:
            if isinstance(screen, CockpitScreen) and screen.is_mounted:
                screen.seen_stale()

    def recount(self) -> None:
        """Count what waits behind each tab, at most about once a second."""
        if not self._recounting:
            self._recounting = True
            self.set_timer(RECOUNT_AFTER if self.counts else 0.01, self._recount)

    def _recount(self) -> None:
        from cockpit.tui.counting import tab_counts

        def counted(counts: dict[str, str]) -> None:
            self._recounting = False
            if counts != self.counts:
                self.counts = counts
                self._tell_tops()

        def failed(_why: Exception) -> None:
            self._recounting = False

        perform.background(self, self, "counts", lambda: tab_counts(self.desk), counted, failed)

    def _tell_tops(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, CockpitScreen) and screen.is_mounted:
                screen.tell_top()

    # Going places ------------------------------------------------------------------------------

    def go(self, name: str) -> None:
        """Show one of the first screens."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if self.current_mode != name:
            self.switch_mode(name)
            self.moved()

    def open_account(self, account_id: int, pane: str = "summary") -> None:
        """Show an account over the present screen."""
        from cockpit.tui.screens.account import AccountScreen

        self.push_screen(AccountScreen(account_id, pane))

    def open_person(self, person_id: int) -> None:
        """Show a person over the present screen."""
        from cockpit.tui.screens.person import PersonScreen

        self.push_screen(PersonScreen(person_id))

    def show_accounts(self, where: str) -> None:
        """Go to the accounts that a filter matches."""
        from cockpit.tui.finding import show_filtered

        show_filtered(self, "accounts", where)

    def read_preview(self, account_id: int, cta_id: int | None) -> Draw:
        """An account beside a list; runs in a worker thread."""
        from cockpit.services.preview import preview
        from cockpit.tui.render.account import preview_lines

        found = preview(self.desk, account_id, cta_id)
        return lambda width, p: preview_lines(found, width, p)

    def finds(self, place: str) -> list[tuple[str, str, str]]:
        """What the finder offers before the store is asked: the acts of a place."""
        from cockpit.tui.actions import on_screen, show_key

        offered = []
        for action in on_screen(place):
            if action.name not in ("palette", "clear"):
                shown = " ".join(show_key(k) for k in self.keys.by_action[action.name])
                offered.append((f"act:{action.name}", f"{action.label}: {action.help}", shown))
        return offered

    def find_more(self, typed: str, then: Callable[[list[tuple[str, str, str]]], None]) -> None:
        """Accounts and views under a name."""
        from cockpit.tui.finding import find

        perform.background(self, self, "find", lambda: find(self.desk, typed), then, lambda why: None)

    def open_found(self, what: str) -> None:
        """Do or open what was found."""
        kind, _, name = what.partition(":")
        screen = self.screen
        if kind == "act" and isinstance(screen, CockpitScreen):
            screen.call_later(screen.action_act, name)
        elif kind == "account":
            self.open_account(int(name))
        elif kind == "view":
            from cockpit.tui.finding import open_view

            open_view(self, name)

    # What several screens do -------------------------------------------------------------------

    def copy(self, text: str) -> str:
        """Copy text out of the terminal, from a worker thread; returns which way it went, for the toast."""
        from cockpit.config import state_folder
        from cockpit.tui.clipboard import copy

        file = (self.memory.file.parent if self.memory.file else state_folder()) / "copied.txt"
        return copy(text, self.config.clipboard, lambda words: self.call_from_thread(self.copy_to_clipboard, words), file)

    def export_folder(self) -> Path:
        """Where exports go."""
        return Path(self.config.export_folder).expanduser() if self.config.export_folder else Path.cwd()

    def has_acted(self) -> None:
        """The first act has been done: no more first hint."""
        if not self.memory.get("hints", "acted"):
            self.memory.put("hints", acted=True)
            for screen in self.screen_stack:
                if isinstance(screen, QueueScreen):
                    screen.call_later(screen.first_act_done)


class Ready:
    """The first page of the queue, read in a thread while the screens are being made."""

    def __init__(self, desk: Desk, query: QueueQuery) -> None:
        self._query = query
        self._page: Block[CtaRow] | None = None
        self._desk = desk
        self._thread = threading.Thread(target=self._read, daemon=True, name="cockpit-ready")
        self._thread.start()

    def _read(self) -> None:
        try:
            self._page = CtaSource(self._desk, self._query).page(Ask())
        except Exception as why:  # noqa: BLE001 - the screen will ask again, and tell
            perform.sayable(why)

    def take(self, query: QueueQuery) -> Block[CtaRow] | None:
        """The page, once, if it is that query's."""
        if query != self._query:
            return None
        self._thread.join(timeout=0.05)
        page, self._page = self._page, None
        return page


def _warm() -> None:
    """Import what the first form, search and account need, while nobody waits for it."""


def run(desk: Desk, env: Mapping[str, str] | None = None) -> None:
    """Open the screens on a desk, with the settings of the config file, until the person leaves."""
    from cockpit.config import load, state_folder

    CockpitApp(desk, config=load(env=env), memory=Memory(state_folder() / NAME)).run()

"""Team: who works what, who is here, how full weeks are, what is about to return, how work flows, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from cockpit.tui import clipboard
from cockpit.tui.actions import Place
from cockpit.tui.render.team import Entry, as_text
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.leaving import Leaving
from cockpit.tui.screens.team_library import LibraryActs
from cockpit.tui.screens.team_open import open_entry
from cockpit.tui.screens.team_sections import FLOW_BY, HEALTH_BY, SECTIONS, Section, Turns
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.bars import Clickable, Pressed
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.live import Live

PREFIX = "section:"


class SectionBar(Clickable):
    """The sections, the one in front marked; while one is chosen by its letter, on as many lines as they need."""

    def tell(self, front: str, palette: Palette, *, choosing: bool) -> None:
        """Show the sections with their letters."""
        tabs = [(PREFIX + spec.name, spec.letter, spec.title) for spec in SECTIONS]
        self.tell_tabs(tabs, PREFIX + front, palette, choosing=choosing)


class TeamScreen(Leaving, LibraryActs):
    """The team, in sections."""

    CSS_PATH = "team.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("team")
    place_name = "team"

    def __init__(self) -> None:
        super().__init__()
        self.front = SECTIONS[0].name
        self.turns = Turns()
        self._choosing = False

    def body(self) -> Iterable[Widget]:
        """Names of the sections over the one in front."""
        yield SectionBar(id="sections")
        yield Box(id="section")

    async def on_mount(self) -> None:
        """The section one last looked at."""
        last = self.cockpit.memory.get("team", "section")
        await self.show_section(last if last in [spec.name for spec in SECTIONS] else self.front)

    def leaver_login(self) -> str:
        """The person under the cursor."""
        entry = self.entry
        return entry.key if entry is not None and entry.kind in ("member", "person", "pod_member", "away") else ""

    # Sections ----------------------------------------------------------------------------------

    @property
    def section(self) -> Section | None:
        """The section in front."""
        found = self.query(f"#section-{self.front}")
        return found.first(Section) if found else None

    @property
    def entry(self) -> Entry | None:
        """The row under the cursor."""
        section = self.section
        return section.rows.row if section is not None and section.is_mounted else None

    async def show_section(self, name: str) -> None:
        """Bring a section to the front; it is made and read at first sight."""
        self.front, self._choosing = name, False
        if self.section is None:
            spec = next(one for one in SECTIONS if one.name == name)
            await self.query_one("#section").mount(Section(spec, self))
        for section in self.query(Section):
            section.display = section.spec.name == name
        front = self.section
        assert front is not None
        front.load()
        front.rows.focus()
        self.cockpit.memory.put("team", section=name)
        self._tell_sections()

    def _tell_sections(self) -> None:
        self.query_one(SectionBar).tell(self.front, self.palette, choosing=self._choosing)
        self.tell_keys()

    async def act_pane_next(self) -> None:
        """The next section."""
        await self._step(1)

    async def act_pane_previous(self) -> None:
        """The section before."""
        await self._step(-1)

    async def _step(self, by: int) -> None:
        names = [spec.name for spec in SECTIONS]
        await self.show_section(names[(names.index(self.front) + by) % len(names)])

    def act_pane(self) -> None:
        """The next key is a section's letter."""
        self._choosing = True
        self._tell_sections()

    async def on_key(self, event: events.Key) -> None:
        """After ``p``: a letter."""
        if self._choosing:
            event.stop()
            event.prevent_default()
            name = next((spec.name for spec in SECTIONS if spec.letter == event.key), None)
            if name is not None:
                await self.show_section(name)
                return
            self._choosing = False
            self._tell_sections()
            if event.key != "escape":
                self.refuse(f"No section has the letter {event.character or event.key}; the line above shows them.")

    async def on_pressed(self, message: Pressed) -> None:
        """A click on a section's name."""
        if message.action.startswith(PREFIX):
            message.stop()
            message.prevent_default()
            await self.show_section(message.action.removeprefix(PREFIX))

    # News --------------------------------------------------------------------------------------

    def live_changed(self, live: Live) -> None:
        """Read again what the change may be about."""
        section = self.section
        if section is not None and (live.everything or section.spec.things & {thing for thing, _ in live.things}):
            section.load()

    def acted(self) -> None:
        """My own act."""
        if self.section is not None:
            self.section.load()
        self.tell_keys()

    def on_screen_resume(self) -> None:
        """Something may have happened meanwhile."""
        if self.is_mounted and self.section is not None:
            self.acted()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        self._tell_sections()
        for section in self.query(Section):
            section.repaint()

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on."""
        entry = self.entry
        return Place("team", entry.kind if entry is not None else "", 0, "", self.desk.read_only, self.front, self.desk.me.role.value)

    def act_turn(self) -> None:
        """By what the flow is, whose touch, by what health is counted."""
        if self.section is not None and self.front == "touch":
            self.turns.touch = "account" if self.turns.touch == "csm" else "csm"
            self.section.turn()
        elif self.section is not None and self.front == "health":
            self.turns.health = HEALTH_BY[(HEALTH_BY.index(self.turns.health) + 1) % len(HEALTH_BY)]
            self.section.turn()
        elif self.section is not None:
            self.turns.by = FLOW_BY[(FLOW_BY.index(self.turns.by) + 1) % len(FLOW_BY)]
            self.section.turn()

    def draw_again(self) -> None:
        """Other closes to read."""
        if self.section is not None:
            self.turns.seed += 1
            self.section.turn()
            self.say(f"Draw {self.turns.seed + 1}: other closes by chance.")

    def act_open(self) -> None:
        """Go to what the row is about."""
        entry = self.entry
        if entry is not None:
            open_entry(self, entry)

    def act_copy(self) -> None:
        """The row as cells with tabs."""
        entry = self.entry
        if entry is not None:
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.tsv([as_text(entry)]))}")

    def act_copy_markdown(self) -> None:
        """The row as a Markdown table."""
        entry, section = self.entry, self.section
        if entry is not None and section is not None:
            head = [one.title for one in section.spec.heads][: len(entry.cells)]
            self.say(f"Copied 1 row{self.cockpit.copy(clipboard.markdown(head, [as_text(entry)]))}")

"""Team: who works what, who is here, how full weeks are, what is about to return, how work flows, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from cockpit.tui.actions import Place
from cockpit.tui.render.team import Entry, as_text
from cockpit.tui.screens.base import bindings_for
from cockpit.tui.screens.leaving import Leaving
from cockpit.tui.screens.parted import Part, PartBar, Parted
from cockpit.tui.screens.reading import Listing
from cockpit.tui.screens.team_open import open_entry
from cockpit.tui.screens.team_sections import FLOW_BY, HEALTH_BY, SECTIONS, Section, Turns
from cockpit.tui.screens.team_settings import SettingsActs
from cockpit.tui.widgets.row_list import RowList
from cockpit.tui.widgets.still import Box

if TYPE_CHECKING:
    from cockpit.services.live import Live

class TeamScreen(Parted, Listing[Entry], Leaving, SettingsActs):
    """The team, in sections."""

    CSS_PATH = "team.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("team")
    place_name = "team"
    part_noun = "section"

    def __init__(self) -> None:
        super().__init__()
        self.part = SECTIONS[0].name
        self.turns = Turns()

    def body(self) -> Iterable[Widget]:
        """Names of the sections over the one in front."""
        yield PartBar()
        yield Box(id="section")

    async def on_mount(self) -> None:
        """The section one last looked at."""
        last = self.cockpit.memory.get("team", "section")
        await self.front(last if last in [spec.name for spec in SECTIONS] else self.part)

    def leaver_login(self) -> str:
        """The person under the cursor."""
        entry = self.entry
        return entry.key if entry is not None and entry.kind in ("member", "person", "pod_member", "away") else ""

    # Sections ----------------------------------------------------------------------------------

    @property
    def section(self) -> Section | None:
        """The section in front."""
        found = self.query(f"#section-{self.part}")
        return found.first(Section) if found else None

    @property
    def entry(self) -> Entry | None:
        """The row under the cursor."""
        section = self.section
        return section.rows.row if section is not None and section.is_mounted else None

    @property
    def row(self) -> Entry | None:
        """See Listing."""
        return self.entry

    @property
    def rows(self) -> RowList[Entry]:
        """The list of the section in front."""
        section = self.section
        assert section is not None
        return section.rows

    def parts(self) -> Sequence[Part]:
        """The sections."""
        return [Part(spec.name, spec.letter, spec.title) for spec in SECTIONS]

    async def bring(self) -> None:
        """Show the section in front; it is made and read at first sight."""
        if self.section is None:
            spec = next(one for one in SECTIONS if one.name == self.part)
            await self.query_one("#section").mount(Section(spec, self))
        for section in self.query(Section):
            section.display = section.spec.name == self.part
        self.load()
        self.rows.focus()
        self.cockpit.memory.put("team", section=self.part)

    # News --------------------------------------------------------------------------------------

    @property
    def has_read(self) -> bool:
        """See Reading."""
        return self.section is not None

    def load(self) -> None:
        """Read the section in front."""
        if self.section is not None:
            self.section.load()

    def live_changed(self, live: Live) -> None:
        """Read again what the change may be about."""
        if self.section is not None and live.is_about(self.section.spec.things):
            self.load()

    def acted(self) -> None:
        """My own act; keys may mean something else now."""
        super().acted()
        self.tell_keys()

    def repaint(self) -> None:
        """Other colours or another day."""
        super().repaint()
        for section in self.query(Section):
            section.repaint()

    # Keys --------------------------------------------------------------------------------------

    def place(self) -> Place:
        """What the cursor stands on."""
        entry = self.entry
        return Place("team", entry.kind if entry is not None else "", 0, "", self.desk.read_only, self.part, self.desk.me.role.value)

    def act_turn(self) -> None:
        """By what the flow is, whose touch, by what health is counted."""
        if self.section is not None and self.part == "touch":
            self.turns.touch = "account" if self.turns.touch == "csm" else "csm"
            self.section.turn()
        elif self.section is not None and self.part == "health":
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

    @property
    def head(self) -> Sequence[str]:
        """See Listing."""
        entry, section = self.entry, self.section
        return [] if entry is None or section is None else [one.title for one in section.spec.heads][: len(entry.cells)]

    def cells(self, row: Entry) -> Sequence[str]:
        """See Listing."""
        return as_text(row)

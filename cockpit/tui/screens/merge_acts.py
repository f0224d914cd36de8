"""Two accounts, or two people, are one: ask which other one, and which of the two stays."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.screens.base import CockpitScreen


class Merging(NamedTuple):
    """What would be merged: ``account`` or ``person``."""

    thing: str
    id: int
    name: str


class MergeActs(CockpitScreen):
    """Mixed into screens whose rows may be twins."""

    def merging(self) -> Merging | None:
        """What is under the cursor."""
        raise NotImplementedError

    def act_merge(self) -> None:
        """Merge it with another."""
        from cockpit.services import merge as merges

        of = self.merging()
        if of is None:
            self.refuse("There is nothing under the cursor that could be merged.")
            return
        fields = (
            Field("other", f"Other {of.thing}", required=True, hint="name, id or e-mail; what looks alike is offered"),
            Field("keep", "Stays", "this", choices=(("this", of.name[:24]), ("other", "the other"))),
        )

        def then(values: Values) -> None:
            def merge() -> merges.Merged:
                other = merges.find(self.desk, of.thing, values["other"].rpartition(" #")[2])
                kept, gone = (of.id, other) if values["keep"] == "this" else (other, of.id)
                return (merges.merge_accounts if of.thing == "account" else merges.merge_people)(self.desk, kept, gone)

            self.do(merge, self._merged)

        form = self.ask(FormSpec(f"Merge · {of.name}", fields, "merge"), then)

        def arrived(names: list[str]) -> None:
            if form.is_attached:
                form.suggest("other", names)

        self.later("twins", lambda: alike(self, of), arrived, lambda why: None)

    def _merged(self, done: object) -> None:
        """What is on the screen may be what went: leave it then."""
        self.acted()


def alike(screen: CockpitScreen, of: Merging) -> list[str]:
    """The names of what looks like it, each with its number; runs in a worker thread."""
    from cockpit.services.merge import twins

    found = []
    for pair in twins(screen.desk, of.thing):
        if of.id == pair.first:
            found.append(f"{pair.second_name} #{pair.second}")
        elif of.id == pair.second:
            found.append(f"{pair.first_name} #{pair.first}")
    return found

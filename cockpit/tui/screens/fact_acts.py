"""Noting and correcting facts of an account from its panes, and its family: alone or with its relationships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.field import Values
from cockpit.tui.screens.account_acts import AccountActs
from cockpit.tui.screens.entry_acts import called

if TYPE_CHECKING:
    from cockpit.services.account import Header
    from cockpit.services.fact import FactRow


class FactActs(AccountActs):
    """Mixed into the account's screen."""

    account_id: int
    account_name: str
    _header: Header | None
    whole_family = True
    """Whether what relationships have counts too."""

    def start_new_fact(self, kinds: Sequence[str], **start: str) -> None:
        """Ask which kind if there are several, then its fields, and note it."""
        if len(kinds) == 1:
            self._new_fact(kinds[0], start)
            return
        from cockpit.tui.modals.pick import Pick

        def chosen(kind: str | None) -> None:
            if kind is not None:
                self._new_fact(kind, start)

        self.app.push_screen(Pick("Note a", [(kind, kind, "") for kind in kinds], self.palette), chosen)

    def _new_fact(self, kind: str, start: Values) -> None:
        from cockpit.services.fact import new_fact
        from cockpit.tui.modals.fact_ask import fact_form

        def then(values: Values) -> None:
            given = {name: value for name, value in values.items() if value}
            about = None if kind == "product" else self.account_id
            self.do(lambda: new_fact(self.desk, kind, about, given))

        self._offer(self.ask(fact_form(kind, f"New {kind} · {self.account_name}", start, is_new=True), then), kind)

    def start_edit_fact(self, row: FactRow) -> None:
        """Show a fact's fields and save what was changed; a conflict says what both have."""
        from cockpit.services.fact import edit_fact, spelled
        from cockpit.services.fact_kinds import FACTS
        from cockpit.tui.modals.fact_ask import fact_form

        kind = FACTS[row.kind]
        values = {f.name: spelled(f, row.values.get(f.name), row.currency, self.desk.me.time_zone) for f in kind.fields}
        spec = fact_form(row.kind, f"{row.kind} {row.number} · {row.account or ''}", values)
        form = self._edit(spec, lambda new, old: edit_fact(self.desk, row.kind, row.number, new, old))
        self._offer(form, row.kind)

    def start_edit_usage(self, metric: str) -> None:
        """Correct the latest value of a metric."""
        from cockpit.services.fact import facts_of

        def read() -> FactRow | None:
            found = (row for row in facts_of(self.desk, "usage", self.account_id) if row.values["metric"] == metric)
            return next(found, None)

        def arrived(row: FactRow | None) -> None:
            if row is None:
                self.refuse(f"No value of {metric} is on record any more.")
            else:
                self.start_edit_fact(row)

        self.later("usage", read, arrived)

    def _offer(self, form: Any, kind: str) -> None:
        """Complete people and products from what there is."""
        from cockpit.services.fact import facts_of
        from cockpit.services.fact_kinds import FACTS, As
        from cockpit.services.people import people_of

        reads = {field.read: field.name for field in FACTS[kind].fields}

        def read() -> dict[str, list[str]]:
            found = {}
            if As.PERSON in reads:
                found[reads[As.PERSON]] = called(people_of(self.desk, self.account_id))
            if As.PRODUCT in reads:
                found[reads[As.PRODUCT]] = [str(row.values["name"]) for row in facts_of(self.desk, "product") if row.values["active"]]
            return found

        def arrived(found: dict[str, list[str]]) -> None:
            for name, words in found.items():
                if form.is_attached:
                    form.suggest(name, words)

        self.later("offers", read, arrived)

    # Family ------------------------------------------------------------------------------------

    def act_family(self) -> None:
        """With its relationships, or the account alone."""
        if self._header is not None and not self._header.children:
            self.refuse("This account has no relationships; its figures are its own.")
            return
        self.whole_family = not self.whole_family
        self.say("With its relationships." if self.whole_family else "This account alone.")
        self.acted()

    def act_relatives(self) -> None:
        """Open the account above, or a relationship."""
        header = self._header
        near = [] if header is None else [(one, "above") for one in (header.parent,) if one] + [(one, "") for one in header.children]
        if not near:
            self.refuse("This account has no relationships and is none.")
            return
        from cockpit.tui.modals.pick import Pick

        def chosen(id_: str | None) -> None:
            if id_ is not None:
                self.cockpit.open_account(int(id_))

        options = [(str(one.id), one.name, said or "relationship") for one, said in near]
        self.app.push_screen(Pick("Relationships", options, self.palette), chosen)

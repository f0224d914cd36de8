"""What one can do for an account, wherever it is shown: log, make a CTA, make and edit accounts and people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.field import Values, changed
from cockpit.tui.screens.entry_acts import EntryActs
from db.terms import Priority

if TYPE_CHECKING:
    from cockpit.services.people import PersonRow

ACCOUNT_FIELDS = ("name", "arr", "renewal_date", "segment", "pool", "owner", "status", "stage", "region", "domain", "notice_date",
                  "auto_renew")  # fmt: skip
PERSON_FIELDS = ("name", "email", "title", "phone", "language", "channel", "network_role", "value_obtained", "bottleneck")
SUGGESTED = 200


class AccountActs(EntryActs):
    """Mixed into screens that know an account."""

    # CTAs --------------------------------------------------------------------------------------

    def start_new_cta(self, account: str = "") -> None:
        """Ask what is to be done, and make a CTA of it."""
        from cockpit.services.account import accounts_page
        from cockpit.services.cta import CtaDraft, new_cta
        from cockpit.tui.modals import ask

        names = self.cockpit.names

        def then(values: Values) -> None:
            draft = CtaDraft(
                type=values["type"],
                reason=values["reason"],
                title=values["title"],
                description=values["description"],
                priority=Priority(values["priority"]),
                due=ask.day(values["due"], self.desk),
                owner=self.desk.me.login if values["mine"] == "yes" else None,
            )
            self.do(lambda: new_cta(self.desk, values["account"], draft))

        form = self.ask(ask.new_cta(account, (), names.cta_types, names.reasons, self.desk), then)

        def arrived(found: list[str]) -> None:
            if form.is_attached:
                form.suggest("account", found)

        self.later("names", lambda: [row.name for row in accounts_page(self.desk, limit=SUGGESTED).rows], arrived)

    # Accounts ----------------------------------------------------------------------------------

    def start_new_account(self) -> None:
        """Ask for an account's fields and make it."""
        from cockpit.services.account import new_account
        from cockpit.tui.modals import ask

        names = self.cockpit.names

        def then(values: Values) -> None:
            name = values.pop("name")
            fields = {field: value for field, value in values.items() if value}
            self.do(lambda: new_account(self.desk, name, **fields))

        self.ask(ask.account("New account", {}, names.segments, names.pools, names.logins), then)

    def start_edit_account(self, account_id: int) -> None:
        """Show an account's fields and save what was changed; a conflict says what both have."""
        from cockpit.domain.money import decimal_text
        from cockpit.services.account import account_summary, edit_account
        from cockpit.tui.modals import ask

        names = self.cockpit.names

        def arrived(found: Any) -> None:
            one = found.account
            values = {name: getattr(one, name) for name in ACCOUNT_FIELDS}
            values["arr"] = "" if one.arr is None else f"{decimal_text(one.arr, one.currency or 'USD')} {one.currency or ''}".strip()
            for name in ("renewal_date", "notice_date"):
                day = getattr(one, name)
                values[name] = day.isoformat() if day else ""
            values["auto_renew"] = {True: "yes", False: "no"}.get(one.auto_renew, "")
            spec = ask.account(f"Account · {one.name}", values, names.segments, names.pools, names.logins)
            self._edit(spec, lambda new, old: edit_account(self.desk, account_id, new, old))

        self.later("edit", lambda: account_summary(self.desk, account_id), arrived)

    # People ------------------------------------------------------------------------------------

    def start_add_person(self, account_id: int) -> None:
        """Ask for a person's fields and add her."""
        from cockpit.services.people import add_person
        from cockpit.tui.modals import ask

        def then(values: Values) -> None:
            self.do(
                lambda: add_person(
                    self.desk, account_id, values["name"], values["email"] or None, title=values["title"] or None,
                    phone=values["phone"] or None, language=values["language"] or None,
                    value_network=values["value_network"] == "yes" or bool(values["network_role"]),
                    network_role=values["network_role"] or None,
                ),
            )  # fmt: skip

        self.ask(ask.person("New person", {}), then)

    def start_edit_person(self, row: PersonRow) -> None:
        """Show a person's fields and save what was changed."""
        from cockpit.services.people import edit_person
        from cockpit.tui.modals import ask

        values = {name: getattr(row, name) for name in PERSON_FIELDS}
        values["value_network"] = "yes" if row.value_network else "no"

        def save(new: Values, old: Values) -> Any:
            for fields in (new, old):
                if "value_network" in fields:
                    fields["value_network"] = fields["value_network"] == "yes"
            return edit_person(self.desk, row.id, new, old, row.account_id)

        self._edit(ask.person(f"Person · {row.name}", values), save)

    def _edit(self, spec: Any, save: Callable[[Values, Values], Any]) -> Any:
        """Show a form and save the fields that were changed, with what the editor saw; returns the form."""
        def then(values: Values) -> None:
            new, old = changed(spec, values)
            if not new:
                self.say("Nothing changed.")
                return
            self.do(lambda: save(new, old))

        return self.ask(spec, then)

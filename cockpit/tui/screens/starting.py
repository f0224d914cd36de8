"""Starting a transition, and changing its day and reason, wherever accounts are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.domain.transition import TITLES
from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.screens.account_acts import AccountActs
from db.terms import TransitionKind

if TYPE_CHECKING:
    from cockpit.services.transition import TransitionRow

KINDS = tuple((kind.value, TITLES[kind]) for kind in TransitionKind)


class Starting(AccountActs):
    """Mixed into screens from which a transition is started or opened."""

    def open_transition(self, transition_id: int) -> None:
        """Guide through it."""
        from cockpit.tui.screens.guided import GuidedScreen

        self.app.push_screen(GuidedScreen(transition_id))

    def start_transition(self, account: str) -> None:
        """Ask which kind, to whom, when and why, and start it."""
        from cockpit.domain.when import FORMS
        from cockpit.services.transition import start
        from cockpit.tui.modals import ask

        names = self.cockpit.names
        fields = (
            Field("kind", "Kind", TransitionKind.CSM_TO_CSM.value, required=True, choices=KINDS),
            Field("account", "Account", account, hint="a cover or pod: empty for all of the owner's"),
            Field("to", "To", hint="login; the pool; the pod", suggest=(*names.logins, *names.pools)),
            Field("target", "Day", hint=f"of the hand-over; {FORMS}"),
            Field("returns", "Back on", hint="cover: the day of the return"),
            Field("owner", "From", hint="cover, pod: whose accounts; empty for mine", suggest=names.logins),
            Field("reason", "Reason", hint="why it changes hands"),
        )
        check = ask.readable(self.desk, "target", "returns")
        first = "kind" if account else "account"
        spec = FormSpec("Start a hand-over", fields, "start", first=first, draft="start_transition", check=check)

        def then(values: Values) -> None:
            more: dict[str, Any] = {"returns_on": ask.day(values["returns"], self.desk), "owner": values["owner"] or None}
            name = values["account"] or None
            to = values["to"] or None
            if values["kind"] in ("cover", "pod"):
                more["accounts"] = [name] if name else []
                name = None
            if values["kind"] == "cover" and to in names.pools and to not in names.logins:
                more["pool"], to = to, None
            self.do(
                lambda: start(self.desk, name, values["kind"], to, ask.day(values["target"], self.desk),
                              values["reason"], **more),
                lambda done: self.open_transition(done.id),
            )  # fmt: skip

        self.ask(spec, then)

    def edit_transition(self, row: TransitionRow) -> None:
        """Another day, another reason."""
        from cockpit.domain.when import FORMS
        from cockpit.services.transition_acts import edit
        from cockpit.tui.modals import ask

        fields = (
            Field("target", "Day", row.target.isoformat(), required=True, hint=FORMS),
            *([Field("returns", "Back on", row.returns_on.isoformat(), required=True, hint=FORMS)] if row.returns_on else []),
            Field("reason", "Reason", row.reason or ""),
        )
        dates = ("target", "returns") if row.returns_on else ("target",)
        spec = FormSpec(f"Hand-over · {row.account}", fields, "save", check=ask.readable(self.desk, *dates))

        def then(values: Values) -> None:
            day, back = ask.day(values["target"], self.desk), ask.day(values.get("returns") or "", self.desk)
            self.do(
                lambda: edit(self.desk, row.id, day if day != row.target else None,
                             values["reason"] if values["reason"] != (row.reason or "") else None,
                             back if back != row.returns_on else None),
            )  # fmt: skip

        self.ask(spec, then)

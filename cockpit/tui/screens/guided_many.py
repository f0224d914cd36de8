"""What the steps of covers and pods open: who takes which account and how far, the patch's note, the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.domain.say import plural
from cockpit.tui.modals.field import Field, FormSpec, Values
from cockpit.tui.render import transition as render
from cockpit.tui.screens.guided_steps import GuidedSteps

if TYPE_CHECKING:
    from cockpit.services.transition import MemberShown
    from cockpit.services.transition_cover import ReturnList

LEVELS = (("full", "in full"), ("answer_only", "answer only"))
AS_IT_IS = ("", "as it is")


class GuidedMany(GuidedSteps):
    """Several accounts in one hand-over."""

    def open_scope(self) -> None:
        """Who takes which account, and how far; enter on one changes it."""
        shown = self.shown
        if shown is None:
            return
        options = [("all", f"All {plural(len(shown.members), 'account')} at once", "")] if len(shown.members) > 1 else []
        options += [(str(one.account_id), one.account, render.taken_words(one.level, one.csm, one.second)) for one in shown.members]
        by_id = {str(one.account_id): one for one in shown.members}
        self.pick("Who takes which · enter changes it", options, lambda value: self._share(by_id.get(value)))

    def _share(self, one: MemberShown | None) -> None:
        """One account, or all of them where none is given."""
        from cockpit.services.transition_scope import scope

        logins, covers = self.cockpit.names.logins, self.transition.kind == "cover"
        level, csm, second = (one.level or "", one.csm or "", one.second or "") if one is not None else ("", "", "")
        hint = "login" if one is not None else "login; empty: as it is"
        fields = [Field("to", "Who covers" if covers else "Lead", csm, suggest=logins, hint=hint)]
        if covers:
            fields.insert(0, Field("level", "How far", level, choices=LEVELS if one is not None else (AS_IT_IS, *LEVELS)))
        else:
            fields.append(Field("second", "Second", second, suggest=logins, hint=hint))
        before = {"level": level, "to": csm, "second": second}
        spec = FormSpec(f"Who takes {one.account if one is not None else 'all of them'}?", fields, "save")

        def then(values: Values) -> None:
            said = {name: str(value) for name, value in values.items() if value and value != before[name]}
            ids = [] if one is None else [one.account_id]
            self.do(lambda: scope(self.desk, self.transition_id, ids, said.get("level"), said.get("to"), said.get("second")))

        self.ask(spec, then)

    def open_brief(self) -> None:
        """The briefs there are; of a pod the note about its smaller accounts too."""
        shown = self.shown
        if shown is None or self.transition.kind != "pod":
            super().open_brief()
            return
        options = [("note", "The note about the smaller accounts", "written" if shown.patch_note else "not written")]
        options += [(str(one.account_id), one.account, "brief") for one in shown.members]
        self.pick("Briefs of the patch", options, lambda value: self._write_note() if value == "note" else self._brief_of(int(value)))

    def _write_note(self) -> None:
        from cockpit.services.transition_scope import patch_note

        written = self.shown.patch_note if self.shown is not None else ""
        self.ask_words("Note of the patch", "Note", lambda text: self.do(lambda: patch_note(self.desk, self.transition_id, text)),
                       value=written or "", hint="risks, open work, promises of the smaller accounts")  # fmt: skip

    # The way back ------------------------------------------------------------------------------

    def open_return_list(self) -> None:
        """What happened meanwhile; signed by who covered, taken back by the owner."""
        from cockpit.services.transition_cover import return_list, sign_return, take_back

        def arrived(made: ReturnList) -> None:
            lines = len(made.done) + len(made.open) + len(made.promised) + len(made.changed)
            options = [("read", "Read the list", plural(lines, "line")), ("sign", "Sign it (who covered)", made.signed_by or "not signed"),
                       ("back", "Take the accounts back (the owner)", ""), ("stay", "Take them back, but some CTAs stay", "")]  # fmt: skip

            def chosen(value: str) -> None:
                if value == "read":
                    self.read_sheet("Return list", lambda width, p: render.return_lines(made, width, p))
                elif value == "sign":
                    self.do(lambda: sign_return(self.desk, self.transition_id))
                elif value == "stay":
                    self._let_stay(made.lent)
                else:
                    self.do(lambda: take_back(self.desk, self.transition_id))

            self.pick("Return list", options, chosen)

        self.later("return", lambda: return_list(self.desk, self.transition_id), arrived)

    def _let_stay(self, lent: Sequence[tuple[int, str]]) -> None:
        from cockpit.services.transition_cover import take_back

        if not lent:
            self.refuse("No CTA was lent that could stay.")
            return
        words = [f"{id_} {title.replace(';', ',')}" for id_, title in lent]

        def check(values: Values) -> tuple[str, str] | None:
            strange = [one for one in _named(values["stay"]) if one not in words and one not in [word.split()[0] for word in words]]
            return ("stay", f"{strange[0]} was not lent; there are {'; '.join(words[:5])}.") if strange else None

        fields = (Field("stay", "CTAs that stay", required=True, suggest=words, many=True, hint="a few letters, enter takes it"),)

        def then(values: Values) -> None:
            stay = [int(one.split()[0]) for one in _named(values["stay"])]
            self.do(lambda: take_back(self.desk, self.transition_id, stay))

        self.ask(FormSpec("Take the accounts back", fields, "take back", check=check), then)

    def open_extend(self) -> None:
        """A later day of the return, or a hand-over for good."""
        shown = self.shown
        if shown is None:
            return
        options = [("extend", "A later day of the return", ""), ("list", "The return list", ""),
                   ("over", "She does not come back: hand an account over", "")]  # fmt: skip
        deeds: dict[str, Any] = {"extend": self._extend, "list": self.open_return_list,
                                 "over": lambda: self.of_account("Hand over", self._hand_over)}  # fmt: skip
        self.pick("Not back?", options, lambda value: deeds[value]())

    def _hand_over(self, account_id: int) -> None:
        shown = self.shown
        if shown is not None:
            self.start_transition(next(one.account for one in shown.members if one.account_id == account_id))

    def _extend(self) -> None:
        from cockpit.domain.when import FORMS
        from cockpit.services.transition_cover import extend
        from cockpit.tui.modals import ask

        fields = (Field("returns", "Back on", required=True, hint=FORMS), Field("reason", "Because"))
        spec = FormSpec("Extend the cover", fields, "extend", check=ask.readable(self.desk, "returns"))

        def then(values: Values) -> None:
            day = ask.day(values["returns"], self.desk)
            assert day is not None
            self.do(lambda: extend(self.desk, self.transition_id, day, values["reason"]))

        self.ask(spec, then)


def _named(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]

"""What managers and ops do in place on the Team screen: each a form or none, one act, one undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cockpit.tui.modals import team_ask as forms
from cockpit.tui.modals.field import FormSpec, Values, changed
from cockpit.tui.render.team import Entry
from cockpit.tui.screens.away_acts import AwayActs

if TYPE_CHECKING:
    from cockpit.services.push import HandedOut

SUGGESTED = 200


class TeamActs(AwayActs):
    """Mixed into the Team screen, which says what the cursor stands on (``entry``) and where (``part``)."""

    part = ""

    @property
    def entry(self) -> Entry | None:
        """The row under the cursor."""
        raise NotImplementedError

    def away_login(self) -> str:
        """The person under the cursor."""
        entry = self.entry
        return entry.key if entry is not None and entry.kind in ("member", "person", "pod_member", "away") else self.desk.me.login

    def _changes(self, spec: FormSpec, save: Callable[[Values, Values], Any]) -> None:
        """Ask, and save what was changed, with what the editor saw."""
        def then(values: Values) -> None:
            new, old = changed(spec, values)
            if not new:
                self.say("Nothing changed.")
                return
            for found in (new, old):
                if "active" in found:
                    found["active"] = found["active"] == "yes"
            self.do(lambda: save(new, old))

        self.ask(spec, then)

    # Making ------------------------------------------------------------------------------------

    def makers(self) -> dict[str, Callable[[], Any]]:
        """What is made in which section: a pool, a colleague, an absence, a pod, a segment, another draw of closes."""
        return {
            "pools": self._new_pool, "hours": self._new_csm, "away": self.act_away, "pods": self._new_pod,
            "policies": self._new_segment, "reviews": self.draw_again,
        }  # fmt: skip

    def act_add(self) -> None:
        """What the section is about."""
        maker = self.makers().get(self.part)
        if maker is None:
            self.refuse("Nothing is added here; [ and ] go to another section.")
        else:
            maker()

    def draw_again(self) -> None:
        """Other closes to read."""
        raise NotImplementedError

    def _new_pool(self) -> None:
        from cockpit.services.team import new_pool

        def then(values: Values) -> None:
            name, active = values["name"], values["active"] == "yes"
            rest = {key: value for key, value in values.items() if key not in ("name", "active") and value != ""}
            self.do(lambda: new_pool(self.desk, name, **rest, active=active))

        self.ask(forms.pool(None), then)

    def _new_csm(self) -> None:
        from cockpit.services.team import new_csm

        def then(values: Values) -> None:
            more = [values[name] or None for name in ("pool", "languages")]
            self.do(lambda: new_csm(self.desk, values["login"], values["name"], values["email"] or None, values["role"], *more))

        self.ask(forms.new_csm(self.cockpit.names.pools), then)

    def _new_pod(self) -> None:
        from cockpit.services.pod import new_pod

        def then(values: Values) -> None:
            self.do(lambda: new_pod(self.desk, values["name"], words(values["seniors"]), words(values["juniors"])))

        form = self.ask(forms.new_pod(), then)
        for name in ("seniors", "juniors"):
            form.call_after_refresh(form.suggest, name, list(self.cockpit.names.logins))

    def _new_segment(self) -> None:
        from cockpit.services.team import new_segment

        self.ask(forms.segment(), lambda values: self.do(lambda: new_segment(self.desk, values["name"])))

    # Editing -----------------------------------------------------------------------------------

    def editors(self) -> dict[str, Callable[[Entry], None]]:
        """What a row is edited by, by its kind."""
        return {
            "pool": self._edit_pool, "member": self._edit_lane, "person": self._edit_csm, "pod": self._edit_pod,
            "pod_member": self._edit_pod_member, "policy": self._edit_policy, "close": self._review, "proposal": self._move_segment,
        }  # fmt: skip

    def act_edit(self) -> None:
        """What is under the cursor."""
        entry, editors = self.entry, self.editors()
        why = {
            "away": "An absence is ended with B and said anew with w.",
            "lease": "A claim stays when its owner touches it; i in Pools sets how long a lease is.",
            "review": "What was said stays; read another close.",
        }
        if entry is None:
            self.refuse("There is nothing under the cursor to edit.")
        elif entry.kind in editors:
            editors[entry.kind](entry)
        else:
            self.refuse(why.get(entry.kind, "These figures are counted; nothing here can be edited."))

    def _edit_pool(self, entry: Entry) -> None:
        from cockpit.services.team import edit_pool

        self._changes(forms.pool(entry.data), lambda new, old: edit_pool(self.desk, entry.key, new, old))

    def _edit_lane(self, entry: Entry) -> None:
        from cockpit.services.lane import set_lane

        spec = forms.lane(entry.data.name, entry.of, entry.data.lane)
        self.ask(spec, lambda values: self.do(lambda: set_lane(self.desk, entry.key, entry.of, values["lane"] or None)))

    def _edit_csm(self, entry: Entry) -> None:
        from cockpit.services.team import csms, edit_csm

        def arrived(rows: Sequence[Any]) -> None:
            row = next((one for one in rows if one.login == entry.key), None)
            if row is None:
                self.refuse(f"{entry.key} is no longer here.")
            else:
                self._changes(forms.csm(row), lambda new, old: edit_csm(self.desk, entry.key, new, old))

        self.later("edit", lambda: csms(self.desk), arrived)

    def _edit_pod(self, entry: Entry) -> None:
        from cockpit.services.pod import edit_pod

        self._changes(forms.pod(entry.key, active=entry.data.active), lambda new, old: edit_pod(self.desk, entry.key, new, old))

    def _edit_pod_member(self, entry: Entry) -> None:
        self._join_pod(entry.of, entry.key, entry.data)

    def _move_segment(self, entry: Entry) -> None:
        from cockpit.services.account import edit_account

        one = entry.data
        seen = {"segment": one.segment, "served_by": one.served_by}

        def then(values: Values) -> None:
            new = {name: value for name, value in values.items() if value != (seen[name] or "")}
            old = {name: seen[name] for name in new}
            self.do(lambda: edit_account(self.desk, one.account_id, new, old))

        self.ask(forms.move_segment(one, self.cockpit.names.segments), then)

    def _edit_policy(self, entry: Entry) -> None:
        from cockpit.services.policy import currency_of, set_policy

        def arrived(currency: str) -> None:
            self._changes(forms.policy(entry.data, currency), lambda new, old: set_policy(self.desk, entry.key, new, old))

        self.later("edit", lambda: currency_of(self.desk), arrived)

    def _review(self, entry: Entry) -> None:
        from cockpit.services.review import review

        spec = forms.verdict(entry.data)
        self.ask(spec, lambda values: self.do(lambda: review(self.desk, entry.data.id, values["verdict"], values["note"])))

    # People in pools and pods ------------------------------------------------------------------

    def act_join(self) -> None:
        """Put somebody into the pool or pod under the cursor."""
        from cockpit.services.team import join_pool

        entry = self.entry
        if entry is None:
            self.refuse("There is no pool or pod under the cursor; a makes one.")
        elif self.part == "pods":
            self._join_pod(entry.of)
        else:
            spec = forms.member(entry.of, self.cockpit.names.logins)
            self.ask(spec, lambda values: self.do(lambda: join_pool(self.desk, values["login"], entry.of)))

    def _join_pod(self, pod: str, login: str = "", as_: str = "senior") -> None:
        from cockpit.services.pod import join_pod

        spec = forms.pod_member(pod, self.cockpit.names.logins, login, as_)
        self.ask(spec, lambda values: self.do(lambda: join_pod(self.desk, pod, values["login"], values["as"] == "senior")))

    def takers(self) -> dict[str, Callable[[Entry], Any]]:
        """How a row is taken out, by its kind; called in a worker thread."""
        from cockpit.services.pod import leave_pod
        from cockpit.services.team import leave_pool

        return {
            "member": lambda entry: leave_pool(self.desk, entry.key, entry.of),
            "pod_member": lambda entry: leave_pod(self.desk, entry.of, entry.key),
        }

    def act_leave(self) -> None:
        """Take the person out of the pool or pod, the text out of use."""
        entry = self.entry
        taker = self.takers().get(entry.kind) if entry is not None else None
        if entry is None or taker is None:
            self.refuse("Put the cursor on the person who leaves." if self.part in ("pools", "pods") else "Nothing is taken out here.")
        else:
            self.do(lambda: taker(entry))

    def act_give(self) -> None:
        """Give accounts to the pod under the cursor."""
        from cockpit.services.account import accounts_page
        from cockpit.services.pod import give

        entry = self.entry
        if entry is None:
            self.refuse("There is no pod under the cursor; a makes one.")
            return
        form = self.ask(forms.give(entry.of), lambda values: self.do(lambda: give(self.desk, entry.of, words(values["accounts"]))))

        def arrived(found: list[str]) -> None:
            if form.is_attached:
                form.suggest("accounts", found)

        self.later("names", lambda: [row.name for row in accounts_page(self.desk, limit=SUGGESTED).rows], arrived)

    def act_back_again(self) -> None:
        """Somebody is back."""
        from cockpit.services.away import end_away

        login = self.away_login()
        self.do(lambda: end_away(self.desk, login))

    # Handing out -------------------------------------------------------------------------------

    def act_hand_out(self) -> None:
        """Hand out the queue of the pool under the cursor."""
        from cockpit.services.push import hand_out

        entry = self.entry
        if entry is None:
            self.refuse("There is no pool under the cursor; a makes one.")
            return

        def done(out: HandedOut) -> None:
            if not out.given:
                self.refuse(out.said)
            for sentence in out.absent[:3]:
                self.refuse(sentence)
            self.acted()

        self.do(lambda: hand_out(self.desk, entry.of), done, lambda out: out.said if out.given else "")


def words(text: str) -> list[str]:
    """What was typed with ``;`` between."""
    return [part.strip() for part in text.split(";") if part.strip()]

"""What else one does with a CTA: talk about it, follow it, link it, have it repeat, intervene, take all of its account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.services import queue
from cockpit.services.errors import Refused
from cockpit.services.queue import Claimed, CtaRow
from cockpit.tui.modals import cta_ask as forms
from cockpit.tui.modals.field import Values
from cockpit.tui.render.safe import plain
from cockpit.tui.screens.intervening import Intervening
from cockpit.tui.screens.step_acts import StepActs
from db.terms import Role

if TYPE_CHECKING:
    from cockpit.services.cta import CtaShown
    from cockpit.services.intervention import InterventionRow
    from cockpit.services.link import LinkedOpportunity
    from cockpit.services.undo import Undone

LEADERS = (Role.MANAGER, Role.OPS)
LATEST = 12
"""Entries of the timeline offered as links."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Which CTAs an act is for. ``ids`` may have to ask the store: call it in a worker thread."""

    ids: Callable[[], Sequence[int]]
    words: str
    row: CtaRow | None = None
    """The one row, when it is one."""


@dataclass(frozen=True, slots=True)
class About:
    """The one CTA that one talks about."""

    id: int
    account_id: int
    account: str
    title: str

    @property
    def words(self) -> str:
        """What a form says it is about."""
        return f"{self.account}: {self.title}"


class Talking(Intervening):
    """Mixed into screens on which one CTA is under the cursor, the board too."""

    def about(self) -> About | None:
        """The CTA under the cursor."""
        raise NotImplementedError

    def the_one(self) -> About | None:
        """The CTA under the cursor; says so when there is none, or several are marked."""
        found = self.about()
        if found is None:
            self.refuse("Put the cursor on one CTA.")
        return found

    def act_comment(self) -> None:
        """Say something about it to colleagues."""
        from cockpit.services.comment import add_comment
        from cockpit.tui.modals.talk import TalkForm, comment

        of = self.the_one()
        if of is None:
            return

        def then(values: Values) -> None:
            self.do(lambda: add_comment(self.desk, of.id, values["body"], (), values["opinion"] == "yes"))

        others = [login for login in self.cockpit.names.logins if login != self.desk.me.login]
        self._show(TalkForm(comment(of.words, of.id), self.palette, self.cockpit.drafts, others), then)

    def act_shadow(self) -> None:
        """Follow it, or no longer; managers say who follows."""
        from cockpit.services.shadow import add_shadow, drop_shadow, followers

        of = self.the_one()
        if of is None:
            return
        me = self.desk.me.login

        def arrived(rows: Sequence[Any]) -> None:
            following = [row.login for row in rows if row.status != "closed"]
            if me in following:
                self.do(lambda: drop_shadow(self.desk, of.id))
            elif self.desk.me.role in LEADERS:

                def then(values: Values) -> None:
                    login = values["login"]
                    act = drop_shadow if login in following else add_shadow
                    self.do(lambda: act(self.desk, of.id, login))

                self.ask(forms.follow(of.words, me, self.cockpit.names.logins), then)
            else:
                self.do(lambda: add_shadow(self.desk, of.id))

        self.later("followers", lambda: followers(self.desk, of.id), arrived)


class CtaMore(Talking, StepActs):
    """Mixed into screens with CTAs."""

    offered: tuple[int, ...] = ()
    """The other CTAs of the accounts just claimed, until the next act."""

    def targets(self) -> Targets | None:
        """The CTAs an act is for now."""
        raise NotImplementedError

    def claimed(self, result: Claimed) -> None:
        """After an act on CTAs; the screen shows what is left."""
        raise NotImplementedError

    def about(self) -> About | None:
        """The row under the cursor, when nothing is marked."""
        targets = self.targets()
        row = targets.row if targets is not None else None
        return None if row is None else About(row.id, row.account_id, row.account, row.title)

    def stepped(self) -> tuple[int | None, int, str] | None:
        """The CTA of the row, or the account where there is none."""
        of, about = self.about(), self.intervened()
        if of is not None:
            return of.id, of.account_id, of.account
        return None if about is None else (None, *about)

    def intervened(self) -> tuple[int, str] | None:
        """The account of the row."""
        of = self.about()
        return None if of is None else (of.account_id, of.account)

    def _reverse(self, use_case: Callable[[], Undone], hint: str) -> None:
        self.offered = ()
        super()._reverse(use_case, hint)

    # Taking ------------------------------------------------------------------------------------

    def act_claim_anyway(self) -> None:
        """Take them though a colleague is at work on the account."""
        targets = self.targets()
        if targets is not None:
            self.do(lambda: queue.claim(self.desk, targets.ids(), anyway=True), self.claimed, self.words_of)

    def act_claim_account(self) -> None:
        """Take the account's other CTAs: those offered with the last claim, else those of the row's account."""
        offered = self.offered
        if offered:
            self.do(lambda: queue.claim(self.desk, offered), self.claimed, self.words_of)
            return
        targets, about = self.targets(), self.intervened()
        if about is not None:
            self.do(lambda: self._take_account(*about), self.claimed, self.words_of)
        elif targets is not None:
            self.do(lambda: queue.claim(self.desk, targets.ids(), all_of_account=True), self.claimed, self.words_of)
        else:
            self.refuse("There is no CTA under the cursor.")

    def _take_account(self, account_id: int, account: str) -> Claimed:
        """All that is unassigned of an account; runs in a worker thread."""
        ids = queue.matching_ids(self.desk, queue.QueueQuery(where=f"account_id:{account_id}"))
        if not ids:
            raise Refused("none", f"Nothing of {account} is unassigned.")
        return queue.claim(self.desk, ids)

    def words_of(self, result: Claimed) -> str:
        """What an act did; and after a claim the key that takes the rest of the account."""
        self.offered = result.also
        if all(item.refused is not None for item in result.items):
            return ""
        if not result.also:
            return result.said
        account = next((item.account for item in result.items if item.refused is None), "") or "the account"
        head = result.said.rpartition(" · ")[0] or result.said
        return f"{head} · {len(result.also)} more of {plain(account)}: {self.cockpit.keys.shown('claim_account')} takes them"

    def act_assign(self) -> None:
        """Give them to somebody."""
        from cockpit.services.recipients import recipients
        from cockpit.tui.modals.pick import Pick

        targets = self.targets()
        if targets is None:
            return

        def arrived(found: tuple[Sequence[int], Sequence[Any]]) -> None:
            ids, people = found
            options = [(one.login, f"{plain(one.name)} ({one.login})", one.says) for one in people]

            def chosen(login: str | None) -> None:
                if login is not None:
                    self.do(lambda: queue.assign(self.desk, ids, login), self.claimed, self.words_of)

            empty = "Nobody who works this pool is called so; managers put people into it in Team."
            self.app.push_screen(Pick(f"Give to · {targets.words}", options, self.palette, empty=empty), chosen)

        def read() -> tuple[Sequence[int], Sequence[Any]]:
            ids = targets.ids()
            return ids, recipients(self.desk, ids)

        self.later("recipients", read, arrived)

    # Repeating and linking ---------------------------------------------------------------------

    def act_repeat(self) -> None:
        """At which interval it comes again."""
        from cockpit.services.cta import edit_cta, show_cta

        of = self.the_one()
        if of is None:
            return

        def arrived(shown: CtaShown) -> None:
            def then(values: Values) -> None:
                self.do(lambda: edit_cta(self.desk, of.id, {"repeats": values["repeats"] or None}), self.claimed, self.words_of)

            self.ask(forms.repeat(of.words, shown.detail.repeats), then)

        self.later("repeat", lambda: show_cta(self.desk, of.id), arrived)

    def act_link(self) -> None:
        """Link or unlink people, entries, the renewal."""
        from cockpit.services.link import link, unlink
        from cockpit.tui.modals.pick import Pick

        of = self.the_one()
        if of is None:
            return

        def arrived(options: list[tuple[str, str, str]]) -> None:
            def chosen(what: str | None) -> None:
                if what is None:
                    return
                act, kind, ref = what.split(":")
                change: Any = unlink if act == "unlink" else link
                self.do(lambda: change(self.desk, of.id, kind, ref))

            empty = f"{of.account} has no people and no entries yet: p e a adds a person, l logs a call."
            self.app.push_screen(Pick(f"Link to · {of.words}", options, self.palette, empty=empty), chosen)

        self.later("links", lambda: self._linkable(of), arrived)

    def _linkable(self, of: About) -> list[tuple[str, str, str]]:
        """What can be linked, what is linked first; runs in a worker thread."""
        from cockpit.services.link import links, opportunities
        from cockpit.services.people import people_of
        from cockpit.services.timeline import timeline_page

        now = links(self.desk, of.id)
        people = {one.id for one in now.people}
        entries = {one.id for one in now.activities}
        found = [
            (one.id in people, f"person:{one.id}", f"{one.name}{f' <{one.email}>' if one.email else ''}", one.title or "person")
            for one in people_of(self.desk, of.account_id)
        ]
        found += [
            (entry.id in entries, f"activity:{entry.id}", entry.subject, f"{entry.type} {entry.at:%d %b}")
            for entry in timeline_page(self.desk, of.account_id, limit=LATEST).rows
        ]
        found += [
            (now.opportunity is not None and one.id == now.opportunity.id, f"opportunity:{one.id}", _sale(one), f"{one.type} {one.state}")
            for one in opportunities(self.desk, of.account_id)
        ]
        found.sort(key=lambda one: not one[0])
        return [
            (f"{'unlink' if is_on else 'link'}:{what}", f"{'✔ ' if is_on else '  '}{plain(name)}", plain(note))
            for is_on, what, name, note in found
        ]

    # Intervening -------------------------------------------------------------------------------

    def act_intervene(self) -> None:
        """Start an intervention, or say what its plan and criterion are."""
        from cockpit.services.intervention import intervention_of, start

        about, of = self.intervened(), self.about()
        if about is None:
            self.refuse("There is no CTA under the cursor.")
            return

        def arrived(row: InterventionRow | None) -> None:
            if row is not None:
                self.edit_plan(row)
            elif of is None:
                self.refuse("An intervention starts from a CTA of yours: p c shows the account's.")
            else:
                self.ask(forms.start(of.words, of.id), lambda values: self._start(start, of.id, values))

        self.later("intervention", lambda: intervention_of(self.desk, about[0]), arrived)

    def _start(self, start: Callable[..., Any], cta_id: int, values: Values) -> None:
        self.do(lambda: start(self.desk, cta_id, values["plan"], values["criterion"]))


def _sale(one: LinkedOpportunity) -> str:
    """An opportunity in a line: its name or kind, when it is due, its amount."""
    from cockpit.domain.money import short

    parts = [one.name or one.type.replace("_", " "), f"{one.due_date:%d %b %Y}" if one.due_date else ""]
    parts.append(short(one.amount, one.currency, symbol=True) if one.amount is not None else "")
    return " · ".join(part for part in parts if part)

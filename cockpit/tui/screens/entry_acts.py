"""Logging what happened, with what was begun and left; and what became of what was planned or promised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cockpit.tui.modals.field import Values, changed
from cockpit.tui.screens.base import CockpitScreen

if TYPE_CHECKING:
    from cockpit.services.draft import DraftRow
    from cockpit.services.people import PersonRow
    from cockpit.services.timeline import Entry


class EntryActs(CockpitScreen):
    """Mixed into screens that know an account."""

    def start_log(self, account_id: int, account: str, cta_id: int | None = None) -> None:
        """Ask what happened and who was there, and log it; what was begun another day is there again."""
        from cockpit.services.people import people_of
        from cockpit.services.timeline import log_activity
        from cockpit.tui.modals import ask

        names = self.cockpit.names
        types = names.activity_types or ("call", "meeting", "email", "update")
        draft = Begun(self, account_id, "entry")

        def log(values: Values, own: Values) -> None:
            self.do(
                lambda: log_activity(
                    self.desk, account_id, values["type"], values["subject"], values["body"] or None, listed(values["attendees"]),
                    values["at"] or None, cta_id, values["next_step"] or None, ask.day(values["next_step_due"], self.desk),
                    fields=own, internal=values["internal"] == "yes", draft=draft.id,
                ),
            )  # fmt: skip

        def then(values: Values) -> None:
            own = names.own_fields.get(values["type"], ())
            if own:
                self.ask(ask.own_fields(f"{values['type']} · {account}", own), lambda answers: log(values, answers))
            else:
                log(values, {})

        form = self.ask(ask.log(account, types, (), self.desk, draft.left), then)
        draft.offer(form)

        def arrived(people: Sequence[PersonRow]) -> None:
            if form.is_attached:
                form.suggest("attendees", [*called(people), *names.logins])

        self.later("people", lambda: people_of(self.desk, account_id), arrived)

    def start_edit_activity(self, row: Entry) -> None:
        """Change an entry of the timeline."""
        from cockpit.services.timeline import edit_activity
        from cockpit.tui.modals import ask

        spec = ask.edit_activity(row, self.desk, self.cockpit.names.own_fields.get(row.type, ()))
        def then(values: Values) -> None:
            new, before = changed(spec, values)
            if not new:
                self.say("Nothing changed.")
                return
            own = {name.removeprefix(ask.OWN): new.pop(name) for name in list(new) if name.startswith(ask.OWN)}
            old: dict[str, Any] = {name: was or None for name, was in before.items() if name in new and name != "attendees"}
            if "attendees" in new:
                new["attendees"], old["attendees"] = listed(new["attendees"]), listed(before["attendees"])
            if own:
                new["fields"] = own
            self.do(lambda: edit_activity(self.desk, row.id, new, old))

        self.ask(spec, then)

    def start_settle(self, row: Entry) -> None:
        """Ask what became of a planned meeting and who came."""
        from cockpit.services.planned import settle
        from cockpit.tui.modals import ask

        invited = [one.name for one in row.attendees]

        def then(values: Values) -> None:
            happened = values["happened"] == "yes"
            came = listed(values["attendees"]) if happened else None
            self.do(lambda: settle(self.desk, row.id, happened, came, values["body"] or None))

        self.ask(ask.settle(row, invited), then)

    def keep_promise(self, activity_id: int, kept: bool) -> None:
        """Say that what was promised in an entry was kept, or not after all."""
        from cockpit.services.promise import keep

        self.do(lambda: keep(self.desk, activity_id, kept))


class Begun:
    """What was begun on an account in the store: offered when a form opens, kept when it is left, gone when it is saved."""

    def __init__(self, screen: CockpitScreen, account_id: int, kind: str, id_: int | None = None) -> None:
        self.id = id_
        self._screen, self._account_id, self._kind = screen, account_id, kind

    def offer(self, form: Any) -> None:
        """Fill in what I began the last time, when the form is still as it opened."""
        from cockpit.services.draft import drafts

        def arrived(found: Sequence[DraftRow]) -> None:
            if found and form.is_attached:
                self.id = found[0].id
                form.resume(found[0].fields)

        desk = self._screen.desk
        self._screen.later("draft", lambda: drafts(desk, True, self._account_id, self._kind), arrived, lambda why: None)

    def left(self, values: Values) -> None:
        """Keep what was typed; what was emptied goes."""
        from cockpit.services.draft import drop_draft, save_draft

        screen, id_ = self._screen, self.id
        use_case: Callable[[], Any]
        if values:
            use_case = lambda: save_draft(screen.desk, self._account_id, self._kind, values, id_)  # noqa: E731
        elif id_ is not None:
            use_case = lambda: drop_draft(screen.desk, id_)  # noqa: E731
        else:
            return
        if not screen.desk.read_only:
            screen.do(use_case, refused=lambda why: None)


def called(people: Sequence[PersonRow]) -> list[str]:
    """People as a form offers them: the name, and the address where two share a name."""
    here = [person for person in people if not person.has_left]
    return list(dict.fromkeys(called_among(person, here) for person in here))


def called_among(person: PersonRow, people: Sequence[PersonRow]) -> str:
    """Her name, with her address where another of the people has the same name and she has one."""
    is_alone = sum(one.name == person.name for one in people) == 1
    return person.name if is_alone or not person.email else f"{person.name} <{person.email}>"


def listed(text: str) -> list[str]:
    """Attendees as typed, ``;`` or a comma between; of ``Name <address>`` the address counts."""
    parts = [part.strip() for part in text.replace(",", ";").split(";")]
    return [part[part.index("<") + 1 : -1] if part.endswith(">") and "<" in part else part for part in parts if part]

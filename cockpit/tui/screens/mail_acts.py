"""Writing to customers from wherever they are listed, what was promised to them, and mail and meetings from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.say import plural
from cockpit.tui.modals import mail_ask as forms
from cockpit.tui.modals.field import Values
from cockpit.tui.render.safe import plain
from cockpit.tui.screens.customers import Customers
from cockpit.tui.screens.entry_acts import Begun, called, called_among, listed

if TYPE_CHECKING:
    from cockpit.services.draft import DraftRow
    from cockpit.services.letter import Begun as Letter
    from cockpit.services.outreach import Preview
    from cockpit.services.people import PersonRow
    from cockpit.services.promise import Promise
    from cockpit.services.template import TemplateRow
    from cockpit.tui.screens.base import CockpitScreen

BLANK = "blank"


def write_to(screen: CockpitScreen, to: Customers | None) -> None:
    """A letter to one customer, an outreach to several."""
    if to is None:
        screen.refuse("There is no customer under the cursor to write to.")
    elif to.id is not None:
        _choose_person(screen, to, to.id)
    else:
        _choose_outreach(screen, to)


# A letter ----------------------------------------------------------------------------------------


def _choose_person(screen: CockpitScreen, to: Customers, account: int) -> None:
    from cockpit.services.draft import drafts
    from cockpit.services.people import people_of
    from cockpit.tui.modals.pick import Pick

    def arrived(found: tuple[Sequence[PersonRow], Sequence[DraftRow]]) -> None:
        people, begun = found
        options = [(f"draft:{one.id}", f"Go on with “{plain(one.title)}”", "draft") for one in begun]
        here = sorted((one for one in people if not one.has_left), key=lambda one: (one.network_role != "driver", not one.value_network))
        options += [(f"person:{one.id}", plain(one.name), _note(one)) for one in here]

        def chosen(what: str | None) -> None:
            kind, _, id_ = (what or "").partition(":")
            if kind == "draft":
                row = next(one for one in begun if one.id == int(id_))
                _write(screen, to, account, people, dict(row.fields), row.id)
            elif kind == "person":
                one = next(one for one in people if one.id == int(id_))
                _choose_template(screen, to, account, people, one)

        empty = "Nobody of this customer is known: p e, then a, adds somebody."
        screen.app.push_screen(Pick(f"Write to · {plain(to.words)}", options, screen.palette, empty=empty), chosen)

    desk = screen.desk
    screen.later("write", lambda: (people_of(desk, account), drafts(desk, True, account, "letter")), arrived)


def _note(one: PersonRow) -> str:
    what = one.network_role or ("member" if one.value_network else one.title or "")
    no = "wants no mail" if one.opted_out else "bounced" if one.bounced else "" if one.email else "no address"
    return f"✗ {no}" if no else plain(what)


def _choose_template(screen: CockpitScreen, to: Customers, account: int, people: Sequence[PersonRow], one: PersonRow) -> None:
    from cockpit.services.letter import begin
    from cockpit.services.template import MAIL, templates
    from cockpit.tui.modals.pick import Pick

    address = called_among(one, people)

    def begun(letter: Letter, template: str) -> None:
        if letter.says:
            screen.refuse(letter.says)
        if letter.gaps:
            screen.refuse(f"Not known, to be filled in: {', '.join(letter.gaps)}")
        values = {"to": f"{address}; ", "subject": letter.subject, "body": letter.body, "template": template}
        _write(screen, to, account, people, values, None)

    def arrived(found: Sequence[TemplateRow]) -> None:
        names = list(dict.fromkeys(row.name for row in found if row.kind in MAIL and not row.is_expired))
        kinds = {row.name: row.kind for row in found}
        names.sort(key=lambda name: kinds[name] == "outreach")
        options = [(BLANK, "An empty letter", ""), *((name, plain(name), kinds[name]) for name in names)]

        def chosen(name: str | None) -> None:
            if name == BLANK:
                _write(screen, to, account, people, {"to": f"{address}; "}, None)
            elif name is not None:
                screen.later("letter", lambda: begin(screen.desk, account, one.id, name), lambda letter: begun(letter, name))

        screen.app.push_screen(Pick(f"Letter to {plain(one.name)} · from which template?", options, screen.palette), chosen)

    screen.later("templates", lambda: templates(screen.desk), arrived)


def _write(
    screen: CockpitScreen, to: Customers, account: int, people: Sequence[PersonRow], values: Values, draft_id: int | None
) -> None:
    """The letter's form: sent, queued for later, or left as a draft."""
    from cockpit.services.delivery import deliver
    from cockpit.services.letter import write_letter

    draft = Begun(screen, account, "letter", draft_id)
    template = str(values.get("template") or "") or None
    desk = screen.desk

    def left(typed: Values) -> None:
        draft.left(typed | ({"template": template} if template and typed else {}))

    def then(answers: Values) -> None:
        at = forms.moment(answers["at"], desk)

        def send() -> str:
            words = (answers["subject"], answers["body"], template, answers["channel"])
            done = write_letter(desk, account, listed(answers["to"]), *words, at, to.cta, draft.id)
            if at is not None:
                return done.said
            sent = deliver(desk, batch=done.batch)
            return f"{done.said} · {sent.said}"

        screen.do(send)

    names = called([one for one in people if one.email])
    screen.ask(forms.letter(to.words, values, names, desk, left), then)


# To many -----------------------------------------------------------------------------------------


def _choose_outreach(screen: CockpitScreen, to: Customers) -> None:
    from cockpit.services.template import MAIL, templates

    def arrived(found: Sequence[TemplateRow]) -> None:
        names = list(dict.fromkeys(row.name for row in found if row.kind in MAIL and not row.is_expired))
        names.sort(key=lambda name: next(row.kind for row in found if row.name == name) != "outreach")
        if not names:
            screen.refuse("There is no template: `cockpit template apply --shipped` brings those that ship.")
            return
        screen.ask(forms.outreach(to.words, names, screen.desk), lambda values: _preview(screen, to, values))

    screen.later("templates", lambda: templates(screen.desk, kind=None), arrived)


def _preview(screen: CockpitScreen, to: Customers, values: Values) -> None:
    """Every mail and who is left out; enter there sends."""
    from cockpit.services.outreach import preview
    from cockpit.tui.modals.confirm import Confirm
    from cockpit.tui.render.mail import preview_lines

    desk = screen.desk

    def read() -> tuple[Preview, Sequence[int]]:
        ids = to.ids() if to.ids is not None else ()
        return preview(desk, values["template"], "", values["to"], ids), ids

    def arrived(found: tuple[Preview, Sequence[int]]) -> None:
        seen, ids = found
        if not seen.going:
            why = seen.refused[0].says if seen.refused else "no account matches"
            screen.refuse(f"Nobody can be written to: {why}. {plural(len(seen.refused), 'person', 'people')} left out.")
            return
        going = f"sends {plural(len(seen.going), 'mail')}"
        title = f"Outreach · {plain(seen.template)}"
        yes = lambda: _send(screen, values, ids)  # noqa: E731
        screen.app.push_screen(Confirm(title, lambda width, p: preview_lines(seen, width, p), going, screen.palette, yes))

    screen.later("mails", read, arrived)


def _send(screen: CockpitScreen, values: Values, ids: Sequence[int]) -> None:
    from cockpit.services.delivery import deliver
    from cockpit.services.outreach import send_outreach

    desk = screen.desk
    at = forms.moment(values["at"], desk)

    def send() -> str:
        done = send_outreach(desk, values["template"], "", values["to"], ids, values["channel"], at)
        return done.said if at is not None else f"{done.said} · {deliver(desk, batch=done.batch).said}"

    screen.do(send)


# Promises ----------------------------------------------------------------------------------------


def show_promises(screen: CockpitScreen) -> None:
    """What was promised; enter says that it was kept."""
    from cockpit.services.promise import keep, promises
    from cockpit.tui.modals.pick import Pick

    to = screen.customers() if screen.place_name == "account" else None
    desk = screen.desk

    def arrived(found: Sequence[Promise]) -> None:
        options = [
            (
                str(one.id),
                f"{'! ' if one.state == 'late' else '  '}{plain(one.account)}: {plain(one.what)}",
                f"{plain(one.by_name)} · {one.says}" if to else one.says,
            )
            for one in found
        ]

        def chosen(id_: str | None) -> None:
            if id_ is not None:
                screen.do(lambda: keep(desk, int(id_)))

        title = f"Promised to {plain(to.words)}" if to else f"What {plain(desk.me.name)} promised"
        screen.app.push_screen(Pick(f"{title} · enter: it was kept", options, screen.palette, empty="Nothing is promised."), chosen)

    account = to.id if to else None
    screen.later("promises", lambda: promises(desk, "open", None if account else desk.me.login, account), arrived)


# Files -------------------------------------------------------------------------------------------


def bring_in(screen: CockpitScreen) -> None:
    """Mail (.eml, or a folder) or meetings (.ics) by the path of a file; a path dropped on the terminal is typed there."""
    from cockpit.services.mail_in import bring_in as bring_mail
    from cockpit.services.mail_in import summary
    from cockpit.services.meeting_in import import_meetings

    desk = screen.desk
    to = screen.customers() if screen.place_name == "account" else None

    def then(values: Values) -> None:
        path = forms.path(values["file"])

        def read() -> str:
            if path.suffix.casefold() == ".ics":
                return import_meetings(desk, path, to.id if to else None).said
            found = bring_mail(desk, [path])
            return found[0].said if len(found) == 1 else summary(found)

        screen.do(read)

    screen.ask(forms.file(Path.cwd()), then)

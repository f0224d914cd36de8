"""Mail and meetings that come in: whose they are, and what they move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services.cta import snooze
from cockpit.services.delivery import deliver
from cockpit.services.errors import NotFound, Refused
from cockpit.services.letter import write_letter
from cockpit.services.mail_in import Received, bring_in, drop_stray, file_stray, strays, summary
from cockpit.services.mail_out import MailSettings
from cockpit.services.meeting_in import import_meetings
from cockpit.services.outbox import outbox
from cockpit.services.people import people_of
from cockpit.services.planned import planned, settle
from cockpit.services.task import list_tasks
from cockpit.services.timeline import edit_activity, log_activity, timeline_page
from cockpit.services.undo import undo
from tests import builders
from tests.domain.test_incoming import BOUNCE
from tests.mail.post import Post


@pytest.fixture
def drop(desk: Desk, tmp_path: Path) -> Callable[..., Received]:
    """Drops a mail: heads by name, ``body``; returns what became of it."""
    count = 0

    def dropped(body: str = "Yes, next week.", raw: bytes | None = None, **heads: str) -> Received:
        nonlocal count
        count += 1
        told = {"From": "Kim Park <kim@acme.example>", "Subject": "Re: Hello", "Message-ID": f"<in{count}@acme.example>",
                "Date": "Mon, 23 Nov 2026 08:00:00 +0000"} | {key.replace("_", "-"): value for key, value in heads.items()}  # fmt: skip
        file = tmp_path / f"{count}.eml"
        file.write_bytes(raw or ("".join(f"{key}: {value}\n" for key, value in told.items() if value) + f"\n{body}\n").encode())
        return bring_in(desk, [file])[0]

    return dropped


def written(desk: Desk, how: MailSettings, at: object = None) -> str:
    """A letter to Kim that went; its Message-ID."""
    write_letter(desk, "Acme", ["Kim Park"], "Hello", "Words")
    deliver(desk, how)
    return next(row for row in _keys(desk))


def _keys(desk: Desk) -> list[str]:
    with desk.store.read() as db:
        return [row[0] for row in db.all("SELECT key FROM outbox ORDER BY id DESC")]


def test_an_answer_is_logged_engages_wakes_stops_what_waits_and_tells_its_csm(
    desk: Desk, acme: int, how: MailSettings, drop: Callable[..., Received]
):
    cta = builders.cta(desk, acme, owner="ana")
    key = written(desk, how)
    snooze(desk, [cta], date(2026, 12, 24), "waits for an answer")
    write_letter(desk, acme, ["Kim Park"], "Second try", "Words", at=desk.now() + timedelta(days=3))
    got = drop(In_Reply_To=f"<{key}>")
    assert (got.state, got.account, got.person, got.cta, got.woken, got.stopped) == ("logged", "Acme", "Kim Park", cta, 1, 1)
    assert got.said == f"Kim Park of Acme wrote: “Re: Hello” · intervention {got.intervention} engaged · woke 1 CTA · stopped 1 mail"
    entry = next(e for e in timeline_page(desk, acme).rows if e.inbound)
    assert (entry.type, entry.author, entry.body, entry.attendees[0].name) == ("email", None, "Yes, next week.", "Kim Park")
    assert entry.answers_id is not None
    assert {row.subject: (row.state, row.trouble) for row in outbox(desk)}["Second try"] == ("cancelled", "Kim Park answered")
    with desk.store.read() as db:
        assert db.one("SELECT stage FROM intervention") == ("engaged",)
        assert db.scalar("SELECT count(*) FROM mention m JOIN comment c ON c.id = m.comment_id WHERE c.body LIKE 'Kim Park answered%'") == 1
    before = builders.snapshot(desk.store)
    assert drop(Message_ID="<in1@acme.example>").state == "unchanged"
    assert builders.snapshot(desk.store) == before
    assert undo(desk).conflicts == ()
    assert outbox(desk, "queued")[0].subject == "Second try"


def test_an_answer_nobody_owns_becomes_one_cta(desk: Desk, acme: int, drop: Callable[..., Received]):
    first = drop(Subject="Question")
    assert first.said.endswith(f"nobody's: made CTA {first.cta}")
    with desk.store.read() as db:
        row = db.one(
            "SELECT y.name, r.name, c.title, c.owner_id, p.person_id FROM cta c JOIN cta_type y ON y.id = c.type_id"
            " JOIN reason r ON r.id = c.reason_id JOIN cta_person p ON p.cta_id = c.id WHERE c.id = :id", id=first.cta,
        )  # fmt: skip
    assert row is not None
    assert row[:4] == ("event", "Customer answered", "Kim Park answered: Question", None)
    assert drop(Subject="Still there?").cta == first.cta
    builders.change(desk, "account", acme, {"owner_id": builders.the(desk, "csm", "ben", "login")})
    hers = [drop(Subject=subject) for subject in ("Hello?", "And?")]
    assert [(one.cta, one.said.rpartition(" · ")[2]) for one in hers] == [(None, "a task for Ben Okafor")] * 2
    assert [(task.title, str(task.due)) for task in list_tasks(desk, "ben")] == [("Kim Park answered: Hello?", "2026-11-24")]


def test_an_answer_logged_by_hand_stops_what_waits_too(desk: Desk, acme: int):
    write_letter(desk, acme, ["Kim Park", "Lee Wong"], "Later", "Words", at=desk.now() + timedelta(days=3))
    done = log_activity(desk, acme, "email", "Yes", attendees=["Kim Park"], answered=True)
    assert done.said.endswith("stopped 1 mail")
    assert {row.person: row.state for row in outbox(desk)} == {"Kim Park": "cancelled", "Lee Wong": "queued"}


def test_machines_engage_nobody_and_who_wants_out_is_out(desk: Desk, acme: int, drop: Callable[..., Received]):
    builders.cta(desk, acme, owner="ana")
    got = drop(Auto_Submitted="auto-replied", Subject="Out of office")
    assert (got.state, got.intervention, got.cta) == ("automatic", None, None)
    assert timeline_page(desk, acme).rows[0].subject == "Automatic reply: Out of office"
    assert drop(Subject="unsubscribe").state == "opted_out"
    assert [one.opted_out for one in people_of(desk, acme) if one.name == "Kim Park"] == [True]


def test_a_bounce_fails_the_mail_and_marks_the_address(
    desk: Desk, acme: int, how: MailSettings, post: Post, drop: Callable[..., Received]
):
    key = written(desk, how)
    got = drop(raw=BOUNCE.replace(b"0f@cockpit.invalid", key.encode()))
    assert (got.state, got.said) == ("bounced", "Mail to Kim Park came back: 550 5.1.1 no such user")
    (row,) = outbox(desk)
    assert (row.state, row.trouble) == ("failed", "it came back: 550 5.1.1 no such user")
    assert [one.bounced for one in people_of(desk, acme) if one.name == "Kim Park"] == [True]
    entry = timeline_page(desk, acme).rows[0]
    assert (entry.state, entry.attendees[0].attended) == ("cancelled", False)
    with pytest.raises(Refused, match="mail came back"):
        write_letter(desk, "Acme", ["Kim Park"], "Hello", "Words")


def test_mail_is_matched_by_address_by_domain_or_kept_for_somebody_to_say(
    desk: Desk, acme: int, drop: Callable[..., Received]
):
    builders.change(desk, "account", acme, {"domain": "acme.example"})
    assert drop(From="New Person <new@acme.example>").account == "Acme"
    other = builders.account(desk, "Boreal")
    builders.make(desk, "membership", {"person_id": builders.the(desk, "person", "Kim Park"), "account_id": other})
    assert drop().also == ("Boreal",)
    stranger = drop(From="Who <who@else.example>", Subject="Interested")
    assert (stranger.state, [one.sender for one in strays(desk)]) == ("kept", ["who@else.example"])
    assert drop(From="Who <who@else.example>", Message_ID="<in3@acme.example>").state == "unchanged"
    (one,) = strays(desk)
    filed = file_stray(desk, one.id, "Boreal")
    assert (filed.account, strays(desk)) == ("Boreal", ())
    assert timeline_page(desk, other).rows[0].attendees[0].name == "who@else.example"
    with pytest.raises(NotFound):
        drop_stray(desk, one.id)
    drop(From="Spam <spam@x.example>")
    assert drop_stray(desk, strays(desk)[0].id).said == "Threw away “Re: Hello” from spam@x.example"


def test_mail_of_somebody_who_moved_on_is_filed_where_she_is_now(desk: Desk, acme: int, drop: Callable[..., Received]):
    log_activity(desk, acme, "call", "Long ago", attendees=["Kim Park"])
    kim, other = builders.the(desk, "person", "Kim Park"), builders.account(desk, "Boreal")
    builders.change(desk, "membership", builders.the(desk, "membership", kim, "person_id"), {"left_on": date(2026, 11, 1)})
    builders.make(desk, "membership", {"person_id": kim, "account_id": other})
    assert (got := drop()).account == "Boreal"
    assert got.also == ("Acme",)


def test_who_wants_out_is_out_when_somebody_says_later_who_it_was(desk: Desk, acme: int, drop: Callable[..., Received]):
    drop(From="Kim <kim@home.example>", Subject="unsubscribe")
    drop(From="Kim <kim@home.example>", Subject="Automatic reply: away")
    for row in strays(desk):
        assert file_stray(desk, row.id, "Acme", "Kim Park").state in ("opted_out", "automatic")
    assert [one.opted_out for one in people_of(desk, acme) if one.name == "Kim Park"] == [True]


def test_somebody_is_known_by_the_address_she_was_once_told_apart_from(desk: Desk, acme: int, drop: Callable[..., Received]):
    drop(From="K. <Kim@home.example>", Subject="From home")
    filed = file_stray(desk, strays(desk)[0].id, "Acme", "Kim Park")
    assert filed.said.endswith(" · mail from kim@home.example is hers from now on")
    again = drop(From="K. <kim@home.example>", Subject="And again", Message_ID="<in9@home.example>")
    assert (again.state, again.person) == ("logged", "Kim Park")
    assert filed.act is not None
    undo(desk, filed.act)
    assert drop(From="K. <kim@home.example>", Subject="Once more", Message_ID="<in10@home.example>").state == "kept"


def test_a_mail_of_ours_is_an_outreach_of_its_writer(desk: Desk, acme: int, drop: Callable[..., Received]):
    builders.change(desk, "csm", builders.the(desk, "csm", "ana", "login"), {"email": "ana@us.example"})
    builders.cta(desk, acme, owner="ana")
    got = drop(From="Ana <ana@us.example>", To="kim@acme.example, lee@acme.example")
    assert got.said.startswith("Ana Ruiz wrote to Kim Park of Acme: “Re: Hello” · intervention")
    entry = timeline_page(desk, acme).rows[0]
    assert (entry.author, entry.inbound, [one.name for one in entry.attendees]) == ("ana", False, ["Kim Park", "Lee Wong"])
    assert drop(From="ana@us.example", To="nobody@x.example").state == "unmatched"


def test_a_folder_is_read_with_what_is_no_mail_told(desk: Desk, acme: int, drop: Callable[..., Received], tmp_path: Path):
    drop()
    (tmp_path / "x.eml").write_bytes(b"\0\0")
    found = bring_in(desk, [tmp_path])
    assert [one.state for one in found] == ["unchanged", "unreadable"]
    assert summary(found) == "2 mails: 1 there already and 1 unreadable"
    with pytest.raises(Refused, match="There is no"):
        bring_in(desk, [tmp_path / "gone"])


# -- calendars

HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n"
EVENT = "BEGIN:VEVENT\nUID:{}\nSUMMARY:{}\nDTSTART:{}\nDTEND:{}\nORGANIZER:mailto:ana@us.example\n{}END:VEVENT\n"
KIM = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:kim@acme.example\nATTENDEE;PARTSTAT=DECLINED:MAILTO:Lee@acme.example\n"


@pytest.fixture
def meet(desk: Desk, tmp_path: Path) -> Callable[..., object]:
    """Imports a calendar of these events."""
    builders.change(desk, "csm", builders.the(desk, "csm", "ana", "login"), {"email": "ana@us.example"})

    def imported(*events: str, **how: object) -> object:
        file = tmp_path / "c.ics"
        file.write_text(HEAD + "".join(events) + "END:VCALENDAR\n")
        return import_meetings(desk, file, **how)  # type: ignore[arg-type]

    return imported


def counts(read: object) -> tuple[int, ...]:
    return tuple(getattr(read, name) for name in ("created", "updated", "unchanged", "off", "skipped"))


def test_meetings_come_in_once_change_and_are_called_off(desk: Desk, acme: int, meet: Callable[..., object]):
    event = EVENT.format("m1", "Review", "20261201T140000Z", "20261201T150000Z", KIM)
    assert counts(meet(event, EVENT.format("m2", "Dentist", "20261201T100000Z", "20261201T110000Z", ""))) == (1, 0, 0, 0, 1)
    (one,) = planned(desk)
    assert (one.account, one.subject, one.says, one.asks) == ("Acme", "Review", "in 8 days 14:00", False)
    assert counts(meet(event)) == (0, 0, 1, 0, 0)
    moved = event.replace("Review", "Review II").replace("1201T14", "1202T14").replace("1201T15", "1202T15")
    assert counts(meet(moved)) == (0, 1, 0, 0, 0)
    assert [(p.subject, p.day) for p in planned(desk)] == [("Review II", date(2026, 12, 2))]
    assert [a.name for a in timeline_page(desk, acme).rows[0].attendees] == ["Ana Ruiz", "Kim Park", "Lee Wong"]
    assert counts(meet(moved.replace("SUMMARY", "STATUS:CANCELLED\nSUMMARY"))) == (0, 0, 0, 1, 0)
    assert planned(desk) == ()
    assert counts(meet(moved)) == (0, 1, 0, 0, 0), "it is planned again when the calendar has it again"


def test_past_meetings_ask_or_count_as_held_with_who_accepted(desk: Desk, acme: int, meet: Callable[..., object]):
    past = EVENT.format("m{}", "Past {}", "20261120T140000Z", "20261120T150000Z", KIM)
    meet(past.format("1", "1"))
    assert [(p.subject, p.asks) for p in planned(desk)] == [("Past 1", True)]
    meet(past.format("2", "2"), held=True)
    held = next(e for e in timeline_page(desk, acme).rows if e.subject == "Past 2")
    assert [(a.name, a.attended) for a in held.attendees] == [("Ana Ruiz", True), ("Kim Park", True), ("Lee Wong", False)]
    settle(desk, planned(desk)[0].id)
    assert counts(meet(past.format("1", "Renamed"))) == (0, 0, 1, 0, 0), "what was held stays as it was"


def test_a_series_is_followed_for_a_while_and_hostile_ones_not_at_all(desk: Desk, acme: int, meet: Callable[..., object]):
    weekly = EVENT.format("w", "Weekly", "20260105T090000Z", "20260105T093000Z", KIM + "RRULE:FREQ=WEEKLY\nEXDATE:20261130T090000Z\n")
    assert counts(meet(weekly))[0] == 39
    days = [p.day for p in planned(desk) if not p.asks]
    assert date(2026, 11, 30) not in days
    assert max(days) < date(2027, 5, 26)
    one = EVENT.format("w", "Weekly, moved", "20261208T090000Z", "20261208T093000Z", KIM + "RECURRENCE-ID:20261207T090000Z\n")
    assert counts(meet(weekly, one))[1] == 1
    for rule in ("FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=NO"):
        bad = EVENT.format(rule, "Bad", "19700101T000000Z", "19700101T010000Z", KIM + f"RRULE:{rule}\n")
        assert counts(meet(bad, EVENT.format("ok" + rule, "Fine", "20261201T140000Z", "20261201T150000Z", KIM)))[0] == 1


def test_a_series_that_runs_for_long_is_followed_and_what_the_calendar_leaves_out_later_is_called_off(
    desk: Desk, acme: int, meet: Callable[..., object]
):
    daily = EVENT.format("d", "Daily", "20050105T090000Z", "20050105T091500Z", KIM + "RRULE:FREQ=DAILY\n")
    assert counts(meet(daily))[0] == 60
    short = EVENT.format("c", "Three times", "20261201T090000Z", "20261201T091500Z", KIM + "RRULE:FREQ=WEEKLY;COUNT=3\n")
    assert counts(meet(short))[0] == 3
    without = short.replace("COUNT=3\n", "COUNT=3\nEXDATE:20261208T090000Z\n")
    assert counts(meet(without)) == (0, 0, 2, 1, 0)
    assert counts(meet(without)) == (0, 0, 3, 0, 0)
    never = EVENT.format("n", "Never", "20260105T090000Z", "20260105T093000Z", KIM + "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9\n")
    assert counts(meet(never)) == (0, 0, 0, 0, 0)


def test_what_was_changed_here_outlasts_the_same_calendar_read_again(desk: Desk, acme: int, meet: Callable[..., object]):
    event = EVENT.format("m1", "Review", "20261120T140000Z", "20261120T150000Z", KIM)
    meet(event)
    (one,) = planned(desk)
    edit_activity(desk, one.id, {"body": "Ask about the export.", "attendees": ["ana@us.example", "kim@acme.example", "new@else.example"]})
    read = meet(event)
    assert (counts(read), read.said) == ((0, 1, 0, 0, 0), "Meetings from c.ics: 1 changed")  # type: ignore[attr-defined]
    entry = timeline_page(desk, acme).rows[0]
    assert (entry.body, len(entry.attendees)) == ("Ask about the export.", 4), "whom the calendar invites comes back, nobody else goes"
    settle(desk, one.id, happened=False)
    read = meet(event)
    assert (read.kept, planned(desk)) == (1, ()), "called off here"  # type: ignore[attr-defined]
    assert "1 left as they were changed here" in read.said  # type: ignore[attr-defined]
    meet(event.replace("20261120", "20261201"))
    assert [p.day for p in planned(desk)] == [date(2026, 12, 1)], "on another day it is another meeting"


def test_meetings_that_came_in_as_planned_can_be_held_by_the_same_calendar_later(desk: Desk, acme: int, meet: Callable[..., object]):
    event = EVENT.format("m1", "Review", "20261120T140000Z", "20261120T150000Z", KIM)
    meet(event)
    assert counts(meet(event, held=True)) == (0, 1, 0, 0, 0)
    entry = timeline_page(desk, acme).rows[0]
    assert (entry.state, [a.attended for a in entry.attendees]) == ("done", [True, True, False])


def test_a_meeting_among_ourselves_needs_an_account_and_files_that_are_no_calendar_are_told(
    desk: Desk, acme: int, meet: Callable[..., object], tmp_path: Path
):
    internal = EVENT.format("i", "Hand-over", "20261201T140000Z", "20261201T150000Z", "")
    assert counts(meet(internal, account="Acme")) == (1, 0, 0, 0, 0)
    assert planned(desk)[0].internal
    for text in ("", "no calendar", HEAD + "END:VCALENDAR", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR"):
        (tmp_path / "bad.ics").write_text(text)
        with pytest.raises(Refused, match=r"no calendar|no meeting"):
            import_meetings(desk, tmp_path / "bad.ics")
    with pytest.raises(Refused, match="cannot be read"):
        import_meetings(desk, tmp_path)

"""Outreach and letters: who is written to and who is not, what leaves, and what becomes of it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services import draft
from cockpit.services.delivery import deliver
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.letter import begin, write_letter
from cockpit.services.mail_out import MailSettings
from cockpit.services.outbox import cancel, confirm, counts, outbox, retry
from cockpit.services.outreach import contact_rules, preview, send_outreach, set_rules
from cockpit.services.people import edit_person
from cockpit.services.person import show_person
from cockpit.services.template import apply, off, templates
from cockpit.services.tick import tick
from cockpit.services.timeline import delete_activity, timeline_page
from cockpit.services.undo import undo
from db.terms import MailState
from tests import builders
from tests.mail.post import Post, serve

ALL = "name:*"
TOUCH = (
    "name: hello\nlanguage: {}\nsubject: {{{{ account.name }}}}: hello\n\n"
    "Dear {{{{ person.first_name }}}},\n.dots stay\nYours {{{{ csm.name }}}}"
)


@pytest.fixture
def hello(oz: Desk) -> str:
    apply(oz, [("a", TOUCH.format("en"))])
    return "hello"


def reasons(desk: Desk, to: str = "all", where: str = ALL) -> dict[str | None, tuple[str, ...]]:
    return {mail.person: mail.refused for mail in preview(desk, "hello", where, to).mails}


def test_an_outreach_is_previewed_sent_logged_and_counts_when_it_has_gone(
    oz: Desk, acme: int, hello: str, how: MailSettings, post: Post
):
    builders.cta(oz, acme, owner="oz")
    seen = preview(oz, hello, "name:acme", "network")
    assert [(mail.person, mail.subject, mail.refused) for mail in seen.mails] == [
        ("Kim Park", "Acme: hello", ()), ("Lee Wong", "Acme: hello", ()),
    ]  # fmt: skip
    assert seen.mails[0].body == "Dear Kim,\n.dots stay\nYours Oz Kaya"
    done = send_outreach(oz, hello, "name:acme", "network")
    assert (done.queued, done.accounts, done.refused) == (2, 1, ())
    assert done.said == "Outreach “hello” to 2 people of 1 account"
    page = timeline_page(oz, acme).rows
    assert [(e.type, e.state, e.attendees[0].attended) for e in page] == [("outreach", "planned", False)] * 2
    sent = deliver(oz, how)
    assert (sent.sent, sent.said) == (2, "Mail: 2 sent")
    assert sorted(to for got, _ in post.got for to in got) == ["kim@acme.example", "lee@acme.example"]
    mail = next(one for one in post.mails if "Kim" in str(one["To"]))
    assert str(mail["From"]) == "Oz Kaya <pool@us.example>"
    assert b".dots stay" in (mail.get_payload(decode=True) or b"")
    assert str(mail["List-Unsubscribe"]) == "<mailto:pool@us.example?subject=unsubscribe>"
    page = timeline_page(oz, acme).rows
    assert [(e.state, e.attendees[0].attended) for e in page] == [("done", True)] * 2
    with oz.store.read() as db:
        assert db.scalar("SELECT stage FROM intervention") == "reached_out"
    assert counts(oz) == {"sent": 2}
    assert deliver(oz, how).said == "No mail waits to be sent"
    taken_back = undo(oz)
    assert taken_back.reverted == 0, "what has gone stays"
    assert len(timeline_page(oz, acme).rows) == 2


def test_what_was_not_sent_yet_is_taken_back(oz: Desk, acme: int, hello: str, how: MailSettings, post: Post):
    before = builders.snapshot(oz.store)
    send_outreach(oz, hello, ALL, "network")
    assert undo(oz).conflicts == ()
    assert builders.snapshot(oz.store) == before
    assert deliver(oz, how).sent == len(post.got) == 0


def test_every_contact_rule_leaves_somebody_out_and_says_why(oz: Desk, desk: Desk, acme: int, hello: str):
    kim, lee = builders.the(desk, "person", "Kim Park"), builders.the(desk, "person", "Lee Wong")
    assert reasons(oz) == {"Kim Park": (), "Lee Wong": ()}
    edit_person(desk, kim, {"opted_out": True})
    edit_person(desk, lee, {"bounced": True})
    assert reasons(oz) == {"Kim Park": ("opted_out",), "Lee Wong": ("bounced",)}
    with pytest.raises(Refused, match="Nobody can be written to: 1 × wants no mail and 1 × mail came back"):
        send_outreach(oz, hello, ALL, "all")
    undo(desk)
    undo(desk)
    edit_person(desk, kim, {"language": "de"})
    assert reasons(oz)["Kim Park"] == ("language",)
    apply(oz, [("a", TOUCH.format("de"))])
    assert preview(oz, hello, ALL).mails[0].language == "de"
    escalation = builders.make(oz, "escalation", {"account_id": acme, "title": "Down", "opened_at": oz.now()})
    assert reasons(oz) == {"Kim Park": ("escalation",), "Lee Wong": ("escalation",)}
    builders.change(oz, "escalation", escalation, {"closed_at": oz.now()})
    values = {"kind": "csm_to_csm", "account_id": acme, "started_on": oz.today(), "target": oz.today()}
    running = builders.make(oz, "transition", values)
    assert reasons(oz) == {"Kim Park": ("transition",), "Lee Wong": ("transition",)}
    builders.change(oz, "transition", running, {"kind": "cover"})
    builders.person(desk, acme, "Kim Double", email="KIM@acme.example")
    builders.person(desk, acme, "Bad Address", email="a@b.example\r\nBcc: all@x")
    builders.person(desk, acme, "Left Long", left_on=oz.today())
    builders.account(desk, "Empty")
    assert reasons(oz) == {
        "Kim Park": (), "Lee Wong": (), "Kim Double": ("twice",), "Bad Address": ("bad_address",), "Left Long": ("left",),
        None: ("nobody",),
    }  # fmt: skip


def test_a_shared_address_is_written_to_for_whoever_may_and_not_at_all_when_one_of_them_said_no(
    oz: Desk, desk: Desk, acme: int, hello: str
):
    edit_person(desk, builders.person(desk, acme, "Amy Desk", email="desk@acme.example"), {"language": "fr"})
    twin = builders.person(desk, acme, "Bo Desk", email="DESK@acme.example")
    assert {name: why for name, why in reasons(oz).items() if name and "Desk" in name} == {"Amy Desk": ("language",), "Bo Desk": ()}
    edit_person(desk, twin, {"opted_out": True})
    assert reasons(oz)["Bo Desk"] == reasons(oz)["Amy Desk"][:1] == ("opted_out",)


def test_a_report_tells_of_the_days_it_names_and_of_relationships(oz: Desk, desk: Desk, acme: int):
    words = "opened {{ report.tickets_opened }}, {{ report.logins }} log-ins, {{ report.active_users }} people since {{ report.from }}"
    apply(oz, [("a", f"name: report\nsubject: s\n\n{words}")])
    child = builders.account(desk, "Acme EU", parent_id=acme)
    for account, users in ((acme, 5), (child, 7)):
        for metric, value in (("logins", 10), ("active users", users)):
            builders.make(desk, "usage", {"account_id": account, "metric": metric, "day": oz.today(), "value": value * 1000})
    for number, opened in enumerate(("2026-10-26T23:59:00+00:00", "2026-10-27T00:00:00+00:00")):
        at = datetime.fromisoformat(opened)
        builders.make(desk, "ticket", {"account_id": child, "subject": f"T{number}", "status": "open", "opened": at})
    body = preview(oz, "report", "name:Acme").mails[0].body
    assert body == "opened 1, 20 log-ins, 12 people since Tue 27 Oct 2026"


@pytest.mark.parametrize("body", [
    "{{ 'a'.ljust(900000000) }}", "{{ 'a'|center(900000000) }}", "{{ '%0900000000d' % 1 }}", "{{ '%0900000000d'|format(1) }}",
    "{{ [1]|batch(900000000, 1)|list }}", "{{ 'a' * 900000000 }}", "{{ 2 ** 900000000 }}", "{{ ''.__class__ }}",
])  # fmt: skip
def test_a_template_makes_nothing_huge_and_reaches_nothing(oz: Desk, body: str):
    with pytest.raises(Refused, match="line 4"):
        apply(oz, [("a", f"name: x\nsubject: s\n\n{body}")])


def test_nobody_is_written_to_more_often_than_the_cap_allows(
    oz: Desk, desk_of: Callable[..., Desk], acme: int, hello: str, how: MailSettings
):
    set_rules(oz, {"cap": 1, "cap_days": 7})
    assert (contact_rules(oz).cap, contact_rules(oz).cap_days) == (1, 7)
    send_outreach(oz, hello, ALL, "drivers")
    assert reasons(oz, "drivers") == {"Kim Park": ("cap",)}, "those that wait count"
    deliver(oz, how)
    later = desk_of("oz", oz.now() + timedelta(days=8))
    assert reasons(later, "drivers") == {"Kim Park": ()}
    with pytest.raises(Refused, match="cap is 0 to 1000"):
        set_rules(oz, {"cap": -1})
    with pytest.raises(Forbidden):
        set_rules(desk_of("ana"), {"cap": 9})


def test_a_hybrid_accounts_csm_gets_a_copy_and_one_task(oz: Desk, desk: Desk, acme: int, hello: str, how: MailSettings, post: Post):
    ben = builders.the(desk, "csm", "ben", "login")
    builders.change(oz, "csm", ben, {"email": "ben@us.example"})
    builders.change(oz, "account", acme, {"served_by": "hybrid", "owner_id": ben})
    builders.change(oz, "pool", builders.the(oz, "pool", "West"), {"sender_name": "The West team", "reply_to": "west@us.example"})
    done = send_outreach(oz, hello, ALL, "network")
    assert done.tasks == 1
    with oz.store.read() as db:
        assert db.one("SELECT account_id, owner_id, title FROM task") == (acme, ben, "See what came of the pool's mail: Acme: hello")
    deliver(oz, how)
    assert [sorted(to) for to, _ in post.got] == [["ben@us.example", "kim@acme.example"], ["ben@us.example", "lee@acme.example"]]
    heads = {(str(mail["From"]), str(mail["Reply-To"]), str(mail["Cc"])) for mail in post.mails}
    assert heads == {("The West team <pool@us.example>", "west@us.example", "ben@us.example")}


def test_a_mail_that_was_scheduled_waits_and_is_asked_the_rules_again(
    oz: Desk, desk_of: Callable[..., Desk], acme: int, hello: str, how: MailSettings, post: Post
):
    at = oz.now() + timedelta(hours=5)
    send_outreach(oz, hello, ALL, "network", at=at)
    assert deliver(oz, how).sent == 0
    assert outbox(oz)[0].says == "due at 14:00"
    edit_person(oz, builders.the(oz, "person", "Kim Park"), {"opted_out": True})
    done = deliver(desk_of("oz", at), how)
    assert (done.sent, done.cancelled) == (1, 1)
    assert {row.recipient: (row.state, row.trouble) for row in outbox(oz)} == {
        "kim@acme.example": ("cancelled", "wants no mail"), "lee@acme.example": ("sent", None),
    }  # fmt: skip
    with pytest.raises(Refused, match="has passed"):
        send_outreach(desk_of("oz", at + timedelta(days=30)), hello, ALL, "network", at=at)


def test_a_letter_is_begun_from_a_template_with_gaps_and_goes_by_hand(
    desk: Desk, acme: int, how: MailSettings, post: Post
):
    builders.make(desk, "escalation", {"account_id": acme, "title": "Down", "opened_at": desk.now()})
    begun = begin(desk, "Acme", "Kim Park", "renewal value")
    assert begun.gaps == ("[account.renewal_date?]",)
    with pytest.raises(Refused, match=r"Fill in \[account.renewal_date\?\] first"):
        write_letter(desk, "Acme", ["Kim Park"], begun.subject, begun.body)
    kept = draft.save_draft(desk, "Acme", "letter", {"subject": begun.subject})
    to = ["Kim Park", "lee@acme.example"]
    made = write_letter(desk, "Acme", to, "Before\r\nBcc: x@y.example", "Words", "renewal value", draft=kept.id)
    assert (made.mails, made.said) == (2, "Letter “Before Bcc: x@y.example” to Kim Park and Lee Wong of Acme")
    assert draft.drafts(desk) == ()
    assert deliver(desk, how).sent == 2, "an escalation keeps nobody from writing by hand"
    assert all(mail["Bcc"] is None for mail in post.mails)
    assert {row.used for row in templates(desk) if row.name == "renewal value"} == {2}
    edit_person(desk, builders.the(desk, "person", "Kim Park"), {"opted_out": True})
    with pytest.raises(Refused, match=r"No mail to Kim Park \(wants no mail\)"):
        write_letter(desk, "Acme", ["Kim Park"], "Hi", "Ho")
    with pytest.raises(Refused, match="is nobody of the customer"):
        write_letter(desk, "Acme", ["x@y.example"], "Hi", "Ho")
    with pytest.raises(Refused, match="Mail goes by smtp, eml or csv"):
        write_letter(desk, "Acme", ["Lee Wong"], "Hi", "Ho", channel="fax")


def test_files_for_a_mail_program_and_a_table_for_a_mail_merge(oz: Desk, desk: Desk, acme: int, hello: str, how: MailSettings):
    builders.change(oz, "account", acme, {"name": "=cmd()"})
    send_outreach(oz, hello, ALL, "network", channel="eml")
    done = deliver(oz, how)
    files = sorted(Path(how.folder).glob("*.eml"))
    assert (done.sent, len(files), oct(files[0].stat().st_mode)[-3:]) == (2, 2, "600")
    assert str(message_from_bytes(files[0].read_bytes())["Subject"]) == "=cmd(): hello"
    send_outreach(oz, hello, ALL, "drivers", channel="csv")
    deliver(oz, how)
    (table,) = Path(how.folder).glob("*.csv")
    (row,) = csv.DictReader(table.open(encoding="utf-8"))
    assert (row["Email"], row["Account"], row["Subject"]) == ("kim@acme.example", "'=cmd()", "'=cmd(): hello")


def test_what_a_server_answers_decides_what_becomes_of_a_mail(
    oz: Desk, desk_of: Callable[..., Desk], acme: int, hello: str, how: MailSettings, post: Post
):
    post.refuses = {"kim@acme.example": "550 no such user", "lee@acme.example": "451 later"}
    send_outreach(oz, hello, ALL, "network")
    done = deliver(oz, how)
    assert (done.failed, done.again, done.sent) == (1, 1, 0)
    rows = {row.recipient: row for row in outbox(oz)}
    assert (rows["kim@acme.example"].state, rows["kim@acme.example"].trouble) == ("failed", "550 no such user")
    assert rows["lee@acme.example"].says == "due at 09:05: 451 later"
    assert deliver(oz, how).again == 0, "not before its time"
    post.refuses = {}
    later = desk_of("oz", oz.now() + timedelta(minutes=6))
    assert deliver(later, how).sent == 1
    with pytest.raises(Forbidden, match="is Oz Kaya's"):
        retry(desk_of("ana"), [rows["kim@acme.example"].id])
    assert retry(oz, [rows["kim@acme.example"].id]).state == "queued"
    assert deliver(later, how).sent == 1
    assert len(set(post.keys)) == 2
    with pytest.raises(Refused, match="is sent: only what is queued, failed or unsure can be called back"):
        cancel(oz, [rows["kim@acme.example"].id])


def test_a_mail_is_one_line_of_what_happened_with_her_and_says_what_became_of_it(
    oz: Desk, desk: Desk, acme: int, hello: str, how: MailSettings, post: Post
):
    post.refuses = {"kim@acme.example": "550 no such user"}
    send_outreach(oz, hello, ALL, "network")
    deliver(oz, how)
    kim, lee = (builders.the(oz, "person", name) for name in ("Kim Park", "Lee Wong"))
    lines = {id_: [(one.kind, one.what, one.state) for one in show_person(oz, id_).things] for id_ in (kim, lee)}
    assert lines == {kim: [("activity", "Acme: hello", "failed")], lee: [("activity", "Acme: hello", "sent")]}
    delete_activity(oz, show_person(oz, lee).things[0].ref)
    assert [(one.kind, one.what, one.state) for one in show_person(oz, lee).things] == [("mail", "Acme: hello", "sent")]


def test_a_copy_that_is_refused_does_not_keep_the_mail_from_its_reader(
    oz: Desk, acme: int, hello: str, how: MailSettings, post: Post
):
    ben = builders.the(oz, "csm", "ben", "login")
    builders.change(oz, "csm", ben, {"email": "ben@us.example"})
    builders.change(oz, "account", acme, {"served_by": "hybrid", "owner_id": ben})
    post.refuses = {"ben@us.example": "550 no such user", "lee@acme.example": "550 no"}
    send_outreach(oz, hello, ALL, "network")
    done = deliver(oz, how)
    assert (done.sent, done.failed) == (1, 1)
    assert done.said == "Mail: 1 sent and 1 failed; the copy of 1 was refused, see the outbox"
    assert [to for to, _ in post.got] == [["kim@acme.example"]]
    rows = {row.recipient: row for row in outbox(oz)}
    assert rows["kim@acme.example"].says == "sent at 09:00: not to ben@us.example: 550 no such user"
    assert rows["lee@acme.example"].trouble == "550 no"
    lines = {name: show_person(oz, builders.the(oz, "person", name)).things[0].state for name in ("Kim Park", "Lee Wong")}
    assert lines == {"Kim Park": "sent", "Lee Wong": "failed"}


def test_a_server_that_goes_away_before_its_answer_leaves_a_question(
    oz: Desk, acme: int, hello: str, how: MailSettings, post: Post
):
    post.hangs_up = True
    send_outreach(oz, hello, ALL, "drivers")
    assert deliver(oz, how).unsure == 1
    post.hangs_up = False
    assert deliver(oz, how).sent == 0, "never by itself"
    (row,) = outbox(oz, "unsure")
    assert (len(post.got), row.says) == (1, "unsure: did it arrive?")
    assert confirm(oz, [row.id]).said == "“Acme: hello” to kim@acme.example: arrived"
    assert timeline_page(oz, acme).rows[0].state == "done"
    undo(oz)
    retry(oz, [row.id])
    deliver(oz, how)
    assert post.keys[0] == post.keys[1], "sent again on purpose it is still the same mail"


def test_no_server_no_password_in_the_open_and_a_wrong_one(oz: Desk, acme: int, hello: str, post: Post):
    done = send_outreach(oz, hello, ALL, "drivers")
    with pytest.raises(Refused, match="from which address"):
        deliver(oz, MailSettings(), done.batch)
    assert deliver(oz, MailSettings()).waiting == 1
    with pytest.raises(Refused, match="not sent over an open line"):
        deliver(oz, MailSettings("mail.example", sender="a@b.example", password="hush", security="none"), done.batch)
    assert "hush" not in repr(MailSettings(password="hush"))
    server = serve(post, password="right")
    try:
        wrong = MailSettings("127.0.0.1", server.port, "ana", "wrong", "none", "a@b.example")
        assert deliver(oz, wrong).again == 1
        assert outbox(oz)[0].trouble == "the server refused the user name or password"
        retry_at = builders.desk_of(oz.store, "oz", oz.now() + timedelta(minutes=6))
        assert deliver(retry_at, MailSettings("127.0.0.1", server.port, "ana", "right", "none", "a@b.example")).sent == 1
    finally:
        server.stop()


def test_what_a_dead_sender_had_in_hand_is_asked_of_a_person_or_written_again(
    oz: Desk, desk_of: Callable[..., Desk], acme: int, hello: str, how: MailSettings
):
    for channel in ("smtp", "eml"):
        send_outreach(oz, hello, ALL, "drivers", channel=channel)
    with oz.store.read() as db:
        ids = [row[0] for row in db.all("SELECT id FROM outbox ORDER BY id")]
    for id_ in ids:
        builders.change(oz, "outbox", id_, {"state": MailState.SENDING, "taken_at": oz.now()})
    assert deliver(oz, how).sent == 0
    later = desk_of("oz", oz.now() + timedelta(minutes=16))
    tick(later)
    assert {row.channel: row.state for row in outbox(later)} == {"smtp": "unsure", "eml": "queued"}
    assert deliver(later, how).sent == 1


def test_templates_come_in_as_text_are_versioned_and_expire(oz: Desk, desk_of: Callable[..., Desk], acme: int):
    made = apply(oz, [("a", TOUCH.format("en"))])
    assert (made.created, apply(oz, [("a", TOUCH.format("en"))]).act) == (("hello (en)",), None)
    assert apply(oz, [("a", TOUCH.format("en") + "!")]).updated == ("hello (en)",)
    assert [(row.version, row.active) for row in templates(oz, every=True) if row.name == "hello"] == [(2, True), (1, False)]
    for text, words in (
        ("nam: x\n\ny", "a, line 1: 'nam' is no head of a template. Did you mean name"),
        ("name: x\nsubject: s\n\n\nDear\n{{ person.nam }}", "a, line 6: there is no person.nam. Did you mean name"),
        ("name: x\nsubject: {{ 1/0 }}\n\ny", "The subject, line 1: division by zero"),
        ("name: x\nkind: letters\nsubject: s\n\ny", "Did you mean letter"),
        ("name: x\nsubject: s\nexpires: soon\n\ny", "expires is a day"),
        ("name: x\nsubject: s\n\n{{ ''.__class__ }}", "unsafe"),
    ):
        with pytest.raises(Refused) as no:
            apply(oz, [("a", text)])
        assert words in no.value.message
    apply(oz, [("a", TOUCH.format("en").replace("subject", "expires: 2026-11-01\nsubject"))])
    with pytest.raises(Refused, match="expired on 2026-11-01"):
        preview(oz, "hello", ALL)
    off(oz, "hello")
    with pytest.raises(NotFound, match="There is no template 'hello'"):
        preview(oz, "hello", ALL)
    with pytest.raises(Forbidden):
        apply(desk_of("dee"), [("a", TOUCH.format("en"))])

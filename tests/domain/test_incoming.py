"""Mail that came in, read: real shapes, hostile ones, and whatever bytes there are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.clean import is_clean
from cockpit.domain.contact import Recipient, Rules, Why, address_of, language_for, refusals, sender
from cockpit.domain.incoming import UnreadableMail, read_mail, trimmed
from cockpit.domain.letter import Letter, LetterError, message_bytes

ANSWER = b"""From: =?utf-8?q?Kim_P=C3=A4rk?= <Kim@Acme.example>\r
To: "The West team" <west@us.example>, ana@us.example\r
Subject: =?iso-8859-1?Q?Re=3A_Gr=FC=DFe?=\r
Date: Fri, 20 Nov 2026 10:15:00 +0100\r
Message-ID: <a1@acme.example>\r
In-Reply-To: <0f@cockpit.invalid>\r
References: <zz@old.example>\r
 <0f@cockpit.invalid>\r
Content-Type: multipart/alternative; boundary=b1\r
\r
--b1\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
Gerne, n=C3=A4chste Woche.\r
\r
Am Do., 19. Nov. 2026 um 09:00 Uhr schrieb The West team <west@us.example>:\r
> Guten Tag\r
--b1\r
Content-Type: text/html\r
\r
<p>no</p>\r
--b1--\r
"""
BOUNCE = b"""From: MAILER-DAEMON@mx.example\r
To: pool@us.example\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <b1@mx.example>\r
Content-Type: multipart/report; report-type=delivery-status; boundary="q"\r
\r
--q\r
Content-Type: text/plain\r
\r
I'm sorry.\r
--q\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
\r
Final-Recipient: rfc822; kim@acme.example\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 no such user\r
\r
--q\r
Content-Type: message/rfc822\r
\r
From: pool@us.example\r
Message-ID: <0f@cockpit.invalid>\r
Subject: Hello\r
\r
Hello\r
--q--\r
"""


def plain(head: str, body: str = "Words") -> bytes:
    return f"From: kim@acme.example\nSubject: Hi\n{head}\n\n{body}\n".encode()


def test_an_answer_is_read_without_what_it_quotes():
    mail = read_mail(ANSWER)
    assert (mail.key, mail.sender, mail.sender_name, mail.subject) == ("a1@acme.example", "kim@acme.example", "Kim Pärk", "Re: Grüße")
    assert mail.to == ("west@us.example", "ana@us.example")
    assert mail.references == ("0f@cockpit.invalid", "zz@old.example")
    assert (mail.body, mail.at) == ("Gerne, nächste Woche.", datetime(2026, 11, 20, 9, 15, tzinfo=UTC))
    assert (mail.is_automatic, mail.bounce) == (False, None)


def test_a_bounce_says_for_whom_and_of_which_mail():
    bounce = read_mail(BOUNCE).bounce
    assert bounce is not None
    assert (bounce.address, bounce.key, bounce.permanent) == ("kim@acme.example", "0f@cockpit.invalid", True)
    assert bounce.says == "550 5.1.1 no such user"
    later = read_mail(BOUNCE.replace(b"Action: failed", b"Action: delayed").replace(b"Status: 5", b"Status: 4")).bounce
    assert later is not None
    assert not later.permanent


@pytest.mark.parametrize(
    ("head", "automatic"),
    [
        ("Auto-Submitted: auto-replied", True), ("Auto-Submitted: no", False), ("Precedence: bulk", True),
        ("X-Autoreply: yes", True), ("X: y", False),
    ],
)
def test_machines_are_told_from_people(head: str, automatic: bool):
    assert read_mail(plain(head)).is_automatic is automatic
    assert read_mail(b"From: a@b.example\nSubject: Automatische Antwort: Hi\n\nx").is_automatic
    assert read_mail(b"From: a@b.example\nSubject: Unsubscribe\n\n").wants_out


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Yes.\n\nOn Mon, 23 Nov 2026 at 09:00, The West team\n<west@us.example> wrote:\n> Hello", "Yes."),
        ("Yes.\n-----Original Message-----\nFrom: x", "Yes."),
        ("Yes.\n\nVon: West <w@us.example>\nGesendet: Montag\nAn: Kim\n\nHallo", "Yes."),
        ("Yes.\n-- \nKim Park\nCFO", "Yes."),
        ("> only a quote", "> only a quote"),
        ("From: here on it works.", "From: here on it works."),
        ("<p>", "<p>"),
    ],
)
def test_quoted_history_is_trimmed(text: str, left: str):
    assert trimmed(text) == left


def test_html_alone_is_read_as_words():
    html = b"<style>p{}</style><p>One<script>alert(1)</script></p><p>Two &amp; three"
    mail = read_mail(b"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n" + html)
    assert mail.body == "One\nTwo & three"


@pytest.mark.parametrize(
    ("head", "body", "read"),
    [
        ("us-ascii", "Grüße".encode("cp1252"), "Grüße"), ("utf-8", "“Köln” – ok".encode("cp1252"), "“Köln” – ok"),
        ("iso-8859-1", "“Köln”".encode("cp1252"), "“Köln”"), ("idna", b"Hello ..", "Hello .."),
        ("utf-8", "Grüße an alle in Köln".encode() + b" \xff.", "Grüße an alle in Köln \ufffd."),
        ("gb2312", "你好，镕".encode("gbk"), "你好，镕"),
    ],
)  # fmt: skip
def test_letters_survive_programs_that_name_another_set(head: str, body: bytes, read: str):
    assert read_mail(b"From: a@b.example\nContent-Type: text/plain; charset=" + head.encode() + b"\n\n" + body).body == read


def test_headers_that_were_not_encoded_keep_their_letters():
    mail = read_mail("From: Zoë Jørgensen <zoe@b.example>\nSubject: Grüße aus Łódź\n\nx".encode())
    assert (mail.sender, mail.sender_name, mail.subject) == ("zoe@b.example", "Zoë Jørgensen", "Grüße aus Łódź")


def parts(*pieces: bytes) -> bytes:
    return b"From: a@b.example\nContent-Type: multipart/mixed; boundary=y\n\n--y\n" + b"\n--y\n".join(pieces) + b"\n--y--\n"


ATTACHED = b"Content-Type: message/rfc822\n\nFrom: c@d.example\nSubject: inner\n\nInner words"


@pytest.mark.parametrize(
    ("pieces", "read"),
    [
        ((b"Content-Type: text/html\n\n<p>See the mail below.", ATTACHED), "See the mail below."), ((ATTACHED,), "Inner words"),
        ((b"\nFirst half", b"Content-Type: image/png\n\nxx", b"\nSecond half"), "First half\n\nSecond half"),
    ],
)  # fmt: skip
def test_the_words_of_a_mail_are_its_own_and_all_of_them(pieces: tuple[bytes, ...], read: str):
    assert read_mail(parts(*pieces)).body == read


def test_a_person_who_answers_as_postmaster_is_no_bounce():
    human = b"From: postmaster@acme.example\nSubject: Re: Hello\nIn-Reply-To: <0f@cockpit.invalid>\n"
    assert read_mail(human + b"\nThanks!").bounce is None
    assert read_mail(human + b"Auto-Submitted: auto-replied\n\nfailed").bounce is not None


HOSTILE = [
    plain("Message-ID: <a@b>\nSubject: two\nTo: " + "a@b.example," * 5_000),
    plain("References: " + "<x@y> " * 20_000),
    plain("Subject: \x1b]0;own\x07=?utf-8?q?a=0D=0ABcc:_all=40x?="),
    plain("Content-Type: text/plain; charset=no-such-charset"),
    plain("Content-Type: text/plain; charset=\"utf-8\"\nContent-Transfer-Encoding: base64", "%%%%"),
    plain("Date: Mon, 99 Foo 99999 99:99:99 +9999"),
    plain("Content-Type: multipart/mixed; boundary=x", "--x\n" * 3_000),
    b"From: \"a@us.example\" <evil@x.example>\nSubject: spoofed\n\nx",
    b"From: kim@acme.example\r\n .evil\r\nSubject: folded\r\n\r\nx",
    b"Subject: =?utf-8?b?" + b"A" * 90_000 + b"?=\n\nx",
    b"From: (((((((((((((((((((((((\nSubject: x\n\n",
    b"From: " + b"<" * 10_000 + b"\nSubject: x\n\n",
    b"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n" + b"<div>" * 20_000,
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_mail_is_read_within_bounds_and_clean(data: bytes):
    mail = read_mail(data)
    assert is_clean(mail.subject)
    assert is_clean(mail.body, lines=True)
    assert mail.sender is None or address_of(mail.sender)
    assert (len(mail.subject) <= 250, len(mail.body) <= 20_000, len(mail.to) <= 200, len(mail.references) <= 50) == (True,) * 4


def nested(depth: int) -> bytes:
    head, tail = b"From: a@b.example\nSubject: deep\n", b""
    for n in range(depth):
        head += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
        tail = b"\n--b%d--\n" % n + tail
    return head + b"Content-Type: text/plain\n\nx" + tail


TOO_MUCH = b"From: a@b.example\n" + b"x" * 26_000_000


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"no mail at all\n", nested(900), TOO_MUCH], ids=range(5))
def test_what_is_no_mail_or_too_much_of_one_says_so(data: bytes):
    with pytest.raises(UnreadableMail):
        read_mail(data)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_mail_or_none_and_never_a_fault(data: bytes):
    for one in (data, b"From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=y\n\n" + data):
        try:
            mail = read_mail(one)
        except UnreadableMail:
            continue
        assert is_clean(mail.subject)


# -- what leaves

TEXT = st.text(max_size=80)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT)
def test_nothing_written_into_a_mail_adds_a_header(name: str, to_name: str, subject: str, body: str):
    from email import message_from_bytes
    from email.policy import SMTP

    letter = Letter("0f@cockpit.invalid", name, "a@b.example", None, to_name, "k@c.example", None, subject or "x", body or "x")
    data = message_bytes(letter, datetime(2026, 11, 23, 9, tzinfo=UTC))
    mail = message_from_bytes(data, policy=SMTP)
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"
    }  # fmt: skip
    assert [a.addr_spec for a in mail["To"].addresses] == ["k@c.example"]
    assert [a.addr_spec for a in mail["From"].addresses] == ["a@b.example"]
    assert max(len(line) for line in data.split(b"\r\n")) <= 998


BAD = ["a@b.example\nBcc: x@y",
       "a@b,c@d.example", "a b@c.example", "@b.example", "a@", "a@b..example", "a@-b.example", "ä@b.example", "<a@b>"]


@pytest.mark.parametrize("address", BAD)
def test_addresses_that_say_more_than_an_address_are_none(address: str):
    assert address_of(address) is None
    with pytest.raises(LetterError):
        Letter("k@x", "A", "a@b.example", None, "B", address, None, "s", "b")
    assert Why.BAD_ADDRESS in {no.why for no in refusals(Recipient(address), Rules())}


@settings(max_examples=200)
@given(
    st.builds(
        Recipient, st.sampled_from([None, "k@c.example", "bad"]), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 5),
        st.booleans(), st.booleans(),
    ),
    st.builds(Rules, st.integers(0, 4), st.integers(1, 60), st.booleans(), st.booleans()),
    st.booleans(),
)  # fmt: skip
def test_a_mail_may_go_only_when_no_rule_is_against_it(to: Recipient, rules: Rules, by_hand: bool):
    whys = {no.why for no in refusals(to, rules, by_hand=by_hand)}
    assert (Why.OPTED_OUT in whys, Why.BOUNCED in whys, Why.LEFT in whys) == (to.opted_out, to.bounced, to.left)
    assert (whys & {Why.NO_ADDRESS, Why.BAD_ADDRESS} == set()) == (to.address == "k@c.example")
    assert (Why.CAP in whys) == (not by_hand and to.lately >= rules.cap)
    assert (Why.ESCALATION in whys) == (not by_hand and to.escalated and rules.quiet_in_escalation)
    assert (Why.TRANSITION in whys) == (not by_hand and to.changes_hands and rules.quiet_in_transition)
    assert {no.why for no in refusals(to, rules, by_hand=True)} <= {no.why for no in refusals(to, rules)}


def test_the_language_of_a_text_is_the_readers_or_none():
    assert language_for("de-AT", {"en", "de"}) == "de"
    assert language_for("fr", {"en", "de"}) is None
    assert language_for(None, {"en", "de"}) == "en"
    assert language_for("", {"de"}) == "de"
    assert language_for(None, {"de", "fr"}) is None


def test_the_pools_mail_goes_in_the_pools_name_and_a_letter_carries_its_writers():
    assert sender("pool", "Ana", "ana@us.example", "The West team", "west@us.example", by_hand=False).name == "The West team"
    assert sender("pool", "Ana", "ana@us.example", "The West team", "west@us.example", by_hand=True).name == "Ana · The West team"
    hers = sender("dedicated", "Ana", "ana@us.example", "The West team", "west@us.example", by_hand=False)
    assert (hers.name, hers.reply_to) == ("Ana", "ana@us.example")

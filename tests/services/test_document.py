"""Documents: what they say is what is known, hostile data opens nothing in any format, reviews are asked for by criteria."""

from __future__ import annotations

import re
import zlib
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.domain.business_review import reasons
from cockpit.domain.paper import blocks, escape, plain, to_html
from cockpit.domain.pdf import to_pdf, winansi, wrap
from cockpit.services import document, policy
from cockpit.services.errors import Refused
from cockpit.services.fact import new_fact
from cockpit.services.timeline import log_activity
from cockpit.services.undo import undo
from tests import builders
from tests.conftest import NOW
from tests.hostile.corpus import corpus

TODAY = NOW.date()


class Tags(HTMLParser):
    """Which tags a page has, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


OURS = {"html", "lang", "head", "meta", "charset", "http-equiv", "content", "title", "style", "body", "h1", "h2", "p", "ul", "li", "table",
        "tr", "th", "td", "strong", "em"}  # fmt: skip


def streams_of(pdf: bytes) -> list[str]:
    """What each page of a PDF is drawn by."""
    return [zlib.decompress(packed).decode("ascii") for packed in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.S)]


def texts_of(pdf: bytes) -> str:
    """What a PDF writes, stream by stream, its escapes undone."""
    found = []
    for content in streams_of(pdf):
        shown = re.findall(r"\(((?:\\.|[^()\\])*)\) Tj", content)
        found += [re.sub(r"\\(\d{3})", lambda m: bytes([int(m[1], 8)]).decode("cp1252", "replace"), one) for one in shown]
        assert re.sub(r"\((?:\\.|[^()\\])*\)", "", content).count("(") == 0
    return "\n".join(found)


@pytest.fixture
def acme(desk: Desk) -> int:
    made = builders.account(desk, "Acme | <b>Robots</b>", arr=4_800_000, renewal_date=TODAY + timedelta(days=41))
    builders.person(desk, made, "Lee", value_network=True, network_role="driver", title="COO")
    new_fact(desk, "subscription", made, {"mrr": "4000", "units": "9", "starts": "2026-01-01", "ends": "2026-12-31"})
    new_fact(desk, "survey", made, {"kind": "nps", "score": "3", "answered": "2026-11-01", "comment": "# no\n- <script>x</script>"})
    log_activity(desk, made, "call", "Roadmap", attendees=["Lee"], at=TODAY - timedelta(days=3))
    log_activity(desk, made, "update", "They may churn", at=TODAY - timedelta(days=2))
    return made


def test_a_brief_says_what_is_known_and_what_is_not(desk: Desk, acme: int):
    made = document.make_document(desk, "brief", acme)
    assert made.body.startswith("# Acme \\| \\<b\\>Robots\\</b\\>: account brief\n")
    for words in ("| ARR | $48,000.00 |", "| Notice by | not known |", "Monthly $4,000.00", "Lee, COO (driver): last met 3 days ago",
                  "NPS −100 (95%: −100 to +48) of 1 answer", "They may churn", "- notice date"):  # fmt: skip
        assert words in made.body, words
    assert "llustrative" not in made.body
    (row,) = document.documents(desk, acme)
    assert (row.id, row.kind, row.author) == (made.id, "brief", "ana")
    assert document.show_document(desk, row.id).body == made.body
    undo(desk)
    assert document.documents(desk, acme) == ()


def test_a_pack_for_the_customer_leaves_out_what_is_for_us(desk: Desk, acme: int):
    made = document.draft_document(desk, "ebr", acme, TODAY - timedelta(days=10), TODAY)
    assert "call: Roadmap" in made.body
    assert "churn" not in made.body
    assert made.id is None
    assert "Roadmap" not in document.draft_document(desk, "ebr", acme, TODAY - timedelta(days=1), TODAY).body
    with pytest.raises(Refused, match="ends before it begins"):
        document.draft_document(desk, "ebr", acme, TODAY, TODAY - timedelta(days=1))
    desk.read_only = True
    assert document.make_document(desk, "ebr", acme).id is None


def test_the_teams_template_is_used_in_the_accounts_language(desk: Desk, acme: int):
    for language, body in (("en", "Brief {{ account.name }}"), ("de", "Kurz {{ account.name }}")):
        builders.make(desk, "template", {"name": "ours", "kind": "brief", "language": language, "body": body})
    builders.make(desk, "account", {"name": "Öko", "language": "DE"})
    assert document.draft_document(desk, "brief", builders.the(desk, "account", "Öko")).body == "Kurz Öko"
    builders.make(desk, "template", {"name": "bad", "kind": "ebr", "language": "en", "body": "{{ account.nme }}"})
    with pytest.raises(Refused, match=r"there is no account\.nme\. Did you mean name\?"):
        document.draft_document(desk, "ebr", acme)


def test_hostile_data_opens_nothing_in_markdown_html_or_pdf():
    for text in [*corpus()[::8], "**b** *i* [a](javascript:x) ![x](y) <img src=x onerror=y> | a | \\| `c` # h"]:
        body = f"# {escape(text)}\n\nA {escape(text)} z\n\n| a | b |\n|---|---|\n| {escape(text)} | 2 |\n\n- {escape(text)}\n"
        found = blocks(body)
        assert [block.kind for block in found] == ["heading", "text", "table", "item"], text
        assert [len(row) for row in found[2].rows] == [2, 2], text
        assert plain(found[1].text) == " ".join(f"A {text} z".split())
        page = Tags()
        page.feed(to_html(body, text))
        assert page.seen <= OURS - {"strong", "em"}, text
        pdf = to_pdf(body, text, text)
        assert pdf.startswith(b"%PDF-1.4")
        texts_of(pdf)


def test_a_pdf_holds_its_words_and_says_what_its_fonts_lack():
    shown = texts_of(to_pdf("# Größe (a\\\\b)\n\nZażółć 東京 €", "t"))
    assert "Größe (a\\b)" in shown
    assert "Zazó\ufffdc" in shown, "ł is in the fonts at a place Windows-1252 has not; ż and ć are drawn without their accents"
    assert "??" in shown
    assert "or as ?" in shown
    assert "or as ?" in texts_of(to_pdf("Dvořák", "t")), "it says so of accents too"
    assert b"/Title <FEFF0422" in to_pdf("x", "Титул")
    assert "or as ?" not in texts_of(to_pdf("Größe −5 Łódź".replace("ź", "z"), "t"))
    assert "Zażółć 東京 €".encode("utf-16-be").hex().upper() in streams_of(to_pdf("Zażółć 東京 €", "t"))[0], "copied it is whole"
    assert winansi("a\x00\x1b(b)") == ("a\\050b\\051", False)
    assert all(len(line) < 120 for line in wrap("word " * 200 + "x" * 500, 10, 480))
    many = to_pdf("\n\n".join(f"- line {n}" for n in range(200)), "t", "foot")
    pages = many.count(b"/Type /Page ")
    assert pages == 4
    assert f"foot   {pages} / {pages}" in texts_of(many)
    start = int(re.search(rb"startxref\n(\d+)", many)[1])  # type: ignore[index]
    assert many[start : start + 4] == b"xref"


def test_packs_for_all_are_files_of_their_owner_in_one_act(desk: Desk, acme: int, tmp_path: Path):
    builders.account(desk, "Bolt")
    folder = tmp_path / "ebrs"
    planned = document.make_ebrs(desk, "health:>1", folder, form="pdf", dry_run=True)
    assert not folder.exists()
    made = document.make_ebrs(desk, "health:>1", folder, form="pdf")
    assert made.files == planned.files
    assert {Path(file).stat().st_mode & 0o777 for file in made.files} == {0o600}
    assert all(Path(file).read_bytes().startswith(b"%PDF") for file in made.files)
    assert len(made.ids) == 2
    with pytest.raises(Refused, match="No account matches"):
        document.make_ebrs(desk, "health:<1", folder)
    with pytest.raises(Refused, match="md, html or pdf"):
        document.make_ebrs(desk, "health:>1", folder, form="doc")


@pytest.mark.parametrize(
    ("per_year", "last", "health", "growth", "why"),
    [
        (2, None, 80, None, ("2 a year, none on record",)),
        (2, date(2026, 3, 1), 80, None, ("2 a year, the last 267 days ago",)),
        (1, date(2026, 3, 1), 80, None, ()),
        (1, date(2026, 3, 1), 59, "upsell", ("health 59", "open upsell")),
        (4, date(2026, 10, 1), 20, "upsell", ()),
        (1, date(2027, 1, 10), 20, None, ()),
    ],
)
def test_a_review_is_due_by_policy_health_or_growth(
    per_year: int, last: date | None, health: int, growth: str | None, why: tuple[str, ...]
):
    assert reasons(TODAY, per_year, last, health, growth) == why


def test_reviews_that_are_due_are_asked_for_once(desk: Desk, desk_of):
    small, tail = builders.segment(desk, "Small"), builders.segment(desk, "Tail")
    policy.set_policy(desk_of("mo"), "Small", {"ebr_per_year": 2})
    due = builders.account(desk, "Due", segment_id=small)
    held = builders.account(desk, "Held", segment_id=small)
    builders.account(desk, "No policy", segment_id=tail, health=10)
    builders.account(desk, "Part of it", segment_id=small, parent_id=due)
    log_activity(desk, held, "meeting", "Business review Q3", at=TODAY - timedelta(days=100))
    low = builders.account(desk, "Low", segment_id=small, health=40)
    log_activity(desk, low, "meeting", "EBR", at=TODAY - timedelta(days=100))
    dry = document.propose_reviews(desk, dry_run=True)
    assert [(row.account, row.why, row.cta) for row in dry.rows] == [
        ("Due", ("2 a year, none on record",), None),
        ("Low", ("health 40",), None),
    ]
    asked = document.propose_reviews(desk)
    assert len({row.cta for row in asked.rows}) == 2
    assert document.propose_reviews(desk).rows == ()
    assert document.propose_reviews(desk, "health:<50", dry_run=True).rows == ()
    assert undo(desk).reverted
    assert len(document.propose_reviews(desk, "health:<50", dry_run=True).rows) == 1

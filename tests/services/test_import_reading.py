"""Files as people and systems leave them: which can be read, how they were understood, and one sentence for the rest."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.services.exchange import UnreadableFile
from cockpit.services.exchange.convert import Setting, emails, flag, is_salesforce_id, key, money, number, score, whole
from cockpit.services.exchange.dates import BadCell, Order, evidence, read_when
from cockpit.services.exchange.read import Table, read_table
from cockpit.services.exchange.spool import Spool

DATA = Path(__file__).parent.parent / "data"
UGLY = DATA / "ugly"


def read(path: Path, content: bytes | str) -> Table:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path)


@pytest.mark.parametrize(
    ("name", "headers", "rows"),
    [
        ("complex.csv", ("date", "another date", "temperature", "place"), 3),
        ("excel_pasting.csv", ("Year", "2000", "2001", "2002", "2003", "2004", "2005", "2006", "2007"), 16),
        ("long.csv", ("foo",), 3999),
        ("null.csv", ("1", "null", "0", "0 (2)"), 9),
        ("simple.csv", ("date", "temperature", "place"), 6),
        ("skip_initials.csv", ("field1", "field2"), 2),
        ("small.csv", ("a",), 0),
        ("utf8bom.csv", ("kitten", "win"), 0),
    ],
)
def test_an_ugly_file_is_read(name: str, headers: tuple[str, ...], rows: int):
    table = read_table(UGLY / name)
    assert table.headers == headers
    assert len(table.rows) == rows


def test_text_in_an_unknown_encoding_is_read_and_the_guess_is_said():
    table = read_table(UGLY / "spanish_chars.csv")
    assert "Descripción" in table.headers
    assert table.notes == ("read as cp1252",)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("blank_line.ods", "blank_line.ods is an OpenDocument file (.ods): save it as .xlsx or CSV."),
        ("unicode_sheet_name.xls", "unicode_sheet_name.xls is an old Excel file (.xls): save it as .xlsx or CSV."),
        ("libreoffice.xlsx", "libreoffice.xlsx is empty."),
    ],
)
def test_what_is_no_table_we_read_gets_one_sentence(name: str, sentence: str):
    with pytest.raises(UnreadableFile) as refused:
        read_table(UGLY / name)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        (b"%PDF-1.7 xx", "is a PDF"),
        (b"<!DOCTYPE html><table>", "holds HTML"),
        (b'{"a": 1}', "holds JSON"),
        (b"\x1f\x8b\x08\x00abc", "compressed"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 40 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b'a,b\n1,"' + b"x" * 1_100_000, "a quote never closed"),
    ],
)
def test_no_content_crashes_the_reader(tmp_path: Path, content: bytes, words: str):
    with pytest.raises(UnreadableFile, match=words):
        read(tmp_path / "x.csv", content)


def test_folders_and_missing_files_have_their_sentences(tmp_path: Path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UnreadableFile):
            read_table(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found(tmp_path: Path, encoding: str, delimiter: str):
    text = delimiter.join(["Account Name", "Région"]) + "\r\n" + delimiter.join(['"Société\nGénérale"', "1"]) + "\r\n"
    table = read(tmp_path / "x.csv", text.encode(encoding))
    assert table.headers == ("Account Name", "Région")
    assert list(table.rows) == [(2, ["Société\nGénérale", "1"])]


def test_titles_blanks_footers_and_ragged_rows(tmp_path: Path):
    text = (
        "Quarterly report,,\n\nName,Email,Phone\nAna,a@x.org\n\nBo,b@x.org,1,\nCopyright (c) 2000-2026 salesforce.com\n"
    )
    table = read(tmp_path / "x.csv", text)
    assert table.headers == ("Name", "Email", "Phone")
    assert list(table.rows) == [(4, ["Ana", "a@x.org"]), (6, ["Bo", "b@x.org", "1", ""])]
    assert len(table.notes) == 2


def test_a_file_may_declare_its_delimiter(tmp_path: Path):
    assert read(tmp_path / "x.csv", "sep=;\na;b,c\n1;2\n").headers == ("a", "b,c")


def test_nul_bytes_and_doubled_headers(tmp_path: Path):
    table = read(tmp_path / "x.csv", b"Name,Name,,d\nA\0cme,x,y,z\n")
    assert table.headers == ("Name", "Name (2)", "Column 3", "d")
    assert "NUL bytes were dropped" in table.notes


def test_a_workbook_keeps_its_types_and_says_which_sheet(tmp_path: Path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Nothing"
    sheet = book.create_sheet("Accounts")
    sheet.append(["Our accounts"])
    sheet.append(["Account Name", "ARR", "Renewal Date"])
    sheet.append(["Acme", 48000.0, datetime(2027, 1, 31)])
    book.save(tmp_path / "x.xlsx")

    table = read_table(tmp_path / "x.xlsx")

    assert table.headers == ("Account Name", "ARR", "Renewal Date")
    assert list(table.rows) == [(3, ["Acme", 48000, datetime(2027, 1, 31)])]
    assert table.notes[0] == "read the sheet 'Accounts', not 'Nothing'"


@pytest.mark.parametrize("bad", ["bomb", "entities", "zip"])
def test_a_hostile_archive_is_not_opened(tmp_path: Path, bad: str):
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if bad != "zip":
            archive.writestr("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>" if bad == "entities" else "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 2**20 if bad == "bomb" else 9))
    with pytest.raises(UnreadableFile):
        read_table(path)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_there_is_a_table_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        said = bool(read_table(path).headers)
    except UnreadableFile as refused:
        said = str(refused).startswith("any.csv")
    assert said


def test_a_spool_gives_back_what_it_was_given():
    spool: Spool[int] = Spool()
    for n in range(4_500):
        spool.append(n)
    assert list(spool) == list(range(4_500)) == list(spool)
    spool.append(4_500)
    assert [len(batch) for batch in spool.batches()] == [2_000, 2_000, 500, 1]
    spool.close()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("02/23/26 08:55 PM", datetime(2026, 2, 23, 20, 55, tzinfo=UTC)),
        ("2020-12-30 3:15:52", datetime(2020, 12, 30, 3, 15, 52, tzinfo=UTC)),
        ("2014-08-27 20:50:44.778000", datetime(2014, 8, 27, 20, 50, 44, 778000, tzinfo=UTC)),
        ("2020-07-09 11:04:22.087", datetime(2020, 7, 9, 11, 4, 22, 87000, tzinfo=UTC)),
        ("2026-01-02T03:04:05.5+02:00", datetime(2026, 1, 2, 1, 4, 5, 500000, tzinfo=UTC)),
        ("24 October 2011", date(2011, 10, 24)),
        ("Oct 24, 2011", date(2011, 10, 24)),
        ("31.12.2025", date(2025, 12, 31)),
        ("20260131", date(2026, 1, 31)),
    ],
)
def test_dates_as_systems_write_them(text: str, value: date):
    assert read_when(text, Order.MONTH_FIRST) == value


@pytest.mark.parametrize("text", ["2026-02-30", "13/13/2020", "45000", "soon", "12/31/0001", "9999-01-01"])
def test_what_is_no_date_says_so(text: str):
    with pytest.raises(BadCell):
        read_when(text, Order.MONTH_FIRST)


def test_the_order_of_day_and_month_is_read_from_the_column():
    assert evidence(["01/02/2026", "25/02/2026"]).order is Order.DAY_FIRST
    assert evidence(["01/02/2026", "02/25/2026"]).order is Order.MONTH_FIRST
    assert evidence(["25/02/2026", "02/25/2026"]).order is Order.BOTH
    assert evidence(["01/02/2026"]).order is None
    assert read_when("01/02/2026", Order.DAY_FIRST) == date(2026, 2, 1)
    with pytest.raises(BadCell, match="two days"):
        read_when("01/02/2026", Order.BOTH)


def test_small_conversions():
    usd = Setting()
    assert money("$48,000.50", usd) == (4800050, "USD")
    assert money("1889.5", usd) == (188950, "USD")
    assert money("€1.2m", usd) == (120000000, "EUR")
    assert whole("1,234") == 1234
    assert str(number("1,5")) == "1.5"
    assert flag("Yes") is True
    assert flag("0") is False
    assert emails("Ana <a@x.org>; B@X.org;a@x.org") == ("a@x.org", "b@x.org")
    assert key("001bm00001ZL8U9") == "001bm00001ZL8U9AAL"
    assert is_salesforce_id("001bm00001ZL8U9AAL")
    assert not is_salesforce_id("7590-VHVEG")


@pytest.mark.parametrize("text", ["", "7.5", "n/a", "ten"])
def test_a_blank_or_broken_score_is_no_answer(text: str):
    with pytest.raises(BadCell):
        score(text)

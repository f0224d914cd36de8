"""The corpus through import and out again."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from cockpit.__main__ import main
from cockpit.services.exchange import import_files
from cockpit.services.undo import undo
from db.connection import as_json
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.hostile.corpus import leaks

TEXTS = {
    "account": ("name", "region", "stage", "language", "extra"), "person": ("name", "email"), "membership": ("title",), "reason": ("name",),
    "activity": ("subject", "body"), "attendee": ("email",), "cta": ("title", "extra"), "ticket": ("subject", "priority", "status", "extra"),
    "survey": ("comment", "about", "extra"), "act": ("what",),
}  # fmt: skip


def test_what_is_imported_is_clean_and_counted(
    corpus_folder: Path, tmp_path: Path, sqlite_templates: dict[str, Path]
) -> None:
    shutil.copy(sqlite_templates["cast"], tmp_path / "s.db")
    files = shutil.copytree(corpus_folder, tmp_path / "files")
    store = Store.open(str(tmp_path / "s.db"))
    desk = builders.desk_of(store, "oz", NOW)
    reports = import_files(desk, [files])
    for one in reports:
        assert one.read == one.created + one.updated + one.unchanged + one.rejected
        assert not leaks(
            " ".join([one.message, *one.notes, *(r.reason + r.column for r in one.rejects), *one.unknown_columns])
        )
    assert sum(one.created for one in reports) > 8_000
    with store.read() as db:
        for table, columns in TEXTS.items():
            for column in columns:
                for (value,) in db.all(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"):
                    words = str(as_json(value)) if column == "extra" else str(value).replace("\t", " ")
                    assert not leaks(words), (table, column, ascii(value))
    again = import_files(desk, [files])
    assert sum(one.created + one.updated for one in again) == 0
    act = next(one.act for one in reports if one.act)
    assert not undo(desk, act).conflicts
    store.close()


def test_rejects_files_hold_no_formula_and_no_control(
    corpus_folder: Path, tmp_path: Path, sqlite_templates: dict[str, Path]
) -> None:
    shutil.copy(sqlite_templates["cast"], tmp_path / "s.db")
    files = shutil.copytree(corpus_folder, tmp_path / "files")
    (files / "accounts.csv").unlink()  # so that every row of the others is rejected
    store = Store.open(str(tmp_path / "s.db"))
    import_files(builders.desk_of(store, "oz", NOW), [files])
    store.close()
    written = sorted(files.glob("*.rejects.csv"))
    assert len(written) >= 4
    for path in written:
        assert path.stat().st_mode & 0o777 == 0o600
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not leaks(cell.replace("\r", "").replace("\t", " ")), ascii(cell)
                    assert not cell.startswith(("=", "+", "@", "\t", "\r")), ascii(cell)


def test_exports_of_raw_rows_hold_no_formula(raw_store: str, tmp_path: Path) -> None:
    for view in ("queue", "accounts", "all"):
        target = tmp_path / f"{view}.csv"
        assert main(["export", view, "-o", str(target), "--db", raw_store, "--as", "oz"]) == 0
        with target.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) > 2_000
        for row in rows:
            for cell in row:
                assert not leaks(cell), ascii(cell)
                assert not cell.startswith(("=", "+", "@")), ascii(cell)


def test_a_document_of_raw_rows_is_as_clean_as_its_words(raw_store: str, tmp_path: Path) -> None:
    for number in range(1, 2000, 97):
        for ending in ("md", "html"):
            target = tmp_path / f"{number}.{ending}"
            assert main(["account", "brief", str(number), "--draft", "-o", str(target), "--db", raw_store, "--as", "oz"]) == 0
            assert not leaks(target.read_text(encoding="utf-8")), target.name

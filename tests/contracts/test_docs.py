"""What is undocumented, or documented as it no longer is, fails here; `./run docs` writes the pages anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import make, picture

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", make.PAGES)
def test_a_reference_page_is_what_the_program_would_say_today(name: str):
    path = ROOT / "docs" / f"{name}.md"
    assert path.exists(), f"docs/{name}.md is missing: ./run docs writes it"
    assert path.read_text(encoding="utf-8") == make.page(name), f"docs/{name}.md is stale: ./run docs writes it anew"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")) + sorted(ROOT.glob("*.md")), ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path):
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    gone = [t for t in targets if "://" not in t and not t.startswith("mailto:") and not (page.parent / t).exists()]
    assert gone == []


def test_the_picture_of_the_queue_is_what_the_program_draws_today():
    kept = picture.PICTURE.read_text(encoding="utf-8")
    assert picture.words_of(kept) == picture.words_of(picture.draw()), "docs/queue.svg is stale: ./run docs draws it anew"
    assert "http" not in re.sub(r'xmlns="[^"]*"|<!--.*?-->', "", kept), "the picture fetches nothing from elsewhere"


def test_the_readme_is_one_screen_with_its_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert "./run demo" in text
    assert "./run test" in text


def test_every_decision_is_ten_lines_or_less():
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    entries = text.split("\n## ")[1:]
    assert {entry.splitlines()[0]: len(entry.strip().splitlines()) for entry in entries if len(entry.strip().splitlines()) > 11} == {}

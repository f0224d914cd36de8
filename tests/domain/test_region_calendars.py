"""Calendars by the name of a region, as pools keep them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from cockpit.services.calendars import UnknownCalendar, calendar_for, check_region


def test_a_region_has_its_holidays():
    assert not calendar_for("America/New_York", "US").is_business_day(date(2026, 11, 26))
    bavaria = calendar_for("Europe/Berlin", "de-by")
    assert not bavaria.is_business_day(date(2026, 1, 6))
    assert calendar_for("Europe/Berlin", "DE").is_business_day(date(2026, 1, 6))
    assert bavaria.add_business_days(date(2026, 12, 23), 2) == date(2026, 12, 28)


def test_without_a_region_only_weekends_are_off():
    plain = calendar_for()
    assert plain.is_business_day(date(2026, 12, 25))
    assert not plain.is_business_day(date(2026, 12, 26))
    assert calendar_for("UTC", " ") is plain


def test_a_region_has_its_weekend():
    kuwait = calendar_for("Asia/Kuwait", "KW")
    assert kuwait.is_business_day(date(2026, 11, 22))
    assert not kuwait.is_business_day(date(2026, 11, 20))


def test_the_same_name_gives_the_same_calendar():
    assert calendar_for("Europe/Berlin", "DE-BY") is calendar_for("Europe/Berlin", "DE-BY")


@pytest.mark.parametrize(
    ("zone", "region", "sentence"),
    [
        ("Europe/Berln", None, "No time zone is called 'Europe/Berln'. Did you mean Europe/Berlin?"),
        ("../etc/passwd", None, "No time zone is called '../etc/passwd'."),
        ("", None, "No time zone is called ''."),
        ("UTC", "XX", "No holiday calendar is called 'XX'."),
        ("UTC", "DE-BYY", "Did you mean DE-BY?"),
    ],
)
def test_an_unknown_name_is_answered_in_one_sentence(zone: str, region: str | None, sentence: str):
    with pytest.raises(UnknownCalendar) as error:
        calendar_for(zone, region).is_business_day(date(2026, 11, 23))
    assert sentence in str(error.value)


def test_a_region_is_checked_by_its_name():
    check_region(None)
    check_region("fr-zone a")
    with pytest.raises(UnknownCalendar):
        check_region("Utopia")


def test_holidays_are_not_loaded_before_a_business_day_is_asked_for():
    code = (
        "import sys; from cockpit.services.calendars import calendar_for;"
        " calendar_for('UTC', 'US'); assert 'holidays' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

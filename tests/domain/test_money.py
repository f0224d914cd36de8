"""Amounts in whole minor units."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clean import is_clean
from cockpit.domain.money import CURRENCIES, Money, MoneyError, decimal_text, exponent, full, minor_units, parse, short

amounts = st.integers(-(2**63) + 1, 2**63 - 1)
currencies = st.sampled_from(sorted(CURRENCIES))


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("48000", 4800000, "USD"),
        ("48,000.50", 4800050, "USD"),
        ("48k", 4800000, "USD"),
        ("€1.2m", 120000000, "EUR"),
        ("1.234,50", 123450, "USD"),
        ("1,234", 123400, "USD"),
        ("1,5 Mio. €", 150000000, "EUR"),
        ("(500)", -50000, "USD"),
        ("$(500.00)", -50000, "USD"),
        ("-$500", -50000, "USD"),
        ("500,-", 50000, "USD"),
        ("USD 1\u00a0200", 120000, "USD"),
        ("1'234.50", 123450, "USD"),
        ("12,34,567", 123456700, "USD"),
        ("1.2E+05", 12000000, "USD"),
        (".5", 50, "USD"),
        ("1.2345k", 123450, "USD"),
        ("£3bn", 300000000000, "GBP"),
        ("R$ 1.234,56", 123456, "BRL"),
        ("1.234 KWD", 1234, "KWD"),
        ("¥1,234", 1234, "JPY"),
        ("7 mmk", 700, "MMK"),
        ("1,234.5678", 123457, "USD"),
        ("0.125", 13, "USD"),
    ],
)
def test_what_people_and_exports_write(text: str, minor: int, currency: str):
    assert parse(text, "USD") == Money(minor, currency)


def test_a_bare_dollar_is_the_dollar_one_expects():
    assert parse("$5", "CAD") == Money(500, "CAD")
    assert parse("$5", "EUR") == Money(500, "USD")
    assert parse("kr 5", "SEK") == Money(500, "SEK")


def test_the_decimal_sign_of_a_source_settles_what_is_ambiguous():
    assert parse("1.234", "USD", decimal=",").minor == 123400
    assert parse("1.234", "USD", decimal=".").minor == 123
    assert parse("1,234", "EUR", decimal=",").minor == 123


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1.234", '"1.234" can be 1234 or 1.23: write it without a thousands sign.'),
        ("1,23,45", '"1,23,45" is not an amount: its thousands are not in threes.'),
        ("2026 12 04", "its thousands are not in threes."),
        ("abc", '"abc" is not an amount. Try 48000, 48,000.50, 48k or €1.2m.'),
        ("", '"" is not an amount.'),
        ("48k ARR", '"48k ARR" is not an amount.'),
        ("$5 EUR", "is not an amount."),
        ("--5", "is not an amount."),
        ("9" * 40, "is too large."),
        ("9" * 400, "is not an amount."),
        ("1e99", "is too large."),
    ],
)
def test_what_cannot_be_read_says_why(text: str, sentence: str):
    with pytest.raises(MoneyError) as error:
        parse(text, "USD")
    assert sentence in str(error.value)


@given(amounts, currencies)
def test_what_is_written_reads_back(minor: int, currency: str):
    assert parse(decimal_text(minor, currency), currency, decimal=".") == Money(minor, currency)
    assert parse(full(minor, currency), currency) == Money(minor, currency)


@given(amounts, currencies)
def test_decimal_text_is_the_exact_amount(minor: int, currency: str):
    text = decimal_text(minor, currency)
    assert Fraction(text) * 10 ** exponent(currency) == minor
    assert len(text.partition(".")[2]) == exponent(currency)


@given(amounts, currencies)
def test_the_short_form_is_within_its_last_figure(minor: int, currency: str):
    text = short(minor, currency, symbol=False)
    figure, size = text.replace(",", ""), 1
    if figure[-1] in "kMB":
        size = {"k": 10**3, "M": 10**6, "B": 10**9}[figure[-1]]
        figure = figure[:-1]
    last_figure = Fraction(size, 10 if "." in figure else 1)
    assert abs(Fraction(figure) * size - Fraction(minor, minor_units(1, currency))) <= last_figure / 2
    assert len(text.lstrip("-")) <= 5 or figure[0] == "-" or abs(minor) >= 10**12


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (4800000, "USD", "$48k"),
        (480000, "USD", "$4.8k"),
        (120000000, "EUR", "€1.2M"),
        (1234000, "JPY", "¥1.2M"),
        (99999500, "USD", "$1M"),
        (99949900, "USD", "$999k"),
        (-4800000, "USD", "-$48k"),
        (40, "USD", "$0.40"),
        (0, "USD", "$0"),
        (99900, "USD", "$999"),
        (120000, "PLN", "1.2k zł"),
        (5000, "CHF", "CHF 50"),
    ],
)
def test_short(minor: int, currency: str, text: str):
    assert short(minor, currency) == text


@given(st.text(alphabet="0123456789.,' -()$€kmbe+usdr", max_size=30), currencies)
def test_any_text_is_an_amount_or_one_sentence(text: str, currency: str):
    sentence = ""
    try:
        assert abs(parse(text, currency).minor) < 2**63
    except MoneyError as error:
        sentence = str(error)
    assert is_clean(sentence)
    assert sentence == "" or sentence.endswith(".")

"""Money: whole minor units with a currency, read and shown without floats."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.domain.clean import clean_line, clip

# ISO 4217 list one: the codes, and those whose minor unit is not 2.
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD "
    "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD "
    "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
    "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY "
    "TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS = dict.fromkeys(_WITHOUT_DECIMALS.split(), 0) | dict.fromkeys(_WITH_THREE.split(), 3)
CURRENCIES = frozenset(_CODES.split())
"""The ISO 4217 codes that are understood."""
SYMBOLS = {
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "TRY": "₺", "BRL": "R$",
    "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "HKD": "HK$", "SGD": "S$", "MXN": "MX$", "PLN": "zł", "UAH": "₴",
    "VND": "₫", "PHP": "₱", "NGN": "₦", "THB": "฿",
}  # fmt: skip
_SUFFIXED = {"PLN"}
_BY_SYMBOL = {symbol.casefold(): code for code, symbol in SYMBOLS.items()} | {
    "us$": "USD", "c$": "CAD", "au$": "AUD", "￥": "JPY", "sfr": "CHF", "fr": "CHF", "kč": "CZK",
}  # fmt: skip
# A bare symbol that several currencies share means the one expected, if it is among them.
_SHARED = {
    "$": {"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "CLP", "COP", "ARS", "TWD"},
    "¥": {"JPY", "CNY"},
    "￥": {"JPY", "CNY"},
    "kr": {"SEK", "NOK", "DKK", "ISK"},
    "£": {"GBP", "EGP"},
}
_MULTIPLIERS = {"": 0, "k": 3, "tsd": 3, "m": 6, "mn": 6, "mm": 6, "mio": 6, "b": 9, "bn": 9}
LARGEST = 2**63 - 1
"""What an integer column holds."""
_LONGEST_TEXT = 64
_MONEY = re.compile(
    r"(?P<before>(?:[^0-9.,]|\.(?![0-9]))*)"
    r"(?P<figure>(?:[0-9]|[.,](?=[0-9]))(?:[0-9]|[.,' \u2019](?=[0-9])|[.,](?![0-9.,]))*)"
    r"(?:e(?P<power>[+-]?[0-9]{1,2}))?(?![0-9])(?P<after>[^0-9,]*)"
)
_DASH_CENTS = re.compile("[.,][-\u2013\u2014]+(?![0-9])")  # "500,-" is five hundred
_SPACED = re.compile("[0-9]{1,3}(?:[' \u2019][0-9]{3})+(?:[.,][0-9]*)?")


class MoneyError(ValueError):
    """An amount that cannot be read; its text is the sentence the user reads."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole minor units (cents, yen, fils) of an ISO 4217 currency."""

    minor: int
    currency: str


def exponent(currency: str) -> int:
    """Return how many decimals a currency has (ISO 4217; 2 for those not listed)."""
    return _EXPONENTS.get(currency, 2)


def minor_units(whole: int, currency: str) -> int:
    """Return a whole number of currency units in minor units."""
    return int(whole * 10 ** exponent(currency))


def parse(text: str, currency: str, *, decimal: str | None = None) -> Money:
    """Return the amount that ``text`` says, in ``currency`` unless it names another, or raise ``MoneyError``.

    Understands ``48,000.50``, ``1.234,50``, ``48k``, ``€1.2m``, ``(500)``, ``USD 1 200``. A comma before three
    digits groups thousands; a single dot before three digits is refused as ambiguous unless ``decimal`` (``.`` or
    ``,``) says which sign the source uses. More decimals than the currency has are rounded half up.
    """
    cleaned = _DASH_CENTS.sub("", clean_line(text).replace("\u2212", "-"))
    found = _MONEY.fullmatch(cleaned.casefold()) if len(cleaned) <= _LONGEST_TEXT else None
    if found is None:
        raise _unreadable(text)
    before, after = found["before"].strip(), found["after"].strip()
    negative, before, after = _sign(before, after, text)
    power, code = _words(before, after, currency, text)
    digits, decimals = _split(found["figure"], code, decimal, scaled=power > 0 or found["power"] is not None)
    shift = exponent(code) + power + int(found["power"] or 0) - decimals
    if shift > 30:
        raise MoneyError(f"{_shown(text)} is too large.")
    minor = int(digits) * 10**shift if shift >= 0 else (int(digits) + 10**-shift // 2) // 10**-shift
    if minor > LARGEST:
        raise MoneyError(f"{_shown(text)} is too large.")
    return Money(-minor if negative else minor, code)


def _shown(text: str) -> str:
    return f'"{clip(clean_line(text), 40)}"'


def _unreadable(text: str) -> MoneyError:
    return MoneyError(f"{_shown(text)} is not an amount. Try 48000, 48,000.50, 48k or €1.2m.")


def _sign(before: str, after: str, text: str) -> tuple[bool, str, str]:
    """Return whether the amount is negative (``-5``, ``5-``, ``(5)``) and what is left around the figure."""
    if before.count("(") == after.count(")") == 1 and "-" not in before + after:
        return True, before.replace("(", "").strip(), after.replace(")", "").strip()
    signs = re.findall("[+-]", before + after)
    if len(signs) > 1:
        raise _unreadable(text)
    return signs == ["-"], before.replace("-", "").replace("+", "").strip(), re.sub("[+-]", "", after).strip()


def _words(before: str, after: str, currency: str, text: str) -> tuple[int, str]:
    """Return the power of ten of ``k``/``m``/``bn`` and the currency named before or after the figure."""
    named = [_currency(before, currency)] if before else []
    for multiplier in sorted(_MULTIPLIERS, key=len, reverse=True):
        rest = after.removeprefix(multiplier)
        if len(rest) + len(multiplier) == len(after):
            rest = rest.removeprefix(".").strip()
            code = _currency(rest, currency) if rest else None
            if not rest or code is not None:
                named += [code] if rest else []
                if None in named or len(named) > 1:
                    break
                return _MULTIPLIERS[multiplier], named[0] or currency if named else currency
    raise _unreadable(text)


def _currency(word: str, expected: str) -> str | None:
    word = word.removesuffix(".")
    if expected in _SHARED.get(word, ()):
        return expected
    if word in _BY_SYMBOL:
        return _BY_SYMBOL[word]
    return word.upper() if word.upper() in CURRENCIES else None


def _split(figure: str, currency: str, decimal: str | None, *, scaled: bool) -> tuple[str, int]:
    """Return the digits of a figure and how many of them are decimals."""
    if re.search("[' \u2019]", figure):
        if _SPACED.fullmatch(figure) is None:
            raise _ungrouped(figure)
        figure = re.sub("[' \u2019]", "", figure)
    mark = decimal if decimal is not None else _decimal_mark(figure, currency, scaled)
    whole, _, part = figure.partition(mark) if mark else (figure, "", "")
    if part and not part.isdigit():
        raise _ungrouped(figure)
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and (
        not 1 <= len(groups[0]) <= 3 or len(groups[-1]) != 3 or {len(g) for g in groups[1:-1]} - {2, 3}
    ):
        raise _ungrouped(figure)
    return "".join(groups) + part or "0", len(part)


def _ungrouped(figure: str) -> MoneyError:
    return MoneyError(f'"{figure}" is not an amount: its thousands are not in threes.')


def _decimal_mark(figure: str, currency: str, scaled: bool) -> str:
    """Return which sign starts the decimals of a figure, or nothing when it has none."""
    marks: list[str] = re.findall("[.,]", figure)
    if not marks:
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last if marks.count(last) == 1 else ""
    if len(marks) > 1:
        return ""
    whole, _, part = figure.partition(last)
    groups_thousands = len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if not groups_thousands or (last == "." and (scaled or exponent(currency) == 3)):
        return last
    if last == ",":
        return ""
    as_is = decimal_text(parse(figure, currency, decimal=".").minor, currency)
    raise MoneyError(f'"{figure}" can be {whole}{part} or {as_is}: write it without a thousands sign.')


def decimal_text(minor: int, currency: str) -> str:
    """Return ``48000.00``: the exact amount with the currency's decimals, for files and JSON."""
    places = exponent(currency)
    digits = str(abs(minor)).rjust(places + 1, "0")
    whole = len(digits) - places
    body = f"{digits[:whole]}.{digits[whole:]}" if places else digits
    return f"-{body}" if minor < 0 else body


def full(minor: int, currency: str) -> str:
    """Return ``$48,000.00``: the exact amount for people."""
    whole, dot, part = decimal_text(abs(minor), currency).partition(".")
    return _with_symbol(f"{int(whole):,}{dot}{part}", currency, minor < 0)


def short(minor: int, currency: str, *, symbol: bool = True) -> str:
    """Return ``$48k`` or ``€1.2M``: two to three figures, rounded half up, for narrow columns."""
    unit = minor_units(1, currency)
    small = abs(minor) < 10 * unit and minor % unit  # $0.40 is not $0
    body = decimal_text(abs(minor), currency) if small else _short(abs(minor), unit)
    return _with_symbol(body, currency, minor < 0) if symbol else f"{'-' if minor < 0 else ''}{body}"


def _short(minor: int, unit: int) -> str:
    body = ""
    for power, letter, one_decimal_below in ((0, "", 0), (3, "k", 10), (6, "M", 100), (9, "B", 100)):
        size = unit * 10**power
        tenths = (minor * 20 + size) // (2 * size)
        if tenths < one_decimal_below * 10:
            body = f"{tenths // 10}.{tenths % 10}".removesuffix(".0") + letter
        else:
            body = f"{(minor * 2 + size) // (2 * size):,}{letter}"
        if (minor * 2 + size) // (2 * size) < 1000:
            return body
    return body


def _with_symbol(body: str, currency: str, negative: bool) -> str:
    sign = "-" if negative else ""
    if currency in _SUFFIXED:
        return f"{sign}{body} {SYMBOLS[currency]}"
    mark = SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{mark}{body}"

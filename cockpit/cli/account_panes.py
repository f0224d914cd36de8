"""`account usage|commercial|support A`: what the panes of an account show, for people and as JSON."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.account import Account, app
from cockpit.cli.document import brief, ebr
from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_one
from cockpit.domain.money import decimal_text, full
from cockpit.services.account import find_account
from cockpit.services.frozen import to_plain

Alone = Annotated[bool, typer.Option("--alone", help="Without the account's relationships")]


app.command("brief")(brief)
app.command("ebr")(ebr)


@app.command()
@shared
def usage(account: Account, alone: Alone = False) -> None:
    """Every usage metric of an account by week, how it moved, and what is not used."""
    from cockpit.services.usage import usage as read

    at = desk()
    found = read(at, find_account(at, account), not alone)
    words = [f"{found.name}: usage by week, the last {found.weeks} weeks"]
    for one in found.metrics:
        change = "change unknown" if one.change is None else f"{one.change:+.0%} in 4 weeks"
        weeks = " ".join("·" if value is None else f"{value:g}" for value in one.weeks[-12:])
        words.append(f"  {one.name:20} {change:20} {weeks}")
    words += _unused(found.unused) + _marks(found.missing, found.freshness)
    emit_one(to_plain(found), lines="\n".join(words))


@app.command()
@shared
def commercial(account: Account, alone: Alone = False) -> None:
    """What an account pays, until when, what may be sold, and the dates that matter."""
    from cockpit.cli.fact import plain
    from cockpit.services.commercial import commercial as read

    at = desk()
    found = read(at, find_account(at, account), not alone)
    row = to_plain(found)
    row |= {name: _amounts(getattr(found, name)) for name in ("mrr", "contract", "open_amount")}
    row["arr"] = None if found.arr is None else decimal_text(found.arr, found.currency or "USD")
    row["rows"] = [{"kind": one.kind} | plain(one) for one in found.rows]
    for made, one in zip(row["whitespace"], found.whitespace, strict=True):
        made["mrr"] = None if one.mrr is None else decimal_text(one.mrr, one.currency or "USD")
    for made, share in zip(row["family"], found.family, strict=True):
        for name in ("arr", "mrr"):
            minor = getattr(share, name)
            made[name] = None if minor is None else decimal_text(minor, share.currency or "USD")
    words = [f"{found.name}: pays {_sums(found.mrr)} a month, contracts {_sums(found.contract)}, open {_sums(found.open_amount)}"]
    auto = {True: "yes", False: "no"}.get(found.auto_renew, "not known") if found.auto_renew is not None else "not known"
    words.append(f"  renews {found.renewal_date or 'not known'} · notice by {found.notice_date or 'not known'} · auto-renew {auto}")
    if found.forecast is not None:
        words.append(f"  {found.forecast.csm or 'a CSM'} says on {found.forecast.day}: {found.forecast.call}")
    words += [f"  {one['kind']:12} {one['id']:>6}  {_line(one)}" for one in row["rows"]]
    if found.whitespace:
        words.append(f"  not held     {', '.join(one.product for one in found.whitespace)}")
    emit_one(row, lines="\n".join(words + _marks(found.missing, found.freshness)))


@app.command()
@shared
def support(account: Account, alone: Alone = False) -> None:
    """Tickets, survey answers, trainings, advocacy and events of an account."""
    from cockpit.cli.fact import plain
    from cockpit.services.support import support as read

    at = desk()
    found = read(at, find_account(at, account), not alone)
    row = to_plain(found) | {"rows": [{"kind": one.kind} | plain(one) for one in found.rows]}
    csat = "not known" if found.csat.value is None else f"{found.csat.value:.1f} of {found.csat.n}"
    words = [f"{found.name}: {found.open_tickets} tickets open ({found.open_high} high) · NPS {found.nps.says} · CSAT {csat}"]
    words.append(f"  required training {found.trained.done} of {found.trained.required} done · advocacy with consent {found.consent}")
    words += [f"  {one['kind']:10} {one['id']:>6}  {_line(one)}" for one in row["rows"]]
    emit_one(row, lines="\n".join(words + _marks(found.missing, found.freshness)))


def _line(row: dict[str, Any]) -> str:
    left_out = ("kind", "id", "account_id", "system", "recorded")
    return " · ".join(str(value) for name, value in row.items() if name not in left_out and value not in (None, "", False))


def _amounts(amounts: tuple[tuple[str, int], ...]) -> list[dict[str, str]]:
    return [{"currency": code, "amount": decimal_text(minor, code)} for code, minor in amounts]


def _sums(amounts: tuple[tuple[str, int], ...]) -> str:
    return " + ".join(full(minor, code) for code, minor in amounts) or "nothing known"


def _unused(names: tuple[str, ...]) -> list[str]:
    return [f"  not used     {', '.join(names)}"] if names else []


def _marks(missing: tuple[str, ...], marks: tuple[Any, ...]) -> list[str]:
    ages = [f"{one.kind} {'never' if one.days is None else f'{one.days} d'}{' (old)' if one.age == 'old' else ''}" for one in marks]
    return [f"  age          {' · '.join(ages)}", f"  missing      {', '.join(missing) or 'nothing'}"]


APPS = {"account": app}

"""The Summary pane: the state of everything in a line each, what is missing and old, then trends drawn and who they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.domain.freshness import Age
from cockpit.tui.render import figure
from cockpit.tui.render.account import network_line
from cockpit.tui.render.board import summary_line
from cockpit.tui.render.chart import columns, day_text, spark
from cockpit.tui.render.commercial import CALLS, sums
from cockpit.tui.render.line import Line, heading, labelled, paragraph
from cockpit.tui.render.marks import GLYPHS, age_words, missing_lines
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.render.usage import change_words
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.intervention import InterventionRow
    from cockpit.services.overview import Overview

LABEL = 15


def overview_lines(of: Overview, running: InterventionRow | None, now: datetime, width: int, p: Palette) -> list[Line]:
    """What matters first: at 80×24 everything up to the marks is in sight. ``now`` is in the reader's zone."""
    lines = [heading("Now", p)]
    lines += [labelled(f"  {label}", line, p, LABEL) for label, line in _now(of, running, now, width, p)]
    lines += [heading("Money", p), labelled("  Pays", _pays(of, p), p, LABEL), labelled("  Renews", _renews(of, p), p, LABEL)]
    lines += [*missing_lines(of.missing, width, p), *_feeds(of, width, p)]
    if len(of.family) > 1:
        lines += [[], heading("Relationships (F opens one, f leaves them out)", p), *_family(of, width, p)]
    lines += _drawn(of, width, p)
    lines += [[], heading("Who they are", p), *_who(of, width, p)]
    for row in of.said:
        v = row.values
        said_by = f"{plain(v['person']) or 'nobody named'}, {day_text(v['answered'])}"
        lines += [[], heading(f"{plain(v['kind']).upper()} {v['score']}, {said_by}", p)]
        lines += paragraph(f"“{v['comment']}”", width, p.text, 2)
    return lines


def _now(of: Overview, running: InterventionRow | None, now: datetime, width: int, p: Palette) -> list[tuple[str, Line]]:
    counts, touch = of.counts, of.last_touch
    ctas = f"{counts.ctas} open" + (f", {counts.unassigned} unassigned" if counts.unassigned else "")
    said = "never"
    if touch is not None:
        days = (of.today - touch.at.astimezone(now.tzinfo).date()).days
        said = f"{f'{days}d' if days > 0 else figure.since(touch.at, now)} ago  {touch.type}  {plain(touch.subject)}"
    return [
        ("CTAs", [(ctas, p.text)]),
        ("Intervention", summary_line(running, p)),
        ("Health", _health(of, p)),
        ("Usage", _usage(of, p)),
        ("Network", network_line(of.network, p)),
        ("Support", _voice(of, p)),
        ("Plan", _plan(of, p)),
        ("Last touch", [(fit(said, max(width - LABEL, 10)).rstrip(), p.warn if touch is None else p.text)]),
    ]


def _health(of: Overview, p: Palette) -> Line:
    one = of.account
    if one.health is None:
        return [(figure.UNKNOWN, p.dim), ("  nothing says how they are; p o tells what is missing", p.dim)]
    word, style = figure.health(one.health, one.health_before, p)
    if not any(score is not None for score in of.health):
        return [(word, style)]
    return [(spark(of.health), style), (f"  {word}", style), ("  by week", p.dim)]


def _usage(of: Overview, p: Palette) -> Line:
    if of.usage is None:
        return [(figure.UNKNOWN, p.dim)]
    words, style = change_words(of.usage.change)
    drawn = p.bad if style == "bad" else p.text
    return [(spark(of.usage.weeks), drawn), (f"  {words}", drawn), (f"  {plain(of.usage.name)}", p.dim)]


def _voice(of: Overview, p: Palette) -> Line:
    tickets, nps, csat = of.tickets, of.nps, of.csat
    line: Line = [(f"{tickets.open} open", p.text), (f" ! {tickets.high} high" if tickets.high else "", p.bad)]
    line.append(("  NPS ", p.dim))
    if nps.value is None:
        line.append((figure.UNKNOWN, p.dim))
    else:
        line += [(f"{'●▲▼'[nps.sign]} {nps.value:+.0f}", p.bad if nps.sign < 0 else p.text), (f" of {nps.n}", p.dim)]
    line += [("  CSAT ", p.dim), (figure.UNKNOWN if csat.value is None else f"{csat.value:.1f}", p.text)]
    if of.trained.required:
        late = of.trained.done < of.trained.required
        trained = f"{'! ' if late else '✔ '}{of.trained.done} of {of.trained.required}"
        line += [("  trained ", p.dim), (trained, p.warn if late else p.text)]
    return line


def _plan(of: Overview, p: Palette) -> Line:
    c = of.counts
    goals = f"{c.goals} goal{'' if c.goals == 1 else 's'}" if c.goals else "no goal"
    line: Line = [(goals, p.text if c.goals else p.dim), (f" (! {c.goals_late} late)" if c.goals_late else "", p.bad)]
    risks = f" · {c.risks} risk{'' if c.risks == 1 else 's'}" + (f" (! {c.risks_high} high)" if c.risks_high else "")
    line.append((risks if c.risks else " · no risk", p.bad if c.risks_high else p.text if c.risks else p.dim))
    line.append((f" · ! {c.escalations} escalated" if c.escalations else "", p.bad))
    if c.feeling is not None and c.felt_on is not None:
        mark = {"good": "▲", "bad": "▼"}.get(c.feeling, "●")
        line.append((f" · feels {mark} {c.feeling}, {(of.today - c.felt_on).days}d ago", p.bad if c.feeling == "bad" else p.text))
    return line


def _pays(of: Overview, p: Palette) -> Line:
    arr = figure.money(of.account.arr, of.account.currency, p, symbol=True)
    return [(f"{sums(of.mrr)}/m" if of.mrr else "nothing known", p.text), ("   ARR ", p.dim), arr]


def _renews(of: Overview, p: Palette) -> Line:
    a, line = of.account, []
    for label, day in (("", a.renewal_date), ("   notice ", a.notice_date)):
        until = figure.until(day, of.today, p)
        line += [(label, p.dim), (f"{day_text(day)} {day:%y} " if day else "", p.text), until if day else ("not known", p.dim)]
    auto = "not known" if a.auto_renew is None else "yes" if a.auto_renew else "no"
    line += [("   by itself ", p.dim), (auto, p.dim if a.auto_renew is None else p.text)]
    if of.forecast is not None:
        words, style = CALLS.get(of.forecast.call, (of.forecast.call, "text"))
        line += [("   ", p.dim), (words, p.status(style))]
    return line


def _feeds(of: Overview, width: int, p: Palette) -> list[Line]:
    """The feeds that are old or never came; the others in a word."""
    odd = [mark for mark in of.marks if mark.age is not Age.FRESH]
    fresh = len(of.marks) - len(odd)
    lines: list[Line] = [[("Feeds    ", p.dim), (f"● {fresh} fresh", p.dim)]]
    used = 9 + len(f"● {fresh} fresh")
    for mark in odd:
        words = f"   {GLYPHS[mark.age]} {age_words(mark)}"
        if used + len(words) > width:
            lines.append([(" " * 6, p.dim)])
            used = 6
        lines[-1].append((words, p.warn if mark.age is Age.OLD else p.dim))
        used += len(words)
    return lines


def _family(of: Overview, width: int, p: Palette) -> list[Line]:
    room = max(min(width - 48, 44), 16)
    lines: list[Line] = []
    for share in of.family:
        health, style = figure.health(share.health, None, p)
        arr = figure.money(share.arr, share.currency, p, symbol=True)[0]
        until = figure.until(share.renewal_date, of.today, p)[0]
        name = ("└ " if share.is_child else "") + plain(share.name)
        line: Line = [("  " + fit(name, room), p.text if share.is_child else p.strong), (f"  ♥ {health:>4}", style)]
        lines.append([*line, (f"   ARR {arr:>6}   renews {until:>6}   {share.open_ctas} CTAs", p.dim)])
    return lines


def _drawn(of: Overview, width: int, p: Palette) -> list[Line]:
    """Health drawn against 100."""
    if not any(score is not None for score in of.health):
        return []
    days = [of.today - timedelta(weeks=len(of.health) - 1 - n) for n in range(len(of.health))]
    style = p.status(figure.band(of.account.health))
    values = [None if score is None else float(score) for score in of.health]
    return [[], heading("Health by week", p), *columns(values, days, width, 4, style, p, top=100.0)]


def _who(of: Overview, width: int, p: Palette) -> list[Line]:
    a = of.account
    facts = {
        "Industry": a.industry, "Region": a.region, "Segment": a.segment, "Stage": a.stage, "Domain": a.domain, "Language": a.language,
        "Time zone": a.time_zone, "Live since": f"{day_text(a.go_live)} {a.go_live:%Y}" if a.go_live else None,
    }  # fmt: skip
    lines: list[Line] = []
    pairs, each = list(facts.items()), max(width // 2 - 1, 30)
    for start in range(0, len(pairs), 2):
        line: Line = []
        for name, value in pairs[start : start + 2]:
            told = fit(plain(value) or figure.UNKNOWN, each - LABEL) + " "
            line += [(fit(f"  {name}", LABEL), p.dim), (told, p.text if value else p.dim)]
        lines.append(line)
    return lines

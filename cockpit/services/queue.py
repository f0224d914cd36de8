"""The queue: what lies there, and taking from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from cockpit.desk import Desk, Me
from cockpit.domain import say
from cockpit.domain.cta import Standing, Verb, done, may, missing, state_of
from cockpit.domain.queue import Explained, explain, score_at
from cockpit.services import away, scoring, taking
from cockpit.services.act import Work, act, check_may
from cockpit.services.errors import NotFound, OutOfPatience, Refused
from cockpit.services.limits import over, taker
from cockpit.services.lookup import named, worker
from cockpit.services.start import start_playbooks
from cockpit.services.taking import No
from db import hot
from db.connection import Db
from db.hot import Taken
from db.query.binder import Rare
from db.reads import cta as reads
from db.reads.cta import CtaRow as CtaRow  # the faces know it from here
from db.reads.page import Cursor as Cursor
from db.reads.page import Page as Page
from db.terms import CtaStatus, Outcome

Scope = Literal["queue", "work", "all"]


WALK_S = 0.05
"""How long a filtered page walks along the order before it is sought the other way."""


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """Which CTAs, in which order. ``queue``: unassigned; ``work``: mine and my business; ``all``."""

    pool: str | None = None
    where: str = ""
    sort: str = "score"
    scope: Scope = "queue"


@dataclass(frozen=True, slots=True)
class Count:
    """How many; ``capped`` when there are more than were counted."""

    n: int
    capped: bool


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """One CTA asked for: got (``refused`` is None) or refused, with the sentence."""

    id: int
    owner: str | None
    status: str
    refused: str | None = None
    message: str = ""
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim got and did not get, in one act."""

    items: tuple[ClaimItem, ...]
    act: int | None = None
    said: str = ""
    also: tuple[int, ...] = ()
    """The other unassigned CTAs of the accounts that were got: one account, one CSM."""


def queue_page(
    desk: Desk,
    query: QueueQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    at_end: bool = False,
    limit: int = 128,
    unwanted: Callable[[], bool] | None = None,
) -> Page[CtaRow]:
    """A page of CTAs with their scores. Raises QueryError, NotFound (pool), OutOfPatience once ``unwanted`` is true.

    A filter that many rows meet is quickest found walking along the order; one that few meet would walk for ever,
    so after WALK_S the rows it picks are looked up first and sorted after. Both give the same rows.
    """
    if query.sort not in reads.SORTS:
        raise Refused("sort", f"CTAs cannot be sorted by {query.sort!r}: {', '.join(reads.SORTS)}.")
    with desk.store.read() as db:
        rare = _rare(db, query.where)

        def page(walk: bool, seconds: float | None) -> Page[CtaRow]:
            where, params = condition(desk, db, query, walk=walk, rare=rare)
            with db.patience(seconds, unwanted):
                return reads.page(db, where, params, query.sort, after=after, before=before, at_end=at_end, limit=limit)

        try:
            found = page(rare is None, WALK_S if query.where.strip() and rare is None else None)
        except OutOfPatience:
            if unwanted is not None and unwanted():
                raise
            found = page(False, None)
        rows = _scored(db, found.rows, desk.now())
        if query.scope == "work":
            from cockpit.services.lease import marked

            rows = marked(desk, db, rows)
            if marks := away.marks(db, desk.now(), desk.me.id):
                mine = ((row, marks.get(row.owner or "")) for row in rows)
                rows = tuple(dataclasses.replace(row, stands_for=mark, via=row.via or mark or "") for row, mark in mine)
        return dataclasses.replace(found, rows=rows)


def queue_count(
    desk: Desk, query: QueueQuery, cap: int = 10_000, unwanted: Callable[[], bool] | None = None
) -> Count:
    """How many CTAs match, counted no further than ``cap``. Raises OutOfPatience once ``unwanted`` is true."""
    with desk.store.read() as db:
        where, params = condition(desk, db, query, walk=False, rare=_rare(db, query.where))
        with db.patience(None, unwanted):
            n = reads.count(db, where, params, cap)
    return Count(min(n, cap), n > cap)


def accounts_of(desk: Desk, cta_ids: Sequence[int]) -> list[int]:
    """The accounts these CTAs are of, each once."""
    found: dict[int, None] = {}
    with desk.store.read() as db:
        found |= dict.fromkeys(row[0] for row in db.of("SELECT DISTINCT account_id FROM cta WHERE id IN ({ids})", cta_ids))
    return list(found)


def matching_ids(desk: Desk, query: QueueQuery) -> list[int]:
    """Every matching CTA's id, best first."""
    with desk.store.read() as db:
        where, params = condition(desk, db, query, walk=False)
        return reads.ids(db, where, params)


def ctas_by_id(desk: Desk, ids: Sequence[int]) -> dict[int, CtaRow]:
    """These CTAs as lists show them."""
    with desk.store.read() as db:
        found = reads.by_ids(db, list(ids))
        return {row.id: row for row in _scored(db, tuple(found.values()), desk.now())}


def why(desk: Desk, cta_id: int) -> Explained:
    """The sum behind a CTA's score. Raises NotFound."""
    with desk.store.read() as db:
        inputs = scoring.inputs(db, [cta_id]).get(cta_id)
        if inputs is None:
            raise NotFound(missing(cta_id).sentence)
        return explain(inputs, scoring.scoring_day(desk.now()), desk.now(), scoring.weights(db))


def claim(desk: Desk, cta_ids: Sequence[int], anyway: bool = False, all_of_account: bool = False) -> Claimed:
    """Takes what is still free of these; each loser is told who won and when.

    An account in somebody else's intervention is hers first: refused unless ``anyway``. ``all_of_account`` takes the
    other unassigned CTAs of the accounts that were got too; without it ``also`` names them.

    A file has one writer at a time: nobody waits for her turn there to hear that all of it is gone.
    """
    check_may(desk, "claim")
    wanted = list(dict.fromkeys(cta_ids))
    if desk.store.dialect == "sqlite" and desk.once is None:
        with desk.store.read() as db:
            if not reads.is_any_free(db, wanted):
                return Claimed(tuple(_refused(db, desk.me, desk.now(), dict.fromkeys(wanted)).values()))
    return _claim(desk, wanted, anyway, all_of_account)


@act("claim")
def _claim(work: Work, wanted: Sequence[int], anyway: bool, all_of_account: bool) -> Claimed:
    named = taking.Named(work, anyway)
    named.take(wanted)
    if all_of_account:
        named.take([id_ for id_ in _beside(named.got.values()) if id_ not in named.got and id_ not in named.lost])
    refused = _refused(work.db, work.me, work.now, named.lost)
    every = dict.fromkeys([*wanted, *named.got, *named.lost])
    items = {id_: refused[id_] if id_ in refused else _got(work, named.got[id_]) for id_ in every}
    return _claimed(work, items, list(named.got.values()), named.note)


@act("next")
def claim_next(work: Work, pool: str | None = None, where: str = "") -> Claimed:
    """Takes the best free CTA of my pools (of all, when I work none), or of one pool or query, in the order that lanes,
    skills, pods and interventions give (``routing.tiers``); what was said tells why when it is not the first.

    Raises Refused when there is nothing to take or a limit is reached.
    """
    who = taker(work)
    if where.strip():
        sql, params = condition(work.desk, work.db, QueueQuery(pool=pool, where=where))
        got, why = taking.filtered(work, who, sql, params)
    else:
        got, why = taking.best(work, who, (named(work.db, "pool", pool),) if pool else work.me.pools)
    return _claimed(work, {got.id: _got(work, got)}, [got], why)


@act("release")
def release(work: Work, cta_ids: Sequence[int], note: str = "") -> Claimed:
    """Gives CTAs back to the queue with what the next one should know. They keep their place in it."""
    from cockpit.domain.clean import clean_text

    rows = standing_rows(work, cta_ids, Verb.RELEASE)
    values: dict[str, Any] = {"owner_id": None, "claimed_at": None, "touched_at": None, "snoozed_at": None, "snoozed_until": None,
                              "snooze_reason": None, "snooze_wake": None, "left_note": clean_text(note) or None}  # fmt: skip
    work.update_many("cta", dict.fromkeys(rows, values))
    said = done(Verb.RELEASE, list(rows))
    return items(work, list(rows), f"{said}: {clean_text(note)}" if note.strip() else said)


@act("assign")
def assign(work: Work, cta_ids: Sequence[int], login: str) -> Claimed:
    """Gives CTAs to somebody by hand, also to who is away or holds more than she may claim: both are said, neither forbids it.

    Raises NotFound, Refused (somebody who may only look; not yours to give).
    """
    csm_id, name = worker(work.db, login)
    rows = standing_rows(work, cta_ids, Verb.ASSIGN)
    given = {"owner_id": csm_id, "claimed_at": work.now, "touched_at": work.now}
    new = hot.unclaimed(work.db, list(rows))
    work.update_many("cta", {id_: given | ({"first_claimed_at": work.now} if id_ in new else {}) for id_ in rows})
    start_playbooks(work, list(rows))
    warnings = [*away.warnings(work.db, work.now, [csm_id]), over(work.db, csm_id, name, list(rows))]
    warned = "".join(f" · {sentence}" for sentence in warnings if sentence)
    return items(work, list(rows), done(Verb.ASSIGN, list(rows), to=name), warned)


def _rare(db: Db, where: str) -> Rare | None:
    """What the index of words knows of the free text in a filter, when it says that few rows have it."""
    if not where.strip():
        return None
    from cockpit.services.query import texts
    from db.reads.search import few

    known = {text: few(db, text) for text in texts(where)}
    return known.get if any(found is not None for found in known.values()) else None


def condition(
    desk: Desk, db: Db, query: QueueQuery, *, walk: bool = True, rare: Rare | None = None
) -> tuple[str, dict[str, Any]]:
    """The SQL condition over ``db.reads.cta.FROM`` and its parameters. Raises QueryError, NotFound.

    ``walk`` keeps the index of the order, as pages want; counting is better off without.
    """
    parts: list[str] = []
    params: dict[str, Any] = {}
    if query.scope == "queue":
        parts.append(reads.UNASSIGNED)
    elif query.scope == "work":
        cover, params = away.covering(db, desk.now(), desk.me.id)
        parts.append(f"{reads.MY_WORK.removesuffix(')')} UNION {cover})" if cover else reads.MY_WORK)
        params["mine"] = desk.me.id
    if query.pool:
        parts.append("c.pool_id = :pool")
        params["pool"] = named(db, "pool", query.pool)
    if query.where.strip():
        from cockpit.services.query import compiled

        sql, more = compiled(desk, db, query.where, "cta", order=reads.SORTS[query.sort].key if walk else "", rare=rare)
        parts.append(sql)
        params |= more
    return " AND ".join(parts), params


def standing_rows(work: Work, cta_ids: Sequence[int], verb: Verb) -> dict[int, CtaRow]:
    """The CTAs named, locked, if the verb is allowed on every one of them; Refused with the first no.

    Who covers for somebody acts on her CTAs as she would.
    """
    wanted = list(dict.fromkeys(cta_ids))
    work.hold("cta", wanted)
    rows = reads.by_ids(work.db, wanted)
    covered: dict[str, str] | None = None
    for cta_id in wanted:
        if cta_id not in rows:
            raise NotFound(missing(cta_id).sentence)
        no = may(verb, standing(rows[cta_id], work.me.login), work.me.role, work.now, ZoneInfo(work.me.time_zone))
        if no is not None and no.code == "not_yours":
            covered = away.marks(work.db, work.now, work.me.id) if covered is None else covered
            no = None if rows[cta_id].owner in covered else no
        if no is not None:
            raise Refused(no.code, no.sentence)
    return {cta_id: rows[cta_id] for cta_id in wanted}


def standing(row: CtaRow, login: str) -> Standing:
    """What the rules need to know of a row."""
    status = CtaStatus(row.status)
    state = state_of(status, None if row.owner is None else 1, row.snoozed_at)
    return Standing(
        id=row.id, state=state, owner=row.owner_name, is_mine=row.owner == login,
        since=row.closed_at if status is CtaStatus.CLOSED else row.claimed_at,
        until=row.snoozed_until, outcome=Outcome(row.outcome) if row.outcome else None,
    )  # fmt: skip


def items(work: Work, ids: Sequence[int], said: str, more: str = "") -> Claimed:
    """The result of an act on these CTAs, said in words; ``more`` comes last.

    What one gave away may be out of one's sight at once, where the database shows each her pools: it is nobody's then.
    """
    gone = reads.Brief(0, None, CtaStatus.OPEN, "", None)
    rows = dict.fromkeys(ids, gone) | reads.brief(work.db, ids)
    if len(ids) == 1 and rows[ids[0]].account:
        said = f"{said} · {rows[ids[0]].account}"
    said += more
    work.say(said)
    return Claimed(
        tuple(ClaimItem(id_, rows[id_].owner, rows[id_].status, account=rows[id_].account or None) for id_ in ids), said=said
    )


def _got(work: Work, taken: Taken) -> ClaimItem:
    return ClaimItem(taken.id, work.me.login, CtaStatus.OPEN.value, account=taken.account)


def _refused(db: Db, me: Me, now: datetime, lost: Mapping[int, No]) -> dict[int, ClaimItem]:
    """Why these were not got: what a CTA itself says comes before what a limit or an intervention says of it."""
    rows = reads.by_ids(db, list(lost))
    items: dict[int, ClaimItem] = {}
    for id_, no in lost.items():
        row = rows.get(id_)
        if row is None:
            gone = missing(id_)
            items[id_] = ClaimItem(id_, None, "", gone.code, gone.sentence)
            continue
        said = may(Verb.CLAIM, standing(row, me.login), me.role, now, ZoneInfo(me.time_zone))
        code, sentence = (said.code, said.sentence) if said else no or ("taken", f"CTA {id_} was taken meanwhile.")
        items[id_] = ClaimItem(id_, row.owner, row.status, code, sentence, row.account)
    return items


def _beside(got: Iterable[Taken]) -> dict[int, None]:
    """What is unassigned on the accounts of these, each once."""
    return dict.fromkeys(id_ for one in got for id_ in one.beside)


def _claimed(work: Work, items: dict[int, ClaimItem], got: list[Taken], note: str) -> Claimed:
    start_playbooks(work, [one.id for one in got if one.playbook_id is not None])
    refused = [one for one in items.values() if one.refused]
    said = ""
    if got:
        said = done(Verb.CLAIM, [one.id for one in got]) + (f" · {got[0].account}" if len(got) == 1 else "")
        said += f" · {note}" if note else ""
    also = tuple(id_ for id_ in _beside(got) if id_ not in items)
    if refused and got:
        said += f" · {say.plural(len(refused), 'other')} not: {refused[0].message}"
    work.say(said)
    if also:
        said += f" · {say.plural(len(also), 'more CTA')} of the same account {'is' if len(also) == 1 else 'are'} unassigned"
    return Claimed(tuple(items.values()), said=said, also=also)


def _scored(db: Db, rows: tuple[CtaRow, ...], now: datetime) -> tuple[CtaRow, ...]:
    using = scoring.weights(db)
    return tuple(dataclasses.replace(row, score=score_at(row.rank, now, using)) for row in rows)

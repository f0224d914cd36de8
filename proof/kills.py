"""SIGKILL at any moment: what was acknowledged is there, nothing is half, and a retry does not act twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from cockpit.services.errors import Refused
from cockpit.services.queue import claim_next
from db.errors import StoreBusy
from db.journal import Act
from db.store import Store
from db.terms import Face
from db.write import Writer
from proof import checker
from proof.stores import FEW, Places, sit
from proof.table import Row
from proof.victims import Victim, Voice, slaughter
from proof.workers import Told

LIFE_S = 0.06


def claims_with_key(voice: Voice, number: int, url: str) -> None:
    """Claims the next best for ever, each time under a key of its own, telling of each."""
    desk = sit(Store.open(url), number % FEW)
    for n in count():
        desk.once = f"{number}-{n}"
        voice.begins()
        try:
            made = claim_next(desk)
        except Refused:
            return
        voice.acknowledges(made.items[0].id, desk.me.login, made.act, desk.once)


def claims_carelessly(voice: Voice, number: int, url: str) -> None:
    """The control: takes the CTA, tells of it, and writes the journal in a second transaction."""
    desk = sit(Store.open(url), number % FEW)
    for n in count():
        voice.begins()
        with desk.store.write() as db:
            cta = db.scalar(
                "UPDATE cta SET owner_id = :me, claimed_at = :now WHERE id ="
                " (SELECT id FROM cta WHERE owner_id IS NULL AND status = 'open' ORDER BY rank, id LIMIT :one)"
                " AND owner_id IS NULL RETURNING id",
                me=desk.me.id, now=datetime.now(UTC), one=1,
            )  # fmt: skip
        if cta is None:
            continue
        voice.acknowledges(cta, desk.me.login, 0, f"{number}-{n}")
        with desk.store.write() as db:
            work = Writer(db, Act("claim", Face.CLI, desk.me.login, desk.me.id, datetime.now(UTC)))
            work.update("cta", cta, {"owner_id": desk.me.id, "touched_at": datetime.now(UTC)})
            work.journal.close()


@dataclass(frozen=True, slots=True)
class Loop:
    """What a kill loop came to."""

    counts: checker.Counts
    kills: int
    in_the_middle: int
    """Died between the beginning of an act and its acknowledgement."""
    unheard: int
    """Of those, the ones whose act was kept: only the answer was lost."""
    twice: int
    """Keys under which more than one act was done, after every unacknowledged one was tried again."""
    twice_without_key: int
    """The control: how many acts a retry without a key did a second time."""


def loop(places: Places, dialect: str, kills: int, seed: int = 1, ctas: int = 20_000) -> Loop:
    """Kills that many workers, tries again what was not acknowledged, and looks at the store."""
    url = places.copy(dialect, ctas)
    victims = slaughter(claims_with_key, (url,), kills, LIFE_S, seed)
    places.settle(url)
    with closing(Store.open(url)) as store:
        told = [_told(victim) for victim in victims]
        kept, retried = 0, 0
        for victim in victims:
            if victim.in_the_middle:
                kept += _try_again(store, victim, told[victim.number])
                retried += 1
        counts = checker.check(store, told)
        begun = sum(victim.begun for victim in victims)
        acts = store_acts(store)
        for _ in range(kept):
            claim_next(sit(store, 0))
        again = store_acts(store) - acts
    ended = sum(victim.ended for victim in victims)
    places.drop(url)
    return Loop(counts, kills - ended, retried, kept, abs(acts - begun), again)


def careless(places: Places, dialect: str, kills: int, ctas: int = 5_000) -> checker.Counts:
    """The control."""
    url = places.copy(dialect, ctas)
    victims = slaughter(claims_carelessly, (url,), kills, LIFE_S, 2)
    places.settle(url)
    with closing(Store.open(url)) as store:
        counts = checker.check(store, [_told(victim) for victim in victims])
    places.drop(url)
    return counts


def store_acts(store: Store) -> int:
    """How many claims the journal knows."""
    with store.read() as db:
        return int(db.scalar("SELECT count(*) FROM act WHERE verb IN ('claim', 'next')"))


def rows(places: Places, kills: int) -> Iterator[Row]:
    """The kill loop on each store."""
    for dialect in places.dialects():
        start = time.perf_counter()
        made = loop(places, dialect, kills)
        control = careless(places, dialect, max(20, kills // 20))
        yield Row(
            "a killed worker", dialect,
            f"{made.kills} SIGKILLs ({made.in_the_middle} in the middle of an act),"
            f" {made.counts.acknowledged:,} claims acknowledged",
            f"{made.counts.lost} lost, {made.counts.half} half, {made.counts.double} double",
            f"journal in a second transaction: {control.half + control.lost} half or lost",
            made.counts.bad == 0 and control.half + control.lost > 0, time.perf_counter() - start,
        )  # fmt: skip
        yield Row(
            "a retry with its key", dialect,
            f"{made.in_the_middle} retries, {made.unheard} of them of an act that had been kept",
            f"{made.twice} acted twice", f"the same retries without a key: {made.twice_without_key} act twice",
            made.twice == 0,
        )  # fmt: skip


def _told(victim: Victim) -> Told:
    return Told(got=[(int(cta), who, int(act)) for cta, who, act, *_ in victim.acknowledged])


def _try_again(store: Store, victim: Victim, told: Told) -> bool:
    """Does the act that was not acknowledged under its key; whether it had been kept already."""
    key = f"{victim.number}-{victim.begun - 1}"
    desk = sit(store, victim.number % FEW)
    before = store_acts(store)
    desk.once = key
    try:
        made = claim_next(desk)
    except (Refused, StoreBusy) as error:
        told.errors.append(str(error))
        return False
    assert made.act is not None
    told.got.append((made.items[0].id, desk.me.login, made.act))
    return store_acts(store) == before


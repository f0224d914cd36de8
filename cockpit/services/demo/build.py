"""Building a demo store: a seed and a clock in, the same rows out, in one act and a fixed number of statements a batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from cockpit.desk import SYSTEM, Clock, Desk
from cockpit.services.act import Work
from cockpit.services.demo import mail, runs, transitions
from cockpit.services.demo.cast import Stand, World, found
from cockpit.services.demo.commercial import sell
from cockpit.services.demo.company import Company, Row
from cockpit.services.demo.health import settle
from cockpit.services.demo.history import remember
from cockpit.services.demo.interventions import play
from cockpit.services.demo.known import Known
from cockpit.services.demo.names import CompanyNames
from cockpit.services.demo.networks import weave
from cockpit.services.demo.plans import Plans
from cockpit.services.demo.rows import CtaPlan, Visit, open_cta
from cockpit.services.demo.story import DETAILED, Plan, Slot, imagine
from cockpit.services.demo.talk import Talk
from cockpit.services.demo.timeline import visits
from cockpit.services.errors import Refused
from cockpit.services.seal import seal_day
from db.errors import StoreMissing
from db.journal import Act
from db.store import Store, is_server
from db.terms import AccountStatus, CtaStatus, Face, OpportunityState, OpportunityType, ServedBy

Progress = Callable[[str, int, int], None]
"""(what, done, of how many)."""

ACCOUNTS, CTAS = 300, 130
MOST_ACCOUNTS = 100_000
_CHUNK = 500
_FACTS = ("subscription", "opportunity", "usage", "survey", "ticket", "event", "training", "advocacy")
_WITH_PERSON = frozenset({"survey", "ticket", "event", "training", "advocacy"})
_READ_DAYS, _READ_MOST = 28, 4
"""Closes that a coach may have read: not older, and so many of a CSM."""
_CACHE_KB = 256_000
"""Page cache while building: the indexes of a million rows stay in memory until the one commit."""


@dataclass(frozen=True, slots=True)
class DemoBuilt:
    """What was built; ``ctas`` are the open ones."""

    path: str
    accounts: int
    ctas: int
    people: int
    activities: int
    seconds: float


def build_demo(
    url: str,
    *,
    seed: int = 1,
    accounts: int | None = None,
    ctas: int | None = None,
    clock: Clock,
    login: str,
    progress: Progress | None = None,
) -> DemoBuilt:
    """Builds a demo company into a store that is not there yet; the login is admitted as ops of every pool.

    ``ctas`` counts open ones (at least 80 % unassigned), closed ones come on top. Same seed, sizes, clock
    and login: same rows. Raises Refused when something is there already, StoreUnreachable.
    """
    started = time.monotonic()
    plan = plan_for(accounts, ctas)
    store = _empty_store(url)
    now = clock()
    noise = Random(f"noise {seed}").randbytes
    act = Act("demo", Face.SYSTEM, SYSTEM.login, None, now, noise=noise)
    desk = Desk(store, SYSTEM, clock=lambda: now, face=Face.SYSTEM)
    try:
        with store.write() as db:
            if db.dialect == "sqlite":
                db.run(f"PRAGMA cache_size = -{_CACHE_KB}")
            work = Work(db, act, desk)
            world = found(work, Random(seed), login)
            work.say("Built the demo company")
            people, _ = _Builder(work, world, plan, Known(seed), Plans(work, world, seed)).build(progress)
            people += weave(work, seed)
            mail.write(work, world, seed)
            activities = int(db.scalar("SELECT count(*) FROM activity"))
            counts = people, activities
            work.journal.close()
            work.journal.finish()
            db.learn()
        seal_day(desk)
    except BaseException:
        store.close()
        if not is_server(url):
            _remove(Path(url))
        raise
    store.close()
    return DemoBuilt(url, plan.accounts, plan.ctas, *counts, round(time.monotonic() - started, 3))


def plan_for(accounts: int | None, ctas: int | None) -> Plan:
    """The sizes asked for; what is left out fits the other. Raises Refused for sizes that cannot be."""
    if accounts is None:
        accounts = ACCOUNTS if ctas is None else max(ACCOUNTS, min(MOST_ACCOUNTS, ctas // 3))
    if accounts < 1:
        raise Refused("accounts", "A demo company has at least one account: --accounts 1 or more.")
    if ctas is None:
        ctas = max(1, accounts * CTAS // ACCOUNTS)
    if ctas < 1:
        raise Refused("ctas", "A demo company has at least one open CTA: --ctas 1 or more.")
    return Plan(accounts, ctas)


def _empty_store(url: str) -> Store:
    """A new store of kind demo, or one that a killed build left empty. Raises Refused."""
    try:
        store = Store.open(url)
    except StoreMissing:
        return Store.create(url, kind="demo")
    with store.read() as db:
        is_empty = db.scalar("SELECT 1 FROM act LIMIT 1") is None
    if store.kind == "demo" and is_empty:
        return store
    store.close()
    name = "That database" if is_server(url) else url
    if store.kind == "demo":
        raise Refused("exists", f"{name} holds a demo company already: build another with --path, or remove it first.")
    raise Refused("exists", f"{name} is a store with somebody's work in it: build the demo elsewhere with --path.")


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-gate"):
        path.with_name(path.name + end).unlink(missing_ok=True)


class _Builder:
    """Writes companies chunk by chunk."""

    def __init__(self, work: Work, world: World, plan: Plan, known: Known, plans: Plans) -> None:
        self.work, self.world, self.plan, self.known, self.plans = work, world, plan, known, plans
        self.people = self.activities = 0

    def build(self, progress: Progress | None) -> tuple[int, int]:
        """Everything; returns how many people and activities."""
        names = CompanyNames(self.world.rng, self.plan.accounts)
        done = 0
        for chunk in _chunks(self.plan.slots(self.world)):
            self._write([imagine(self.world, self.plan, slot, names) for slot in chunk])
            done += len(chunk)
            if progress is not None:
                progress("accounts", done, self.plan.accounts)
        Talk(self.work, self.world).write()
        runs.write(self.work, self.world)
        self.known.finish(self.work, self.world)
        self.plans.write()
        transitions.write(self.work, self.world)
        runs.leave(self.work, self.world)
        settle(self.work, self.world.fell, DETAILED)
        return self.people, self.activities

    def _write(self, companies: list[Company]) -> None:
        world = self.world
        plans: list[tuple[Company, CtaPlan]] = []
        calls: list[tuple[Company, Visit, CtaPlan | None]] = []
        for company in companies:
            sell(world, company)
            made = [
                play(world, company, signal, open_cta(world, company, signal))
                for signal in company.signals
                if signal.has_cta
            ]
            if company.is_detailed:
                self.known.learn(world, company)
                made += remember(world, company)
                calls += [(company, visit, None) for visit in visits(world, company)]
                calls += [(company, visit, plan) for plan in made for visit in plan.visits]
            plans += [(company, plan) for plan in made]
        accounts = dict(
            zip(map(id, companies), self.work.insert_many("account", map(self._account, companies)), strict=True)
        )
        for company in companies:
            self.plans.note(accounts[id(company)], company)
        world.fell += [accounts[id(company)] for company in companies if company.has("health")]
        people = self._write_people(companies, accounts)
        renewals: dict[int, int] = {}
        for table in _FACTS:
            renewals |= self._write_facts(table, companies, accounts, people)
        ctas = self._write_ctas(plans, accounts, people, renewals)
        self._write_visits(calls, accounts, people, ctas)
        self._write_interventions(plans, accounts, ctas)

    def _account(self, company: Company) -> Row:
        world = self.world
        return {
            "name": company.name,
            "status": AccountStatus.CHURNED if company.is_churned else AccountStatus.CUSTOMER,
            "segment_id": world.segments[company.segment.name],
            "owner_id": company.owner,
            "pool_id": world.pools[company.pool],
            "pod_id": world.pods[company.pool] if company.served_by == ServedBy.POD else None,
            "served_by": company.served_by,
            "region": company.place.region,
            "industry": company.industry,
            "domain": company.domain,
            "language": company.place.language,
            "time_zone": company.place.time_zone,
            "stage": company.stage,
            "arr": company.arr,
            "currency": "USD",
            "renewal_date": company.renewal,
            "go_live": company.go_live,
            "health": company.health,
            "health_before": company.health_before,
            **self.known.dates(company),
        }

    def _write_people(self, companies: list[Company], accounts: dict[int, int]) -> dict[int, list[int]]:
        """Returns the ids of each company's people."""
        everybody = [(company, person) for company in companies for person in company.people]
        ids = self.work.insert_many(
            "person",
            [
                {
                    "name": one.name,
                    "email": one.email,
                    "language": company.place.language,
                    "left_on": one.left_on,
                    "bounced": one.bounced,
                }
                for company, one in everybody
            ],
        )
        self.work.insert_many(
            "membership",
            [
                {"person_id": id_, "account_id": accounts[id(company)], "title": one.title, "value_network": one.role is not None,
                 "network_role": one.role}
                for id_, (company, one) in zip(ids, everybody, strict=True)
            ],
        )  # fmt: skip
        self.people += len(ids)
        rest = iter(ids)
        return {id(company): list(islice(rest, len(company.people))) for company in companies}

    def _write_facts(
        self, table: str, companies: list[Company], accounts: dict[int, int], people: dict[int, list[int]]
    ) -> dict[int, int]:
        """Returns the open renewal of each company, if these are opportunities."""
        rows: list[Row] = []
        owners: list[Company] = []
        for company in companies:
            for row in company.facts.get(table, ()):
                row["account_id"] = accounts[id(company)]
                if table in _WITH_PERSON:
                    place = row.pop("person")
                    row["person_id"] = None if place is None else people[id(company)][place]
                rows.append(row)
                owners.append(company)
        ids = self.work.insert_many(table, rows)
        if table != "opportunity":
            return {}
        return {
            id(company): id_
            for id_, company, row in zip(ids, owners, rows, strict=True)
            if row["state"] == OpportunityState.OPEN and row["type"] == OpportunityType.RENEWAL
        }

    def _write_ctas(
        self,
        plans: list[tuple[Company, CtaPlan]],
        accounts: dict[int, int],
        people: dict[int, list[int]],
        renewals: dict[int, int],
    ) -> dict[int, int]:
        """Returns the ids of the CTAs by their plan; older ones have smaller ids."""
        plans.sort(key=lambda one: one[1].opened_at)
        ids = self.work.insert_many(
            "cta",
            (
                {
                    **plan.row,
                    "account_id": accounts[id(company)],
                    "opportunity_id": renewals.get(id(company)) if plan.is_renewal else None,
                }
                for company, plan in plans
            ),
        )
        made = {id(plan): id_ for id_, (_, plan) in zip(ids, plans, strict=True)}
        self._write_tasks([(plan, made[id(plan)]) for _, plan in plans if plan.run is not None])
        self.work.insert_many("cta_person", [
            {"cta_id": made[id(plan)], "person_id": people[id(company)][plan.person]}
            for company, plan in plans if plan.person is not None
        ])  # fmt: skip
        for _, plan in plans:
            if plan.row.get("status") == CtaStatus.CLOSED:
                self._note_close(plan, made[id(plan)])
        return made

    def _write_tasks(self, plans: list[tuple[CtaPlan, int]]) -> None:
        """The runs of playbooks, and their tasks."""
        runs = self.work.insert_many("run", [{**(plan.run or {}), "cta_id": cta} for plan, cta in plans])
        self.work.insert_many("task", [
            {**task, "cta_id": cta, "run_id": run} for run, (plan, cta) in zip(runs, plans, strict=True) for task in plan.tasks
        ])  # fmt: skip

    def _note_close(self, plan: CtaPlan, cta: int) -> None:
        noted = self.world.closes.setdefault(plan.row["owner_id"], [])
        if (self.world.now - plan.row["closed_at"]).days < _READ_DAYS and len(noted) < _READ_MOST:
            noted.append((plan.row["closed_at"], cta))

    def _write_interventions(
        self, plans: list[tuple[Company, CtaPlan]], accounts: dict[int, int], ctas: dict[int, int]
    ) -> None:
        """Interventions, and where each part was played."""
        begun = [(company, plan, plan.intervention) for company, plan in plans if plan.intervention is not None]
        rows = [row | {"account_id": accounts[id(company)], "cta_id": ctas[id(plan)]} for company, plan, row in begun]
        ids = self.work.insert_many("intervention", rows)
        made = {id(plan): id_ for id_, (_, plan, _) in zip(ids, begun, strict=True)}
        for company, plan in plans:
            if plan.part is not None and plan.row.get("owner_id") is not None:
                proposed = (plan.intervention or {}).get("proposed_at")
                stand = Stand(ctas[id(plan)], company.pool, plan.row["owner_id"], made.get(id(plan)), proposed)
                self.world.cast[plan.part] = stand

    def _write_visits(
        self,
        calls: list[tuple[Company, Visit, CtaPlan | None]],
        accounts: dict[int, int],
        people: dict[int, list[int]],
        ctas: dict[int, int],
    ) -> None:
        calls.sort(key=lambda one: one[1].at)
        rows: list[dict[str, Any]] = [
            {"account_id": accounts[id(company)], "cta_id": None if plan is None else ctas[id(plan)],
             "type_id": self.world.activities[visit.type], "author_id": visit.csm, "subject": visit.subject, "body": visit.body,
             "at": visit.at, "recorded": visit.at, "next_step": visit.next_step, "next_step_due": visit.next_due}
            for company, visit, plan in calls
        ]  # fmt: skip
        ids = self.work.insert_many("activity", rows)
        self.activities += len(ids)
        guests: list[dict[str, Any]] = []
        for id_, (company, visit, _) in zip(ids, calls, strict=True):
            guests += [{"activity_id": id_, "person_id": people[id(company)][place]} for place in visit.people]
            if visit.people:
                guests.append({"activity_id": id_, "csm_id": visit.csm})
        self.work.insert_many("attendee", guests)


def _chunks(slots: Iterator[Slot]) -> Iterator[list[Slot]]:
    while chunk := list(islice(slots, _CHUNK)):
        yield chunk

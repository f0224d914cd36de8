"""Pool to CSM, a cover with its return, a pod's patch: each from its start to its end, by keys."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services import hand_over, pod, transition, transition_acts
from cockpit.services.tick import tick
from cockpit.services.timeline import log_activity
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.services.test_work_machine import lasting
from tests.services.transition_story import one, ready_account, write_all
from tests.tui.conftest import Seat, Sit
from tests.tui.hands import choose, fill, on_step, put, start, to_step

SHORT = "They like mail."


def owner_of(desk: Desk, table: str, id_: int) -> str | None:
    """Whose it is, by login."""
    found = one(desk, f"SELECT o.login FROM {table} x JOIN csm o ON o.id = x.owner_id WHERE x.id = :id", id=id_)
    return None if found is None else str(found)


async def write_brief(at: Seat, step: str, section: str) -> None:
    """Write a section of the only brief there is to write."""
    await on_step(at, step)
    await choose(at, section)
    await put(at, SHORT)
    await at.press("ctrl+s")
    await at.sees(f"Wrote {section}")


# -- from the pool to a CSM


@pytest.fixture
def pooled(company: Store) -> tuple[Store, int, int]:
    """(store, account of the pool, its free CTA)."""
    ana = builders.desk_of(company, "ana", NOW)
    account, _ = ready_account(ana, "Maple Foods", owner=None)
    return company, account, builders.cta(ana, account, because="Growth", due=date(2026, 12, 20))


async def test_from_the_pool_to_a_csm(sit: Sit, pooled: tuple[Store, int, int]) -> None:
    """The case is agreed, a CSM chosen with a reason, what the pool knows gathered; she writes, accepts, and undo takes it back."""
    store, account, cta = pooled
    async with sit("ana", on=store) as ana:
        await start(ana, kind="pool_to_csm", account="Maple Foods", reason="It grew")
        await ana.sees("pool → CSM", "Outgoing · West", "Incoming · nobody yet")
        await on_step(ana, "The reason and the case")
        await ana.sees("The receiving side's manager agrees")
        await on_step(ana, "Take its CTAs out of the queue")
        await choose(ana, "Growth")
        await choose(ana, "move")
        await ana.sees("→ move")
        await write_brief(ana, "Gather", "Who they are and why they bought")
        write_all(ana.desk, 1)
    async with sit("mo", on=store) as mo:
        await mo.press("4", "p", "b", "enter")
        await on_step(mo, "The reason and the case")
        await mo.sees("Agreed: the customer of Maple Foods may be told")
        await mo.press("A")
        await mo.sees("Nobody is chosen to take it")
        await on_step(mo, "Choose the CSM")
        await fill(mo, to="ben", why="speaks French, has room")
        await mo.sees("Ben Okafor takes Maple Foods: speaks French, has room", "Incoming · ben")
    before = lasting(store)
    async with sit("ben", on=store) as ben:
        await ben.press("4", "p", "n", "enter", "A")
        await ben.sees("1 required step open: Introduce yourself to the customer")
        await on_step(ben, "Introduce yourself")
        await choose(ben, "Draft it")
        await ben.sees("Letter · Maple Foods", "Ben Okafor")
        await ben.press("escape")
        await on_step(ben, "Introduce yourself")
        await choose(ben, "It was sent by other ways")
        await on_step(ben, "Sign the brief, accept")
        await ben.sees("Handed over Maple Foods to Ben Okafor")
        assert (owner_of(ben.desk, "account", account), owner_of(ben.desk, "cta", cta)) == ("ben", "ben")
        assert one(ben.desk, "SELECT served_by FROM account WHERE id = :id", id=account) == "dedicated"
        await on_step(ben, "after 90 days")
        await choose(ben, "End it")
        await ben.sees("follow-ups open")
        await ben.press("u")
        assert (owner_of(ben.desk, "account", account), owner_of(ben.desk, "cta", cta)) == (None, None)
        await ben.press("u", "u")
    assert lasting(store) == before


# -- a cover


@pytest.fixture
def covered(company: Store) -> tuple[Store, dict[str, int]]:
    """Two accounts of ana's, three CTAs that fall due while she is away."""
    ana = builders.desk_of(company, "ana", NOW)
    maple, _ = ready_account(ana, "Maple Foods")
    plum, _ = ready_account(ana, "Plum Tools")
    due = date(2026, 12, 2)
    found = {why: builders.cta(ana, maple, owner="ana", because=why, title=why, due=due) for why in ("Renewal", "Quote", "EBR")}
    return company, {"Maple Foods": maple, "Plum Tools": plum, **found}


async def begun(sit: Sit, store: Store) -> None:
    """Started with its scope, decided, noted by ana; agreed to by ben."""
    async with sit("ana", on=store) as ana:
        await start(ana, kind="cover", to="ben", target="2026-11-30", returns="2026-12-14", reason="Leave")
        await ana.sees("cover", "Outgoing · ana", "Incoming · ben", "back Mon 14 Dec", "2 of 2 accounts")
        await on_step(ana, "The days, who covers")
        await choose(ana, "Plum Tools")
        await fill(ana, level="answer_only", to="ana")
        await ana.sees("Ana Ruiz cannot cover for herself")
        await fill(ana, level="answer_only", to="chi")
        await ana.sees("Plum Tools answer only and by chi")
        for title, choice in (("Renewal", "takes it"), ("Quote", "takes it"), ("EBR", "waits")):
            await on_step(ana, "What may come up")
            await choose(ana, f"cta {title}")
            await choose(ana, choice)
        await write_brief(ana, "page for each", "Health and risks")
    write_all(builders.desk_of(store, "ana", NOW), 1, builders.the(ana.desk, "account", "Maple Foods"))
    async with sit("ben", on=store) as ben:
        await ben.press("4", "p", "n", "enter")
        await on_step(ben, "Agree to cover")
        await ben.sees("Agreed to cover Ana Ruiz: 2 accounts", "2 moved")
    for name in ("Maple Foods", "Plum Tools"):
        log_activity(builders.desk_of(store, "ana", NOW), name, "email", "Who answers for me", attendees=[f"Dora of {name}"])


async def test_a_cover_from_its_start_to_its_return(sit: Sit, covered: tuple[Store, dict[str, int]]) -> None:
    """Each account its own way, agreed to, begun by itself; the list signed, taken back but what stays, undone in one."""
    store, ids = covered
    await begun(sit, store)
    async with sit("mo", on=store, now=NOW + timedelta(days=7)) as mo:
        assert [owner_of(mo.desk, "account", ids[name]) for name in ("Maple Foods", "Plum Tools")] == ["ana", "ana"]
        assert [owner_of(mo.desk, "cta", ids[why]) for why in ("Renewal", "Quote", "EBR")] == ["ben", "ben", "ana"]
        await mo.press("7", "p", "w")
        await mo.sees("Ben Okafor", on="Ana Ruiz")
        await mo.press("4", "p", "b")
        await mo.sees("cover runs")
    back = NOW + timedelta(days=21)
    log_activity(builders.desk_of(store, "ben", back - timedelta(days=3)), ids["Maple Foods"], "call", "They ask for a quote",
                 attendees=["Dora of Maple Foods"], next_step="Send the quote", next_step_due="2026-12-18")  # fmt: skip
    async with sit("ana", on=store, now=back) as ana:
        await ana.press("4", "p", "o", "enter")
        await on_step(ana, "Read it and take back")
        await choose(ana, "Take the accounts back")
        await ana.sees("Ben Okafor has not signed the return list yet")
        await on_step(ana, "Read it and take back")
        await choose(ana, "Sign it")
        await ana.sees("Signing the return list is for the incoming side")
    async with sit("ben", on=store, now=back) as ben:
        await ben.press("4", "p", "n", "enter")
        await on_step(ben, "The return list")
        await choose(ben, "Read the list")
        await ben.sees("Not signed yet", "Promised · 1", "Send the quote", "Renewal")
        await ben.press("escape")
        await on_step(ben, "The return list")
        await choose(ben, "Sign it")
        await ben.sees("Signed the return list of Ana Ruiz: 2 accounts", "1 promised")
    before = lasting(store)
    async with sit("ana", on=store, now=back) as ana:
        await ana.press("4", "p", "o", "enter")
        await on_step(ana, "Read it and take back")
        await choose(ana, "some CTAs stay")
        await fill(ana, stay=str(ids["Quote"]))
        await ana.sees("Took back Ana Ruiz: 2 accounts: 1 CTA returned, 1 stay")
        assert [owner_of(ana.desk, "cta", ids[why]) for why in ("Renewal", "Quote", "EBR")] == ["ana", "ben", "ana"]
        assert one(ana.desk, "SELECT state FROM transition") == "done"
        assert one(ana.desk, "SELECT ended_at FROM away") is not None
        await ana.press("u")
        assert lasting(store) == before


async def test_not_back_is_never_silent(sit: Sit, covered: tuple[Store, dict[str, int]]) -> None:
    """After the day the lead has a CTA and the board's first row; from the step she extends, or starts a hand-over."""
    store, _ = covered
    ana = builders.desk_of(store, "ana", NOW)
    transition.start(ana, None, "cover", "ben", date(2026, 11, 30), "Leave", returns_on=date(2026, 12, 14))
    for name in ("Maple Foods", "Plum Tools"):
        write_all(ana, 1, builders.the(ana, "account", name))
    transition_acts.decide(ana, 1, "wait")
    hand_over.accept(builders.desk_of(store, "ben", NOW), 1)
    late = NOW + timedelta(days=24)
    tick(builders.desk_of(store, "mo", late))
    async with sit("mo", on=store, now=late) as mo:
        await mo.press("2")
        await mo.sees("today", "Ana Ruiz is not b")
        await mo.press("4", "p", "b")
        await mo.sees("! not back since 3 days")
        await mo.press("enter")
        await on_step(mo, "Not back?")
        await choose(mo, "hand an account over")
        await choose(mo, "Plum Tools")
        await mo.sees("Start a hand-over", "Plum Tools")
        await mo.press("escape")
        await on_step(mo, "Not back?")
        await choose(mo, "A later day")
        await fill(mo, returns="2026-12-10", reason="ill")
        await mo.sees("no later day")
        await fill(mo, returns="2026-12-28", reason="ill")
        await mo.sees("Extended the cover", "Mon 28 Dec: ill")
        await mo.sees_not("! not back")
        assert str(one(mo.desk, "SELECT max(last) FROM away"))[:10] == "2026-12-27"
        await mo.press("u")
        await mo.sees("! not back since 3 days")


async def test_a_pool_covers_and_the_days_move(sit: Sit, covered: tuple[Store, dict[str, int]]) -> None:
    """A pool's name in place of a login; the return is moved with the day, never before it."""
    async with sit("ana", on=covered[0]) as ana:
        await start(ana, kind="cover", account="Plum Tools", to="West", target="2026-11-30", returns="2026-12-14")
        await ana.sees("Incoming · West", "back Mon 14 Dec", "1 of 1 account")
        await ana.press("i")
        await fill(ana, target="2026-12-21")
        await ana.sees("The return comes after the first day of the cover")
        await fill(ana, returns="2027-01-04")
        await ana.sees("from Mon 21 Dec, back Mon 4 Jan 2027")


# -- a pod


async def test_a_pod_shares_out_a_patch(sit: Sit, company: Store) -> None:
    """Lead and second account by account, a senior for the large one, one note for the small; accepted, and taken back."""
    mo = builders.desk_of(company, "mo", NOW)
    big, _ = ready_account(mo, "Maple Foods", arr=9_000_000)
    ready_account(mo, "Plum Tools")
    renewal = builders.cta(mo, big, owner="ana", because="Renewal", title="Renewal", due=date(2026, 12, 20))
    pod.new_pod(mo, "North", ["ana", "ben"], ["dee"])
    async with sit("ana", on=company) as ana:
        await start(ana, kind="pod", reason="Ana leaves the pod")
        await ana.sees("pod", "Outgoing · ana", "Incoming · North", "locked until: patch")
        await on_step(ana, "The strategic threads")
        await ana.sees("Who takes which")
        await choose(ana, "All 2 accounts")
        await fill(ana, to="dee", second="ben")
        await ana.sees("2 accounts led by dee and second ben")
        await on_step(ana, "The strategic threads")
        await choose(ana, "Maple Foods")
        await fill(ana, to="ben")
        await ana.sees("lead and second contact are two people")
        await fill(ana, to="ben", second="dee")
        await to_step(ana, "The strategic threads")
        await ana.sees("1 of 1 strategic account")
        await on_step(ana, "The tactical threads")
        await choose(ana, "All that are undecided")
        await choose(ana, "takes it")
        await on_step(ana, "A brief for each large account")
        await choose(ana, "The note about")
        await put(ana, "They all like mail.")
        await ana.press("ctrl+s")
        await ana.sees("Wrote the patch's note")
        await on_step(ana, "A brief for each large account")
        await choose(ana, "Maple Foods")
        await choose(ana, "Health and risks")
        await put(ana, SHORT)
        await ana.press("ctrl+s")
        await ana.sees("Wrote Health and risks of Maple Foods's brief")
        write_all(ana.desk, 1, big)
        await on_step(ana, "Tell the customer, by a face that stays")
        await choose(ana, "Maple Foods")
        await choose(ana, "Draft it")
        await ana.press("escape")
        await on_step(ana, "Tell the customer, by a face that stays")
        await choose(ana, "Maple Foods")
        await choose(ana, "It was sent by other ways")
        log_activity(ana.desk, "Plum Tools", "email", "Who is there for you", attendees=["Dora of Plum Tools"])
        log_activity(ana.desk, big, "meeting", "The patch, walked through", attendees=["ana", "ben", "dee"])
    before = lasting(company)
    async with sit("ben", on=company) as ben:
        await ben.press("4", "p", "n", "enter", "e")
        await ben.sees("Note of the patch", "They all like mail")
        await ben.press("escape")
        await on_step(ben, "Accept")
        await ben.sees("Handed over Ana Ruiz: 2 accounts to North", "1 moved")
        assert [owner_of(ben.desk, "account", id_) for id_ in (big, builders.the(ben.desk, "account", "Plum Tools"))] == ["ben", "dee"]
        assert owner_of(ben.desk, "cta", renewal) == "ben"
        assert one(ben.desk, "SELECT count(*) FROM account WHERE served_by = 'pod' AND pod_id IS NOT NULL") == 2
        await ben.press("u")
    assert lasting(company) == before

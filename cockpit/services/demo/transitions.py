"""Accounts of the demo that change hands: of each kind one, at several stages; one sent back, one late, one cover running."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from cockpit.services.demo.cast import LEAVER, LEAVER_DAYS
from cockpit.services.evidence import settle
from cockpit.services.hand_over import carry_out
from cockpit.services.transition import stored
from cockpit.services.transition_evidence import Facts, load
from cockpit.services.transition_start import Plan, begin
from db.terms import CtaStatus, Outcome, TaskStatus

if TYPE_CHECKING:
    from cockpit.services.act import Work
    from cockpit.services.demo.cast import World

_TOLD = {
    "who": "They make parts for two carmakers and bought us to see late orders before the customer calls.",
    "people": "The head of operations decides and likes numbers. The IT lead blocked us once; bring him in early.",
    "use": "Both plants use the order board daily; reports are read by management on Mondays.",
    "risks": "The budget is looked at in spring. Support was slow twice last quarter and they remember.",
    "money": "Two years, paid yearly. They were promised the old price for ten more seats.",
    "work": "We promised a training for the second shift, and an answer about the interface by the end of the month.",
    "style": "Short mails, no slides. Never ring on Mondays.",
    "first30": "Meet the operations people on site, then look at the reports with the IT lead.",
}
_BACK = "Who pays the invoice now, and is the second plant really live? Data says no."
_DONE_DAYS = 120
"""So long ago the one was handed over whose follow-up has ended."""
_WAVES, _STAY_DAYS, _GONE = (112, 98), 45, 24
"""So long ago the two waves of somebody who had left were handed over, and it was said that they stay; so many accounts."""


def write(work: Work, world: World) -> None:
    """All of them, as far as the company has accounts for them."""
    maker, what = _Maker(work, world), work.act.what
    maker.half_way()
    maker.mine()
    maker.late()
    maker.sent_back()
    maker.out_of_the_pool()
    maker.cover()
    maker.pod()
    maker.done()
    maker.gone()
    settle(work, transitions=maker.made)
    work.say(what)


class _Maker:
    """Begins each at a moment of its own, then plays what was done since."""

    def __init__(self, work: Work, world: World) -> None:
        self.work, self.world = work, world
        self.rng = Random(f"transitions {world.opener}")
        self.made: list[int] = []
        self._taken: set[int] = set()

    def half_way(self) -> None:
        """Ana hands one to Chi: half of the brief is there, one step is late, he asks something."""
        account = self._account("ana")
        if account is None:
            return
        id_ = self._begin(Plan("csm_to_csm", account, "chi", self._on(7), "Ana takes over the enterprise accounts"), 6)
        self._tell(id_, ("who", "people", "use", "risks", "money"), 3)
        self._decide(id_, "move", 2)
        self._ask(id_, "chi", "Who decides about the renewal: operations, or their parent?", None, 1)

    def mine(self) -> None:
        """One comes to whoever opened the demo, the brief complete; one of hers goes to Chi."""
        opener = self.world.opener
        account = self._account("pam")
        if account is not None:
            id_ = self._begin(Plan("csm_to_csm", account, opener, self._on(3), "Pam works for two pools and has too much"), 8)
            self._tell(id_, tuple(_TOLD), 4)
            self._decide(id_, "move", 4)
            self._confirm(id_, 4)
            self._agree(id_, 3)
            self._ask(id_, opener, "Is the old price promised in writing?", "Yes: the mail is on the timeline, from spring.", 2)
        own = self._account("gus")
        if own is not None:
            self.work.update("account", own, {"owner_id": self.world.csms[opener]})
            id_ = self._begin(Plan("csm_to_csm", own, "chi", self._on(8), "Speaks their language"), 1)
            self._tell(id_, ("who",), 0)

    def late(self) -> None:
        """The day of the hand-over passed, and nobody told the customer."""
        account = self._account("chi")
        if account is not None:
            id_ = self._begin(Plan("csm_to_csm", account, "ana", self._on(-2), "Chi learns the East accounts"), 14)
            self._tell(id_, tuple(_TOLD)[:6], 6)
            self._decide(id_, "move", 5)

    def sent_back(self) -> None:
        """A small one on its way to the pool, sent back twice: the lead decides."""
        account = self._account("dee", small=True)
        if account is None:
            return
        id_ = self._begin(Plan("csm_to_pool", account, "West", self._on(4), "Too small for a CSM of its own"), 13)
        self._tell(id_, ("who", "use", "risks", "money", "work"), 9)
        self._decide(id_, "move", 9)
        values = {"sent_back": 2, "sent_back_why": _BACK, "sent_back_at": self._ago(2)}
        self.work.update("transition", id_, values)
        self._ask(id_, "mo", "Ana looked at it too: the invoice goes to the parent. Please write that down.", None, 1)

    def out_of_the_pool(self) -> None:
        """One that grew: the manager has agreed, nobody is chosen yet."""
        row = self.work.db.one(
            "SELECT a.id FROM account a WHERE a.owner_id IS NULL AND a.pool_id = :pool AND a.status = 'customer' AND a.served_by = 'pool'"
            " AND EXISTS (SELECT 1 FROM activity v WHERE v.account_id = a.id) AND NOT EXISTS (SELECT 1 FROM intervention i"
            " WHERE i.account_id = a.id) ORDER BY a.arr DESC, a.id LIMIT :one",
            pool=self.world.pools["Europe"], one=1,
        )  # fmt: skip
        if row is not None:
            self._taken.add(row[0])
            id_ = self._begin(Plan("pool_to_csm", row[0], None, self._on(6), "Grew past the pool's line; asks for a person"), 1)
            self._agree(id_, 1)

    def cover(self) -> None:
        """Somebody is away and covered: the absence the team shows has its book, its notes and what happened since."""
        found = self.work.db.one(
            "SELECT w.id, o.login, w.first, w.last, v.login FROM away w JOIN csm o ON o.id = w.csm_id JOIN csm v ON v.id = w.cover_id"
            " WHERE w.ended_at IS NULL AND w.first < :today AND EXISTS (SELECT 1 FROM account a WHERE a.owner_id = w.csm_id"
            " AND a.status = 'customer') ORDER BY w.id LIMIT :one",
            today=self.world.today, one=1,
        )  # fmt: skip
        if found is None:
            return
        first, last = (datetime.fromisoformat(str(day)).date() for day in found[2:4])
        accounts = self._accounts(found[1])[:3]
        begun = (self.world.today - first).days + 6
        plan = Plan("cover", None, found[4], first, "Leave", last + timedelta(days=1), found[1], tuple(map(str, accounts)),
                    dict.fromkeys(map(str, accounts[1:2]), "answer_only"))  # fmt: skip
        id_ = self._begin(plan, begun)
        self._tell(id_, ("risks", "work", "style"), begun - 2)
        self._decide(id_, "wait", begun - 2)
        self.work.update("transition", id_, {"away_id": found[0]})
        self._carry(id_, (self.world.today - first).days + 1)

    def pod(self) -> None:
        """Jon's accounts of the pod get another lead and a second contact."""
        accounts = [id_ for id_ in self._accounts("jon") if id_ not in self._taken][:3]
        home = self.work.db.one("SELECT d.name FROM pod_member m JOIN pod d ON d.id = m.pod_id WHERE m.csm_id = :id",
                                id=self.world.csms["jon"])  # fmt: skip
        pod = home[0] if home is not None else next(iter(self._pods()), None)
        if not accounts or pod is None:
            return
        names = tuple(map(str, accounts))
        plan = Plan("pod", None, pod, self._on(5), "Jon moves to onboarding", owner="jon", accounts=names,
                    takers=dict.fromkeys(names, "ida"), seconds=dict.fromkeys(names, "kai"))  # fmt: skip
        self._taken.update(accounts)
        self._begin(plan, 3)

    def done(self) -> None:
        """One handed over months ago, each check-in closed: what continuity is measured on."""
        account = self._account("hal")
        if account is None:
            return
        to = self._owner(account)
        self.work.update("account", account, {"owner_id": self.world.csms["eve"]})
        id_ = self._begin(Plan("csm_to_csm", account, to, None, "Eve leads the team now"), _DONE_DAYS + 14, target_ago=_DONE_DAYS)
        self._tell(id_, tuple(_TOLD), _DONE_DAYS + 8)
        self._confirm(id_, _DONE_DAYS + 9)
        self._agree(id_, _DONE_DAYS + 8)
        self._carry(id_, _DONE_DAYS, follow=False)
        self._check_ins(id_, account)
        self._over(id_, _DONE_DAYS - 92)

    def gone(self) -> None:
        """Noa's small accounts went to the pool in two waves after she had left; they are followed up no longer."""
        ago = LEAVER_DAYS + 1
        noa = self.work.db.scalar("SELECT id FROM csm WHERE login = :login", login=LEAVER[0])
        accounts = self._small(ago)
        if noa is None or not accounts:
            return
        leave = self.work.insert("leave", {
            "csm_id": noa, "last_day": self.world.today - timedelta(days=LEAVER_DAYS), "is_gone": True, "note": "Another town",
            "started_at": self._ago(ago), "ended_at": self._ago(_STAY_DAYS),
        })  # fmt: skip
        self.work.update_many("account", {id_: {"owner_id": noa} for id_ in accounts})
        for n, account in enumerate(accounts):
            wave = 1 + (2 * n >= len(accounts))
            handed = _WAVES[wave - 1]
            plan = Plan("csm_to_pool", account, "West", None, "Noa has left", leave_id=leave, wave=wave, tier="C")
            id_ = self._begin(plan, ago, target_ago=handed)
            self._tell(id_, ("who", "use", "risks", "money", "work"), handed + 3)
            self._carry(id_, handed, follow=False)
            self._over(id_, _STAY_DAYS, {"stay": "stays with the pool"})

    def _small(self, ago: int) -> list[int]:
        """Customers of pool West since before that day, nobody's own; those first that have answered a survey lately."""
        day, lately = self.world.today - timedelta(days=ago), self.world.today - timedelta(days=_WAVES[1])
        rows = self.work.db.all(
            "SELECT a.id FROM account a WHERE a.pool_id = :pool AND a.owner_id IS NULL AND a.served_by = 'pool' AND a.parent_id IS NULL"
            " AND EXISTS (SELECT 1 FROM subscription u WHERE u.account_id = a.id AND u.starts <= :day"
            " AND (u.ends IS NULL OR u.ends > :day))"
            " AND NOT EXISTS (SELECT 1 FROM cta c WHERE c.account_id = a.id AND c.status = 'open' AND c.owner_id IS NOT NULL)"
            " AND NOT EXISTS (SELECT 1 FROM intervention i WHERE i.account_id = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM transition t WHERE t.account_id = a.id)"
            " ORDER BY (SELECT count(*) FROM survey s WHERE s.account_id = a.id AND s.kind = 'nps' AND s.answered > :lately) DESC, a.id"
            " LIMIT :most",
            pool=self.world.pools["West"], day=day, lately=lately, most=_GONE,
        )  # fmt: skip
        return [row[0] for row in rows if row[0] not in self._taken]

    # How ---------------------------------------------------------------------------------------

    def _begin(self, plan: Plan, ago: int, *, target_ago: int | None = None) -> int:
        work, now, today = self.work, self.work.now, self.work.today
        work.now, work.today = self._ago(ago), today - timedelta(days=ago)
        target = plan.target if target_ago is None else today - timedelta(days=target_ago)
        values = {name: getattr(plan, name) for name in plan.__slots__}
        made = begin(work, [Plan(**(values | {"target": target}))])[0]
        work.now, work.today = now, today
        id_ = int(made.row["id"])
        self.made.append(id_)
        return id_

    def _facts(self, id_: int) -> Facts:
        return load(self.work.desk, self.work.db, [stored(self.work.db, id_)])[id_]

    def _tell(self, id_: int, sections: Sequence[str], ago: int) -> None:
        told = {key: _TOLD[key] for key in sections}
        for brief in self._facts(id_).briefs:
            author = self._facts(id_).row.from_csm_id
            self.work.update("brief", brief.id, {"sections": told, "written_by_id": author, "written_at": self._ago(ago)})

    def _decide(self, id_: int, choice: str, ago: int) -> None:
        facts = self._facts(id_)
        self.work.insert_many("decision", [
            {"transition_id": id_, "thing": one.thing, "thing_id": one.thing_id, "choice": choice, "by_id": facts.row.from_csm_id,
             "at": self._ago(ago)} for one in facts.undecided
        ])  # fmt: skip

    def _confirm(self, id_: int, ago: int) -> None:
        facts = self._facts(id_)
        rows = [seat.membership_id for account in facts.accounts for seat in facts.members_of(account)]
        values = {"confirmed_at": self._ago(ago), "confirmed_by_id": facts.row.from_csm_id}
        self.work.update_many("membership", dict.fromkeys(rows, values))

    def _agree(self, id_: int, ago: int) -> None:
        self.work.update("transition", id_, {"agreed_at": self._ago(ago), "agreed_by_id": self._facts(id_).row.manager_id})

    def _ask(self, id_: int, by: str, body: str, answer: str | None, ago: int) -> None:
        facts = self._facts(id_)
        answered = {"answer": answer, "answered_at": self._ago(ago), "answered_by_id": facts.row.from_csm_id} if answer else {}
        values: dict[str, Any] = {"transition_id": id_, "asked_by_id": self.world.csms[by], "body": body, "asked_at": self._ago(ago + 1)}
        self.work.insert("question", values | answered)

    def _carry(self, id_: int, ago: int, follow: bool = True) -> None:
        now, today = self.work.now, self.work.today
        self.work.now, self.work.today = self._ago(ago), today - timedelta(days=ago)
        facts = self._facts(id_)
        carry_out(self.work, facts, by=facts.row.to_csm_id or facts.row.manager_id, follow=follow)
        self.work.now, self.work.today = now, today

    def _over(self, id_: int, ago: int, extra: Mapping[str, str] | None = None) -> None:
        """Its follow-up is done."""
        at = self._ago(ago)
        self.work.update("transition", id_, {"state": "done", "ended_at": at} | ({"extra": dict(extra)} if extra else {}))
        left = self.work.db.all("SELECT id FROM task WHERE transition_id = :id AND status = 'open'", id=id_)
        self.work.update_many("task", {row[0]: {"status": TaskStatus.DONE, "done_at": at} for row in left})

    def _check_ins(self, id_: int, account: int) -> None:
        reason = self.work.insert("reason", {"name": "Check-in after hand-over"})
        for key, ago in (("check_in_30", 30), ("check_in_60", 60), ("check_in_90", 91)):
            task = self.work.db.one("SELECT id, title FROM task WHERE transition_id = :id AND key = :key", id=id_, key=key)
            if task is None:
                continue
            days, opened = self.world.days["West"], self._ago(_DONE_DAYS)
            closed = days.on(self.rng, days.due(self.world.today - timedelta(days=_DONE_DAYS - ago), 1))
            owner = self.work.db.scalar("SELECT to_csm_id FROM transition WHERE id = :id", id=id_)
            cta = self.work.insert("cta", {
                "account_id": account, "type_id": self.world.types["lifecycle"], "reason_id": reason, "title": task[1],
                "pool_id": self.work.db.scalar("SELECT pool_id FROM account WHERE id = :id", id=account), "owner_id": owner,
                "status": CtaStatus.CLOSED, "outcome": Outcome.SUCCESS, "close_note": "Works well; they know whom to ring.",
                "opened_at": opened, "claimed_at": opened + timedelta(hours=1), "first_claimed_at": opened + timedelta(hours=1),
                "touched_at": closed, "closed_at": closed, "due": closed.date(), "source": f"transition {id_}",
            })  # fmt: skip
            self.work.update("task", task[0], {"spec": {"done": "checked in", "opens": "check in", "cta": cta}})

    def _accounts(self, login: str) -> list[int]:
        return [row[0] for row in self.work.db.all(
            "SELECT id FROM account WHERE owner_id = :csm AND status = 'customer' AND parent_id IS NULL ORDER BY arr DESC, id",
            csm=self.world.csms[login])]  # fmt: skip

    def _account(self, login: str, small: bool = False) -> int | None:
        free = [id_ for id_ in self._accounts(login) if id_ not in self._taken]
        if not free:
            return None
        found = free[-1] if small else free[0]
        self._taken.add(found)
        return found

    def _owner(self, account: int) -> str:
        sql = "SELECT o.login FROM account a JOIN csm o ON o.id = a.owner_id WHERE a.id = :id"
        return str(self.work.db.scalar(sql, id=account))

    def _pods(self) -> Mapping[str, int]:
        return self.world.pods

    def _on(self, days: int) -> Any:
        return self.world.days["West"].due(self.world.today, days) if days > 0 else self.world.today + timedelta(days=days)

    def _ago(self, days: int) -> datetime:
        return self.world.now - timedelta(days=days, minutes=self.rng.randrange(5, 50))



"""What colleagues say to each other in the demo: comments, mentions, a second opinion, who follows whom, reviews."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.services.demo.cast import CSMS, POOLS
from cockpit.services.demo.company import Row
from db.terms import Verdict

if TYPE_CHECKING:
    from cockpit.services.act import Work
    from cockpit.services.demo.cast import World

_NAMES = {login: name for login, name, _, _ in CSMS}
_HOME = {login: pools[0] for login, _, _, pools in CSMS}
_FOLLOW = (("dee", "plan", "chi"), ("kai", "shown", "ida"))
"""Who follows which part, of whom."""
_READ = (
    ("dee", "chi", Verdict.GOOD, "Short, and one sees what was agreed. Keep it so."),
    ("dee", "chi", Verdict.WEAK, "Say whom you spoke to and what happens next: the note alone does not tell."),
    ("kai", "mo", Verdict.WEAK, "One try by mail is little. Ring, then write, then close."),
    ("gus", "mo", Verdict.GOOD, None),
    ("hal", "mo", Verdict.WRONG, "This was ours to solve: it should have stayed open until support had answered."),
)
"""Whose close, read by whom, and what she thinks of it."""


class Talk:
    """Collects what was said, then writes it in a few statements."""

    def __init__(self, work: Work, world: World) -> None:
        self.work, self.world = work, world
        self._said: list[tuple[Row, list[tuple[int, bool]]]] = []

    def write(self) -> None:
        """Everything that the parts of this demo give rise to."""
        self._opener()
        self._silence()
        self._answered()
        self._follow()
        self._review()
        ids = self.work.insert_many("comment", [row for row, _ in self._said])
        self.work.insert_many("mention", [
            {"comment_id": id_, "csm_id": csm, "seen_at": row["at"] if is_seen else None}
            for id_, (row, told) in zip(ids, self._said, strict=True) for csm, is_seen in told
        ])  # fmt: skip

    def _say(
        self, part: str, author: int | None, to: int, body: str, at: datetime | None = None, *, ago: int = 0, seen: bool = False,
        opinion: bool = False,
    ) -> None:  # fmt: skip
        stand = self.world.cast.get(part)
        if stand is not None and author != to:
            moment = at or self.world.days[stand.pool].ago(self.world.rng, ago)
            row = {"cta_id": stand.cta, "author_id": author, "body": body, "at": moment, "asks_opinion": opinion}
            self._said.append((row, [(to, seen)]))

    def _opener(self) -> None:
        world = self.world
        me, chi = world.csms[world.opener], world.csms["chi"]
        friend = world.csms["eve"] if me == chi else chi
        self._say(
            "engaged", friend, me,
            f"@{world.opener} their plant manager told me at the user group that the night shift is back to spreadsheets. Ask him?",
        )  # fmt: skip
        asked = world.csms["mo"] if me == chi else me
        login = "mo" if me == chi else world.opener
        self._say(
            "plan",
            chi,
            asked,
            f"@{login} the sponsor wants a third goal about cost. Would you promise it?",
            opinion=True,
        )

    def _silence(self) -> None:
        """What the program said when nobody answered."""
        stand = self.world.cast.get("silent")
        if stand is not None and stand.intervention is not None and stand.proposed_at is not None:
            words = "No answer after 3 tries in 10 business days"
            body = f"{words}: end intervention {stand.intervention} as no response, or try once more?"
            self._say("silent", None, stand.owner, body, stand.proposed_at)

    def _answered(self) -> None:
        """A talk that is over."""
        eve, gus = self.world.csms["eve"], self.world.csms["gus"]
        self._say("track", eve, gus, "@gus did support tell you when the export is fixed?", ago=4, seen=True)
        self._say("track", gus, eve, "@eve next release, it is in their notes.", ago=3, seen=True)

    def _follow(self) -> None:
        rows: list[Row] = []
        for login, part, senior in _FOLLOW:
            stand, csm, shows = self.world.cast.get(part), self.world.csms[login], self.world.csms[senior]
            if stand is None or stand.owner == csm:
                continue
            rows.append({"cta_id": stand.cta, "csm_id": csm})
            name = self.world.opener if senior == self.world.opener else _NAMES[senior]
            self._say(part, shows, csm, f"Follow this one: {name} shows how it is done.", ago=1)
        self.work.insert_many("shadow", rows)

    def _review(self) -> None:
        world = self.world
        rows: list[Row] = []
        for login, by, verdict, note in _READ:
            owner, reader = world.csms[login], world.csms[by]
            at = world.days[next(name for name in POOLS if name == _HOME[login])].ago(world.rng, 0)
            close = next((one for one in world.closes.get(owner, ()) if one[0] < at), None)
            if close is None or owner == reader:
                continue
            world.closes[owner].remove(close)
            rows.append({"cta_id": close[1], "reviewer_id": reader, "verdict": verdict, "note": note, "at": at})
            body = f"I have read how CTA {close[1]} was closed: see your reviews."
            self._said.append(
                (
                    {"cta_id": close[1], "author_id": reader, "body": body, "at": at, "asks_opinion": False},
                    [(owner, False)],
                )
            )
        self.work.insert_many("review", rows)

"""The week told by commands: what each of the five types, and what she is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cockpit.__main__ import main
from db.store import Store
from tests.journeys.week_pool import Clock, cta, hour_passes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    said: str

    @property
    def rows(self) -> Any:
        return json.loads(self.out)

    def says(self, *words: str) -> Answer:
        """It was done, and these words are in the answer."""
        return self._has(0, words)

    def refuses(self, *words: str) -> Answer:
        """A rule said no, in these words."""
        return self._has(4, words)

    def _has(self, code: int, words: tuple[str, ...]) -> Answer:
        assert self.code == code, self
        for word in words:
            assert word in self.out + self.said, self
        return self


Person = Callable[..., Answer]


class ByCommand:
    """One store, five terminals."""

    def __init__(self, store: Store, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
        self.store, self.clock, self.capsys = store, clock, capsys
        self.ana, self.ben, self.chi, self.dee, self.eve, self.mo = map(self.person, ("ana", "ben", "chi", "dee", "eve", "mo"))

    def person(self, login: str) -> Person:
        def types(*words: object) -> Answer:
            self.capsys.readouterr()
            code = main([*(str(word) for word in words), "--db", self.store.url, "--as", login])
            out, said = self.capsys.readouterr()
            return Answer(code, out, said)

        return types

    def the(self, account: str, because: str = "") -> int:
        return cta(self.store, account, because)

    def at(self, day: str, hour: str, **health: int) -> None:
        """The clock strikes, facts come in, and what fell due happens."""
        self.clock.strikes(day, hour)
        hour_passes(self.store, self.clock, {name.replace("_", " "): value for name, value in health.items()})

    async def monday(self) -> None:
        ana, chi, dee, eve, mo = self.ana, self.chi, self.dee, self.eve, self.mo
        self.at("mon", "09:00")
        mo("pool", "edit", "West", "--max-open", 6, "--lease-days", 3).says("Changed")
        mo("pool", "join", "West", "eve").says("Eve Moreau")
        away = mo("away", "set", "ben", "--from", "tue", "--to", "fri", "--cover", "ana", "--note", "at sea")
        away.says("Ben Okafor is away Tue 24 Nov to Fri 27 Nov; Ana Ruiz covers")

        ana("next").says("Northwind Optics", "1 more CTA of the same account is unassigned")
        ana("claim", self.the("Northwind Optics", "Seats at 96%")).says("Claimed CTA")
        ana("next").says("Lumen Freight")
        ana("next").says("Pelican Foods")

        eve("claim", self.the("Umber Labs"), self.the("Velvet Rail")).says("Claimed 2 CTAs")
        eve("claim", self.the("Walnut Homes")).says("Walnut Homes")
        dee("claim", self.the("Walnut Homes")).refuses("Eve Moreau")
        first = dee("queue", "--limit", 1, "--json").rows[0]
        assert first["account"] == "Quartz Bank", "strategic work is for seniors"
        dee("next").says("Rivet Tools")
        dee("shadow", "add", self.the("Pelican Foods")).says("Dee Lind follows CTA", "Ana Ruiz")

        chi("next").says("Quartz Bank")
        chi("next").refuses("You hold 6 of 6 open CTAs: close or release one first.")
        chi("close", self.the("Delta Print"), "--outcome", "success").says("Delta Print")
        chi("next").says("Sable Media")

    async def tuesday(self) -> None:
        ana, chi, dee, mo = self.ana, self.chi, self.dee, self.mo
        self.at("tue", "09:00")
        dee("comment", self.the("Pelican Foods"), "@ana why the EBR before their renewal?").says("Told Ana Ruiz")
        assert [row["author"] for row in ana("mentions", "--seen", "--json").rows] == ["dee"]
        ana("comment", self.the("Pelican Foods"), "@mo would you bring the sponsor?", "--opinion").says("Asked Mo Haddad for an opinion")

        anchor = next(row for row in ana("work", "--json").rows if row["account"] == "Anchor Health")
        assert (anchor["owner"], anchor["stands_for"]) == ("ben", "for Ben until Fri 27 Nov")
        ana("log", "Anchor Health", "--type", "call", "--subject", "Logins are back", "--attendee", "Lena Vogt",
            "--cta", anchor["id"]).says("Logged call")  # fmt: skip
        ana("close", anchor["id"], "--outcome", "success", "--note", "It was their holiday").says("Anchor Health")

        ana("snooze", self.the("Lumen Freight"), "--until", "2026-12-07", "--reason", "their budget round", "--wake", "health:<50").says(
            "Snoozed")
        ana("log", "Northwind Optics", "--type", "outreach", "--subject", "What changed in October?",
            "--cta", self.the("Northwind Optics", "Usage dropped 41%")).says("intervention 1 began, reached out")  # fmt: skip

        assert [row["asks_opinion"] for row in mo("mentions", "--seen", "--json").rows] == [True]
        mo("comment", self.the("Pelican Foods"), "@ana yes, and @dee may sit in").says("Told")
        assert next(row for row in ana("work", "--json").rows if row["account"] == "Pelican Foods")["owner"] == "ana"

        chi("close", self.the("Ember Rail"), "--outcome", "success", "--note", "All quiet").says("the next one is CTA 41, due Tue 8 Dec")
        chi("next").says("Topaz Air")
        chi("close", self.the("Fable Games"), "--outcome", "invalid").says("Fable Games")
        chi("undo").says("Undid: Closed CTA", "Fable Games")

    async def wednesday(self) -> None:
        ana, chi, mo = self.ana, self.chi, self.mo
        self.at("wed", "09:00", Lumen_Freight=42)
        lumen = next(row for row in ana("work", "--json").rows if row["account"] == "Lumen Freight")
        assert lumen["snoozed_until"] is None, "its health fell below 50: no waiting for their budget round"

        ana("log", "Northwind Optics", "--type", "meeting", "--subject", "Their new process", "--attendee", "Maria Ortiz",
            "--cta", self.the("Northwind Optics", "Usage dropped 41%")).says("intervention 1 engaged")  # fmt: skip
        ana("intervention", "plan", 1, "Train both teams by 4 Dec", "--criterion", "health:>=60").says("plan")
        chi("log", "Garnet Insurance", "--type", "email", "--subject", "May we help?",
            "--cta", self.the("Garnet Insurance")).says("intervention 2 began, reached out")  # fmt: skip
        chi("snooze", *(self.the(name) for name in ("Quartz Bank", "Sable Media", "Topaz Air", "Fable Games", "Harbor Lights")),
            "--until", "mon", "--reason", "nobody answers over Thanksgiving").says("Snoozed 5 CTAs")  # fmt: skip

        pushed = mo("push", "West", "--json")
        assert {one["owner"] for one in pushed.rows["given"]} == {"ana", "dee", "eve"}, "Chi is at her limit, Ben is away"
        pushed.says("Ben Okafor is away until Fri 27 Nov; Ana Ruiz covers.")

    async def thursday(self) -> None:
        self.at("thu", "11:00")
        leases = {row["account"]: row["says"] for row in self.mo("lease", "list", "--owner", "eve", "--all", "--json").rows}
        assert leases["Walnut Homes"] == "returns after Fri 27 Nov (1 business day)", "Thanksgiving does not count"

    async def friday(self) -> None:
        ana, chi, dee, mo = self.ana, self.chi, self.dee, self.mo
        self.at("fri", "10:00", Northwind_Optics=68)
        assert [row["body"] for row in ana("mentions", "--json").rows if row["author"] is None] == [
            "On track: health:>=60 holds. Hand it to self-service when Support knows what to know."]
        ana("intervention", "handoff", 1, "--note", "Two teams, one admin: Maria", "--article", "https://help.example/teams").says(
            "handed to self-service")
        ana("close", self.the("Northwind Optics", "Seats at 96%"), self.the("Northwind Optics", "Usage dropped 41%"),
            "--outcome", "success", "--note", "Back at 96 of 100 seats").says("Closed 2 CTAs")  # fmt: skip
        ana("close", self.the("Pelican Foods"), "--outcome", "success", "--note", "EBR held").says("Pelican Foods")
        ana("release", self.the("Lumen Freight"), "--note", "Ask for Kim, not for Lee").says("Ask for Kim")

        (followed,) = dee("shadow", "list", "--all", "--json").rows
        assert (followed["account"], followed["status"]) == ("Pelican Foods", "closed")
        dee("log", "Rivet Tools", "--type", "update", "--subject", "Support has answered six of nine",
            "--cta", self.the("Rivet Tools")).says("Logged update")  # fmt: skip

        chi("intervention", "stage", 2, "no_response", "--reason", "bought by a customer of ours").says("no response")
        (close,) = [row for row in mo("review", "sample", "--by", "chi", "--json").rows if row["lacks_evidence"]]
        assert close["account"] == "Delta Print"
        mo("review", "add", close["id"], "--verdict", "weak", "--note", "Say what came of it").says("Delta Print")
        assert [row["verdict"] for row in chi("review", "list", "--json").rows] == ["weak"]

    async def next_monday(self) -> None:
        self.at("next mon", "09:00")
        told = [row["body"] for row in self.eve("mentions", "--json").rows]
        assert told == ["Went back to the queue: you did not touch it for 3 business days."] * 3
        shown = self.dee("cta", "show", self.the("Walnut Homes"), "--json").rows
        assert shown["left_note"] == "Returned: Eve Moreau did not touch it for 3 business days"
        self.dee("close", self.the("Rivet Tools"), "--outcome", "success", "--note", "Support answered all nine").says("Rivet Tools")
        self.dee("claim", self.the("Walnut Homes")).says("Walnut Homes")
        self.ben("next").says("Claimed CTA")
        self.mo("verify").says()

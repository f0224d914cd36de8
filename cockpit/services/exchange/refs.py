"""What a file's words and ids stand for in the store; unknown owners, pools and the like are made, and counted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from cockpit.services.act import Work
from cockpit.services.exchange.dates import BadCell
from cockpit.services.setup import DEFAULT_POOL

_CHUNK = 2_000


class Refs:
    """Look-ups of one import, a batch at a time; what was found once is not asked again."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.made: defaultdict[str, list[str]] = defaultdict(list)
        """What had to be made: "pool" → names."""
        self._by_key: dict[tuple[str, str], dict[str, int]] = {}
        self._names: dict[str, dict[str, int]] = {}
        self._accounts: dict[str, list[int]] | None = None
        self._csms: list[tuple[int, str, str, str]] | None = None
        self._csm_memo: dict[tuple[str, str], int] = {}
        self._pool_zones: dict[int, str] | None = None

    # -- ids of other systems

    def ids(self, thing: str, system: str, keys: Iterable[str | None]) -> dict[str, int]:
        """What these ids of one system stand for; unknown ones are left out."""
        known = self._by_key.setdefault((thing, system), {})
        wanted = {key for key in keys if key}
        for chunk in _chunks([key for key in wanted if key not in known]):
            params: dict[str, Any] = {"system": system, "thing": thing}
            marks = self.work.db.marks("k", chunk, params)
            sql = (
                f"SELECT key, thing_id FROM external_id WHERE system = :system AND thing = :thing AND key IN ({marks})"
            )
            known.update(dict(self.work.db.all(sql, **params)))
        return {key: known[key] for key in wanted if key in known}

    def ids_anywhere(self, thing: str, system: str, keys: Iterable[str | None]) -> dict[str, int]:
        """The same, and for ids this system does not know, the one thing that another system has under them."""
        wanted = {key for key in keys if key}
        found = self.ids(thing, system, wanted)
        elsewhere: defaultdict[str, set[int]] = defaultdict(set)
        for chunk in _chunks([key for key in wanted if key not in found]):
            params: dict[str, Any] = {"thing": thing}
            marks = self.work.db.marks("k", chunk, params)
            rows = self.work.db.all(
                f"SELECT key, thing_id FROM external_id WHERE thing = :thing AND key IN ({marks})", **params
            )
            for key, thing_id in rows:
                elsewhere[key].add(thing_id)
        return found | {key: ids.pop() for key, ids in elsewhere.items() if len(ids) == 1}

    def note_ids(self, thing: str, system: str, ids: dict[str, int]) -> None:
        """Gives things the names another system has for them."""
        self.work.insert_many(
            "external_id", [{"system": system, "thing": thing, "key": key, "thing_id": id_} for key, id_ in ids.items()]
        )
        self._by_key.setdefault((thing, system), {}).update(ids)

    # -- accounts by name

    def accounts_named(self, name: str) -> list[int]:
        """The accounts of this name, in any case."""
        if self._accounts is None:
            self._accounts = {}
            for id_, known in self.work.db.all("SELECT id, name FROM account"):
                self._accounts.setdefault(known.casefold(), []).append(id_)
            for id_, gone in self.work.db.all(
                "SELECT a.id, m.gone_name FROM merge m JOIN account a ON a.id = m.kept_id WHERE m.thing = 'account'"
            ):
                self._accounts.setdefault(gone.casefold(), [id_])
        return self._accounts.get(name.casefold(), [])

    def forget_account_names(self) -> None:
        """Accounts may have got other names: look again."""
        self._accounts = None

    def note_accounts(self, names: Iterable[tuple[int, str]]) -> None:
        """Remembers accounts that were just made."""
        if self._accounts is not None:
            for id_, name in names:
                self._accounts.setdefault(name.casefold(), []).append(id_)

    # -- small tables

    def named(self, table: str, name: str, **values: Any) -> int:
        """The pool, segment, product, reason … of this name; made when there is none."""
        known = self._known(table)
        folded = name.casefold()
        if folded not in known:
            known[folded] = self.work.insert(table, {"name": name} | values)
            self.made[table].append(name)
        return known[folded]

    def forget(self, table: str) -> None:
        """The table was written by other means: look again."""
        self._names.pop(table, None)

    def is_known(self, table: str, name: str) -> bool:
        """Whether there is one of this name."""
        return name.casefold() in self._known(table)

    def _known(self, table: str) -> dict[str, int]:
        if table not in self._names:
            self._names[table] = {
                name.casefold(): id_ for id_, name in self.work.db.all(f"SELECT id, name FROM {table} ORDER BY id DESC")
            }
        return self._names[table]

    @property
    def default_pool(self) -> int | None:
        """The pool of CTAs whose account has none."""
        return self._known("pool").get(DEFAULT_POOL)

    def zone(self, pool_id: int | None) -> str:
        """The time zone of a pool, else of the default one."""
        if self._pool_zones is None:
            self._pool_zones = dict(self.work.db.all("SELECT id, time_zone FROM pool"))
        return self._pool_zones.get(pool_id or self.default_pool or 0, "UTC")

    # -- CSMs

    def csm(self, text: str, system: str) -> int | None:
        """The CSM with this id of the system, login, e-mail or name; None when nobody has it."""
        found = self._csm_memo.get((system, text)) or self._find_csm(text, system)
        if found is not None:
            self._csm_memo[system, text] = found
        return found

    def _find_csm(self, text: str, system: str) -> int | None:
        if found := self.ids("csm", system, [text]).get(text):
            return found
        if self._csms is None:
            rows = self.work.db.all("SELECT id, login, name, email FROM csm ORDER BY id")
            self._csms = [
                (id_, login.casefold(), name.casefold(), (email or "").casefold()) for id_, login, name, email in rows
            ]
        folded = text.casefold()
        for place in (1, 3, 2):
            same = [row[0] for row in self._csms if row[place] == folded]
            if len(same) == 1:
                return int(same[0])
        if "@" in folded:
            same = [row[0] for row in self._csms if row[1] == folded.partition("@")[0] and not row[3]]
            if len(same) == 1:
                return int(same[0])
        return None

    def owner(self, text: str, system: str) -> int:
        """The same; somebody unknown becomes an inactive CSM, who cannot sign in."""
        found = self.csm(text, system)
        if found is not None:
            return found
        is_key = system != "file" and "@" not in text and " " not in text
        id_ = self.add_csm({"login": text, "name": text, "email": text if "@" in text else None, "active": False})
        if is_key:
            self.note_ids("csm", system, {text: id_})
        self.made["csm"].append(text)
        return id_

    def add_csm(self, values: dict[str, Any]) -> int:
        """Makes a CSM; the login is made fit and unique."""
        login = self.free_login(values["login"])
        id_ = self.work.insert("csm", values | {"login": login})
        self.note_csm(id_, login, values["name"], values.get("email"))
        return id_

    def note_csm(self, id_: int, login: str, name: str, email: str | None) -> None:
        """Remembers a CSM who was just made."""
        if self._csms is not None:
            self._csms.append((id_, login.casefold(), name.casefold(), (email or "").casefold()))

    def free_login(self, wanted: str) -> str:
        """A login nobody has, from an e-mail address, a name or an id."""
        bare = wanted.partition("@")[0] if "@" in wanted else wanted
        base = re.sub(r"[^\w.-]+", ".", bare.casefold()).strip(".")[:60] or "csm"
        self.csm("", "file")
        taken = {row[1] for row in self._csms or ()}
        login, number = base, 2
        while login in taken:
            login, number = f"{base}{number}", number + 1
        return login

    # -- people

    def people_by_email(self, emails: Iterable[str | None]) -> dict[str, list[tuple[int, int | None]]]:
        """For each address the (person, account) pairs that have it."""
        found: defaultdict[str, list[tuple[int, int | None]]] = defaultdict(list)
        for chunk in _chunks(sorted({email for email in emails if email})):
            params: dict[str, Any] = {}
            marks = self.work.db.marks("e", chunk, params)
            for email, person, account in self.work.db.all(
                "SELECT p.email, p.id, m.account_id FROM person p LEFT JOIN membership m ON m.person_id = p.id"
                f" WHERE p.email IN ({marks})"
                " UNION SELECT x.key, x.thing_id, m.account_id FROM external_id x LEFT JOIN membership m ON m.person_id = x.thing_id"
                f" WHERE x.system = 'email' AND x.thing = 'person' AND x.key IN ({marks}) ORDER BY 2, 3",
                **params,
            ):
                found[email].append((person, account))
        return found

    def accounts_of(self, people: Iterable[int]) -> dict[int, list[int]]:
        """The accounts people belong to."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for chunk in _chunks(sorted(set(people))):
            params: dict[str, Any] = {}
            marks = self.work.db.marks("p", chunk, params)
            sql = f"SELECT person_id, account_id FROM membership WHERE person_id IN ({marks}) ORDER BY id"
            for person, account in self.work.db.all(sql, **params):
                found[person].append(account)
        return found


def pick_person(pairs: Sequence[tuple[int, int | None]], account: int | None) -> int | None:
    """Of the people with one address, who is of this account; else the only one there is."""
    here = [person for person, of in pairs if of == account and account is not None]
    if here:
        return here[0]
    everybody = {person for person, _ in pairs}
    return everybody.pop() if len(everybody) == 1 else None


def unknown_account(text: str) -> BadCell:
    """The reason of a row whose account is not here."""
    return BadCell(f'Account "{text}" is not known: import the accounts first, or in the same run.')


def _chunks(items: list[str] | list[int]) -> Iterable[list[Any]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))

"""Things by the names people give them: id, external id, exact unique name."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.nearest import did_you_mean
from cockpit.services.errors import Ambiguous, NotFound, Refused
from db.connection import Db
from db.reads.merge import kept_for
from db.terms import Role

_NAMED = {
    "pool": "name",
    "cta_type": "name",
    "reason": "name",
    "activity_type": "name",
    "playbook": "name",
    "segment": "name",
    "pod": "name",
    "csm": "login",
    "product": "name",
}
_WORDS = {"cta_type": "CTA type", "activity_type": "activity type", "csm": "CSM"}


def named(db: Db, table: str, name: str) -> int:
    """The id of the row of a small table with this name (any case), or this id.

    Raises NotFound with the nearest name, Ambiguous when case alone tells several apart.
    """
    column = _NAMED[table]
    exact = db.scalar(f"SELECT id FROM {table} WHERE {column} = :name ORDER BY id DESC LIMIT 1", name=name)
    if exact is not None:
        return int(exact)
    rows = db.all(f"SELECT max(id), {column} FROM {table} GROUP BY {column} ORDER BY {column}")  # of versions the newest
    same = [row for row in rows if row[1].casefold() == name.casefold()]
    if len(same) == 1:
        return int(same[0][0])
    what = _WORDS.get(table, table)
    if same:
        raise Ambiguous(f"Several {what}s are called {name!r}.", [row[1] for row in same])
    if name.isdigit() and any(row[0] == int(name) for row in rows):
        return int(name)
    raise NotFound(f"There is no {what} called {name!r}.{did_you_mean(name, [row[1] for row in rows])}")


def active_csm(db: Db, login: str) -> tuple[int, str]:
    """(id, name) of an active CSM. Raises NotFound."""
    csm_id = named(db, "csm", login)
    name, active = db.one("SELECT name, active FROM csm WHERE id = :id", id=csm_id) or ("", False)
    if not active:
        raise NotFound(f"{name} ({login}) is no longer active.")
    return csm_id, name


def worker(db: Db, login: str) -> tuple[int, str]:
    """(id, name) of an active CSM who may act: whom work is given to. Raises NotFound, Refused (read-only)."""
    csm_id, name = active_csm(db, login)
    if db.scalar("SELECT role FROM csm WHERE id = :id", id=csm_id) == Role.READ_ONLY:
        raise Refused("read_only", f"{name} ({login}) is read-only and could not work on it: choose somebody else, or another role.")
    return csm_id, name


def find_account(db: Db, ref: str | int) -> int:
    """The id of the account with this id, external id or exact name. Raises NotFound, Ambiguous."""
    text = str(ref).strip()
    if text.isdigit() and len(text) < 19 and db.scalar("SELECT 1 FROM account WHERE id = :id", id=int(text)):
        return int(text)
    by_key = db.all("SELECT DISTINCT thing_id FROM external_id WHERE thing = 'account' AND key = :key", key=text)
    if len(by_key) == 1:
        return int(by_key[0][0])
    by_name = db.all("SELECT id, name FROM account WHERE name = :name ORDER BY id LIMIT 6", name=text)
    if not by_name and not by_key:
        by_name = db.all("SELECT id, name FROM account WHERE lower(name) = lower(:name) ORDER BY id LIMIT 6", name=text)
    if len(by_name) == 1:
        return int(by_name[0][0])
    if not by_name and not by_key and len(merged := kept_for(db, "account", text)) == 1:
        return merged.pop()
    candidates = by_name or db.all(
        "SELECT id, name FROM account WHERE id IN (SELECT thing_id FROM external_id WHERE thing = 'account' AND key = :key)",
        key=text,
    )
    if candidates:
        listed = [f"{name} (id {id_})" for id_, name in candidates]
        raise Ambiguous(f"Several accounts are called {text!r}: {', '.join(listed)}. Say which by its id.", listed)
    pattern = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    near = db.all(
        "SELECT name FROM account WHERE lower(name) LIKE :like ESCAPE '\\' ORDER BY name LIMIT 3", like=f"%{pattern}%"
    )
    hint = f" Did you mean {' or '.join(row[0] for row in near)}?" if near else ""
    raise NotFound(f"There is no account {text!r}.{hint}")


def find_accounts(db: Db, refs: Sequence[str | int]) -> list[int]:
    """The same for many, in their order; those named by their ids are looked up together."""
    texts = [str(ref).strip() for ref in refs]
    numbers = sorted({int(text) for text in texts if text.isdigit() and len(text) < 19})
    there = {str(row[0]) for row in db.of("SELECT id FROM account WHERE id IN ({ids})", numbers)}
    return [int(text) if text in there else find_account(db, text) for text in texts]


def account_name(db: Db, account_id: int) -> str:
    """The name of an account. Raises NotFound."""
    name = db.scalar("SELECT name FROM account WHERE id = :id", id=account_id)
    if name is None:
        raise NotFound(f"There is no account {account_id}.")
    return str(name)


def cta_ids(db: Db, refs: Sequence[str]) -> list[int]:
    """The ids of CTAs named by id or external id; a number nobody has stays, for the act to refuse by name.

    Raises NotFound, Ambiguous.
    """
    found: list[int] = []
    for ref in refs:
        rows = db.all("SELECT DISTINCT thing_id FROM external_id WHERE thing = 'cta' AND key = :key", key=ref)
        is_number = ref.isdigit() and len(ref) < 19
        if is_number and (not rows or db.scalar("SELECT 1 FROM cta WHERE id = :id", id=int(ref))):
            found.append(int(ref))
        elif len(rows) == 1:
            found.append(int(rows[0][0]))
        elif rows:
            raise Ambiguous(f"Several CTAs have the external id {ref!r}.", [str(row[0]) for row in rows])
        else:
            raise NotFound(f"There is no CTA {ref!r}: a CTA is named by its number or its external id.")
    return found


def reason_id(db: Db, name: str) -> int | None:
    """The id of a reason, or None: reasons may be made by using them."""
    found = db.scalar("SELECT id FROM reason WHERE lower(name) = lower(:name)", name=name)
    return None if found is None else int(found)

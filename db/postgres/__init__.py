"""Roles, rights and row-level security of a PostgreSQL store: set up once, put in force again by every upgrade."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from db.connection import Db
from db.errors import StoreUnreachable
from db.postgres import finding
from db.postgres.policies import RULES, statements

OWNER = "cockpit_owner"
APP = "cockpit_app"
LIMITS = {"lock_timeout": "5s", "statement_timeout": "600s", "idle_in_transaction_session_timeout": "5min"}
"""Of every login, whatever program it uses."""
_HERE = Path(__file__).parent


def owns(db: Db) -> bool:
    """Whether this login may act as the owner of the tables: a superuser, their owner, a member of cockpit_owner."""
    return bool(
        db.scalar(
            "SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class WHERE oid = CAST('info' AS regclass)"
        )
    )


def is_protected(db: Db) -> bool:
    """Whether the rules are in force on this store."""
    return bool(db.scalar("SELECT relforcerowsecurity FROM pg_class WHERE oid = CAST('info' AS regclass)"))


def become_owner(db: Db) -> None:
    """The rest of the transaction is done as the owner of the tables. Raises StoreUnreachable for who may not."""
    if not owns(db):
        who = db.scalar("SELECT session_user")
        raise StoreUnreachable(f"{who} may not change the tables of this store: its owner has to. Ask who runs it.")
    owner = db.scalar("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = CAST('info' AS regclass)")
    db.raw.execute(_spelled("SET LOCAL ROLE {}", str(owner)))


def set_up(db: Db) -> list[str]:
    """Makes the roles, hands them the tables, puts the rules in force; returns what was done, a sentence each.

    Again and again is once. Raises StoreUnreachable when this login may not make roles.
    """
    _check_may_set_up(db)
    before = {row[0] for row in db.all("SELECT rolname FROM pg_roles WHERE rolname IN (:owner, :app)", owner=OWNER, app=APP)}
    db.raw.execute((_HERE / "roles.sql").read_text(encoding="utf-8"))
    done = [f"Role {name} is there {'already' if name in before else 'now; nobody can log in as it'}." for name in (OWNER, APP)]
    moved = _hand_over(db)
    done.append(f"{moved} tables, sequences and functions belong to {OWNER} now." if moved else f"Everything belongs to {OWNER} already.")
    enforce(db)
    done.append(f"Row-level security is forced on {len(RULES)} tables: one sees the accounts of one's pools, managers and ops see all.")
    done.append(f"Members of {APP} add to the journal in their own names at the server's time; they change and delete nothing in it.")
    return done


def enforce(db: Db) -> None:
    """Puts functions, rights and policies in force as this version has them. As owner, in the caller's transaction."""
    there = {row[0] for row in db.all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    for name, statement in _rules():
        if name in ("", *there):
            db.raw.execute(statement)
    db.raw.execute(f"COMMENT ON TABLE info IS '{rules_of_this_version()}'")


def rules_of_this_version() -> str:
    """A name of the rules as they are here; ``rules_in_force`` has the same when a server was set up by this version."""
    text = "\n".join(statement for _, statement in _rules())
    return f"rules {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def rules_in_force(db: Db) -> str:
    """The name that whoever set this server up gave its rules; "" when nobody did."""
    return str(db.scalar("SELECT obj_description(CAST('info' AS regclass), 'pg_class')") or "")


def _rules() -> Iterator[tuple[str, str]]:
    """Every statement in its order, with the table it is about ("": none)."""
    yield "", (_HERE / "functions.sql").read_text(encoding="utf-8")
    for table, rule in RULES.items():
        yield from ((table, statement) for statement in statements(table, rule))
    yield from (("", statement) for statement in finding.statements(protected=True))
    yield "", f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}"


def free_owner(db: Db) -> list[str]:
    """Becomes the owner and frees her of the rules, since COPY knows none; returns the tables for ``bind_owner``.

    Raises StoreUnreachable for who may not. For others the rules stay in force: it is one transaction.
    """
    become_owner(db)
    forced = [
        row[0]
        for row in db.all(
            "SELECT relname FROM pg_class WHERE relnamespace = CAST('public' AS regnamespace) AND relkind = 'r'"
            " AND relforcerowsecurity ORDER BY 1"
        )
    ]
    for table in forced:
        db.run(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    return forced


def bind_owner(db: Db, forced: list[str]) -> None:
    """Binds the owner by the rules again."""
    for table in forced:
        db.run(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def admit(db: Db, login: str, password: str | None = None) -> list[str]:
    """Makes a login that works here; returns what was done. The password leaves this process hashed."""
    done = []
    if db.scalar("SELECT 1 FROM pg_roles WHERE rolname = :login", login=login):
        done.append(f"Role {login} is there already.")
    else:
        db.raw.execute(_spelled("CREATE ROLE {} LOGIN", login))
        done.append(f"Made the login {login}.")
    if password is not None:
        from psycopg import sql

        hashed = db.raw.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
        db.raw.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(hashed)))
        done.append("It has the password you gave.")
    db.raw.execute(_spelled(f"GRANT {APP} TO {{}}", login))
    for name, value in LIMITS.items():
        db.raw.execute(_spelled(f"ALTER ROLE {{}} SET {name} = '{value}'", login))
    done.append(f"{login} is a member of {APP}: she sees what her pools and role let her see.")
    return done


def _check_may_set_up(db: Db) -> None:
    who, may = db.one("SELECT rolname, rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user") or ("", False)
    if not may:
        raise StoreUnreachable(f"{who} may not make roles here: run it with a login that may (CREATEROLE), the server's own for one.")
    if not owns(db):
        raise StoreUnreachable(f"The tables of this store are not {who}'s: run it with the login that made the store.")


def _hand_over(db: Db) -> int:
    """Gives every table of ours (its sequences go along) and every function in public to the owner; how many."""
    tables = db.all(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind = 'r'"
        " AND pg_get_userbyid(c.relowner) <> :owner ORDER BY 1",
        owner=OWNER,
    )
    wanted = [row[0] for row in tables if row[0] in RULES]
    functions = db.all(
        "SELECT CAST(CAST(p.oid AS regprocedure) AS text) FROM pg_proc p WHERE p.pronamespace = CAST('public' AS regnamespace)"
        " AND pg_get_userbyid(p.proowner) <> :owner AND NOT EXISTS"
        " (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1",
        owner=OWNER,
    )
    for table in wanted:
        db.raw.execute(f"ALTER TABLE {table} OWNER TO {OWNER}")
    for (signature,) in functions:
        db.raw.execute(f"ALTER FUNCTION {signature} OWNER TO {OWNER}")
    db.raw.execute(f"SET LOCAL ROLE {OWNER}")
    return len(wanted) + len(functions)


def _spelled(text: str, name: str) -> object:
    from psycopg import sql

    return sql.SQL(text).format(sql.Identifier(name))

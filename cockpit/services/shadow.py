"""Following a colleague's CTA to its close, to learn how it is done."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.desk import Desk
from cockpit.domain.cta import missing
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.lookup import active_csm, named
from db.connection import Db
from db.reads import comment as reads
from db.reads.comment import ShadowRow as ShadowRow  # the faces know it from here
from db.terms import CtaStatus


@dataclass(frozen=True, slots=True)
class Followed:
    """A CTA that somebody follows now, or no longer."""

    cta: int
    login: str
    act: int | None = None
    said: str = ""


@act("follow")
def add_shadow(work: Work, cta_id: int, login: str | None = None) -> Followed:
    """Lets me (or somebody else: then she is told) follow a colleague's CTA: it shows in her work until it closes.

    Raises NotFound, Refused (nobody's, closed, her own, followed already), Forbidden (a junior who names another).
    """
    csm_id, login, name = _who(work, login)
    account, owner_id, owner, status = _cta(work, cta_id)
    if status == CtaStatus.CLOSED:
        raise Refused("closed", f"CTA {cta_id} is closed: there is nothing to follow any more.")
    if owner_id is None:
        raise Refused("unassigned", f"CTA {cta_id} is nobody's yet: one follows somebody's work.")
    if owner_id == csm_id:
        raise Refused("own", f"CTA {cta_id} is {name}'s own: one follows a colleague's.")
    if work.db.scalar("SELECT 1 FROM shadow WHERE cta_id = :cta AND csm_id = :csm", cta=cta_id, csm=csm_id):
        raise Refused("exists", f"{name} follows CTA {cta_id} already.")
    work.insert("shadow", {"cta_id": cta_id, "csm_id": csm_id})
    if csm_id != work.me.id:
        from cockpit.services.comment import tell

        tell(work, cta_id, [csm_id], f"Follow this one: {owner} shows how it is done.")
    work.say(f"{name} follows CTA {cta_id} of {owner} · {account}")
    return Followed(cta_id, login, said=work.act.what)


@act("unfollow")
def drop_shadow(work: Work, cta_id: int, login: str | None = None) -> Followed:
    """Ends following. Raises NotFound, Refused (does not follow it), Forbidden."""
    csm_id, login, name = _who(work, login)
    account = _cta(work, cta_id)[0]
    found = work.db.scalar("SELECT id FROM shadow WHERE cta_id = :cta AND csm_id = :csm", cta=cta_id, csm=csm_id)
    if found is None:
        raise Refused("not_following", f"{name} does not follow CTA {cta_id}.")
    work.delete("shadow", found)
    work.say(f"{name} no longer follows CTA {cta_id} · {account}")
    return Followed(cta_id, login, said=work.act.what)


def shadows(
    desk: Desk, login: str | None = None, everybody: bool = False, closed: bool = False
) -> tuple[ShadowRow, ...]:
    """What I follow (or somebody, or everybody does); with ``closed`` also what was followed to its end."""
    with desk.store.read() as db:
        csm_id = None if everybody else named(db, "csm", login) if login else desk.me.id or 0
        return tuple(reads.shadows(db, csm_id=csm_id, closed=closed))


def followers(desk: Desk, cta_id: int) -> tuple[ShadowRow, ...]:
    """Who follows (or followed) a CTA."""
    with desk.store.read() as db:
        return tuple(reads.shadows(db, cta_id=cta_id, closed=True))


def _who(work: Work, login: str | None) -> tuple[int, str, str]:
    """(id, login, name) of the one who follows: me, unless named."""
    csm_id, name = active_csm(work.db, login or work.me.login)
    known = str(work.db.scalar("SELECT login FROM csm WHERE id = :id", id=csm_id))
    if csm_id != work.me.id and work.me.role not in LEADERS and not is_senior(work.db, work.me.id):
        raise Forbidden(f"Only {name}, a senior or a manager can say what {name} follows.")
    return csm_id, known, name


def is_senior(db: Db, me: int | None, beside: int | None = None) -> bool:
    """Whether this CSM is a senior of a pod; of one that the other belongs to, if given."""
    sql = "SELECT 1 FROM pod_member s JOIN pod d ON d.id = s.pod_id WHERE s.csm_id = :me AND s.is_senior = TRUE AND d.active = TRUE"
    if beside is None:
        return db.scalar(sql, me=me) is not None
    sql += " AND EXISTS (SELECT 1 FROM pod_member j WHERE j.pod_id = s.pod_id AND j.csm_id = :beside)"
    return db.scalar(sql, me=me, beside=beside) is not None


def _cta(work: Work, cta_id: int) -> tuple[str, int | None, str | None, str]:
    """(account, owner's id, owner's name, status). Raises NotFound."""
    row = work.db.one(
        "SELECT a.name, c.owner_id, o.name, c.status FROM cta c JOIN account a ON a.id = c.account_id"
        " LEFT JOIN csm o ON o.id = c.owner_id WHERE c.id = :id",
        id=cta_id,
    )
    if row is None:
        raise NotFound(missing(cta_id).sentence)
    return row[0], row[1], row[2], row[3]

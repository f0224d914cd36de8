"""What row-level security costs: the same questions as the owner of the tables, as a CSM and as a manager, in turns."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from bench.stores import environment, on_server
from bench.timing import Figure, in_turns, median, ratio
from cockpit.desk import Desk

TIMES = 21


def figures(ctas: int) -> Iterator[Figure]:
    """A CSM of one pool and a manager, each beside the owner, whom no rule concerns."""
    from proof.server import NoServer

    try:
        with on_server(ctas) as url:
            yield from _of(url, ctas)
    except NoServer as why:
        print(f"rules: {why}", file=sys.stderr)


def _of(url: str, ctas: int) -> Iterator[Figure]:
    from cockpit.services.server import admit_login, init_postgres
    from cockpit.services.session import open_desk

    init_postgres(url)
    owner = open_desk(url, env=environment())
    with owner.store.write() as db:  # nobody holds so much in a demo
        db.run("UPDATE pool SET max_open = NULL, max_per_day = NULL")
    with owner.store.read() as db:
        of_one_pool = (
            "SELECT min(c.login), min(p.name) FROM csm c JOIN pool_member m ON m.csm_id = c.id JOIN pool p ON p.id = m.pool_id"
            " WHERE c.active AND c.role = 'csm' GROUP BY c.id HAVING count(*) = 1 ORDER BY c.id LIMIT 1"
        )
        (csm, pool), manager = db.all(of_one_pool)[0], db.scalar("SELECT login FROM csm WHERE active AND role = 'manager' LIMIT 1")
    desks = [open_desk(url, csm, env=environment())]
    for login in filter(None, (csm, manager)):
        admit_login(url, login)
        desks.append(open_desk(_as_login(url, login), env=environment()))
    for what, ask in asked(pool).items():
        first, *others = (median(taken) for taken in in_turns(TIMES, *(partial(ask, desk) for desk in desks), warm=7))
        for who, mine in zip(("a CSM", "a manager"), others, strict=False):
            yield Figure(f"{what}, {ctas:,} CTAs, {who}", mine, "the owner", first, ratio(mine, first))
    for desk in (owner, *desks):
        desk.store.close()


def asked(pool: str) -> dict[str, Callable[[Desk], object]]:
    """What is asked, by what it is called."""
    from cockpit.services.history import acts
    from cockpit.services.live import changes_since
    from cockpit.services.queue import QueueQuery, claim_next, queue_page, release

    def take_and_give(desk: Desk) -> None:
        release(desk, [claim_next(desk, pool).items[0].id])

    return {
        "queue, first page": lambda desk: queue_page(desk, QueueQuery()),
        "queue, one pool": lambda desk: queue_page(desk, QueueQuery(pool=pool)),
        "filter type:risk health:<40": lambda desk: queue_page(desk, QueueQuery(where="type:risk health:<40")),
        "filter by a word that none has": lambda desk: queue_page(desk, QueueQuery(where="zzzqq")),
        "filter by a common word": lambda desk: queue_page(desk, QueueQuery(where="usage")),
        "claim next, then release": take_and_give,
        "the latest 50 acts": acts,
        "has anything happened?": changes_since,
    }


def _as_login(url: str, login: str) -> str:
    """The same database for another login; the wheel's server trusts whoever comes by its socket."""
    scheme, place, path, query, fragment = urlsplit(url)
    return urlunsplit((scheme, f"{login}:@{place.rpartition('@')[2]}", path, query, fragment))

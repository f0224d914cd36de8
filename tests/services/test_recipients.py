"""To whom CTAs could be given, and what speaks against each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from cockpit.desk import Desk
from cockpit.services.away import set_away
from cockpit.services.recipients import recipients
from cockpit.services.team import edit_csm, edit_pool
from tests import builders


def test_who_is_here_and_has_room_comes_first(desk: Desk, desk_of: Callable[..., Desk]):
    mo = desk_of("mo")
    acme = builders.account(desk, "Acme")
    free = builders.cta(desk, acme)
    for login, count in (("ana", 1), ("ben", 2), ("chi", 1)):
        for n in range(count):
            builders.cta(desk, acme, owner=login, because=f"{login} {n}")
    edit_pool(mo, "West", {"max_open": 2})
    edit_csm(mo, "dee", {"limit_percent": 50})
    set_away(mo, "chi", date(2026, 11, 20), date(2026, 12, 4))
    found = recipients(desk, [free])
    assert "eve" not in [one.login for one in found]  # works East only
    assert "ria" not in [one.login for one in found]  # only looks
    assert [one.login for one in found][-2:] == ["ben", "chi"]
    says = {one.login: one.says for one in found}
    assert says["ana"] == "1 of 2 open"
    assert says["ben"] == "! at her limit · 2 of 2 open"
    assert says["chi"] == "! away until Fri 4 Dec · 1 of 2 open"
    assert says["dee"] == "0 of 1 open · junior"

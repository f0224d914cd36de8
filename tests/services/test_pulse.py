"""The pulse of accounts on both stores: the service, and the query field, which must agree."""

from __future__ import annotations

from datetime import timedelta

from cockpit.desk import Desk
from cockpit.domain.pulse import NOT_CONTACT
from cockpit.services.account import accounts_page
from cockpit.services.pulse import pulse_of
from db.reads.contact import ABOUT_NOT_WITH
from tests import builders


def test_the_service_and_the_query_agree(desk: Desk):
    segments = {n: builders.make(desk, "segment", {"name": f"every {n}", "touch_days": n}) for n in (1, 4, 10, 65)}
    segments[None] = builders.segment(desk, "quiet")
    call, update = (builders.the(desk, "activity_type", name) for name in ("call", "update"))
    accounts, last = [], 0
    for segment in segments.values():
        for days in (0, 1, 3, 4, 5, 7, 11, 14, 17, 80, 92, 95, None):
            account = builders.account(desk, segment_id=segment)
            accounts.append(account)
            if days is not None:
                last = builders.make(desk, "activity", {"account_id": account, "type_id": call, "subject": "Call",
                                                        "at": desk.now() - timedelta(days=days)})  # fmt: skip
            for more in ({"type_id": update}, {"type_id": call, "internal": True}, {"type_id": call, "state": "planned"}):
                builders.make(desk, "activity", {"account_id": account, "subject": "no contact", "at": desk.now(), **more})
    assert last
    wanted: dict[str, list[int]] = {}
    for account in accounts:
        shown = pulse_of(desk, account)
        assert shown is not None
        wanted.setdefault(shown.state, []).append(account)
    assert set(wanted) == {"fine", "soon", "late", "never", "open"}
    for state, ids in wanted.items():
        assert [row.id for row in accounts_page(desk, f"pulse:{state}", limit=500).rows if row.id in set(ids)], state
        assert sorted(row.id for row in accounts_page(desk, f"pulse:{state}", limit=500).rows) == ids, state


def test_a_relationship_s_contact_is_its_parent_s(desk: Desk):
    segment = builders.make(desk, "segment", {"name": "often", "touch_days": 5})
    parent = builders.account(desk, segment_id=segment)
    child = builders.account(desk, parent_id=parent, segment_id=segment)
    call = builders.the(desk, "activity_type", "call")
    builders.make(desk, "activity", {"account_id": child, "type_id": call, "subject": "Call", "at": desk.now()})
    shown = [pulse_of(desk, one) for one in (parent, child)]
    assert [one.state for one in shown if one] == ["fine", "fine"]
    assert pulse_of(desk, 999_999) is None


def test_what_is_no_contact_is_the_same_everywhere():
    assert tuple(ABOUT_NOT_WITH.strip("()").replace("'", "").split(", ")) == NOT_CONTACT

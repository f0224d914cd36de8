"""Saved views."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services.errors import Ambiguous, Forbidden, NotFound, Refused
from cockpit.services.view import delete_view, find_view, save_view, views
from db.query import QueryError


def test_a_view_keeps_query_sort_and_columns(desk: Desk):
    saved = save_view(desk, "queue", "Hot", "type:risk renewal:<90d", "score", ["account", "due"])
    one = find_view(desk, "queue", "hot")
    assert (saved.is_new, saved.said, one.id) == (True, "Saved view Hot", saved.id)
    assert (one.query, one.sort, one.columns, one.shared, one.is_mine) == (
        "type:risk renewal:<90d", "score", ["account", "due"], False, True,
    )  # fmt: skip
    again = save_view(desk, "queue", "Hot", "type:risk")
    assert (again.id, again.is_new, find_view(desk, "queue", saved.id).query) == (saved.id, False, "type:risk")
    assert find_view(desk, "queue", "Hot").columns is None


def test_others_see_what_is_shared(desk: Desk, desk_of: Callable[..., Desk]):
    ben = desk_of("ben")
    save_view(desk, "accounts", "Mine", "owner:me")
    save_view(desk, "accounts", "All", "health:<60", "health", shared=True)
    save_view(ben, "accounts", "Bens")
    assert [view.name for view in views(desk, "accounts")] == ["All", "Mine"]
    assert [(view.name, view.owner, view.is_mine) for view in views(ben, "accounts")] == [
        ("All", "ana", False), ("Bens", "ben", True),
    ]  # fmt: skip
    assert views(desk, "work") == ()


def test_a_name_means_mine_before_others(desk: Desk, desk_of: Callable[..., Desk]):
    ben, chi = desk_of("ben"), desk_of("chi")
    ids = [save_view(who, "queue", "Hot", shared=True).id for who in (desk, ben)]
    assert find_view(ben, "queue", "Hot").id == ids[1]
    with pytest.raises(Ambiguous, match=f"Hot of ana .id {ids[0]}."):
        find_view(chi, "queue", "Hot")
    with pytest.raises(NotFound, match="Did you mean Hot"):
        find_view(chi, "queue", "Hott")


@pytest.mark.parametrize(
    ("given", "kind", "sentence"),
    [
        (("queue", "Hot", "tpye:risk"), QueryError, "tpye"),
        (("accounts", "Hot", "due:<7d"), QueryError, "due"),
        (("queue", "Hot", "", "arrr"), Refused, "no sort 'arrr'. Did you mean arr"),
        (("quee", "Hot"), Refused, "Did you mean queue"),
        (("queue", " "), Refused, "must not be empty"),
    ],
)
def test_what_would_not_open_is_not_saved(desk: Desk, given: tuple[str, ...], kind: type[Exception], sentence: str):
    with pytest.raises(kind, match=sentence):
        save_view(desk, *given)  # type: ignore[arg-type]
    assert views(desk, "queue") == ()


def test_views_are_deleted_by_their_owner_or_a_manager(desk: Desk, desk_of: Callable[..., Desk]):
    save_view(desk, "queue", "Hot", shared=True)
    save_view(desk, "queue", "Own")
    with pytest.raises(Forbidden, match="View Hot is ana's: they or a manager can delete it"):
        delete_view(desk_of("ben"), "queue", "Hot")
    with pytest.raises(NotFound):
        delete_view(desk_of("mo"), "queue", "Own")
    assert delete_view(desk_of("mo"), "queue", "Hot").said == "Deleted view Hot"
    assert delete_view(desk, "queue", "own").act is not None
    assert views(desk, "queue") == ()

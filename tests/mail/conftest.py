"""Customers to write to, and a mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.mail_out import MailSettings
from tests import builders
from tests.mail.post import Post, serve


@pytest.fixture
def oz(desk_of: Callable[..., Desk]) -> Desk:
    """Ops of pool West."""
    return desk_of("oz")


@pytest.fixture
def acme(desk: Desk) -> int:
    """A customer of the pool with a driver and a key user."""
    id_ = builders.account(desk, "Acme", served_by="pool")
    builders.person(desk, id_, "Kim Park", email="kim@acme.example", value_network=True, network_role="driver")
    builders.person(desk, id_, "Lee Wong", email="lee@acme.example", value_network=True, network_role="generator")
    return id_


@pytest.fixture
def post() -> Post:
    """What the mail server got."""
    return Post()


@pytest.fixture
def how(post: Post, tmp_path: Path) -> Iterator[MailSettings]:
    """Settings by which mail leaves to it."""
    server: Any = serve(post)
    yield MailSettings("127.0.0.1", server.port, security="none", sender="pool@us.example", folder=str(tmp_path / "mail"))
    server.stop()

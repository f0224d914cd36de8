"""Fields about who looks after an account."""

from __future__ import annotations

from db.query.account_fields import WITH_ACCOUNT
from db.query.spec import Field, Kind, Sql

_SPEAKS = "(SELECT so.languages FROM account sa JOIN csm so ON so.id = sa.owner_id WHERE sa.id = {account})"
TEAM_FIELDS = (
    Field("owner_language", Kind.TEXT, "Language that the account's owner speaks, by its code; none when nobody said.",
          dict.fromkeys(WITH_ACCOUNT, Sql(_SPEAKS)), ("owner_language:de", "language:de -owner_language:de")),
)  # fmt: skip

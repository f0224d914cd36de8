"""The command line in this process: what it printed, what it said, how it ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cockpit.__main__ import main


@dataclass(frozen=True)
class Ran:
    """One command that ran."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], store_url: str) -> Run:
    """``run("queue", "--json")`` as ana on a store with the cast; ``login=``, ``db=`` for others."""

    def command(*words: object, login: str | None = "ana", db: str | None = store_url) -> Ran:
        args = [*(str(word) for word in words)]
        args += ["--db", db] if db else []
        args += ["--as", login] if login else []
        capsys.readouterr()
        code = main(args)
        told = capsys.readouterr()
        return Ran(code, told.out, told.err)

    return command

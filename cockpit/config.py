"""One person's settings: a TOML file, overruled by the environment, overruled by flags.

What belongs to everybody (weights, policies, types, playbooks) lives in the store, not here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

APP = "cockpit"
SECURITIES = ("starttls", "tls", "none")
ANIMATIONS = ("none", "basic", "full")
CLIPBOARDS = ("auto", "osc52", "native", "file")


class ConfigError(Exception):
    """A setting that cannot be meant; the sentence names the file, the line and the nearest right word."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting there is, with its default."""

    db: str = ""
    """The store: a path, or postgresql://user@host/name. Empty: one file in the data folder."""
    login: str = ""
    """Who acts. Empty: the login of the operating system."""
    theme: str = ""
    """The colours of the screens, by the name the palette shows. Empty: Cockpit's own."""
    animation: str = field(default="none", metadata={"one_of": ANIMATIONS})
    """How much may move on the screens: none, basic or full."""
    reduced_motion: bool = False
    """Nothing blinks, spins or scrolls smoothly, whatever animation says."""
    clipboard: str = field(default="auto", metadata={"one_of": CLIPBOARDS})
    """How a copy leaves the terminal: auto, osc52 (the terminal's), native (the system's tool) or file."""
    export_folder: str = ""
    """Where exports from the screens are written. Empty: the folder Cockpit was started in."""
    smtp_host: str = ""
    """The mail server that mail leaves by. Empty: mail is written to files."""
    smtp_port: int = 0
    """Its port. 0: 587 with starttls, 465 with tls, 25 without."""
    smtp_user: str = ""
    """The user name there. Empty: it is not asked who you are."""
    smtp_password: str = field(default="", metadata={"secret": True})
    """The password there; better in the variable than in the file. Never printed."""
    smtp_security: str = field(default="starttls", metadata={"one_of": SECURITIES})
    """How the line to it is kept private: starttls, tls or none."""
    mail_from: str = ""
    """The address mail is sent from."""
    mail_folder: str = ""
    """Where .eml files and mail merge tables are written. Empty: the folder outbox beside where Cockpit was started."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by action, as the help lists them: claim = "c" or next = "n,ctrl+n". Empty text takes a key away."""


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as it is now, and why."""

    key: str
    value: Any
    origin: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Resolved:
    values: dict[str, Any]
    origins: dict[str, str]


HIDDEN = "•••"
"""What is printed in the place of a secret."""
_FIELDS = {f.name: f for f in fields(Config)}
_TYPE_WORDS = {
    "str": "text in quotes",
    "bool": "true or false",
    "int": "a whole number",
    "keys": 'a table: [keys] claim = "c"',
}
_SWITCH = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)


def variable(key: str) -> str:
    """The environment variable that overrules the file for this key."""
    return "COCKPIT_AS" if key == "login" else f"COCKPIT_{key.upper()}"


def load(*, env: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None) -> Config:
    """The settings in force: flags that are not None, then the environment, then the file, then the defaults."""
    return Config(**_resolve(os.environ if env is None else env, flags or {}).values)


def describe(*, env: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None) -> list[Described]:
    """Every setting with its value, where that came from, and what it means."""
    found = _resolve(os.environ if env is None else env, flags or {})
    meanings = field_docs()
    return [Described(key, _shown(key, found.values[key]), found.origins[key], meanings[key]) for key in _FIELDS]


def _shown(key: str, value: Any) -> Any:
    """A value as it may be printed."""
    return HIDDEN if value and _FIELDS[key].metadata.get("secret") else value


def check(path: Path) -> None:
    """Raise ConfigError for the first thing in this file that cannot be meant."""
    _read_file(path)


def schema() -> dict[str, Any]:
    """A JSON Schema of the config file, for editors."""
    meanings = field_docs()
    properties: dict[str, Any] = {}
    for key, spec in _FIELDS.items():
        entry: dict[str, Any] = {"description": meanings[key], "type": _SCHEMA_TYPES[_kind(key)]}
        if key == "keys":
            entry["additionalProperties"] = {"type": "string"}
        else:
            entry["default"] = spec.default
        if "one_of" in spec.metadata:
            entry["enum"] = list(spec.metadata["one_of"])
        properties[key] = entry
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cockpit's config.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def field_docs() -> dict[str, str]:
    """The docstring under each field, by key."""
    import ast
    import inspect

    body = ast.parse(inspect.getsource(Config)).body[0]
    if not isinstance(body, ast.ClassDef):
        return {}
    docs: dict[str, str] = {}
    for above, below in zip(body.body, body.body[1:], strict=False):
        match above, below:
            case ast.AnnAssign(target=ast.Name(id=key)), ast.Expr(value=ast.Constant(value=str(doc))):
                docs[key] = doc
    return docs


def config_file(env: Mapping[str, str] | None = None) -> Path:
    """Where the settings are read from; COCKPIT_CONFIG names another file."""
    named = (os.environ if env is None else env).get("COCKPIT_CONFIG")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False, roaming=True) / "config.toml"


def data_folder() -> Path:
    """Where stores live unless they are named."""
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def state_folder() -> Path:
    """Where what may be lost lives: the log, the last view and cursor of each screen."""
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False)


def log_file() -> Path:
    """The log of this person's Cockpit."""
    return state_folder() / "cockpit.log"


def default_store() -> Path:
    """The store that is opened when none is named."""
    return data_folder() / "cockpit.db"


def demo_store() -> Path:
    """The store that ``cockpit demo`` builds when no path is named."""
    return data_folder() / "demo.db"


def _resolve(env: Mapping[str, str], flags: Mapping[str, Any]) -> _Resolved:
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for key, spec in _FIELDS.items():
        values[key] = {} if spec.default is MISSING else spec.default
        origins[key] = "default"
    path = config_file(env)
    if path.exists():
        for key, value in _read_file(path).items():
            values[key], origins[key] = value, str(path)
    elif env.get("COCKPIT_CONFIG"):
        raise ConfigError(f"COCKPIT_CONFIG names {path}, which is not there.")
    for key in _FIELDS:
        text = env.get(variable(key))
        if text and key != "keys":
            values[key], origins[key] = _from_text(key, text), variable(key)
    for key, value in flags.items():
        if value is not None:
            values[key], origins[key] = value, "flag"
    return _Resolved(values, origins)


def _read_file(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as why:
        raise ConfigError(f"{path} cannot be read: {why}.") from why
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        raise ConfigError(f"{path} is not TOML: {why}.") from why
    for key, value in read.items():
        where = f"{path}, line {_line_of(key, text)}"
        if key not in _FIELDS:
            raise ConfigError(f"{where}: there is no setting {key!r}. {_nearest(key)}")
        _check_value(key, value, where)
    if "keys" in read:
        for action, pressed in read["keys"].items():
            if not isinstance(pressed, str):
                where = f"{path}, line {_line_of(action, text)}"
                raise ConfigError(f"{where}: the key of {action!r} must be text in quotes.")
    return read


def _from_text(key: str, text: str) -> Any:
    """What an environment variable says, as the type of its key."""
    kind = _kind(key)
    value: Any = text
    if kind == "bool":
        value = _SWITCH.get(text.lower(), text)
    elif kind == "int":
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    _check_value(key, value, variable(key))
    return value


def _check_value(key: str, value: Any, where: str) -> None:
    kind = _kind(key)
    expected = _PYTHON_TYPES[kind]
    if not isinstance(value, expected) or (kind == "int" and isinstance(value, bool)):
        raise ConfigError(f"{where}: {key} must be {_TYPE_WORDS[kind]}, not {_shown(key, value)!r}.")
    rules = _FIELDS[key].metadata
    if "one_of" in rules and value not in rules["one_of"]:
        raise ConfigError(f"{where}: {key} is one of {', '.join(rules['one_of'])}; {value!r} is none of them.")


def _kind(key: str) -> str:
    return "keys" if key == "keys" else str(_FIELDS[key].type)


def _nearest(key: str) -> str:
    near = get_close_matches(key.lower(), [*_FIELDS, "as"], n=1, cutoff=0.5)
    if not near:
        return f"There are {', '.join(_FIELDS)}."
    return f"Did you mean {('login' if near[0] == 'as' else near[0])!r}?"


def _line_of(key: str, text: str) -> int:
    """The first line that sets ``key`` or opens it as a table."""
    name = rf"(?:{re.escape(key)}|\"{re.escape(key)}\"|'{re.escape(key)}')"
    pattern = re.compile(rf"\s*(?:{name}\s*[=.]|\[+\s*{name}\s*[\].])")
    return next((n for n, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


_PYTHON_TYPES: dict[str, type] = {"str": str, "bool": bool, "int": int, "keys": dict}
_SCHEMA_TYPES = {"str": "string", "bool": "boolean", "int": "integer", "keys": "object"}

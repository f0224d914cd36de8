"""The config file is checked when it is read, and says where every value came from."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from cockpit import config
from cockpit.config import Config, ConfigError


@pytest.fixture
def written(tmp_path: Path):
    """Writes a config file and returns the environment that names it."""

    def write(text: str, **more: str) -> dict[str, str]:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return {"COCKPIT_CONFIG": str(path), **more}

    return write


def test_a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default(written):
    env = written('db = "file.db"\nlogin = "ana"\ntheme = "night"\n', COCKPIT_DB="env.db", COCKPIT_AS="ben")
    found = config.load(env=env, flags={"db": "flag.db", "login": None})
    assert found == Config(db="flag.db", login="ben", theme="night")
    origin = {d.key: d.origin for d in config.describe(env=env, flags={"db": "flag.db"})}
    assert origin["db"] == "flag"
    assert origin["login"] == "COCKPIT_AS"
    assert origin["theme"].endswith("config.toml")
    assert origin["animation"] == "default"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('db = "x.db"\nthmee = "night"\n', "line 2: there is no setting 'thmee'. Did you mean 'theme'?"),
        ('as = "ana"\n', "line 1: there is no setting 'as'. Did you mean 'login'?"),
        ('\n\n[kyes]\nclaim = "c"\n', "line 3: there is no setting 'kyes'. Did you mean 'keys'?"),
        ("zzzzzz = 1\n", "There are db, login, theme"),
        ("reduced_motion = 1\n", "line 1: reduced_motion must be true or false, not 1"),
        ("db = 3\n", "line 1: db must be text in quotes, not 3"),
        ('keys = "c"\n', "line 1: keys must be a table"),
        ('[keys]\nnext = "n"\nclaim = 3\n', "line 3: the key of 'claim' must be text in quotes"),
        ('animation = "some"\n', "animation is one of none, basic, full; 'some' is none of them"),
        ("db = \n", "is not TOML"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_the_line_and_what_was_near(written, text, says):
    with pytest.raises(ConfigError) as refused:
        config.load(env=written(text))
    assert says in str(refused.value)


@pytest.mark.parametrize(("text", "meant"), [("1", True), ("yes", True), ("off", False), ("False", False)])
def test_the_environment_speaks_text_for_every_type(written, text, meant):
    found = config.load(env=written("", COCKPIT_REDUCED_MOTION=text, COCKPIT_ANIMATION="full"))
    assert (found.reduced_motion, found.animation) == (meant, "full")


@pytest.mark.parametrize(("name", "text"), [("COCKPIT_REDUCED_MOTION", "perhaps"), ("COCKPIT_CLIPBOARD", "many")])
def test_a_variable_of_the_wrong_type_is_named(written, name, text):
    with pytest.raises(ConfigError, match=name):
        config.load(env=written("", **{name: text}))


def test_a_named_file_that_is_missing_or_not_text_is_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="which is not there"):
        config.load(env={"COCKPIT_CONFIG": str(tmp_path / "none.toml")})
    (tmp_path / "bin.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(env={"COCKPIT_CONFIG": str(tmp_path / "bin.toml")})


def test_a_byte_order_mark_from_notepad_is_no_reason_to_fail(written, tmp_path: Path):
    (tmp_path / "bom.toml").write_bytes(b'\xef\xbb\xbftheme = "night"\r\n')
    assert config.load(env={"COCKPIT_CONFIG": str(tmp_path / "bom.toml")}).theme == "night"


def test_every_setting_is_documented_under_its_field_and_in_the_schema():
    docs, schema = config.field_docs(), config.schema()
    assert list(docs) == [f.name for f in fields(Config)] == list(schema["properties"])
    assert all(doc.endswith(".") for doc in docs.values())
    assert json.loads(json.dumps(schema)) == schema


def test_every_setting_has_a_reader():
    package = Path(config.__file__).parent
    sources = [p.read_text(encoding="utf-8") for p in package.rglob("*.py") if p.name != "config.py"]
    read = {name for source in sources for name in re.findall(r"(?:config|settings)\.(\w+)", source)}
    assert {f.name for f in fields(Config)} - read == set()


def test_reading_settings_is_light():
    code = "import sys, cockpit.config; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"tomllib", "platformdirs", "textual", "sqlalchemy"} & set(out.split())

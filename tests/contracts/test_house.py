"""What can be said of every file: small, documented, named for what it holds, free of the machine it was written on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("cockpit", "db")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PYTHON = sorted([*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def is_history(path: Path) -> bool:
    """A migration: written once, a list of tables, never read for its logic."""
    return "migrations/versions" in path.as_posix()


def test_no_file_is_longer_than_400_lines():
    sizes = [(len(path.read_text(encoding="utf-8").splitlines()), path) for path in PYTHON if not is_history(path)]
    assert [f"{lines} {path.relative_to(ROOT)}" for lines, path in sizes if lines > 400] == []


def test_no_function_is_longer_than_50_lines():
    long = {}
    for path in SOURCES:
        if is_history(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 50:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert long == {}


def test_files_are_named_for_what_they_hold():
    assert [name for path, name in zip(SOURCES, named(SOURCES), strict=True) if path.stem in VAGUE] == []


def public(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    """Public functions and classes of a module and the public methods of its public classes, protocols apart."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            if any("Protocol" in ast.unparse(base) for base in node.bases):
                continue
            for method in node.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and not method.name.startswith("_"):
                    yield f"{node.name}.{method.name}", method


FRAMEWORK = re.compile(
    r"compose|render\w*|on_\w+|action_\w+|watch_\w+|validate_\w+|check_action|get_\w+|key_\w+|compute_\w+"
    r"|list_commands|format_\w+|resolve_command|parse_args|invoke|convert"
    r"|process_\w+|load_dialect_impl|walk_\w+|visit_\w+|upgrade|downgrade|need|may|thing"
)
"""Names that a framework calls and whose meaning it documents."""


def test_what_is_public_says_what_it_is():
    bare = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.name != "__init__.py" and not ast.get_docstring(tree):
            bare.append(str(path.relative_to(ROOT)))
        for name, node in public(tree):
            overridden = any(isinstance(d, ast.Name) and d.id in ("override", "overload") for d in node.decorator_list)
            if not (ast.get_docstring(node) or overridden or FRAMEWORK.fullmatch(name.rpartition(".")[2])):
                bare.append(f"{path.relative_to(ROOT)}:{name}")
    assert bare == []


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """The files git knows; every file when this is not a checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return [p for p in ROOT.rglob("*") if p.is_file() and not {".venv", ".git"} & set(p.relative_to(ROOT).parts)]
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_knows_the_machine_it_was_written_on(tracked: list[Path]):
    folders, hosts = "work|farm|root|opt/venv", "|".join(("pypi" + r"\.org", "python" + "hosted"))
    machine = re.compile(rf"(^|[^A-Za-z0-9_.])/({folders})/|{hosts}".encode())
    assert [name for path, name in zip(tracked, named(tracked), strict=True) if machine.search(path.read_bytes())] == []


def test_nothing_generated_is_tracked(tracked: list[Path]):
    generated = re.compile(r"__pycache__|\.pyc$|\.db$|\.db-(wal|shm)$|\.egg-info|\.venv")
    assert [name for name in named(tracked) if generated.search(name)] == []


def imports(path: Path) -> Iterator[str]:
    """Top-level names of what a file imports absolutely."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


DISTRIBUTION = {"dateutil": "python-dateutil", "sqlmodel": "sqlmodel", "charset_normalizer": "charset-normalizer", "psycopg": "psycopg"}


def test_each_dependency_is_imported_and_each_import_is_a_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    declared = {re.split(r"[\[<>=~;\s]", text)[0] for text in wanted}
    used = {DISTRIBUTION.get(m, m) for path in SOURCES for m in imports(path)} - sys.stdlib_module_names - set(PACKAGES)
    assert used - declared == set(), "imported, not declared"
    assert declared - used - {"tzdata"} == set(), "declared, not imported"


def test_the_domain_takes_values_and_knows_no_library():
    allowed = {"db", "cockpit", "holidays"}
    for path in (ROOT / "cockpit" / "domain").rglob("*.py"):
        foreign = set(imports(path)) - sys.stdlib_module_names - allowed
        assert foreign == set(), path.name
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"datetime\.now\(|date\.today\(|time\.time\(", text), f"{path.name} reads the clock"

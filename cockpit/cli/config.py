"""`config`, `query` and `spec`: what can be set, asked and called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cockpit import config
from cockpit.cli.options import GIVEN, Usage, shared
from cockpit.cli.output import emit_list, emit_one, put, say
from cockpit.log import masked
from cockpit.services.frozen import to_plain

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="This person's settings.")
query = typer.Typer(rich_markup_mode=None, add_completion=False)
spec_app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@shared
def path() -> None:
    """Print where settings, stores and the log live."""
    places = {
        "config": str(config.config_file()), "data": str(config.data_folder()),
        "store": str(config.default_store()), "log": str(config.log_file()),
    }  # fmt: skip
    emit_one(places, lines="\n".join(f"{name:8} {place}" for name, place in places.items()))


@app.command()
@shared
def show() -> None:
    """Print every setting, its value and where it comes from."""
    described = config.describe(flags={"db": GIVEN.db, "login": GIVEN.login})
    rows = [to_plain(one) for one in described]
    for row in rows:
        row["value"] = row["value"] if GIVEN.json or not isinstance(row["value"], dict) else json.dumps(row["value"])
        if row["key"] == "db":
            row["value"] = masked(str(row["value"]))
    emit_list(rows, ("key", "value", "origin", "meaning"))


@app.command()
@shared
def check(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Else the file that is used")] = None,
) -> None:
    """Check a settings file: an unknown key is answered with the nearest and its line."""
    where = file or config.config_file()
    if not where.is_file():
        if file is not None:
            raise Usage(f"There is no file {file}.")
        return say(f"There is no settings file ({where}): everything is at its default.")
    config.check(where)
    say(f"{where} is well.")
    return None


@app.command()
@shared
def schema() -> None:
    """Print the JSON schema of the settings file, for editors."""
    put(json.dumps(config.schema(), indent=2) + "\n")


@query.command()
@shared
def query_fields(
    entity: Annotated[str, typer.Argument(metavar="[WHAT]", help="cta, account, person or activity")] = "cta",
) -> None:
    """Print every field a query can ask about, with its meaning and examples."""
    from cockpit.services.query import query_fields as known

    emit_list(known(entity), ("name", "type", "meaning", "example"))


@spec_app.command()
@shared
def spec() -> None:
    """Print every command and option as JSON."""
    put(json.dumps(commands(), indent=2) + "\n")


def commands() -> list[dict[str, Any]]:
    """Every command there is, with its arguments and options."""
    from cockpit.cli.main import parser
    from cockpit.cli.names import COMMANDS

    group: Any = parser()
    found: list[dict[str, Any]] = [_described("cockpit", group)]
    for name in COMMANDS:
        command = group.get_command(None, name)
        children = getattr(command, "commands", None)
        if children:
            found += [_described(f"cockpit {name} {child}", one) for child, one in sorted(children.items())]
        else:
            found.append(_described(f"cockpit {name}", command))
    return found


def _described(name: str, command: Any) -> dict[str, Any]:
    params = [
        {
            "name": param.opts[0] if param.param_type_name == "option" else param.name,
            "names": [*param.opts, *param.secondary_opts] if param.param_type_name == "option" else [param.name],
            "kind": param.param_type_name,
            "metavar": param.metavar,
            "required": bool(param.required),
            "repeats": bool(getattr(param, "multiple", False) or param.nargs == -1),
            "help": getattr(param, "help", None),
        }
        for param in command.params
    ]
    return {"command": name, "help": (command.help or "").strip(), "params": params}


APPS = {"config": app, "query": query, "spec": spec_app}

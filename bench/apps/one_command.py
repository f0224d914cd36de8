"""A Typer program with one command that prints one line."""

import typer


def main(name: str = "world") -> None:
    """Says hello."""
    print(f"hello {name}")


typer.run(main)

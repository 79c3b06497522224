"""bench: the measurements of benchmarks/, each against its baseline in the same run."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from px.core.errors import InvalidInput

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def register(app: typer.Typer) -> None:
    """The command stands on the command line."""
    app.command()(bench)


def bench(
    name: Annotated[str, typer.Argument(help="One of them; without it, all.")] = "",
) -> None:
    """Measure px on this machine. The figures are ratios: compare machines by nothing else.

    Example: python -m px bench plan
    """
    files = FOLDER.glob("[a-z]*.py")
    known = sorted(path.stem for path in files if "\ndef main(" in path.read_text())
    if name and name not in known:
        raise InvalidInput(f"bench: there is no {name!r}. There are: {', '.join(known) or 'none'}.")
    for each in [name] if name else known:
        typer.echo(f"== {each}", err=True)
        import_module(f"benchmarks.{each}").main()

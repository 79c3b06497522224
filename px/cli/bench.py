"""bench: the measurements of benchmarks/, each against its baseline in the same run."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from px.core.errors import InvalidInput, PxError

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def register(app: typer.Typer) -> None:
    """The command stands on the command line."""
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(bench)


def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="One of them; without it, all.")] = "",
) -> None:
    """Measure px on this machine. The figures are ratios: compare machines by nothing else.

    Ends with 1 when a figure misses its bar. Further options go to the measurement.

    Example: python -m px bench plan
    Example: python -m px bench crash --postgres
    """
    files = FOLDER.glob("[a-z]*.py")
    # A module cannot be called import.
    name = "imports" if name == "import" else name
    known = sorted(path.stem for path in files if "\ndef main(" in path.read_text())
    if name and name not in known:
        raise InvalidInput(f"bench: there is no {name!r}. There are: {', '.join(known) or 'none'}.")
    missed = []
    for each in [name] if name else known:
        typer.echo(f"== {each}", err=True)
        if import_module(f"benchmarks.{each}").main(context.args if name else ()):
            missed.append(each)
    if missed:
        raise PxError(f"bench: a bar was missed in {', '.join(missed)}.")

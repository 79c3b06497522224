"""The command line, for whoever hosts the tool, for scripts and for tests; docs/commands.md.

Exit status: 0 done, 1 could not, 2 the command or a file given to it is not valid.
"""

import sys
from importlib import import_module

import typer

from px.core.errors import InvalidInput, PxError

# Which module of this folder holds a command: only the one that was typed is loaded.
COMMANDS = {
    "serve": "serve",
    "worker": "worker",
    "run": "run",
    "send": "send",
    "demo": "demo",
    "import": "imports",
    "journey": "journey",
    "rehearse": "rehearse",
    "outbox": "outbox",
    "touches": "touches",
    "export-customer": "privacy",
    "erase-customer": "privacy",
    "user": "user",
    "backup": "backup",
    "restore": "backup",
    "doctor": "doctor",
    "bench": "bench",
}


def build(command: str | None = None) -> typer.Typer:
    """The command line with that command, or with every command."""
    app = typer.Typer(
        name="px",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_about)
    modules = [COMMANDS[command]] if command in COMMANDS else dict.fromkeys(COMMANDS.values())
    for name in modules:
        import_module(f"px.cli.{name}").register(app)
    return app


def _about() -> None:
    """px: the post-purchase studio. Every command says more with --help."""


def main() -> None:
    """Runs the command that was typed and ends with its exit status."""
    try:
        build(sys.argv[1] if len(sys.argv) > 1 else None)(prog_name="python -m px")
    except PxError as error:
        typer.echo(f"px: {error}", err=True)
        sys.exit(2 if isinstance(error, InvalidInput) else 1)

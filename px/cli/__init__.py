"""The command line, for whoever hosts the tool, for scripts and for tests. A module per noun;
docs/commands.md.

Exit status: 0 done, 1 could not, 2 the command or a file given to it is not valid.
"""

import sys
from importlib import import_module

import typer

from px.core.errors import InvalidInput, PxError

COMMANDS = (
    "serve",
    "worker",
    "run",
    "send",
    "demo",
    "imports",
    "journey",
    "rehearse",
    "outbox",
    "touches",
    "privacy",
    "user",
    "backup",
    "doctor",
    "bench",
)


def build() -> typer.Typer:
    """The command line with every command."""
    app = typer.Typer(
        name="px",
        help="px: the post-purchase studio. Every command says more with --help.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name in COMMANDS:
        import_module(f"px.cli.{name}").register(app)
    return app


def main() -> None:
    """Runs the command that was typed and ends with its exit status."""
    try:
        build()(prog_name="python -m px")
    except PxError as error:
        typer.echo(f"px: {error}", err=True)
        sys.exit(2 if isinstance(error, InvalidInput) else 1)

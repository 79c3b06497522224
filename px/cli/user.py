"""user add and user reset: accounts of the team, for whoever has the machine."""

import sys
from typing import Annotated

import typer

from db.kinds import Role
from px.cli.base import opened
from px.core import clock
from px.core.errors import InvalidInput
from px.core.work import work
from px.team import SHORTEST_PASSWORD, add_staff, set_password

BY = "command line"
_user = typer.Typer(no_args_is_help=True, help="Accounts of the team.")
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
Email = Annotated[str, typer.Argument(help="The address the person signs in with.")]


def register(app: typer.Typer) -> None:
    """The commands stand on the command line."""
    app.add_typer(_user, name="user")


@_user.command()
def add(
    email: Email,
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    name: Annotated[str, typer.Option(help="What the pages call the person.")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Add somebody to the team. The password is asked for, never given on the line.

    Example: python -m px user add mara@example.com --role admin
    """
    with opened():
        password = _password(password_stdin)
        with work() as session:
            add_staff(
                session,
                email=email,
                role=role,
                password=password,
                name=name,
                by=BY,
                now=clock.now(),
            )
    typer.echo(f"{email.strip().lower()} may sign in as {role.value}.", err=True)


@_user.command()
def reset(email: Email, password_stdin: FromStdin = False) -> None:
    """Give somebody a new password; they are signed out everywhere.

    Example: python -m px user reset mara@example.com
    """
    with opened():
        password = _password(password_stdin)
        with work() as session:
            set_password(session, email, password, by=BY, now=clock.now())
    typer.echo(f"{email.strip().lower()} has a new password and must sign in again.", err=True)


def _password(from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise InvalidInput(
                "No password came on standard input. Pipe it in, or run this on a terminal."
            )
        return line
    words = f"Password (at least {SHORTEST_PASSWORD} characters)"
    return str(typer.prompt(words, hide_input=True, confirmation_prompt=True, err=True))

"""send: sends what is due until nothing is due, then ends."""

from typing import Annotated

import typer

from px.cli.base import emit, opened
from px.core import clock
from px.core.errors import PxError
from px.messages import send_due


def register(app: typer.Typer) -> None:
    """Adds `send`."""
    app.command("send")(command)


def command(
    connections: Annotated[
        int | None, typer.Option(min=1, max=64, help="Connections to the mail server at once.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Send what is due until the outbox holds nothing due. Example: px send --connections 8"""
    with opened() as settings:
        counts, problems = send_due(settings=settings, clock=clock.now, connections=connections)
        words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        emit(as_json, dict(counts), words or "Nothing was due.")
    if problems:
        raise PxError(f"Messages wait: {' '.join(dict.fromkeys(problems.values()))}")

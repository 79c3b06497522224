"""run: one pass of every job, then ends."""

from typing import Annotated

import typer

from px.cli.base import emit, opened, parse_moment
from px.core.clock import now as clock_now
from px.core.errors import InvalidInput
from px.scheduler.jobs import run_once


def register(app: typer.Typer) -> None:
    """Adds `run`."""
    app.command("run")(command)


def command(
    now: Annotated[
        str | None, typer.Option(help="The clock of this pass; only with PX_TIME_TRAVEL=1.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """One pass of every job: reads events, plans touches, sends what is due. Example: px run
    --json
    """
    with opened() as settings:
        if now is not None and not settings.time_travel:
            raise InvalidInput(
                "run: --now is for trying things out; set PX_TIME_TRAVEL=1 to allow it."
            )
        moment = parse_moment(now, "--now") if now is not None else clock_now()
        for job, counts in run_once(now=moment, settings=settings).items():
            row = {"job": job, "counts": counts}
            emit(as_json, row, f"{job:12} {counts}")

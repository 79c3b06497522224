"""worker: the scheduler and the sender without the pages, until it is told to stop."""

import gc
import os
import signal
from threading import Event
from typing import Annotated

import typer

from px.cli.base import opened
from px.scheduler import Runner


def register(app: typer.Typer) -> None:
    """Adds `worker`."""
    app.command("worker")(command)


def command(
    connections: Annotated[
        int | None, typer.Option(min=1, max=64, help="Connections to the mail server at once.")
    ] = None,
) -> None:
    """Do everything that is due, over and over, until SIGTERM; then finish what is being sent.

    Several may run beside each other and beside the app. Example: px worker --connections 8
    """
    told = Event()
    with opened():
        runner = Runner(connections=connections)

        def stop(_signal: int, _frame: object) -> None:
            if told.is_set():
                os._exit(1)
            told.set()
            runner.stop_soon()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        # What is loaded by now stays: the garbage collector need not look at it again.
        gc.freeze()
        runner.start()
        typer.echo("The worker runs. Stop it with Ctrl+C or SIGTERM.", err=True)
        while not told.wait(1):
            pass
        runner.stop()

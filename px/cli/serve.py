"""serve: the app in one process, with an end that comes in time."""

import logging
import signal
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from px.core import settings
from px.core.errors import InvalidInput, PxError
from px.core.work import close_database, open_migrated

ROOT = Path(__file__).resolve().parent.parent.parent
# Containers are killed after 10 s; what is being sent needs some of them.
SECONDS_TO_CLOSE = 2
# Larger than what a page's widgets may hold (25 MB), far smaller than the server's own 200 MB.
LARGEST_FRAME = 26 * 1024 * 1024


def register(app: typer.Typer) -> None:
    """The command stands on the command line."""
    app.command()(serve)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "0.0.0.0",  # noqa: S104
) -> None:
    """Serve the pages, the public addresses and the scheduler, as `streamlit run app.py` does.

    Example: python -m px serve --port 8501
    """
    open_migrated(settings.host_settings().database_address)
    close_database()
    listening = _listen(address, port)
    sys.path.insert(0, str(ROOT))
    config = uvicorn.Config(
        "app:app",
        ws="websockets-sansio",
        ws_max_size=LARGEST_FRAME,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
        timeout_keep_alive=30,
    )
    shown = "localhost" if address in ("0.0.0.0", "::") else address  # noqa: S104
    typer.echo(f"px is starting on http://{shown}:{port}", err=True)
    config.load()
    # Loading the pages turned the access log on again; its lines hold the tokens of links.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # The server hands the signal on when it has ended in order; that is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    if not server.started:
        raise PxError("The app did not start. The lines above say why.")


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # With the protocol named, answers leave at once (TCP_NODELAY); without, each waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError as error:
        listening.close()
        raise InvalidInput(
            f"Cannot listen on {address} port {port}: {error.strerror}. Choose another --port."
        ) from error
    return listening

"""What the server needs around its routes: a lasting cookie secret, quick answers, trouble."""

import asyncio
import contextlib
import gc
import hashlib
import hmac
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from types import FrameType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from px.core.errors import PxError
from px.core.settings import Settings
from px.web import plain_pages
from px.web.gate import Sockets, find_user

LOOK_EVERY = 10.0
_log = logging.getLogger("px.web")


def cookie_secret(settings: Settings) -> str:
    """The same secret at every start, so that a restart signs nobody out."""
    return hmac.new(settings.key, b"streamlit cookies", hashlib.sha256).hexdigest()


@asynccontextmanager
async def watching(sockets: Sockets) -> AsyncIterator[None]:
    """While this is open, sockets whose sign-in was ended elsewhere are closed within seconds."""
    task = asyncio.create_task(_watch(sockets), name="px-close-ended-sockets")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def quicken(*modules: str) -> None:
    """Answers leave at once, and these modules are loaded and never searched for garbage again.

    The listening socket comes without TCP_NODELAY, which costs each request 40 ms; the full
    collection after each run of a page costs 90 ms in which every session waits.
    """
    for found in gc.get_objects():
        if isinstance(found, socket.socket) and found.fileno() != -1:
            with contextlib.suppress(OSError):
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name in modules:
        import_module(name)
    gc.collect()
    gc.freeze()


def at_the_end(call: Callable[[], object]) -> None:
    """`call` runs as soon as the process is told to stop, before open connections are closed."""
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def both(got: int, frame: FrameType | None, before: Any = before) -> None:
            call()
            if callable(before):
                before(got, frame)

        signal.signal(number, both)


async def trouble(_request: Request, error: Exception) -> Response:
    """A page that says so when an answer could not be made; what happened is in the log."""
    unknown = "Try again in a minute. If it stays so, the server's log says more."
    text = str(error) if isinstance(error, PxError) else unknown
    return plain_pages.page(
        "message",
        plain_pages.Look.ours(),
        title="Something went wrong",
        status=503 if isinstance(error, PxError) else 500,
        heading="Something went wrong",
        text=text,
    )


async def _watch(sockets: Sockets) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            await sockets.close_ended(find_user)
        except PxError as error:
            _log.warning("open sockets could not be checked: %s", error)
        except Exception:  # noqa: BLE001 - the edge of a task: else nobody would look ever again
            _log.exception("open sockets could not be checked")

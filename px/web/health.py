"""/health, for whoever watches the server: 200 when it can do its work, else 503. No secrets."""

from datetime import datetime, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from px import __version__
from px.core import clock
from px.core.errors import PxError
from px.core.lease import read_lease
from px.core.work import reading

LATE = timedelta(minutes=5)


async def health(_request: Request) -> Response:
    """Whether the database answers and the scheduler ticked in the last five minutes."""
    body = await run_in_threadpool(_look, clock.now())
    return JSONResponse(body, 200 if body["ok"] else 503, {"Cache-Control": "no-store"})


def _look(now: datetime) -> dict[str, Any]:
    try:
        with reading() as session:
            lease = read_lease(session, "scheduler")
    except PxError:
        return {"ok": False, "version": __version__, "database": "down", "last_tick": None}
    ticked = lease.ticked_at if lease else None
    late = ticked is not None and now - ticked > LATE
    return {
        "ok": not late,
        "version": __version__,
        "database": "up",
        "last_tick": ticked.isoformat(timespec="seconds") if ticked else None,
    }

"""A mail as the team previews it: by itself, in a frame where nothing can run."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from px.core import clock
from px.core import settings as px_settings
from px.core.work import reading
from px.messages import PREVIEW_HEADERS, kept_page

_GONE = "This preview is no longer kept. Change something in the editor to see it again."


async def show_preview(request: Request) -> Response:
    """The page of a token made in the last half hour; the gate has asked who looks."""
    page = await run_in_threadpool(_page, request.path_params["token"])
    if page is None:
        return PlainTextResponse(_GONE, 404, {"Cache-Control": "no-store"})
    return Response(page, headers=PREVIEW_HEADERS)


def _page(token: str) -> bytes | None:
    with reading() as session:
        key = px_settings.current(session).key
    return kept_page(token, key=key, now=clock.now())

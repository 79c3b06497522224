"""The image at the end of marketing mails: always the same answer, and the first opening is known.

Mail programs that fetch every image themselves are told apart as far as they say who they are.
"""

import logging
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from px import messages
from px.core import clock
from px.core import settings as px_settings
from px.core.errors import PxError
from px.core.work import reading, work
from px.web import visitors

_log = logging.getLogger("px.web.pixel")
# One transparent point, 43 bytes.
GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    # Mails are shown on other sites; the image may stand there.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


async def pixel(request: Request) -> Response:
    """The image, whatever the token; what it means is noted where it is one of ours."""
    is_prefetch = visitors.is_apples_prefetch(request)
    if is_prefetch or not visitors.is_machine(request):
        token = request.path_params["token"]
        try:
            await run_in_threadpool(_note, token, is_prefetch, clock.now())
        except PxError as problem:
            _log.warning("an opening was not recorded: %s", problem)
    return Response(GIF, media_type="image/gif", headers=_HEADERS)


def _note(token: str, is_prefetch: bool, now: datetime) -> None:
    with reading() as session:
        settings = px_settings.current(session)
        message = messages.opened_by(session, token, settings=settings)
    if message is None:
        return
    if is_prefetch and not (message.is_prefetched or message.is_erased):
        with work() as session:
            messages.record_prefetch(session, message, now=now)
    elif not is_prefetch and not message.is_opened and visitors.may_be_read(message, now=now):
        with work() as session:
            messages.record_open(session, message, now=now)

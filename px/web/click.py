"""The links of marketing messages: on to where they lead, and the first click is known.

There is no address in the address: it says which message and which of its links, sealed, so it
leads only to what the shop wrote there.
"""

import logging
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from px import journeys, messages
from px.core import clock
from px.core import settings as px_settings
from px.core.errors import PxError
from px.core.settings import Settings
from px.core.work import reading, work
from px.messages import Reached
from px.web import plain_pages, visitors

_log = logging.getLogger("px.web.click")
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


async def click(request: Request) -> Response:
    """On to where the link leads, or a page that says it does not work."""
    is_machine = visitors.is_machine(request) or visitors.is_apples_prefetch(request)
    token = request.path_params["token"]
    settings, target = await run_in_threadpool(_follow, token, is_machine, clock.now())
    if target is None:
        dead = plain_pages.dead_link(plain_pages.Look.of_shop(settings))
        dead.headers.update(_HEADERS)
        return dead
    return Response(status_code=302, headers={"Location": target, **_HEADERS})


def _follow(token: str, is_machine: bool, now: datetime) -> tuple[Settings, str | None]:
    with reading() as session:
        settings = px_settings.current(session)
        message = messages.follow(session, token, settings=settings)
        if message is None or message.link is None:
            return settings, None
        variant = journeys.variant_of(session, message.touch_id)
    if not is_machine and visitors.may_be_read(message, now=now) and not message.is_clicked:
        _record(message, now)
    return settings, _target(message, message.link, variant, settings)


def _record(message: Reached, now: datetime) -> None:
    try:
        with work() as session:
            messages.record_click(session, message, now=now)
    except PxError as problem:
        # The visitor goes on all the same; the next click is the first one known.
        _log.warning("a click on message %s was not recorded: %s", message.id, problem)


def _target(message: Reached, link: str, variant: str | None, settings: Settings) -> str:
    if link.startswith(f"{settings.base_url}/"):
        return link
    content = variant or message.touchpoint
    words = messages.utm_words(settings, message.channel, message.journey_key, content)
    return messages.with_words(link, words)

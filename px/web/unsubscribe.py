"""The link under every marketing message (RFC 8058): opening it changes nothing, posting does.

The address holds everything: who, which channel, which message. No sign-in, no cookie, no redirect,
no script.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from db.kinds import Channel
from px import customers, messages
from px.core import clock, tokens
from px.core import settings as px_settings
from px.core.errors import NotFound
from px.core.settings import Settings
from px.core.work import reading, work
from px.web import plain_pages

PURPOSE = "unsubscribe"
_BY = {
    Channel.EMAIL: "by e-mail",
    Channel.SMS: "by text message",
    Channel.WHATSAPP: "on WhatsApp",
    Channel.WEBCHAT: "in the chat",
}


async def show_or_do(request: Request) -> Response:
    """GET shows the page with its one button; POST, whatever its body, unsubscribes and says so."""
    settings = await run_in_threadpool(_settings)
    told = _read(request.path_params["token"], settings)
    look = plain_pages.Look.of_shop(settings)
    if told is None:
        return plain_pages.dead_link(look)
    customer_id, channel, message_key = told
    if request.method != "POST":
        return plain_pages.page(
            "unsubscribe",
            look,
            title=f"Unsubscribe from {settings.shop_name}",
            shop=settings.shop_name,
            channel=_BY[channel],
            action=request.url.path,
        )
    # The body is read to its end, within the limit, and says nothing that the address does not.
    async for _ in request.stream():
        pass
    await run_in_threadpool(_unsubscribe, customer_id, channel, message_key)
    return plain_pages.page(
        "message",
        look,
        title="You are unsubscribed",
        heading="You are unsubscribed",
        text=f"{settings.shop_name} will not send you news and offers {_BY[channel]} any more.",
    )


def _read(token: str, settings: Settings) -> tuple[int, Channel, str] | None:
    value = tokens.read(PURPOSE, token, key=settings.key)
    if value is None:
        return None
    customer, _, rest = value.partition(".")
    channel, _, message_key = rest.partition(".")
    if not customer.isdigit() or channel not in Channel._value2member_map_:
        return None
    return int(customer), Channel(channel), message_key


def _settings() -> Settings:
    with reading() as session:
        return px_settings.current(session)


def _unsubscribe(customer_id: int, channel: Channel, message_key: str) -> None:
    now = clock.now()
    try:
        with work() as session:
            customers.unsubscribe(
                session,
                customer_id,
                channel,
                source="unsubscribe link",
                key=px_settings.current(session).key,
                now=now,
            )
            messages.record_unsubscribed(session, customer_id, message_key, now=now)
    except NotFound:
        # The link of a test mail is nobody's: who is not a customer gets no marketing either.
        return

"""Who asks for a link or an image of a message: a person, or a machine that follows all of them.

Nobody can be sure. What cannot be a person is left out; the rest may still be a machine that hides.
"""

import re
from datetime import datetime, timedelta

from starlette.requests import Request

from px.messages import Reached
from px.web.cookies import session_token

# Nobody reads this fast: whatever comes so soon goes through the mail before it is delivered.
TOO_SOON = timedelta(seconds=2)
# Apple's Mail Privacy Protection fetches every image of every mail, seen or not, under this name.
_APPLE = "Mozilla/5.0"
_MACHINE = re.compile(
    # But Cubot, who makes phones.
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|scan|monitor|uptime|headless|phantomjs|lighthouse"
    r"|facebookexternalhit|facebookcatalog|whatsapp/|skypeuripreview|embedly|barracuda|mimecast"
    r"|proofpoint|trendmicro|symantec|messagelabs|cloudmark|ironport|fortinet|sophos|forcepoint"
    r"|safelinks|bingpreview|google-safety|googledocs|yahoo link|urldefense|vade"
    r"|^(?:curl|wget|libwww|lwp|python|java|go-http|ruby|perl|php|okhttp|axios|node|httpie|aiohttp"
    r"|apache-httpclient|guzzle|postman|dart|winhttp|microsoft office)",
    re.IGNORECASE,
)
_PREFETCH = ("purpose", "sec-purpose", "x-purpose", "x-moz")


def is_machine(request: Request) -> bool:
    """Whether this cannot be the customer: it says so, only looks, fetches ahead, or is one of us.

    Whoever is signed in looks at the shop's own messages.
    """
    agent = request.headers.get("user-agent", "").strip()
    ahead = any("prefe" in request.headers.get(name, "").lower() for name in _PREFETCH)
    return (
        request.method == "HEAD"
        or not agent
        or ahead
        or bool(_MACHINE.search(agent[:500]))
        or session_token(request.scope) is not None
    )


def is_apples_prefetch(request: Request) -> bool:
    """Whether Apple's mail programs fetch the image ahead, whoever opens the mail or nobody."""
    return request.headers.get("user-agent", "").strip() == _APPLE


def may_be_read(message: Reached, *, now: datetime) -> bool:
    """Whether the message has had the time to reach somebody, who has not been erased."""
    if message.is_erased or not message.is_known_to_have_left:
        return False
    return message.sent_at is None or now - message.sent_at >= TOO_SOON

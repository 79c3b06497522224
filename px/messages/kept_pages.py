"""Mails that the team looks at: pages kept here for half an hour, each in a sandbox."""

import re
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from px.core import tokens

LASTS = timedelta(minutes=30)
# The page is shown in a frame; nothing in it may run, be sent, or be fetched but images.
PREVIEW_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PURPOSE = "preview"
_MOST_PAGES = 200
_SAME_FOR = 300
# The links are the customer's: whoever of the team presses one would act in their name.
_UNPRESSED = "<style>a{pointer-events:none}</style></head>"
# The image that tells of opening: the team's looking is none.
_PIXEL = re.compile(r'(<img src=")[^"]*/i/[A-Za-z0-9_-]+(?=")')


def keep_page(html: str, *, key: bytes, now: datetime) -> str:
    """A token under which this process shows the page to the team for almost half an hour; the
    same for some minutes, so that a page that is drawn again is not loaded again.
    """
    name = tokens.fingerprint(html)
    begun = int(now.timestamp()) // _SAME_FOR * _SAME_FOR
    _pages.put(name, _PIXEL.sub(r"\1data:,", html.replace("</head>", _UNPRESSED, 1)))
    return tokens.sign(_PURPOSE, f"{name}.{begun + int(LASTS.total_seconds())}", key=key)


def kept_page(token: str, *, key: bytes, now: datetime) -> bytes | None:
    """The page of the token; None when it is not one, is too old, or the page is gone."""
    name, _, until = (tokens.read(_PURPOSE, token, key=key) or "").partition(".")
    if not (until.isascii() and until.isdigit()) or int(until) < now.timestamp():
        return None
    html = _pages.get(name)
    return None if html is None else html.encode()


class _Pages:
    """The newest pages, in memory: they are shown once or twice and never kept."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pages: OrderedDict[str, str] = OrderedDict()

    def put(self, name: str, html: str) -> None:
        with self._lock:
            self._pages[name] = html
            self._pages.move_to_end(name)
            while len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)

    def get(self, name: str) -> str | None:
        with self._lock:
            return self._pages.get(name)


_pages = _Pages()

"""Security headers on every answer, Streamlit's own included, which has none."""

import base64
import hashlib
import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from px.web.cookies import is_https

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# The grid's frame evaluates the two constant functions that pages/_ui/table.py gives it.
_GRID = "/component/st_aggrid"
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def source_hash(text: str) -> str:
    """The text as a source of a Content-Security-Policy."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def app_policy(index_html: Path | None = None, *, evaluates: bool = False) -> str:
    """What the team's pages may load: from here only, and their index page's inline script."""
    scripts = _INLINE_SCRIPT.findall(index_html.read_text("utf-8")) if index_html else []
    extra = ["'unsafe-eval'"] if evaluates else []
    allowed = " ".join(["'self'", "blob:", *extra, *map(source_hash, scripts)])
    return (
        f"default-src 'self'; script-src {allowed}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob: https:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; frame-ancestors 'self'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'"
    )


def page_policy(style: str) -> str:
    """What our own plain pages may load: their one style block and the shop's logo."""
    return (
        f"default-src 'none'; style-src {source_hash(style)}; img-src https: data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


class SecurityHeaders:
    """ASGI middleware that adds the headers a route did not set itself."""

    def __init__(self, app: ASGIApp, index_html: Path | None = None) -> None:
        """`index_html` is the pages' index, whose inline script is allowed by its hash."""
        self.app = app
        self.policy = app_policy(index_html)
        self.grid_policy = app_policy(index_html, evaluates=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and marks the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = self.grid_policy if scope["path"].startswith(_GRID) else self.policy

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (COMMON | {"Content-Security-Policy": policy}).items():
                    headers.setdefault(name, value)
                if is_https(scope):
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self.app(scope, receive, marked)

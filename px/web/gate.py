"""The gate in front of the team's pages: without a sign-in only the public addresses are answered.

A page leads to the sign-in; uploads, media, metrics and everything else answer 401. What a client
says about itself in X-Px-... headers is dropped; the pages believe only what the gate puts there.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from px.core import clock
from px.core.work import reading
from px.team import User, signed_in, token_hash
from px.web.cookies import session_token

Lookup = Callable[[str], Awaitable[User | None]]

PUBLIC_PATHS = {
    "/auth/sign-in",
    "/auth/sign-out",
    "/auth/first",
    "/health",
    "/favicon.png",
    "/favicon.ico",
    "/robots.txt",
    "/_stcore/health",
    "/_stcore/host-config",
}
PUBLIC_PREFIXES = ("/static/", "/u/", "/c/", "/i/")
# These are no pages: a browser shows nothing when they lead to a sign-in.
NOT_PAGES = (
    "/_stcore/",
    "/media/",
    "/component/",
    "/app/",
    "/preview/",
    "/oauth2callback",
    "/auth/",
)
SIGNED_OUT = 4401
MOST_NAMELESS = 30
_OWN_HEADER = b"x-px-"
_STREAMLIT_SESSION = re.compile(r"[0-9a-f-]{36}")


class Sockets:
    """The open sockets by sign-in, so that signing out closes them at once in every tab."""

    def __init__(self) -> None:
        """No socket is open yet."""
        self._open: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.nameless = 0

    def open(self, hashed: str) -> asyncio.Event:
        """An event that is set when the sign-in ends."""
        ended = asyncio.Event()
        self._open[hashed].add(ended)
        return ended

    def forget(self, hashed: str, ended: asyncio.Event) -> None:
        """This socket is closed."""
        self._open[hashed].discard(ended)
        if not self._open[hashed]:
            del self._open[hashed]

    def close(self, hashed: str) -> None:
        """Every socket of this sign-in is being closed."""
        for ended in self._open.get(hashed, ()):
            ended.set()

    async def close_ended(self, lookup: Lookup) -> None:
        """Closes the sockets whose sign-in ended elsewhere: in a terminal, on a page, by time."""
        for hashed in list(self._open):
            if await lookup(hashed) is None:
                self.close(hashed)


async def find_user(hashed: str) -> User | None:
    """Whose sign-in this is, asked in a thread so that a slow database holds up nobody else."""
    return await asyncio.to_thread(_find, hashed)


class AuthGate:
    """ASGI middleware; the first of ours, so that nothing behind it is reached unasked."""

    def __init__(self, app: ASGIApp, sockets: Sockets, lookup: Lookup = find_user) -> None:
        """Guards `app`; `lookup` answers whose sign-in a token's hash is."""
        self.app = app
        self.sockets = sockets
        self.lookup = lookup

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may pass, with who it is; answers the rest itself."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = _without_own_headers(scope)
        if scope["type"] == "http" and is_public(scope["path"]):
            await self.app(scope, receive, send)
            return
        token = session_token(scope)
        hashed = token_hash(token) if token else ""
        user = await self.lookup(hashed) if hashed else None
        if user is not None:
            scope = _with_user(scope, user, hashed)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, hashed if user else None)
        elif user is not None:
            await self.app(scope, receive, send)
        else:
            await _refusal(scope)(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, hashed: str | None) -> None:
        if hashed is not None:
            await self._signed_in_socket(scope, receive, send, hashed)
        elif _reconnects(scope) and self.sockets.nameless < MOST_NAMELESS:
            # A tab whose sign-in ended comes back by itself; refused, it would stay grey without a
            # word. It gets a new session that knows nobody, and the page says it is signed out.
            self.sockets.nameless += 1
            try:
                await self.app(_as_new(scope), receive, send)
            finally:
                self.sockets.nameless -= 1
        else:
            await _refuse_socket(scope, receive, send)

    async def _signed_in_socket(
        self, scope: Scope, receive: Receive, send: Send, hashed: str
    ) -> None:
        ended = self.sockets.open(hashed)
        closing = asyncio.ensure_future(ended.wait())

        async def receive_until_ended() -> Message:
            incoming = asyncio.ensure_future(receive())
            await asyncio.wait({incoming, closing}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.is_set():
                return await incoming
            incoming.cancel()
            await send({"type": "websocket.close", "code": SIGNED_OUT, "reason": "signed out"})
            return {"type": "websocket.disconnect", "code": SIGNED_OUT}

        async def send_until_ended(message: Message) -> None:
            if not ended.is_set():
                await send(message)

        try:
            await self.app(scope, receive_until_ended, send_until_ended)
        finally:
            closing.cancel()
            self.sockets.forget(hashed, ended)


def is_public(path: str) -> bool:
    """Whether anybody may ask for this address."""
    return path in PUBLIC_PATHS or path.startswith(PUBLIC_PREFIXES)


def _find(hashed: str) -> User | None:
    with reading() as session:
        return signed_in(session, hashed, now=clock.now())


def _without_own_headers(scope: Scope) -> Scope:
    headers = [pair for pair in scope["headers"] if not pair[0].lower().startswith(_OWN_HEADER)]
    return dict(scope) | {"headers": headers}


def _with_user(scope: Scope, user: User, hashed: str) -> Scope:
    added = [
        (b"x-px-user-id", str(user.id).encode()),
        (b"x-px-user-email", user.email.encode("ascii", "replace")),
        (b"x-px-user-role", user.role.value.encode()),
        (b"x-px-session", hashed.encode()),
    ]
    return dict(scope) | {"headers": [*scope["headers"], *added]}


def _refusal(scope: Scope) -> ASGIApp:
    path = scope["path"]
    if scope["method"] not in ("GET", "HEAD") or path.startswith(NOT_PAGES):
        return PlainTextResponse("Sign in first.", 401, {"Cache-Control": "no-store"})
    query = scope.get("query_string", b"").decode("latin-1")
    wanted = path + (f"?{query}" if query else "")
    address = "/auth/sign-in" + (f"?next={quote(wanted, safe='')}" if wanted != "/" else "")
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def _protocols(scope: Scope) -> list[str]:
    offered = Headers(scope=scope).get("sec-websocket-protocol", "")
    return [entry.strip() for entry in offered.split(",")]


def _reconnects(scope: Scope) -> bool:
    offered = _protocols(scope)
    return (
        scope["path"] == "/_stcore/stream"
        and len(offered) == 3
        and bool(_STREAMLIT_SESSION.fullmatch(offered[2]))
    )


def _as_new(scope: Scope) -> Scope:
    kept = ", ".join(_protocols(scope)[:2]).encode()
    name = b"sec-websocket-protocol"
    headers = [(k, kept if k.lower() == name else v) for k, v in scope["headers"]]
    return dict(scope) | {"headers": headers, "subprotocols": _protocols(scope)[:2]}


async def _refuse_socket(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": SIGNED_OUT, "reason": "sign in first"})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "websocket.http.response.start", "status": 401, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b"Sign in first."})

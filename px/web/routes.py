"""Every address that is answered beside the team's pages."""

from collections.abc import Callable
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from px.web.auth import Doors
from px.web.click import click
from px.web.gate import Sockets
from px.web.health import health
from px.web.limits import BodyLimit
from px.web.pixel import pixel
from px.web.preview import show_preview
from px.web.unsubscribe import show_or_do


def routes(sockets: Sockets) -> list[BaseRoute]:
    """The list. What is public is in gate.py, and nothing else is."""
    doors = Doors(sockets)
    return [
        _route("/auth/sign-in", doors.sign_in, "GET", "POST"),
        _route("/auth/sign-out", doors.sign_out, "GET", "POST"),
        _route("/auth/first", doors.first, "GET", "POST"),
        _route("/u/{token}", show_or_do, "GET", "POST"),
        # With what only looks like our addresses too: otherwise the pages would answer it.
        _route("/c/{token:path}", click, "GET"),
        _route("/i/{token:path}", pixel, "GET"),
        _route("/preview/{token}", show_preview, "GET"),
        _route("/health", health, "GET"),
        _route("/robots.txt", _robots, "GET"),
    ]


def _route(path: str, endpoint: Callable[..., Any], *methods: str) -> Route:
    return Route(path, endpoint, methods=list(methods), middleware=[Middleware(BodyLimit)])


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")

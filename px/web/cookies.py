"""The sign-in's cookie: unreadable for scripts, for this host only, Secure on https."""

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from px.team.rules import SESSION_LIFE

NAME = "px_session"
# The prefix makes browsers refuse the cookie unless it is Secure, for this host and the whole path.
SECURE_NAME = "__Host-px_session"


def is_https(scope: Scope) -> bool:
    """Whether the visitor's side is https, as the server or its trusted proxy says."""
    return scope.get("scheme") in ("https", "wss")


def session_token(scope: Scope) -> str | None:
    """The token in the visitor's cookie."""
    name = SECURE_NAME if is_https(scope) else NAME
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return None
    found = cookies.get(name)
    return found.value if found and found.value and len(found.value) < 200 else None


def give(response: Response, scope: Scope, token: str) -> None:
    """The visitor's browser holds the token from now on."""
    secure = is_https(scope)
    response.set_cookie(
        SECURE_NAME if secure else NAME,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_back(response: Response, scope: Scope) -> None:
    """The visitor's browser holds no token any more."""
    secure = is_https(scope)
    response.delete_cookie(
        SECURE_NAME if secure else NAME, path="/", secure=secure, httponly=True, samesite="lax"
    )

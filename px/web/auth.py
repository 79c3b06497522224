"""Signing in and out, and the first account. HTML forms without script; argon2 runs in a thread."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.kinds import Role
from px.core import clock
from px.core import settings as px_settings
from px.core.errors import PxError
from px.core.lease import take_lease
from px.core.work import reading, work
from px.team import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    Attempts,
    add_staff,
    close_session,
    has_staff,
    open_session,
    sign_in_of,
    token_hash,
    verify,
    write_audit,
)
from px.web import cookies, forms, plain_pages
from px.web.gate import Sockets

_WRONG = "The address or the password is not right."
_FOREIGN = "That form came from another site. Open this page anew and try again."


@dataclass(frozen=True)
class Doors:
    """The sign-in routes of one server, the tries it remembers and the sockets it can close."""

    sockets: Sockets
    attempts: Attempts = field(default_factory=Attempts)
    # Each check takes 64 MB and a core for a while; more at once would stop the pages.
    _checks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def sign_in(self, request: Request) -> Response:
        """The sign-in form, and what it does: a cookie and the page that was wanted."""
        if request.method != "POST":
            if not await asyncio.to_thread(_anybody):
                return _see("/auth/first")
            wanted = request.query_params.get("next", "/")
            return _sign_in_page(await asyncio.to_thread(_shop), next=wanted)
        shop = await asyncio.to_thread(_shop)
        try:
            form = await forms.form_of(request)
        except PxError as error:
            return _sign_in_page(shop, status=400, problem=str(error))
        email, wanted = forms.field(form, "email", 320), forms.safe_next(forms.field(form, "next"))
        if not forms.is_own_form(request, shop.base_url):
            return _sign_in_page(shop, status=403, problem=_FOREIGN, email=email, next=wanted)
        account, origin = email.strip().lower(), _origin(request)
        wait = self.attempts.begin(account, origin, now=clock.now())
        if wait:
            return _too_many(shop, wait, email, wanted)
        password = forms.field(form, "password", LONGEST_PASSWORD + 1)
        async with self._checks:
            token = await asyncio.to_thread(_check, account, password, _agent(request))
        if token is None:
            return _sign_in_page(shop, status=401, problem=_WRONG, email=email, next=wanted)
        self.attempts.succeeded(account, origin)
        return await self._signed_in(request, token, wanted)

    async def first(self, request: Request) -> Response:
        """The first account, as long as there is none."""
        if await asyncio.to_thread(_anybody):
            return _see("/auth/sign-in")
        if request.method != "POST":
            return _first_page()
        shop = await asyncio.to_thread(_shop)
        try:
            form = await forms.form_of(request)
        except PxError as error:
            return _first_page(status=400, problem=str(error))
        name, email = forms.field(form, "name", 200), forms.field(form, "email", 320)
        if not forms.is_own_form(request, shop.base_url):
            return _first_page(status=403, problem=_FOREIGN, name=name, email=email)
        password = forms.field(form, "password", LONGEST_PASSWORD + 1)
        try:
            async with self._checks:
                token = await asyncio.to_thread(_make_first, email, name, password, _agent(request))
        except PxError as error:
            return _first_page(status=422, problem=str(error), name=name, email=email)
        return await self._signed_in(request, token, "/") if token else _see("/auth/sign-in")

    async def sign_out(self, request: Request) -> Response:
        """Signed out in every tab; asked first when the visitor comes from elsewhere."""
        own = request.headers.get("sec-fetch-site") == "same-origin"
        if request.method == "POST":
            own = forms.is_own_form(request, (await asyncio.to_thread(_shop)).base_url)
        if not own:
            return plain_pages.page("sign_out", plain_pages.Look.ours(), title="Sign out")
        response = _see("/auth/sign-in")
        await self._end(request)
        cookies.take_back(response, request.scope)
        return response

    async def _signed_in(self, request: Request, token: str, wanted: str) -> Response:
        await self._end(request)
        response = _see(wanted)
        cookies.give(response, request.scope, token)
        return response

    async def _end(self, request: Request) -> None:
        if old := cookies.session_token(request.scope):
            hashed = token_hash(old)
            await asyncio.to_thread(_close, hashed)
            self.sockets.close(hashed)


@dataclass(frozen=True, slots=True)
class _Shop:
    name: str
    base_url: str


def _shop() -> _Shop:
    with reading() as session:
        current = px_settings.current(session)
    return _Shop(current.shop_name, current.base_url)


def _anybody() -> bool:
    with reading() as session:
        return has_staff(session)


def _check(account: str, password: str, agent: str) -> str | None:
    with reading() as session:
        known = sign_in_of(session, account)
    if not verify(known.password_hash if known else None, password) or known is None:
        return None
    with work() as session:
        return open_session(session, known.staff_id, agent=agent, now=clock.now())


def _make_first(email: str, name: str, password: str, agent: str) -> str | None:
    now = clock.now()
    with work() as session:
        # Two first visitors at once: the lease's unique row lets one of them through.
        alone = take_lease(session, "first account", owner="setup", seconds=1, now=now)
        if not alone or has_staff(session):
            return None
        staff_id = add_staff(
            session, email=email, name=name, role=Role.ADMIN, password=password, by=email, now=now
        )
        write_audit(session, email, "set up", "installation", now=now)
        return open_session(session, staff_id, agent=agent, now=now)


def _close(hashed: str) -> None:
    with work() as session:
        close_session(session, hashed)


def _origin(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


def _see(address: str) -> Response:
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def _too_many(shop: _Shop, wait: timedelta, email: str, wanted: str) -> Response:
    seconds = max(1, round(wait.total_seconds()))
    words = f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
    problem = f"Too many tries. Wait {words}, then try again."
    response = _sign_in_page(shop, status=429, problem=problem, email=email, next=wanted)
    response.headers["Retry-After"] = str(seconds)
    return response


def _sign_in_page(
    shop: _Shop, *, status: int = 200, problem: str = "", email: str = "", next: str = "/"
) -> Response:
    on, off = ("focus_password", "focus_email") if email else ("focus_email", "focus_password")
    return plain_pages.page(
        "sign_in",
        plain_pages.Look.ours(),
        title="Sign in",
        status=status,
        problem=problem,
        shop=shop.name,
        email=email,
        next=forms.safe_next(next),
        **{on: "autofocus", off: ""},
    )


def _first_page(
    *, status: int = 200, problem: str = "", name: str = "", email: str = ""
) -> Response:
    return plain_pages.page(
        "first",
        plain_pages.Look.ours(),
        title="Welcome",
        status=status,
        problem=problem,
        name=name,
        email=email,
        shortest=str(SHORTEST_PASSWORD),
    )

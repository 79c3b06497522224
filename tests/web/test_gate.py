"""The gate, in front of an app that answers everything with what reached it."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from db.kinds import Role
from px.team import User, token_hash
from px.web import AuthGate, SecurityHeaders, Sockets, start
from px.web.gate import is_public
from tests.web.client import Client, WebSocketDenialResponse, WebSocketDisconnect

MARA = User(1, "mara@fern.example", "Mara", Role.ADMIN, datetime(2026, 5, 4, tzinfo=UTC))
TOKEN = "mara's token"
OLD_SESSION = "3f1c6c1e-0f0e-4c39-9d5b-6f2f6f0b8a11"
COOKIE = {"Cookie": f"px_session={TOKEN.replace(' ', '').replace(chr(39), '')}"}
HASHED = token_hash("marastoken")


async def _echo(request: Request) -> JSONResponse:
    return JSONResponse({"path": request.url.path, "headers": dict(request.headers)})


async def _socket(socket: WebSocket) -> None:
    await socket.accept(subprotocol="streamlit")
    own = {k: v for k, v in socket.headers.items() if k.startswith(("x-px", "sec-websocket-p"))}
    await socket.send_text(json.dumps(own))
    try:
        while True:
            await socket.send_text("heard " + await socket.receive_text())
    except WebSocketDisconnect:
        pass


@pytest.fixture
def sockets() -> Sockets:
    return Sockets()


@pytest.fixture
def behind(sockets: Sockets) -> Client:
    """A client of an app behind the gate, where one token is Mara's."""

    async def lookup(hashed: str) -> User | None:
        return MARA if hashed == HASHED else None

    methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]
    app = Starlette(
        routes=[
            WebSocketRoute("/_stcore/stream", _socket),
            WebSocketRoute("/other", _socket),
            Route("/{path:path}", _echo, methods=methods),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(AuthGate, sockets=sockets, lookup=lookup),
        ],
    )
    return Client(app, follow_redirects=False)


PAGES = ["/", "/settings", "/customer", "/today.py", "/_shell", "/pages/settings", "/nope.json"]
NO_PAGES = [
    "/_stcore/metrics",
    "/_stcore/stream",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/x/y",
    "/_stcore/bidi-components/x",
    "/_stcore/agent/interact",
    "/media/abc.csv",
    "/component/st_aggrid.AgGrid.agGrid/index.html",
    "/app/static/x",
    "/auth/login",
    "/auth/sign-in/x",
    "/oauth2callback",
    "/preview/abc",
]


class TestWithoutASignIn:
    @pytest.mark.parametrize("path", PAGES)
    def test_a_page_leads_to_the_sign_in_and_back(self, behind: Client, path: str) -> None:
        answer = behind.get(path, params={"id": "3"})
        assert answer.status_code == 303
        back = path.replace("/", "%2F") + "%3Fid%3D3"
        assert answer.headers["location"] == f"/auth/sign-in?next={back}"

    @pytest.mark.parametrize("path", NO_PAGES)
    def test_what_is_no_page_is_refused(self, behind: Client, path: str) -> None:
        answer = behind.get(path)
        assert (answer.status_code, answer.text) == (401, "Sign in first.")

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
    @pytest.mark.parametrize("path", ["/", "/_stcore/upload_file/x/y", "/settings"])
    def test_nothing_can_be_sent(self, behind: Client, method: str, path: str) -> None:
        assert behind.request(method, path).status_code == 401

    @pytest.mark.parametrize(
        "path", ["/auth/sign-in", "/u/token", "/health", "/static/js/a.js", "/_stcore/health"]
    )
    def test_the_public_addresses_are_open(self, behind: Client, path: str) -> None:
        assert behind.get(path).status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/STATIC/x",
            "/staticx",
            "/u",
            "/healthy",
            "/health/../settings",
            "//static/x",
            "/_stcore/health/x",
            "/auth/sign-in/",
        ],
    )
    def test_what_only_looks_public_is_not(self, path: str) -> None:
        assert not is_public(path)

    @pytest.mark.parametrize(
        "cookie", ["px_session=guess", "px_session=", "=;;;", "__Host-px_session=marastoken"]
    )
    def test_a_wrong_cookie_is_none(self, behind: Client, cookie: str) -> None:
        assert behind.get("/settings", headers={"Cookie": cookie}).status_code == 303

    def test_a_socket_is_refused(self, behind: Client) -> None:
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            behind.websocket_connect("/_stcore/stream", subprotocols=["streamlit", "xsrf"]),
        ):
            pass
        assert refused.value.status_code == 401

    def test_a_tab_that_comes_back_gets_a_session_that_knows_nobody(self, behind: Client) -> None:
        offered = ["streamlit", "xsrf", OLD_SESSION]
        with behind.websocket_connect("/_stcore/stream", subprotocols=offered) as socket:
            reached = json.loads(socket.receive_text())
        assert reached == {"sec-websocket-protocol": "streamlit, xsrf"}

    def test_only_so_many_nameless_sockets_are_open_at_once(
        self, behind: Client, sockets: Sockets
    ) -> None:
        sockets.nameless = 30
        offered = ["streamlit", "xsrf", OLD_SESSION]
        with (
            pytest.raises(WebSocketDenialResponse),
            behind.websocket_connect("/_stcore/stream", subprotocols=offered),
        ):
            pass

    def test_no_other_socket_comes_back(self, behind: Client) -> None:
        offered = ["streamlit", "xsrf", OLD_SESSION]
        with (
            pytest.raises(WebSocketDenialResponse),
            behind.websocket_connect("/other", subprotocols=offered),
        ):
            pass


class TestSignedIn:
    def test_the_pages_hear_who_it_is_from_the_gate(self, behind: Client) -> None:
        heard = behind.get("/settings", headers=COOKIE).json()["headers"]
        own = {name: value for name, value in heard.items() if name.startswith("x-px")}
        assert own == {
            "x-px-user-id": "1",
            "x-px-user-email": "mara@fern.example",
            "x-px-user-role": "admin",
            "x-px-session": HASHED,
        }

    @pytest.mark.parametrize("name", ["X-Px-User-Role", "x-px-user-role", "X-PX-Anything"])
    def test_what_a_client_says_about_itself_is_dropped(self, behind: Client, name: str) -> None:
        heard = behind.get("/health", headers={name: "admin"}).json()["headers"]
        assert not [key for key in heard if key.startswith("x-px")]
        heard = behind.get("/settings", headers=COOKIE | {name: "owner"}).json()["headers"]
        assert "owner" not in heard.values()

    def test_a_forged_header_opens_no_page(self, behind: Client) -> None:
        forged = {"X-Px-Session": HASHED, "X-Px-User-Role": "admin"}
        assert behind.get("/settings", headers=forged).status_code == 303

    def test_a_socket_keeps_its_session_and_hears_who_it_is(self, behind: Client) -> None:
        offered = ["streamlit", "xsrf", OLD_SESSION]
        with behind.websocket_connect(
            "/_stcore/stream", subprotocols=offered, headers=COOKIE | {"X-Px-Session": "forged"}
        ) as socket:
            reached = json.loads(socket.receive_text())
            assert reached["sec-websocket-protocol"] == f"streamlit, xsrf, {OLD_SESSION}"
            assert reached["x-px-session"] == HASHED
            socket.send_text("hello")
            assert socket.receive_text() == "heard hello"

    def test_signing_out_closes_the_sockets_of_that_sign_in(
        self, behind: Client, sockets: Sockets
    ) -> None:
        with (
            behind,
            behind.websocket_connect("/_stcore/stream", headers=COOKIE) as one,
            behind.websocket_connect("/_stcore/stream", headers=COOKIE) as other,
        ):
            one.receive_text()
            other.receive_text()
            assert behind.portal is not None
            behind.portal.call(_close, sockets)
            for socket in (one, other):
                with pytest.raises(WebSocketDisconnect) as closed:
                    socket.receive_text()
                assert closed.value.code == 4401
        assert not sockets._open


async def _close(sockets: Sockets) -> None:
    sockets.close(HASHED)


def test_sign_ins_that_ended_elsewhere_are_noticed() -> None:
    async def look() -> tuple[bool, bool]:
        sockets = Sockets()
        gone, here = sockets.open("gone"), sockets.open("here")

        async def lookup(hashed: str) -> User | None:
            return MARA if hashed == "here" else None

        await sockets.close_ended(lookup)
        return gone.is_set(), here.is_set()

    assert asyncio.run(look()) == (True, False)


def test_a_look_that_fails_does_not_end_the_looking(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    async def lookup(hashed: str) -> User | None:
        asked.append(hashed)
        if len(asked) == 1:
            raise RuntimeError("a bug")
        return None

    async def look() -> None:
        sockets = Sockets()
        ended = sockets.open(HASHED)
        async with start.watching(sockets):
            await asyncio.wait_for(ended.wait(), 5)

    monkeypatch.setattr(start, "find_user", lookup)
    monkeypatch.setattr(start, "LOOK_EVERY", 0.0)
    asyncio.run(look())
    assert "open sockets could not be checked" in caplog.text

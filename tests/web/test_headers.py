"""Every answer carries the security headers, and a body is only taken up to its limit."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from px.web.headers import SecurityHeaders, app_policy
from px.web.limits import BodyLimit
from tests.web.client import Client


async def _plain(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello", headers={"Referrer-Policy": "no-referrer"})


async def _length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def client(tmp_path: Path) -> Client:
    index = tmp_path / "index.html"
    index.write_text("<html><script>one()</script><script src='x'></script></html>")
    app = Starlette(
        routes=[
            Route("/plain", _plain),
            Route("/component/st_aggrid.AgGrid.agGrid/index.html", _plain),
            Route("/form", _length, methods=["POST"], middleware=[Middleware(BodyLimit, most=10)]),
        ],
        middleware=[Middleware(SecurityHeaders, index_html=index)],
    )
    return Client(app)


@pytest.mark.parametrize("path", ["/plain", "/not-there"])
def test_every_answer_says_how_it_may_be_used(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    for rule in ("frame-ancestors 'self'", "object-src 'none'", "base-uri 'self'"):
        assert rule in policy


def test_a_route_may_be_stricter(client: Client) -> None:
    assert client.get("/plain").headers["referrer-policy"] == "no-referrer"


def test_the_one_inline_script_is_allowed_by_its_hash_and_no_other(client: Client) -> None:
    policy = client.get("/plain").headers["content-security-policy"]
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert scripts == (
        "script-src 'self' blob: 'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='"
    )
    assert "unsafe-inline" not in scripts


def test_only_the_grids_own_frame_may_evaluate(client: Client) -> None:
    assert "unsafe-eval" not in client.get("/plain").headers["content-security-policy"]
    grid = client.get("/component/st_aggrid.AgGrid.agGrid/index.html")
    assert "'unsafe-eval'" in grid.headers["content-security-policy"]


def test_only_https_is_told_to_stay_https(client: Client) -> None:
    assert "strict-transport-security" not in client.get("/plain").headers
    secure = client.get("https://testserver/plain")
    assert secure.headers["strict-transport-security"] == "max-age=31536000"


def test_streamlits_own_index_has_the_script_the_policy_allows() -> None:
    import streamlit

    index = Path(streamlit.__file__).parent / "static" / "index.html"
    assert app_policy(index).count("'sha256-") == 1


def test_a_body_within_the_limit_is_taken(client: Client) -> None:
    assert client.post("/form", content=b"x" * 10).text == "10"


def test_a_longer_body_is_refused_by_its_announced_length(client: Client) -> None:
    assert client.post("/form", content=b"x" * 11).status_code == 413


def test_a_longer_body_is_refused_without_an_announced_length(client: Client) -> None:
    def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 10

    assert client.post("/form", content=endless()).status_code == 413


def test_a_lie_about_the_length_does_not_help(client: Client) -> None:
    answer = client.post("/form", content=b"x" * 100, headers={"Content-Length": "5"})
    assert answer.status_code == 413

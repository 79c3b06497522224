"""The preview's page: for the team only, for half an hour, and nothing in it runs."""

from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from px.core import settings
from px.core.work import reading
from px.messages import keep_page
from px.web import AuthGate, SecurityHeaders, Sockets, routes
from tests.web.client import Client

HTML = "<!DOCTYPE html><html><body><p>Größe</p><script>alert(1)</script></body></html>"


def token(now: datetime) -> str:
    with reading() as session:
        key = settings.current(session).key
    return keep_page(HTML, key=key, now=now)


def test_a_kept_page_is_shown_under_a_policy_in_which_nothing_runs(
    visitor: Client, now: datetime
) -> None:
    answer = visitor.get(f"/preview/{token(now)}")
    assert answer.status_code == 200
    assert answer.text == HTML
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == (
        "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("database", "_clock")
def test_the_house_s_headers_leave_that_policy_as_it_is(now: datetime) -> None:
    app = SecurityHeaders(Starlette(routes=routes(Sockets())))
    with Client(app) as client:
        answer = client.get(f"/preview/{token(now)}")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize("wrong", ["x", "x" * 600, "%2e%2e", "a.b"])
def test_another_token_shows_nothing(visitor: Client, wrong: str) -> None:
    answer = visitor.get(f"/preview/{wrong}")
    assert answer.status_code == 404
    assert "no longer kept" in answer.text


def test_a_page_is_gone_after_half_an_hour(visitor: Client, now: datetime) -> None:
    old = token(now - timedelta(minutes=31))
    assert visitor.get(f"/preview/{old}").status_code == 404


def test_whoever_is_not_signed_in_gets_nothing(database: object, now: datetime) -> None:
    inner = Starlette(routes=routes(Sockets()))
    with Client(AuthGate(inner, Sockets())) as client:
        answer = client.get(f"/preview/{token(now)}")
    assert answer.status_code == 401
    assert "Größe" not in answer.text


def test_the_address_answers_nothing_but_reading() -> None:
    (route,) = [r for r in routes(Sockets()) if isinstance(r, Route) and "preview" in r.path]
    assert route.methods == {"GET", "HEAD"}

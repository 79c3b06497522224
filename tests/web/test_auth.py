"""Signing in, out, and the first account, as a browser and as an attacker meet them."""

from datetime import UTC, datetime

import pytest

from px import team
from px.core.work import reading
from px.team import passwords
from px.web import Sockets
from tests.web.client import Client
from tests.web.conftest import SECRET

FORM = "application/x-www-form-urlencoded"
OWN = {"Origin": "http://testserver"}


def sign_in(visitor: Client, email: str, password: str, **more: str):
    return visitor.post(
        "/auth/sign-in", data={"email": email, "password": password} | more, headers=OWN
    )


class TestTheFirstAccount:
    def test_a_new_installation_asks_for_the_first_admin(self, visitor: Client) -> None:
        assert visitor.get("/auth/sign-in").headers["location"] == "/auth/first"
        page = visitor.get("/auth/first")
        assert page.status_code == 200
        assert "Make the first account" in page.text

    def test_the_first_account_is_an_admin_and_signed_in_at_once(self, visitor: Client) -> None:
        data = {"name": "Mara", "email": "Mara@Fern.example", "password": SECRET}
        answer = visitor.post("/auth/first", data=data, headers=OWN)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        hashed = team.token_hash(visitor.cookies["px_session"])
        with reading() as session:
            user = team.signed_in(session, hashed, now=datetime(2026, 5, 4, 12, 1, tzinfo=UTC))
        assert user is not None
        assert (user.email, user.name, user.role.value) == ("mara@fern.example", "Mara", "admin")

    def test_there_is_only_one_first_account(self, visitor: Client, mara: str) -> None:
        assert visitor.get("/auth/first").headers["location"] == "/auth/sign-in"
        data = {"email": "eve@evil.example", "password": SECRET}
        answer = visitor.post("/auth/first", data=data, headers=OWN)
        assert answer.headers["location"] == "/auth/sign-in"
        with reading() as session:
            assert [line.email for line in team.staff(session)] == [mara]

    def test_a_poor_password_is_explained_and_what_was_typed_is_kept(self, visitor: Client) -> None:
        data = {"name": "<b>Mara</b>", "email": "mara@fern.example", "password": "short"}
        answer = visitor.post("/auth/first", data=data, headers=OWN)
        assert answer.status_code == 422
        assert "use at least 10 characters" in answer.text
        assert 'value="mara@fern.example"' in answer.text
        assert 'value="&lt;b&gt;Mara&lt;/b&gt;"' in answer.text
        assert "short" not in answer.text.split("</style>")[1].replace("too short", "")


class TestSigningIn:
    def test_the_right_password_gives_a_cookie_that_scripts_cannot_read(
        self, visitor: Client, mara: str
    ) -> None:
        answer = sign_in(visitor, mara, SECRET)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=/" in cookie
        assert "secure" not in cookie

    def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(
        self, visitor: Client, mara: str
    ) -> None:
        visitor.base_url = visitor.base_url.copy_with(scheme="https")
        answer = visitor.post(
            "/auth/sign-in",
            data={"email": mara, "password": SECRET},
            headers={"Origin": "https://testserver"},
        )
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-px_session=")
        assert "Secure" in cookie
        assert "domain" not in cookie.lower()

    @pytest.mark.parametrize(
        ("email", "password"),
        [
            ("mara@fern.example", "wrong password"),
            ("nobody@fern.example", SECRET),
            ("", ""),
            ("mara@fern.example", "x" * 1_025),
            ("mara@fern.example\0", SECRET),
            ("' OR 1=1 --", "' OR 1=1 --"),
        ],
    )
    def test_anything_else_gets_the_same_sentence_and_no_cookie(
        self, visitor: Client, mara: str, email: str, password: str
    ) -> None:
        answer = sign_in(visitor, email, password)
        assert answer.status_code == 401
        assert "The address or the password is not right." in answer.text
        assert "set-cookie" not in answer.headers

    def test_an_unknown_address_costs_as_many_checks_as_a_known_one(
        self, visitor: Client, mara: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checks: list[str] = []
        known = passwords._hasher

        class Counting:
            hash = staticmethod(known.hash)

            @staticmethod
            def verify(hashed: str, password: bytes) -> bool:
                checks.append(hashed)
                return known.verify(hashed, password)

        monkeypatch.setattr(passwords, "_hasher", Counting())
        sign_in(visitor, mara, "wrong password")
        sign_in(visitor, "nobody@fern.example", "wrong password")
        assert len(checks) == 2

    def test_a_megabyte_of_password_is_refused_before_it_is_hashed(
        self, visitor: Client, mara: str
    ) -> None:
        assert sign_in(visitor, mara, "x" * 1_000_000).status_code == 413

    def test_the_sixth_try_waits_and_the_right_password_does_not_help(
        self, visitor: Client, mara: str
    ) -> None:
        for _ in range(5):
            assert sign_in(visitor, mara, "wrong password").status_code == 401
        answer = sign_in(visitor, mara, SECRET)
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "30"
        assert "Too many tries. Wait 30 seconds, then try again." in answer.text

    def test_after_the_wait_the_right_password_works(
        self, visitor: Client, mara: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(5):
            sign_in(visitor, mara, "wrong password")
        later = datetime(2026, 5, 4, 12, 0, 31, tzinfo=UTC)
        monkeypatch.setattr("px.core.clock.now", lambda: later)
        assert sign_in(visitor, mara, SECRET).status_code == 303

    def test_the_form_of_another_site_is_refused(self, visitor: Client, mara: str) -> None:
        answer = visitor.post(
            "/auth/sign-in",
            data={"email": mara, "password": SECRET},
            headers={"Origin": "https://evil.example"},
        )
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": ""},
            {"Origin": "http://[testserver"},
        ],
    )
    def test_a_form_that_hides_where_it_came_from_is_refused(
        self, visitor: Client, mara: str, headers: dict[str, str]
    ) -> None:
        data = {"email": mara, "password": SECRET}
        answer = visitor.post("/auth/sign-in", data=data, headers=headers)
        assert answer.status_code == 403

    def test_a_session_from_before_is_not_taken_over(self, visitor: Client, mara: str) -> None:
        chosen = {"Cookie": "px_session=chosen-by-an-attacker"}
        data = {"email": mara, "password": SECRET}
        answer = visitor.post("/auth/sign-in", data=data, headers=OWN | chosen)
        assert answer.status_code == 303
        assert "chosen-by-an-attacker" not in answer.headers["set-cookie"]

    @pytest.mark.parametrize(
        "wanted",
        [
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "/%0d%0aSet-Cookie: a=b\r\nX: y",
            "/\tevil",
            "http://testserver@evil.example/",
            "/auth/sign-out",
            "evil",
            "//[evil.example",
            "/" + "x" * 3000,
        ],
    )
    def test_after_signing_in_one_stays_on_this_host(
        self, visitor: Client, mara: str, wanted: str
    ) -> None:
        answer = sign_in(visitor, mara, SECRET, next=wanted)
        assert answer.headers["location"] == "/"

    def test_after_signing_in_one_is_where_one_wanted_to_be(
        self, visitor: Client, mara: str
    ) -> None:
        page = visitor.get("/auth/sign-in", params={"next": "/customer?id=3&x=ü"})
        assert 'name="next" value="/customer?id=3&amp;x=ü"' in page.text
        answer = sign_in(visitor, mara, SECRET, next="/customer?id=3")
        assert answer.headers["location"] == "/customer?id=3"

    def test_a_file_or_json_instead_of_the_form_is_refused(
        self, visitor: Client, mara: str
    ) -> None:
        for answer in (
            visitor.post("/auth/sign-in", json={"email": mara, "password": SECRET}, headers=OWN),
            visitor.post("/auth/sign-in", files={"email": b"x"}, headers=OWN),
        ):
            assert answer.status_code == 400


class TestSigningOut:
    def test_signing_out_ends_the_sign_in_and_closes_its_sockets(
        self, visitor: Client, mara: str, sockets: Sockets
    ) -> None:
        sign_in(visitor, mara, SECRET)
        hashed = team.token_hash(visitor.cookies["px_session"])
        ended = sockets.open(hashed)
        answer = visitor.get("/auth/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.headers["location"] == "/auth/sign-in"
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert ended.is_set()
        with reading() as session:
            moment = datetime(2026, 5, 4, 12, 1, tzinfo=UTC)
            assert team.signed_in(session, hashed, now=moment) is None

    @pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
    def test_a_link_on_another_site_signs_nobody_out_but_asks(
        self, visitor: Client, mara: str, headers: dict[str, str]
    ) -> None:
        sign_in(visitor, mara, SECRET)
        page = visitor.get("/auth/sign-out", headers=headers)
        assert page.status_code == 200
        assert "<button" in page.text
        assert "set-cookie" not in page.headers

    def test_a_form_of_another_site_signs_nobody_out(self, visitor: Client, mara: str) -> None:
        sign_in(visitor, mara, SECRET)
        page = visitor.post("/auth/sign-out", headers={"Origin": "https://evil.example"})
        assert "set-cookie" not in page.headers

    def test_the_button_signs_out(self, visitor: Client, mara: str) -> None:
        sign_in(visitor, mara, SECRET)
        assert visitor.post("/auth/sign-out", headers=OWN).status_code == 303


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/first", "/auth/sign-out"])
def test_the_pages_of_the_door_run_no_script_and_are_kept_nowhere(
    visitor: Client, path: str
) -> None:
    answer = visitor.get(path, follow_redirects=True)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"

"""The unsubscribe link: opening it changes nothing, posting stops the marketing (RFC 8058)."""

from datetime import UTC, datetime

import pytest

from db.kinds import Channel, ConsentState, EventKind, Purpose
from px import customers
from px.core import settings as px_settings
from px.core import tokens
from px.core.events import unreacted_events
from px.core.work import reading, work
from tests.web.client import Client

BEFORE = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 4, 13, 0, tzinfo=UTC)


@pytest.fixture
def ada(database: object) -> int:
    """A customer who agreed to mail."""
    facts = customers.CustomerFacts(
        source="file",
        external_id="1",
        email="ada@example.com",
        phone=None,
        first_name="Ada",
        last_name="Byron",
        country=None,
        zone=None,
        language=None,
        tags=None,
        traits={},
        consents=(
            customers.ConsentFacts(
                channel=Channel.EMAIL,
                purpose=Purpose.MARKETING,
                state=ConsentState.GIVEN,
                source="checkout",
                at=BEFORE,
            ),
        ),
        created_at=BEFORE,
    )
    with work() as session:
        key = px_settings.current(session).key
        [found] = customers.identify(session, [facts], key=key, now=BEFORE)
    assert found is not None
    return found


def link(customer_id: int, channel: str = "email", *, purpose: str = "unsubscribe") -> str:
    with reading() as session:
        key = px_settings.current(session).key
    return "/u/" + tokens.sign(purpose, f"{customer_id}.{channel}.17", key=key)


def may_be_written_to(customer_id: int) -> bool:
    with reading() as session:
        key = px_settings.current(session).key
        found = customers.reach(session, [customer_id], key=key)[customer_id][Channel.EMAIL]
    return found.marketing_consent and found.suppressed is None


def times_unsubscribed() -> int:
    with reading() as session:
        return len(
            [
                e
                for e in unreacted_events(session, 100, now=LATER)
                if e.kind == EventKind.UNSUBSCRIBED
            ]
        )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_link_changes_nothing_however_often_a_scanner_does(
    visitor: Client, ada: int, method: str
) -> None:
    for _ in range(3):
        assert visitor.request(method, link(ada)).status_code == 200
    assert may_be_written_to(ada)


def test_the_page_has_one_button_and_needs_no_script(visitor: Client, ada: int) -> None:
    page = visitor.get(link(ada))
    assert page.text.count("<button") == 1
    assert page.text.count("<form") == 1
    assert "<script" not in page.text
    assert "ada@example.com" not in page.text
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "no-store"
    assert len(page.content) < 50_000


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b""},
        {"data": {"List-Unsubscribe": "something else"}},
        {"content": b"\xff\x00 no form at all", "headers": {"Content-Type": "text/plain"}},
    ],
    ids=["form", "multipart", "empty", "wrong value", "nonsense"],
)
def test_posting_unsubscribes_whatever_the_body(
    visitor: Client, ada: int, body: dict[str, object]
) -> None:
    answer = visitor.post(link(ada), **body)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.text
    assert "set-cookie" not in answer.headers
    assert not may_be_written_to(ada)


def test_posting_again_and_again_is_the_same_as_once(visitor: Client, ada: int) -> None:
    for _ in range(5):
        assert visitor.post(link(ada)).status_code == 200
    assert times_unsubscribed() == 1


def test_the_page_still_opens_after_unsubscribing(visitor: Client, ada: int) -> None:
    visitor.post(link(ada))
    assert visitor.get(link(ada)).status_code == 200


def test_another_channels_link_leaves_the_mail_alone(visitor: Client, ada: int) -> None:
    visitor.post(link(ada, "sms"))
    assert may_be_written_to(ada)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_link_that_is_not_ours_gets_the_same_answer(
    visitor: Client, ada: int, method: str
) -> None:
    good = link(ada)
    bad = [
        good[:-1],
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.swapcase().replace("/U/", "/u/"),
        good + "=",
        link(ada, purpose="survey"),
        link(ada, "pigeon"),
        "/u/x",
        "/u/" + "x" * 5000,
        f"/u/{ada}.email.17",
    ]
    answers = [visitor.request(method, path) for path in bad]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert may_be_written_to(ada)


def test_the_link_of_somebody_who_was_erased_says_it_is_done(visitor: Client, ada: int) -> None:
    path = link(ada)
    with work() as session:
        key = px_settings.current(session).key
        customers.erase_customer(session, ada, key=key, now=BEFORE)
    assert visitor.post(path).status_code == 200


def test_the_link_of_a_test_mail_belongs_to_nobody_and_works_all_the_same(visitor: Client) -> None:
    assert visitor.get(link(0)).status_code == 200
    assert visitor.post(link(0)).status_code == 200


def test_a_huge_body_is_refused_and_changes_nothing(visitor: Client, ada: int) -> None:
    assert visitor.post(link(ada), content=b"x" * 100_000).status_code == 413
    assert may_be_written_to(ada)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(visitor: Client, ada: int, method: str) -> None:
    assert visitor.request(method, link(ada)).status_code == 405


def test_the_page_is_the_shops_in_its_words_and_colour(visitor: Client, ada: int) -> None:
    brand = {
        "shop_name": "Fern & <Fable>",
        "brand_colour": "#fde047",
        "brand_logo_url": "https://cdn.example/logo.png?a=1&b=2",
        "brand_address": "Main street 1\n1234 Town",
    }
    with work() as session:
        px_settings.save(session, brand, by="mara", now=BEFORE)
    page = visitor.get(link(ada)).text
    assert "Unsubscribe from Fern &amp; &lt;Fable&gt;" in page
    assert 'src="https://cdn.example/logo.png?a=1&amp;b=2"' in page
    assert "--accent: #fde047; --on-accent: #111815;" in page
    assert "Main street 1\n1234 Town" in page


def test_a_logo_that_is_no_https_address_is_not_drawn(visitor: Client, ada: int) -> None:
    with work() as session:
        px_settings.save(session, {"brand_logo_url": "javascript:alert(1)"}, by="mara", now=BEFORE)
    assert "javascript:" not in visitor.get(link(ada)).text

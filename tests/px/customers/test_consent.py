"""What people agreed to, and the list that beats it."""

from datetime import UTC, datetime, timedelta

import pytest

from db.kinds import Channel, ConsentState, Purpose, SuppressionReason, SuppressionScope
from db.models.customers import Consent, Suppression
from db.models.system import Event
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import (
    ComplainedForGood,
    CustomerFacts,
    NewConsent,
    Reach,
    identify,
    lift_suppression,
    reach,
    record_consents,
    suppress,
    suppressed_among,
    unsubscribe,
)
from tests.px.orders.reading import rows

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(days=30)
GIVEN, WITHDRAWN = ConsentState.GIVEN, ConsentState.WITHDRAWN

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def ada(database: object) -> int:
    facts = CustomerFacts("shop", email="ada@example.com", phone="+31612345678")
    with work() as session:
        (found,) = identify(session, [facts], now=NOW)
    assert found
    return found


def say(
    customer: int, state: ConsentState, at: datetime | None, source: str = "shop list"
) -> set[int]:
    row = NewConsent(customer, Channel.EMAIL, Purpose.MARKETING, state, source, at)
    with work() as session:
        return record_consents(session, [row], now=NOW)


def reached(customer: int, settings: Settings) -> dict[Channel, Reach]:
    with reading() as session:
        return reach(session, [customer], key=settings.key)[customer]


def test_only_a_change_writes_a_row(ada: int) -> None:
    assert say(ada, GIVEN, EARLIER) == {ada}
    assert say(ada, GIVEN, NOW) == set()
    assert say(ada, WITHDRAWN, NOW) == {ada}
    assert say(ada, WITHDRAWN, LATER) == set()
    assert rows(Consent, ["state", "at"], Consent.id) == [("given", EARLIER), ("withdrawn", NOW)]


def test_consent_is_by_channel_and_the_last_word_counts(ada: int, settings: Settings) -> None:
    say(ada, GIVEN, EARLIER)
    found = reached(ada, settings)
    assert found[Channel.EMAIL] == Reach("ada@example.com", None, True)
    assert found[Channel.SMS] == Reach("+31612345678", None, False)
    assert found[Channel.WHATSAPP].address == "+31612345678"
    assert found[Channel.WEBCHAT] == Reach(None, None, False)
    say(ada, WITHDRAWN, NOW)
    assert not reached(ada, settings)[Channel.EMAIL].marketing_consent


def test_a_list_cannot_bring_back_who_unsubscribed(ada: int, settings: Settings) -> None:
    say(ada, GIVEN, EARLIER)
    with work() as session:
        assert unsubscribe(session, ada, Channel.EMAIL, source="link", key=settings.key, now=NOW)
    assert say(ada, GIVEN, None) == set()
    assert say(ada, GIVEN, EARLIER, "shop order") == set()
    found = reached(ada, settings)[Channel.EMAIL]
    assert found == Reach("ada@example.com", SuppressionScope.MARKETING, False)


def test_unsubscribing_again_changes_nothing(ada: int, settings: Settings) -> None:
    with work() as session:
        said = [
            unsubscribe(session, ada, Channel.EMAIL, source="link", key=settings.key, now=NOW)
            for _ in range(5)
        ]
    assert said == [True, False, False, False, False]
    assert rows(Event, ["kind", "customer_id", "data"], Event.id) == [
        ("unsubscribed", ada, {"channel": "email"})
    ]
    assert rows(Suppression, ["scope", "reason"], Suppression.id) == [("marketing", "unsubscribed")]
    assert len(rows(Consent, ["id"], Consent.id)) == 1


def test_somebody_who_agrees_and_unsubscribes_again_is_heard_again(
    ada: int, settings: Settings
) -> None:
    for hour in (0, 2):
        with work() as session:
            assert unsubscribe(
                session,
                ada,
                Channel.EMAIL,
                source="link",
                key=settings.key,
                now=NOW + timedelta(hours=hour),
            )
        say(ada, GIVEN, NOW + timedelta(hours=hour + 1), "form")
    assert len(rows(Event, ["id"], Event.id)) == 2


def test_a_hard_no_is_kept_by_hash_and_the_widest_counts(ada: int, settings: Settings) -> None:
    key = settings.key
    with work() as session:
        for scope, reason in (
            (SuppressionScope.ALL, SuppressionReason.BOUNCED),
            (SuppressionScope.MARKETING, SuppressionReason.BY_HAND),
        ):
            suppress(
                session,
                " ADA@example.com",
                Channel.EMAIL,
                scope=scope,
                reason=reason,
                source="test",
                key=key,
                now=NOW,
            )
    assert reached(ada, settings)[Channel.EMAIL].suppressed is SuppressionScope.ALL
    assert reached(ada, settings)[Channel.SMS].suppressed is None
    assert "ada" not in str(rows(Suppression, ["address_hash"], Suppression.id))
    with work() as session:
        email = (Channel.EMAIL, "ada@example.com")
        scope = SuppressionScope.ALL
        assert lift_suppression(session, *email[::-1], scope=scope, key=key, now=NOW)
        assert not lift_suppression(session, *email[::-1], scope=scope, key=key, now=NOW)
        assert suppressed_among(session, [email], key=key) == {email: SuppressionScope.MARKETING}
        assert suppressed_among(session, [email], key=b"another key") == {}


def test_the_first_reason_stays_until_it_is_lifted(settings: Settings) -> None:
    def put(reason: SuppressionReason, now: datetime) -> None:
        with work() as session:
            suppress(
                session,
                "+31612345678",
                Channel.SMS,
                scope=SuppressionScope.ALL,
                reason=reason,
                source="test",
                key=settings.key,
                now=now,
            )

    def lift() -> None:
        where = {"scope": SuppressionScope.ALL, "key": settings.key, "now": LATER}
        with work() as session:
            lift_suppression(session, "+31612345678", Channel.SMS, **where)

    put(SuppressionReason.BOUNCED, NOW)
    put(SuppressionReason.BY_HAND, LATER)
    columns = ["reason", "at", "lifted_at"]
    assert rows(Suppression, columns, Suppression.id) == [("bounced", NOW, None)]
    lift()
    put(SuppressionReason.COMPLAINED, LATER)
    assert rows(Suppression, columns, Suppression.id) == [("complained", LATER, None)]
    with pytest.raises(ComplainedForGood):
        lift()

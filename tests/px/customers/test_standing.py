"""What stands against writing to one address, asked in one statement."""

from datetime import timedelta

import pytest

from db.kinds import (
    Channel,
    ConsentState,
    Purpose,
    SuppressionReason,
    SuppressionScope,
)
from px.core.work import reading, stamping, work
from px.customers import (
    ConsentFacts,
    CustomerFacts,
    NewConsent,
    erase_customer,
    identify,
    lift_suppression,
    reach,
    record_consents,
    suppress,
    unsubscribe,
)
from px.customers.standing import Standing, lock_customer, standing

KEY = b"key"
FREE = Standing(None, marketing_consent=True, is_erased=False)


@pytest.fixture
def ada(database, now) -> int:
    consents = (ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "test", now),)
    facts = CustomerFacts(source="x", external_id="1", email="ada@example.com", consents=consents)
    with work() as session:
        (number,) = identify(session, [facts], now=now)
    assert number is not None
    return number


def ask(customer: int | None, address: str = "ada@example.com") -> Standing:
    with reading() as session:
        return standing(session, customer, address, Channel.EMAIL, key=KEY)


def suppressed(scope: SuppressionScope, now) -> None:
    with work() as session:
        suppress(
            session,
            "ada@example.com",
            Channel.EMAIL,
            scope=scope,
            reason=SuppressionReason.BY_HAND,
            source="test",
            key=KEY,
            now=now,
        )


def test_somebody_who_agreed_and_is_not_suppressed_stands_free(ada):
    assert ask(ada) == FREE
    assert ask(ada, " ADA@Example.com ") == FREE


def test_the_widest_suppression_counts_until_it_is_lifted(ada, now):
    suppressed(SuppressionScope.MARKETING, now)
    assert ask(ada).suppressed == SuppressionScope.MARKETING
    suppressed(SuppressionScope.ALL, now)
    assert ask(ada).suppressed == SuppressionScope.ALL
    with work() as session:
        lift_suppression(
            session,
            "ada@example.com",
            Channel.EMAIL,
            scope=SuppressionScope.ALL,
            key=KEY,
            now=now,
        )
    assert ask(ada).suppressed == SuppressionScope.MARKETING


def test_the_last_word_on_consent_counts(ada, now):
    with work() as session:
        later = now + timedelta(hours=1)
        said = NewConsent(ada, Channel.EMAIL, Purpose.MARKETING, ConsentState.WITHDRAWN, "t", later)
        record_consents(session, [said], now=later)
    assert not ask(ada).marketing_consent


def test_it_says_what_reach_says(ada, now):
    with work() as session:
        unsubscribe(session, ada, Channel.EMAIL, source="test", key=KEY, now=now)
    with reading() as session:
        reached = reach(session, [ada], key=KEY)[ada][Channel.EMAIL]
    told = ask(ada)
    assert (told.suppressed, told.marketing_consent) == (
        reached.suppressed,
        reached.marketing_consent,
    )


def test_an_erased_customer_and_one_nobody_knows(ada, now):
    with work() as session:
        erase_customer(session, ada, key=KEY, now=now)
    assert ask(ada).is_erased
    assert ask(None) == Standing(None, marketing_consent=False, is_erased=False)


def test_locking_a_customer_leaves_the_unit_of_work_usable(ada):
    with stamping() as stamp, stamp() as session:
        lock_customer(session, ada)
        assert standing(session, ada, "ada@example.com", Channel.EMAIL, key=KEY) == FREE

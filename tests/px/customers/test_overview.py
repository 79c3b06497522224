"""The list of customers and what one of them agreed to."""

from datetime import timedelta

import pytest

from db.kinds import Channel, SuppressionReason, SuppressionScope
from px.core.work import reading, work
from px.customers import (
    CustomerFilter,
    addresses_of,
    consents_of,
    countries,
    customer_count,
    customer_rows,
    erase_customer,
    suppress,
    suppressions_of,
)
from tests.builders import settle_in

KEY = b"a key"


@pytest.fixture
def cast(database, now) -> dict[str, int]:
    with work() as session:
        return settle_in(session, now=now, key=KEY)


def found(**chosen: object) -> list[str]:
    with reading() as session:
        rows = customer_rows(session, CustomerFilter(**chosen))
        assert customer_count(session, CustomerFilter(**chosen)) == len(rows)
        return [row.name for row in rows]


def test_who_bought_last_stands_first(cast):
    assert found() == ["Ada Lovelace", "Dora Visser", "Cleo Dubois", "Ben Okafor"]


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("love", ["Ada Lovelace"]),
        ("LOVELACE ada", ["Ada Lovelace"]),
        ("cleo@", ["Cleo Dubois"]),
        ("example.com", ["Ada Lovelace", "Dora Visser", "Cleo Dubois", "Ben Okafor"]),
        ("nobody", []),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
def test_a_search_looks_at_names_and_addresses_only(cast, search, names):
    assert found(search=search) == names


def test_customers_found_by_an_order_are_found_too(cast):
    assert found(search="#dora1", also=[cast["dora"]]) == ["Dora Visser"]


def test_a_country_and_consent_narrow(cast):
    assert found(country="GB") == ["Ada Lovelace"]
    assert found(consent="given") == ["Ada Lovelace", "Dora Visser", "Cleo Dubois"]
    assert found(consent="not") == ["Ben Okafor"]


def test_the_row_says_what_was_said_last(cast):
    with reading() as session:
        by_name = {row.first_name: row for row in customer_rows(session, CustomerFilter())}
    assert by_name["Ben"].mail_consent == "withdrawn"
    assert (by_name["Ada"].orders, by_name["Ada"].spent_minor) == (3, 14700)


def test_the_list_comes_in_pages(cast):
    with reading() as session:
        rows = customer_rows(session, CustomerFilter(), limit=2, offset=1)
    assert [row.first_name for row in rows] == ["Dora", "Cleo"]


def test_whoever_was_erased_is_in_no_list(cast, now):
    with work() as session:
        erase_customer(session, cast["ada"], key=KEY, now=now)
    assert "Ada Lovelace" not in found()
    with reading() as session:
        assert countries(session) == ["FR", "NL", "US"]


def test_everything_a_customer_said_is_told_newest_first(cast, now):
    with reading() as session:
        lines = consents_of(session, cast["ben"])
    assert [(line.state, line.source) for line in lines] == [
        ("withdrawn", "link"),
        ("given", "checkout"),
    ]


def test_suppressions_are_told_by_address_with_their_reason(cast, now):
    with reading() as session:
        lines = suppressions_of(session, cast["cleo"], key=KEY)
        assert [(a.kind, a.value) for a in addresses_of(session, cast["cleo"])] == [
            ("email", "cleo@example.com")
        ]
    assert [(line.address, line.scope, line.reason) for line in lines] == [
        ("cleo@example.com", "all", "bounced")
    ]
    assert lines[0].can_be_lifted


def test_a_complaint_cannot_be_lifted(cast, now):
    with work() as session:
        suppress(
            session,
            "ada@example.com",
            Channel.EMAIL,
            scope=SuppressionScope.MARKETING,
            reason=SuppressionReason.COMPLAINED,
            source="mail server",
            key=KEY,
            now=now - timedelta(days=1),
        )
    with reading() as session:
        assert not suppressions_of(session, cast["ada"], key=KEY)[0].can_be_lifted

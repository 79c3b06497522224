"""Who is who: people found again whichever way they are named."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import event, select

from db.engine import Database
from db.kinds import Channel, ConsentState, Purpose
from db.models.customers import Address, Consent, Customer, CustomerRef, Tombstone
from px.core.errors import NotFound
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import (
    ConsentFacts,
    CustomerFacts,
    customer_by_email,
    erase_customer,
    identify,
    known_customers,
    record_customers,
)
from tests.px.orders.reading import everything, rows

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("database")


def meet(*facts: CustomerFacts, now: datetime = NOW, **options: Any) -> list[int | None]:
    with work() as session:
        return identify(session, facts, now=now, **options)


def shop(**facts: Any) -> CustomerFacts:
    return CustomerFacts(source="shop", **facts)


def addresses() -> list[Any]:
    return rows(Address, ["customer_id", "value", "is_primary"], Address.id)


def test_each_fact_gets_its_customer_in_the_same_order() -> None:
    ids = meet(
        shop(email="ada@example.com"),
        shop(),
        shop(external_id="7", email="grace@example.com"),
        shop(email="ADA@example.com "),
        shop(external_id="7"),
    )
    assert ids == [1, None, 2, 1, 2]
    assert meet(shop(email="grace@example.com"), shop(email="ada@example.com")) == [2, 1]


def test_in_one_list_or_one_by_one_people_are_the_same() -> None:
    facts = [
        shop(external_id="1", email="a@example.com"),
        shop(external_id="2", email="A@example.com"),
        shop(external_id="1", email="b@example.com"),
        shop(email="b@example.com", first_name="Bea"),
        shop(external_id="3"),
        shop(external_id="3", email="b@example.com"),
        CustomerFacts("till", external_id="1"),
    ]
    together = meet(*facts)
    assert [meet(one) for one in facts] == [[one] for one in together]
    assert together == [1, 1, 1, 1, 2, 2, 3]
    assert addresses() == [(1, "a@example.com", False), (1, "b@example.com", True)]


def test_the_id_decides_when_it_and_the_address_name_two_people() -> None:
    meet(shop(external_id="1", email="ada@example.com"), shop(email="grace@example.com"))
    assert meet(shop(external_id="1", email="grace@example.com")) == [1]
    assert addresses() == [(1, "ada@example.com", True), (2, "grace@example.com", True)]


def test_a_phone_may_be_shared_and_then_names_nobody_with_an_address_of_their_own() -> None:
    phone = "+31612345678"
    assert meet(shop(phone=phone)) == [1]
    assert meet(shop(phone=phone)) == [1]
    assert meet(
        shop(email="a@example.com", phone=phone), shop(email="b@example.com", phone=phone)
    ) == [
        2,
        3,
    ]
    assert meet(shop(phone=phone)) == [1]


def test_a_number_without_its_country_is_read_as_the_customers_or_the_shops() -> None:
    meet(shop(email="a@example.com", phone="06 12345678", country="Netherlands"))
    meet(shop(email="b@example.com", phone="(212) 555-0188"), region_hint="US")
    meet(shop(email="c@example.com", phone="(212) 555-0188"))
    assert [value for _, value, _ in addresses() if value[0] == "+"] == [
        "+31612345678",
        "+12125550188",
    ]


def test_older_news_fills_what_is_empty_and_newer_news_replaces() -> None:
    def order(day: int, name: str, country: str | None) -> CustomerFacts:
        at = datetime(2026, 1, day, tzinfo=UTC)
        return shop(email="a@example.com", first_name=name, country=country, as_of=at)

    meet(order(5, "Ada", None), order(1, "A.", "GB"), order(9, "Ada K.", "NL"), order(2, "x", "US"))
    assert rows(Customer, ["first_name", "country"], Customer.id) == [("Ada K.", "NL")]
    meet(shop(external_id="1", email="a@example.com", first_name="Ada King"))
    meet(order(30, "Somebody", "FR"))
    assert rows(Customer, ["first_name", "country"], Customer.id) == [("Ada King", "NL")]


def test_names_cannot_end_a_line_and_zones_must_exist() -> None:
    meet(
        shop(
            email="a@example.com",
            first_name="Ada\r\nBcc: x@y.de",
            last_name="\u2028King\0",
            zone="Mars/Olympus",
            language="de\n",
        )
    )
    assert rows(Customer, ["first_name", "last_name", "zone", "language"], Customer.id) == [
        ("Ada Bcc: x@y.de", "King", None, "de")
    ]


def test_tags_are_replaced_and_traits_added_to() -> None:
    meet(shop(email="a@example.com", tags=["vip", "early"], traits={"skin": "dry", "age": "30"}))
    meet(shop(email="a@example.com", tags=None, traits={"skin": "oily"}))
    assert rows(Customer, ["tags", "traits"], Customer.id) == [
        (["vip", "early"], {"skin": "oily", "age": "30"})
    ]
    meet(shop(email="a@example.com", tags=[]))
    assert rows(Customer, ["tags"], Customer.id) == [[]]


def test_telling_again_changes_nothing_not_even_the_time_of_change() -> None:
    facts = [
        shop(
            external_id="1",
            email="a@example.com",
            phone="+31612345678",
            first_name="Ada",
            tags=["vip"],
            traits={"skin": "dry"},
            consents=(
                ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "shop list"),
            ),
        ),
        shop(external_id="2", email="a@example.com", first_name="A."),
    ]
    meet(*facts)
    before = everything()
    with work() as session:
        recorded = record_customers(session, facts, now=NOW + timedelta(days=1))
    assert everything() == before
    assert (recorded.new, recorded.changed) == (set(), set())


def test_a_thousand_facts_cost_a_handful_of_statements(database: Database) -> None:
    facts = [
        shop(external_id=str(n), email=f"c{n}@example.com", phone=f"+3161{n:07}")
        for n in range(1000)
    ]
    statements: list[str] = []

    @event.listens_for(database.promises, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    assert meet(*facts) == list(range(1, 1001))
    first = len(statements)
    assert meet(*facts) == list(range(1, 1001))
    assert first <= 15
    assert len(statements) - first <= 15


def test_the_erased_do_not_come_back_under_any_of_their_names(settings: Settings) -> None:
    meet(
        shop(external_id="1", email="ada@example.com", phone="+31612345678", first_name="Ada"),
        shop(email="grace@example.com", phone="+31612345678"),
    )
    with work() as session:
        erase_customer(session, 1, key=settings.key, now=NOW)
        erase_customer(session, 1, key=settings.key, now=NOW)
    assert addresses() == [(2, "grace@example.com", True), (2, "+31612345678", True)]
    assert rows(CustomerRef, ["id"], CustomerRef.id) == []
    facts = [
        shop(email="Ada@example.com"),
        shop(external_id="1", email="new@example.com"),
        shop(phone="+31612345678"),
        shop(email="grace@example.com", phone="+31612345678"),
    ]
    with work() as session:
        recorded = record_customers(session, facts, now=NOW, key=settings.key)
    assert recorded.ids == [None, None, None, 2]
    assert recorded.erased == {0, 1, 2}
    kept = rows(Tombstone, ["hash"], Tombstone.hash)
    assert len(kept) == 3
    assert "ada" not in str(kept)


def test_erasing_nobody_says_so(settings: Settings) -> None:
    with pytest.raises(NotFound, match="There is no customer 99"), work() as session:
        erase_customer(session, 99, key=settings.key, now=NOW)


def test_two_at_once_make_one_customer_of_one_address() -> None:
    found: list[int | None] = []
    facts = [shop(email=f"c{n}@example.com") for n in range(50)]

    def one() -> None:
        found.extend(meet(*facts))

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(found)) == sorted(found[:50])
    assert len(found) == 200
    with reading() as session:
        assert len(session.execute(select(Customer.id)).all()) == 50


def test_a_customer_is_shown_with_what_is_known() -> None:
    meet(shop(external_id="1", email="ada@example.com", first_name="Ada", last_name="King"))
    with reading() as session:
        assert customer_by_email(session, " ADA@example.com") == 1
        assert customer_by_email(session, "nobody") is None
        ada = known_customers(session, [1, 99])[1]
    assert (ada.name, ada.email, ada.phone) == ("Ada King", "ada@example.com", None)
    assert ada.external_ids == [("shop", "1")]
    assert rows(Consent, ["id"], Consent.id) == []

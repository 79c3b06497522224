"""Orders as the customers' pages ask for them."""

import pytest

from px.core.settings import Settings
from px.core.work import reading, work
from px.orders import customers_with_order, shop_currency, usual_currency
from tests.builders import settle_in


@pytest.fixture
def cast(database, now) -> dict[str, int]:
    with work() as session:
        return settle_in(session, now=now, key=b"a key")


@pytest.mark.parametrize(
    ("number", "whose"),
    [("#dora1", ["dora"]), ("dora1", ["dora"]), ("#ada", ["ada"]), ("%", []), (" ", [])],
)
def test_a_number_leads_to_whose_order_it_is_with_or_without_its_sign(cast, number, whose):
    with reading() as session:
        assert customers_with_order(session, number) == [cast[name] for name in whose]


def test_the_usual_currency_is_that_of_most_orders(cast):
    with reading() as session:
        assert usual_currency(session) == "USD"


def test_a_shop_without_orders_has_a_currency_too(database):
    with reading() as session:
        assert usual_currency(session) == "USD"


def test_the_shops_currency_is_the_one_it_set_else_that_of_most_orders(cast):
    with reading() as session:
        assert shop_currency(session, Settings(shop_currency="eur")) == "EUR"
        assert shop_currency(session, Settings()) == "USD"

"""Amounts of money, typed and written in the digits of their currency."""

import pytest

from px.core.money import format_money, plain_amount, to_minor


@pytest.mark.parametrize(
    ("minor", "currency", "plain", "written"),
    [
        (123450, "EUR", "1234.50", "1,234.50 EUR"),
        (123450, "JPY", "123450", "123,450 JPY"),
        (123450, "KWD", "123.450", "123.450 KWD"),
        (-5, "EUR", "-0.05", "-0.05 EUR"),
        (0, "EUR", "0.00", "0.00 EUR"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(
    minor: int, currency: str, plain: str, written: str
) -> None:
    assert plain_amount(minor, currency) == plain
    assert format_money(minor, currency) == written
    assert to_minor(plain, currency) == minor


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", ".5", "fifty", "1,234.50", "1 234", "0x10", "+5", "--5", "9" * 19, "\u0663"],
)
def test_what_is_no_amount_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an amount; write it as 50\.00\.$"):
        to_minor(text, "EUR")


def test_an_amount_is_never_rounded_to_its_currency() -> None:
    with pytest.raises(ValueError, match=r"“50\.5” has too many digits after the point"):
        to_minor("50.5", "JPY")

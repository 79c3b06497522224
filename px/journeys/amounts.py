"""Amounts of money in conditions: minor units in the document, the shop's currency for people.

Pure. A document may hold anything there; what is no amount is shown as it stands.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from px.core.money import digits, format_money, plain_amount

_FIELDS = ("customer.spent_minor", "order.total_minor")
_OF_OTHER_KINDS = ("exists", "missing", "before", "after", "within_last")
_TOO_LARGE = 10**18


def is_amount(field: str, op: str) -> bool:
    """Whether this comparison is with an amount of money."""
    return field in _FIELDS and op not in _OF_OTHER_KINDS


def amount_text(value: Any, currency: str) -> str:
    """The amount as its box shows it: 5000 is 50.00."""
    minor = _number(value)
    if minor is None:
        return str(value)
    if minor == minor.to_integral_value():
        return plain_amount(int(minor), currency)
    return f"{minor.scaleb(-digits(currency)):f}"


def amount_words(value: Any, currency: str) -> str:
    """The amount as a sentence says it: 5000 is 50.00 EUR; without a currency it is 50.00."""
    minor = _number(value)
    if minor is not None and minor == minor.to_integral_value():
        return format_money(int(minor), currency).strip()
    return amount_text(value, currency)


def _number(value: Any) -> Decimal | None:
    """The value as the number that it compares as; None for what is none, or nobody's amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() and abs(number) < _TOO_LARGE else None

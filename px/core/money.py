"""Amounts in minor units: 4900 is 49.00 USD, 4900 JPY, 4.900 KWD."""

import re
from decimal import Decimal

# ISO 4217 lists the currencies whose minor unit is not a hundredth.
_NONE = {
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
}
_THREE = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
# A comma would be a thousand to one reader and a decimal point to the next.
_AMOUNT = re.compile(r"-?\d{1,18}(?:\.(\d*))?", re.ASCII)


def digits(currency: str) -> int:
    """How many digits stand behind the point in this currency (ISO 4217)."""
    return 0 if currency in _NONE else 3 if currency in _THREE else 2


def to_minor(text: str, currency: str) -> int:
    """The amount in minor units, of a text as `plain_amount` writes it or with fewer digits.

    ValueError, with a sentence, when it is no amount or has more digits than the currency.
    """
    amount = _AMOUNT.fullmatch(text.strip())
    how = f"write it as {plain_amount(5000, currency)}"
    if amount is None:
        raise ValueError(f"“{text.strip()}” is not an amount; {how}.")
    places = digits(currency)
    if len(amount[1] or "") > places:
        raise ValueError(f"“{text.strip()}” has too many digits after the point; {how}.")
    return int(Decimal(amount[0]).scaleb(places))


def plain_amount(minor: int, currency: str) -> str:
    """The amount as people type it: 1234.50."""
    places = digits(currency)
    return f"{Decimal(minor).scaleb(-places):.{places}f}"


def format_money(minor: int, currency: str) -> str:
    """The amount as people write it: 1,234.50 USD."""
    places = digits(currency)
    return f"{Decimal(minor).scaleb(-places):,.{places}f} {currency}"

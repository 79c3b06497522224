"""Amounts in minor units: 4900 is 49.00 USD, 4900 JPY, 4.900 KWD."""

from decimal import Decimal, InvalidOperation

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


def digits(currency: str) -> int:
    """How many digits stand behind the point in this currency (ISO 4217)."""
    return 0 if currency in _NONE else 3 if currency in _THREE else 2


def to_minor(text: str, currency: str, *, decimal_comma: bool = False) -> int:
    """The amount in minor units. ValueError when it is not a number or has more digits than the
    currency.
    """
    plain = text.strip().replace("\u00a0", "").replace(" ", "")
    plain = plain.replace(".", "").replace(",", ".") if decimal_comma else plain.replace(",", "")
    try:
        scaled = Decimal(plain).scaleb(digits(currency))
    except InvalidOperation as error:
        raise ValueError(f"'{text}' is not an amount") from error
    if not scaled.is_finite() or abs(scaled) >= 2**62:
        raise ValueError(f"'{text}' is not an amount")
    return int(scaled.to_integral_value(rounding="ROUND_HALF_EVEN"))


def format_money(minor: int, currency: str) -> str:
    """The amount as people write it: 1,234.50 USD."""
    places = digits(currency)
    return f"{Decimal(minor).scaleb(-places):,.{places}f} {currency}"

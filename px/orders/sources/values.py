"""Cells as values: dates, amounts, numbers and ids, in the manners of shops and of Excel.

Each raises ValueError with the reason, as a person who looks at the file would say it.
"""

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from px.core.money import digits
from px.core.text import one_line

DateOrder = Literal["", "dmy", "mdy"]
MOST_PIECES = 1_000_000
MOST_MINOR = 2**53
_SLASHED = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})"
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})?\s*([AaPp])?\.?[Mm]?\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(.*)", re.DOTALL)
_POINT = re.compile(r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_COMMA = re.compile(r"\d+(?:,\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_AROUND = re.compile(
    r"^[\s\u00a0$\u20ac\u00a3\u00a5\u20b9A-Z]+|[\s\u00a0$\u20ac\u00a3\u00a5\u20b9A-Z]+$"
)
_GROUPS = str.maketrans("", "", " \u00a0\u202f'\u2019")
_NUMBER = re.compile(r"#?[0-9]{1,30}")
_SHORTENED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_YES = {"yes", "true", "1", "y", "t", "ja", "oui", "si", "sim", "wahr", "vrai", "subscribed"}
_NO = {"no", "false", "0", "n", "f", "nein", "non", "nao", "falsch", "faux", "unsubscribed"}
_NO |= {"not_subscribed", "not subscribed", "nee"}


class Dates:
    """Reads dates; those without an offset are in the shop's zone."""

    def __init__(self, zone: str, order: DateOrder = "") -> None:
        """`order` is that of day and month in dates like 3/4/2026."""
        self._zone = ZoneInfo(zone)
        self._order = order

    def moment(self, text: str) -> datetime | None:
        """The moment in UTC; None for an empty cell."""
        text = text.strip()
        if not text:
            return None
        return self._aware(self._read(text)).astimezone(UTC)

    def day(self, text: str) -> date | None:
        """The day that is written, wherever it is; None for an empty cell."""
        text = text.strip()
        return self._read(text).date() if text else None

    def _read(self, text: str) -> datetime:
        try:
            found = _iso(text) if text[4:5] == "-" else self._other(text)
        except ValueError as error:
            if str(error).startswith("Not"):
                raise
            raise ValueError("Not a date that exists") from error
        if not 1970 <= found.year <= 2200:
            raise ValueError("Not a date of our time")
        return found

    def _aware(self, found: datetime) -> datetime:
        return found if found.tzinfo else found.replace(tzinfo=self._zone)

    def _other(self, text: str) -> datetime:
        if year_first := _ISO_SLASHED.fullmatch(text):
            year, month, day, rest = year_first.groups()
            return _iso(f"{year}-{month:0>2}-{day:0>2}{rest}")
        parts = _SLASHED.fullmatch(text)
        if parts is None:
            hint = (
                ": Excel wrote a day number, format the column as a date" if text.isdigit() else ""
            )
            raise ValueError(f"Not a date; write it as 2026-05-04 14:30{hint}")
        first, sign, second, year, hour, minute, sec, half, offset = parts.groups()
        day, month = (first, second) if self._day_first(sign) else (second, first)
        clock = f"{_hour(hour or '0', half):02}:{minute or '00'}:{sec or '00'}"
        return _iso(f"{year}-{month:0>2}-{day:0>2} {clock}{offset or ''}")

    def _day_first(self, sign: str) -> bool:
        if sign == ".":
            return True
        if not self._order:
            raise ValueError("Not clear which is the day and which the month")
        return self._order == "dmy"


class Amounts:
    """Reads amounts of money; the same few come again and again."""

    def __init__(self, decimal_comma: bool = False) -> None:
        """With `decimal_comma` 1.234,50 is one thousand two hundred."""
        self._comma = decimal_comma
        self._known: dict[tuple[str, str], int] = {}

    def minor(self, text: str, currency: str) -> int:
        """The amount in minor units of the currency, 0 for an empty cell."""
        if not text:
            return 0
        key = (text, currency)
        known = self._known.get(key)
        if known is None:
            known = self._read(text, currency)
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[key] = known
        return known

    def _read(self, text: str, currency: str) -> int:
        if not text.strip():
            return 0
        plain = _AROUND.sub("", text.strip()).translate(_GROUPS)
        if plain.startswith("-"):
            raise ValueError("Not an amount of at least 0")
        if len(plain) > 30 or not (_COMMA if self._comma else _POINT).fullmatch(plain):
            raise ValueError("Not an amount; write it as 1234.50")
        number = plain.replace(".", "").replace(",", ".") if self._comma else plain.replace(",", "")
        scaled = Decimal(number).scaleb(digits(currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"Not an amount in {currency}: it has too many digits after the point")
        if scaled >= MOST_MINOR:
            raise ValueError("Not an amount anybody pays")
        return int(scaled)


def quantity(text: str) -> int:
    """A whole number of pieces, 1 for an empty cell; 0 is an item that was taken out."""
    plain = text.strip()
    if not plain:
        return 1
    whole, _, rest = plain.replace(",", ".").partition(".")
    if not whole.isascii() or not whole.isdigit() or rest.strip("0") or len(whole) > 9:
        raise ValueError("Not a whole number of pieces")
    if int(whole) > MOST_PIECES:
        raise ValueError("Not a number of pieces anybody orders")
    return int(whole)


def flag(text: str) -> bool | None:
    """Yes or no; None when the cell says neither."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def identifier(text: str, limit: int = 200) -> str:
    """An id or number as text, without the apostrophe that keeps Excel off it."""
    if _NUMBER.fullmatch(text):
        return text
    plain = one_line(text, limit + 1).lstrip("'").strip()
    if _SHORTENED.fullmatch(plain):
        raise ValueError(
            "Not the whole number: Excel shortened it. Import the file as it was exported"
        )
    if len(plain) > limit:
        raise ValueError(f"Not a number of at most {limit} characters")
    return plain


@lru_cache(maxsize=10_000)
def words(text: str, limit: int) -> str:
    """A text of one line; HTML entities of shops that escape too early are undone, once."""
    return one_line(html.unescape(text) if "&" in text else text, limit)


def labels(text: str) -> list[str]:
    """Tags parted by commas, each once."""
    if not text:
        return []
    parts = (words(part, 200) for part in text.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def name_parts(full_name: str) -> tuple[str, str]:
    """First and last name out of a full one."""
    first, _, last = words(full_name, 400).partition(" ")
    return first[:200], last[:200]


def _iso(text: str) -> datetime:
    if text[19:20] == " ":
        text = text[:19] + text[20:].strip()
    if text.endswith(("UTC", "GMT")):
        text = text[:-3].rstrip() + "+00:00"
    if not _ISO.match(text):
        raise ValueError("Not a date; write it as 2026-05-04 14:30")
    return datetime.fromisoformat(text)


def _hour(text: str, half: str | None) -> int:
    hour = int(text)
    if half and not 1 <= hour <= 12:
        raise ValueError("Not a time of day")
    return hour % 12 + (12 if half and half in "pP" else 0) if half else hour

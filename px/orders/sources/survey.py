"""How one file writes dates and amounts, decided before its first row is read, or not at all."""

import re
from collections.abc import Iterable, Sequence

from px.core.errors import InvalidInput
from px.orders.sources.sheet import Sheet
from px.orders.sources.values import DateOrder

SAMPLE = 1000
_EITHER_WAY = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-]\d{4}\b")
_POINT = re.compile(r"\.\d{1,2}\b[^\d.,]*$|,\d{3}\.\d|^\s*\D*\d+\.\d{4,}\b")
_COMMA = re.compile(r",\d{1,2}\b[^\d.,]*$|\.\d{3},\d|^\s*\D*\d+,\d{4,}\b")
_WITH_COMMA = re.compile(r"\d,\d")


def find_date_order(sheet: Sheet, places: Sequence[int]) -> DateOrder:
    """Whether day or month comes first in dates such as 3/4/2026; empty when there are none.

    The file is read until one of its dates can be read one way only. InvalidInput when none can.
    """
    shown: list[str] = []
    if not any(_both(row[at]) for _, row in sheet.sample(SAMPLE) for at in places):
        return ""
    for _, row in sheet.rows(lambda _problem: None):
        for at in places:
            parts = _both(row[at])
            if not parts:
                continue
            first, second = parts
            if first > 12 >= second:
                return "dmy"
            if second > 12 >= first:
                return "mdy"
            if len(shown) < 3:
                shown.append(row[at].strip())
    raise InvalidInput(
        f"Dates such as {', '.join(shown)} can be read two ways and no date in the file says which:"
        " say --dates dmy when the day comes first, --dates mdy when the month does."
    )


def has_decimal_comma(sheet: Sheet, places: Sequence[int]) -> bool:
    """Whether 12,50 is twelve and a half in this file. InvalidInput when it writes both ways."""
    point = comma = None
    unclear = False
    for number, row in sheet.sample(SAMPLE):
        for at in places:
            text = row[at]
            if point is None and _POINT.search(text):
                point = (number, text)
            if comma is None and _COMMA.search(text):
                comma = (number, text)
            unclear = unclear or bool(_WITH_COMMA.search(text))
    if point and comma:
        raise InvalidInput(
            f"Amounts are written in two ways: {point[1].strip()} in row {point[0]} and"
            f" {comma[1].strip()} in row {comma[0]}. Write all of them as 1234.50."
        )
    return comma is not None or (point is None and unclear and sheet.delimiter == ";")


def present(places: dict[str, int], keys: Iterable[str]) -> list[int]:
    """Where those of our columns stand that the file has."""
    return [places[key] for key in keys if key in places]


def _both(text: str) -> tuple[int, int] | None:
    found = _EITHER_WAY.match(text)
    return (int(found[1]), int(found[2])) if found else None

"""How one file writes dates and amounts, decided before its first row is read, or not at all."""

import re
from collections.abc import Iterable, Sequence

from px.core.errors import InvalidInput
from px.orders.sources.sheet import Sheet
from px.orders.sources.values import DateOrder

SAMPLE = 1000


class AmbiguousDates(InvalidInput):
    """The dates of the file can be read two ways: say whether the day or the month comes first."""


_EITHER_WAY = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-]\d{4}\b")
_POINT = re.compile(r"\.\d{1,2}\b[^\d.,]*$|,\d{3}\.\d|^\s*\D*\d+\.\d{4,}\b")
_COMMA = re.compile(r",\d{1,2}\b[^\d.,]*$|\.\d{3},\d|^\s*\D*\d+,\d{4,}\b")
_WITH_COMMA = re.compile(r"\d,\d")


def find_date_order(sheet: Sheet, places: Sequence[int]) -> DateOrder:
    """Whether day or month comes first in dates such as 3/4/2026; empty when there are none.

    The file is read until one of its dates can be read one way only. InvalidInput when none can.
    A single such date among others like 2026-04-03 is that row's mistake, not the file's manner.
    """
    sample = sheet.sample(SAMPLE)
    places = [at for at in places if _is_slashed([row[at] for _, row in sample])]
    shown: list[str] = []
    for _, row in sheet.rows(lambda _problem: None) if places else ():
        for at in places:
            first, second = _both(row[at]) or (0, 0)
            if first > 12 >= second:
                return "dmy"
            if second > 12 >= first:
                return "mdy"
            if 0 < first <= 12 and len(shown) < 3:
                shown.append(row[at].strip())
    if not shown:
        return ""
    raise AmbiguousDates(
        f"Dates such as {', '.join(shown)} can be read two ways and no date in the file says which:"
        " say --dates dmy when the day comes first, --dates mdy when the month does."
    )


def has_decimal_comma(sheet: Sheet, places: Sequence[int]) -> bool:
    """Whether 12,50 is twelve and a half in this file. InvalidInput when it writes both ways.

    A single amount that differs from all others is that row's mistake.
    """
    cells = [(number, row[at]) for number, row in sheet.sample(SAMPLE) for at in places]
    point = [cell for cell in cells if _POINT.search(cell[1])]
    comma = [cell for cell in cells if _COMMA.search(cell[1])]
    if min(len(point), len(comma)) * 10 > max(len(point), len(comma)):
        raise InvalidInput(
            f"Amounts are written in two ways: {point[0][1].strip()} in row {point[0][0]} and"
            f" {comma[0][1].strip()} in row {comma[0][0]}. Write all of them as 1234.50."
        )
    if point or comma:
        return len(comma) > len(point)
    return sheet.delimiter == ";" and any(_WITH_COMMA.search(text) for _, text in cells)


def present(places: dict[str, int], keys: Iterable[str]) -> list[int]:
    """Where those of our columns stand that the file has."""
    return [places[key] for key in keys if key in places]


def _is_slashed(cells: Sequence[str]) -> bool:
    return any(map(_both, cells)) and not any(text[4:5] == "-" for text in cells)


def _both(text: str) -> tuple[int, int] | None:
    found = _EITHER_WAY.match(text)
    return (int(found[1]), int(found[2])) if found else None

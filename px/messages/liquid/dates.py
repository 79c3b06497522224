"""Dates as people read them: 4 May 2026, in words that do not depend on the machine's language."""

import re
from datetime import UTC, date, datetime
from typing import Any

from px.customers.zones import find_zone

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SAID = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9})\.? (\d{4})")
_DIRECTIVE = re.compile(r"%(-?)([A-Za-z%])")
_LONGEST_PATTERN = 200


def spoken_day(day: date) -> str:
    """The day as 4 May 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def local_day(moment: datetime | date, zone: str) -> date:
    """The day it is, or was, in this time zone; in UTC when the zone is not known."""
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(find_zone(zone) or UTC).date() if moment.tzinfo else moment.date()


def dated(value: Any, pattern: str) -> str:
    """A date of a template, written by `pattern` (%d %B %Y ...); what is no date stays as it is."""
    moment = read_date(value)
    if moment is None:
        return "" if value is None else str(value)
    return _DIRECTIVE.sub(lambda found: _part(moment, *found.groups()), pattern[:_LONGEST_PATTERN])


def read_date(value: Any) -> datetime | None:
    """The moment that a text such as 2026-05-04, 2026-05-04T12:00:00Z or 4 May 2026 names."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return _said(value.strip())


def _said(value: str) -> datetime | None:
    found = _SAID.fullmatch(value)
    if not found:
        return None
    day, name, year = found.groups()
    month = next((i for i, m in enumerate(MONTHS, 1) if m.lower().startswith(name.lower())), 0)
    try:
        return datetime(int(year), month, int(day))  # noqa: DTZ001 - a day has no zone
    except ValueError:
        return None


def _part(moment: datetime, unpadded: str, letter: str) -> str:
    parts = {
        "Y": str(moment.year),
        "y": f"{moment.year % 100:02d}",
        "m": f"{moment.month:02d}",
        "B": MONTHS[moment.month - 1],
        "b": MONTHS[moment.month - 1][:3],
        "d": f"{moment.day:02d}",
        "e": str(moment.day),
        "A": DAYS[moment.weekday()],
        "a": DAYS[moment.weekday()][:3],
        "H": f"{moment.hour:02d}",
        "I": f"{(moment.hour - 1) % 12 + 1:02d}",
        "M": f"{moment.minute:02d}",
        "S": f"{moment.second:02d}",
        "p": "AM" if moment.hour < 12 else "PM",
        "j": f"{moment.timetuple().tm_yday:03d}",
        "F": f"{moment:%Y-%m-%d}",
        "%": "%",
    }
    made = parts.get(letter, "%" + letter)
    return made.lstrip("0") or "0" if unpadded and made[:1].isdigit() else made

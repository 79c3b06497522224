"""How the pages say things: times in the shop's zone, numbers as the reader writes them.

`plain` must wrap every text that a customer or an import brought before it goes into markdown.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from db.kinds import Reason
from px.core import money as amounts
from px.customers import CustomerRow, KnownCustomer

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&^=])")
_UNSEEN = re.compile("[\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Web addresses become links even when escaped; a joiner that nobody sees keeps them text.
_ADDRESS = re.compile(r"(https?:|www)(//|\.)", re.IGNORECASE)
# Thousands and decimal signs by language, where they differ from English.
_SIGNS = {
    **dict.fromkeys(
        ("de", "es", "it", "nl", "da", "id", "tr", "pt", "el", "hr", "sl", "ro"), (".", ",")
    ),
    **dict.fromkeys(("fr", "nb", "nn", "no"), ("\u202f", ",")),
    **dict.fromkeys(
        ("sv", "fi", "pl", "cs", "sk", "uk", "ru", "hu", "bg", "lt", "lv", "et"), ("\u00a0", ",")
    ),
    # Countries that write otherwise than their language does elsewhere.
    **dict.fromkeys(("de-CH", "it-CH"), ("\u2019", ".")),
    **dict.fromkeys(("es-MX", "es-US"), (",", ".")),
}
_MEANINGS = {reason.value: reason.meaning for reason in Reason}
# Before that, what is left is mostly chance.
_TOLD_FROM = 0.02


def plain(text: object) -> str:
    """The text as it is, whatever markdown, colour or icon code it holds; on one line."""
    seen = _UNSEEN.sub("", " ".join(str(text).split()))
    return _MARKDOWN.sub(r"\\\1", _ADDRESS.sub("\\1\u2060\\2", seen))


def lowered(sentence: str) -> str:
    """The sentence as a part of another one: its first letter is small."""
    return sentence[:1].lower() + sentence[1:]


def called(customer: KnownCustomer | CustomerRow | None) -> str:
    """What a customer is called in a list: by name, else by address."""
    return (customer.name or customer.email or "No name") if customer else "Unknown customer"


def meaning_of(reason: str | None) -> str:
    """What a reason means; nothing for one that is not known."""
    return _MEANINGS.get(reason or "", "")


def full(moment: datetime | None, zone: str) -> str:
    """The moment in the shop's zone: Mon 4 May 2026, 14:00."""
    return f"{_local(moment, zone):%a} {day_and_time(moment, zone)}" if moment else ""


def day_and_time(moment: datetime, zone: str) -> str:
    """The moment in the shop's zone: 4 May 2026, 14:00."""
    local = _local(moment, zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


def when(moment: datetime | None, *, now: datetime, zone: str) -> str:
    """The moment relative to now within a day ("in 3 hours"), else as 4 May 2026, 14:00."""
    if moment is None:
        return ""
    distance = moment - now
    return _relative(distance) if abs(distance) < timedelta(days=1) else day_and_time(moment, zone)


def lasting(seconds: float) -> str:
    """A stretch of time in words: 40 seconds, 3 minutes, 2 hours, 5 days."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(int(seconds // size), unit)
    return count(int(seconds), "second")


def time_left(seconds: float, share: float) -> str:
    """How long something still takes that has come so far in these seconds; nothing at first."""
    if share <= _TOLD_FROM:
        return ""
    return f", about {lasting(max(seconds * (1 - share) / share, 1))} left"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """The number with its noun: 1 message, 1,204 messages."""
    return f"{figure(number)} {noun if number == 1 else plural or noun + 's'}"


def figure(number: float, *, digits: int = 0) -> str:
    """The number as the reader's locale writes it."""
    return _localised(f"{number:,.{digits}f}")


def money(minor: int, currency: str) -> str:
    """The amount as the reader's locale writes it, with its currency."""
    amount, _, code = amounts.format_money(minor, currency).rpartition(" ")
    return f"{_localised(amount)}\u00a0{code}"


def _relative(distance: timedelta) -> str:
    seconds = distance.total_seconds()
    if abs(seconds) < 45:
        return "now" if seconds >= 0 else "just now"
    words = lasting(max(60, round(abs(seconds) / 60) * 60))
    return f"in {words}" if seconds > 0 else f"{words} ago"


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _localised(text: str) -> str:
    locale = st.context.locale or "en"
    thousands, decimal = _SIGNS.get(locale) or _SIGNS.get(locale.split("-")[0]) or (",", ".")
    return text.translate({ord(","): thousands, ord("."): decimal})

"""Addresses and facts: e-mail and phone in the one form in which they are stored and compared.

Nothing else in px trims, lowers or checks an e-mail address or a phone number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import phonenumbers

from db.kinds import AddressKind, Channel, ConsentState, Purpose

LONGEST_EMAIL = 320
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_PHONE = re.compile(r"\+?[0-9()\[\]./\s\u00a0\u2010-\u2015-]{5,40}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# What people and marketplaces type where a number is asked for and none is given.
_DUMMIES = {"1234567", "12345678", "123456789", "1234567890", "0123456789", "9876543210"}
# Usual codes that ISO 3166 does not have.
_ALSO = {"UK": "GB", "EL": "GR"}
# What shops write for countries that the ISO list names otherwise.
_NAMES = {
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "usa": "US",
    "united states of america": "US",
    "the netherlands": "NL",
    "holland": "NL",
    "south korea": "KR",
    "czechia": "CZ",
    "türkiye": "TR",
}


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What somebody said about one channel and purpose.

    Without `at` it is what a list says today, not something the person did: a no is believed, a
    yes does not take back what somebody withdrew elsewhere.
    """

    channel: Channel
    purpose: Purpose
    state: ConsentState
    source: str
    at: datetime | None = None


# Not frozen: made by the hundred thousand, and freezing takes five times as long as making.
@dataclass(slots=True)
class CustomerFacts:
    """A customer as another system tells of them; addresses as they were written there.

    `tags` None means not told. `as_of` is when this was true: older news fills only what is empty.
    Without it this is what the shop knows of the person now.
    """

    source: str
    external_id: str | None = None
    email: str | None = None
    phone: str | None = None
    first_name: str = ""
    last_name: str = ""
    country: str | None = None
    zone: str | None = None
    language: str | None = None
    tags: Sequence[str] | None = None
    traits: Mapping[str, Any] = field(default_factory=dict)
    consents: tuple[ConsentFacts, ...] = ()
    created_at: datetime | None = None
    as_of: datetime | None = None


@lru_cache(maxsize=10_000)
def normalise_email(text: str | None) -> str | None:
    """The address trimmed and in lower case, its domain in ASCII; None when no mail can go there.

    Stricter than RFC 5321: one plain address, no quotes, comments, lists, line ends or bare hosts.
    """
    if not text or len(text) > LONGEST_EMAIL:
        return None
    address = text.strip(" \t\u00a0").lower()
    if not address.isascii():
        address = _ascii_domain(address)
    local = address.partition("@")[0]
    return address if len(local) <= 64 and _EMAIL.fullmatch(address) else None


@lru_cache(maxsize=20_000)
def normalise_phone(text: str | None, country: str | None) -> str | None:
    """The number as +31612345678, read as one of `country` unless it says its own; None when none.

    Numbers with an extension and those that cannot exist are none: no text message reaches them.
    A number with its country's prefix only needs a possible length: the lists of ranges lag behind.
    """
    number = (text or "").strip().lstrip("'").strip()
    if _is_e164(number):
        return number
    if not _PHONE.fullmatch(number):
        return None
    if number.startswith("00"):
        number = "+" + number[2:]
    region = (country or "").upper() or None
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if _is_dummy(str(parsed.national_number)) or not _exists(number, parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=2_000)
def country_code(text: str | None) -> str | None:
    """The two-letter code of a country given by its code or English name; None when unknown."""
    word = " ".join((text or "").split())
    code = _ALSO.get(word.upper(), word.upper())
    known = _countries()
    return code if code in known.values() else known.get(word.casefold())


def reached_by(channel: Channel) -> AddressKind | None:
    """The kind of address that a channel writes to; None for web chat."""
    return _REACHED_BY.get(channel)


_REACHED_BY = {
    Channel.EMAIL: AddressKind.EMAIL,
    Channel.SMS: AddressKind.PHONE,
    Channel.WHATSAPP: AddressKind.PHONE,
}


def _ascii_domain(address: str) -> str:
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return ""


def _is_e164(number: str) -> bool:
    """Whether nothing is left to be read: most shops store numbers so, and reading one is slow."""
    if not _E164.fullmatch(number):
        return False
    for prefix in (number[1:2], number[1:3], number[1:4]):
        if lengths := _lengths(int(prefix)):
            national = number[1 + len(prefix) :]
            return len(national) in lengths and national[0] != "0" and not _is_dummy(national)
    return False


@lru_cache(maxsize=1_000)
def _lengths(country_prefix: int) -> tuple[int, ...]:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(country_prefix, ())
    known = phonenumbers.PhoneMetadata.metadata_for_region(regions[0], None) if regions else None
    return tuple(known.general_desc.possible_length) if known and known.general_desc else ()


def _exists(number: str, parsed: phonenumbers.PhoneNumber) -> bool:
    if number.startswith("+"):
        return phonenumbers.is_possible_number(parsed)
    return phonenumbers.is_valid_number(parsed)


def _is_dummy(national: str) -> bool:
    return len(set(national)) == 1 or national in _DUMMIES


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and line[0] != "#")
    return {name.casefold(): code for code, name in rows} | _NAMES

"""Rows of a customers file as facts: one row a customer, consent by channel, the rest as traits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from db.kinds import Channel, ConsentState, Purpose
from px.customers import ConsentFacts, CustomerFacts, normalise_email
from px.orders.sources.layouts import TRAIT
from px.orders.sources.problems import RowRefused, read_cell
from px.orders.sources.values import Dates, flag, identifier, labels, words

_KEYS = (
    *("customer_id", "email", "phone", "address_phone", "first_name", "last_name", "country"),
    *("zone", "language", "tags", "created_at"),
    *("email_marketing", "sms_marketing", "whatsapp_marketing"),
)
_CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)
_METAFIELD = re.compile(r".*\(customer\.metafields\.([^.()]+)\.([^()]+)\)\s*")
_OWN_TRAIT = re.compile(r"\s*traits?\s*[.: ]\s*(\S.*)", re.IGNORECASE)
LONGEST_TRAIT = 1000


@dataclass(frozen=True, slots=True)
class CustomerReading:
    """How one file is read: whose customers they are and where the columns stand."""

    source: str
    dates: Dates
    places: dict[str, int]
    traits: dict[str, int]

    def read(self, row: Sequence[str]) -> CustomerFacts:
        """The customer of the row. RowRefused when it names nobody or holds an impossible value."""
        cells = dict(zip(_KEYS, itemgetter(*self._indexes())([*row, ""]), strict=True))
        customer_id = read_cell("customer_id", cells["customer_id"], identifier)
        phone = cells["phone"].strip() or cells["address_phone"].strip()
        email = normalise_email(cells["email"])
        if not (customer_id or email or phone):
            wrong = "Not an e-mail address" if cells["email"].strip() else "The row names nobody"
            raise RowRefused(
                "email", f"{wrong}; a customer needs a number, e-mail or phone", cells["email"]
            )
        return CustomerFacts(
            source=self.source,
            external_id=customer_id or None,
            email=email,
            phone=phone or None,
            first_name=words(cells["first_name"], 200),
            last_name=words(cells["last_name"], 200),
            country=cells["country"] or None,
            zone=cells["zone"].strip() or None,
            language=cells["language"].strip() or None,
            tags=labels(cells["tags"]) if "tags" in self.places else None,
            traits=self._traits(row),
            consents=self._consents(cells),
            created_at=read_cell("created_at", cells["created_at"], self.dates.moment),
        )

    def _indexes(self) -> list[int]:
        return [self.places.get(key, -1) for key in _KEYS]

    def _traits(self, row: Sequence[str]) -> dict[str, str]:
        found = {name: words(row[at], LONGEST_TRAIT) for name, at in self.traits.items()}
        return {name: value for name, value in found.items() if value}

    def _consents(self, cells: dict[str, str]) -> tuple[ConsentFacts, ...]:
        said = []
        for channel in _CHANNELS:
            agreed = flag(cells[f"{channel.value}_marketing"])
            if agreed is not None:
                state = ConsentState.GIVEN if agreed else ConsentState.WITHDRAWN
                said.append(
                    ConsentFacts(channel, Purpose.MARKETING, state, f"{self.source} customers")
                )
        return tuple(said)


def trait_columns(header: Sequence[str], places: dict[str, int]) -> dict[str, int]:
    """Which columns hold traits: Shopify's metafields, ours named traits.NAME, and mapped ones."""
    found: dict[str, int] = {}
    for at, name in enumerate(header):
        if field := _METAFIELD.fullmatch(name):
            space, key = field.groups()
            found[key if key not in found else f"{space}.{key}"] = at
        elif own := _OWN_TRAIT.fullmatch(name):
            found.setdefault(_key(own[1]), at)
    for ours, at in places.items():
        if ours.startswith(TRAIT):
            found[_key(ours.removeprefix(TRAIT))] = at
    return found


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")[:80]

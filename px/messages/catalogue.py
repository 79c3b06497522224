"""The variables a template may use, each with what it is and an example."""

from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable by its path.

    `order.lines[].name` is the name of each line, `customer.traits.*` any trait.
    """

    path: str
    meaning: str
    example: Any


def _of(group: str, *rows: tuple[str, str, Any]) -> tuple[Variable, ...]:
    return tuple(Variable(f"{group}.{name}", meaning, example) for name, meaning, example in rows)


_LINE = (
    ("sku", "The item's SKU.", "SERUM-30"),
    ("name", "The item's name.", "Vitamin C serum 30 ml"),
    ("quantity", "How many of it were ordered.", 2),
    ("price", "The price of one, with its currency.", "49.00 USD"),
    ("price_minor", "The price of one in minor units, such as cents.", 4900),
    ("total", "The price of all of it, with its currency.", "98.00 USD"),
)

CATALOGUE: tuple[Variable, ...] = (
    *_of(
        "customer",
        ("id", "The customer's number.", "1204"),
        ("first_name", "The first name.", "Ada"),
        ("last_name", "The last name.", "Lovelace"),
        ("name", "First and last name.", "Ada Lovelace"),
        ("email", "The e-mail address.", "ada@example.com"),
        ("phone", "The phone number.", "+442071838750"),
        ("country", "The country, as two letters.", "GB"),
        ("language", "The language, as in en or de-CH.", "en"),
        ("tags", "The tags, a list.", ["vip"]),
        ("traits.*", "Anything else that is known, as in customer.traits.skin_type.", "dry"),
        ("orders", "How many orders the customer has placed.", 3),
        ("spent", "What the customer has spent, with its currency.", "214.00 USD"),
        ("spent_minor", "What the customer has spent in minor units, such as cents.", 21400),
        ("tier", "The loyalty tier.", "gold"),
        ("points", "The loyalty points.", 320),
    ),
    *_of(
        "order",
        ("id", "The order's id in the shop.", "5512"),
        ("number", "The order number as the customer knows it.", "#1001"),
        ("name", "The order number, the way Shopify calls it.", "#1001"),
        ("placed_on", "The day of the order where the customer lives.", "4 May 2026"),
        ("currency", "The currency.", "USD"),
        ("total", "What was paid, with its currency.", "103.00 USD"),
        ("total_minor", "What was paid in minor units, such as cents.", 10300),
        ("subtotal", "The price of the items, with its currency.", "98.00 USD"),
        ("shipping", "The price of shipping, with its currency.", "5.00 USD"),
        ("discount", "The discount, with its currency.", "0.00 USD"),
        ("tags", "The order's tags, a list.", ["gift"]),
        ("country", "The country it goes to, as two letters.", "GB"),
        ("is_first", "Whether it is the customer's first order.", False),
        ("skus", "The SKUs in the order, a list.", ["SERUM-30"]),
        *((f"lines[].{name}", f"Of each item: {said}", example) for name, said, example in _LINE),
    ),
    *_of("line", *_LINE),
    *_of(
        "shipment",
        ("carrier", "Who carries the parcel.", "Royal Mail"),
        ("tracking_number", "The tracking number.", "RM123456789GB"),
        ("tracking_url", "The address of the tracking page.", "https://track.example.com/RM123456789GB"),
        ("status", "Where the parcel is, as in in_transit or delivered.", "in_transit"),
        ("promised_on", "The day the parcel is promised for.", "8 May 2026"),
        ("shipped_on", "The day the parcel left.", "5 May 2026"),
        ("delivered_on", "The day the parcel arrived.", "7 May 2026"),
    ),
    *_of(
        "subscription",
        ("plan", "The plan's name.", "Serum every 60 days"),
        ("renews_on", "The day of the next renewal.", "3 July 2026"),
    ),
    *_of(
        "shop",
        ("name", "The shop's name.", "Fern & Field"),
        ("url", "The shop's address on the web.", "https://shop.example.com"),
        ("address", "The shop's postal address.", "1 High Street, London"),
        ("colour", "The brand's colour.", "#0f766e"),
        ("logo_url", "The address of the logo.", "https://shop.example.com/logo.png"),
        ("email", "The shop's e-mail address.", "hello@shop.example.com"),
        ("currency", "The currency of prices that belong to no order.", "USD"),
    ),
    *_of(
        "journey",
        ("key", "The journey's key.", "serum-ownership"),
        ("name", "The journey's name.", "Serum ownership"),
    ),
    *_of(
        "touchpoint",
        ("key", "The touchpoint's key.", "how-to-start"),
        ("name", "The touchpoint's name.", "First use in three steps"),
    ),
    Variable("answer", "What the customer answered, in a message that follows a question.", "9"),
    Variable("event.data.*", "What came with the event, such as event.data.reason.", "damaged"),
    Variable(
        "unsubscribe_url",
        "Where the customer unsubscribes; empty in a transactional message.",
        "https://px.example.com/u/abc",
    ),
    Variable(
        "preferences_url", "Where the customer chooses what to get.", "https://px.example.com/p/abc"
    ),
)  # fmt: skip

# Addresses: shown alone in a text they become links.
ADDRESSES = {
    "shipment.tracking_url", "shop.url", "unsubscribe_url", "preferences_url",
}  # fmt: skip


def catalogue() -> tuple[Variable, ...]:
    """Every known variable, in the order in which people look for them."""
    return CATALOGUE


class Shape:
    """What may stand behind a name: `fields` of a group, `of` items of a list, anything if open."""

    __slots__ = ("fields", "is_open", "of")

    def __init__(self, *, is_open: bool = False) -> None:
        """A plain value, until it is given fields or items."""
        self.fields: dict[str, Shape] = {}
        self.of: Shape | None = None
        self.is_open = is_open


PLAIN = Shape()
OPEN = Shape(is_open=True)


def listed(shape: Shape) -> Shape:
    """A list of such things."""
    made = Shape()
    made.of = shape
    return made


@cache
def shapes() -> Shape:
    """The catalogue as a tree."""
    root = Shape()
    for variable in CATALOGUE:
        _put(root, variable)
    return root


@cache
def names() -> tuple[str, ...]:
    """The paths as they are written in a template outside of a loop."""
    plain = (v.path for v in CATALOGUE if "[]" not in v.path and "*" not in v.path)
    return (*plain, "order.lines")


def _put(root: Shape, variable: Variable) -> None:
    place = root
    for segment in variable.path.split("."):
        name = segment.removesuffix("[]")
        if name == "*":
            place.is_open = True
            return
        place = place.fields.setdefault(name, Shape())
        if segment.endswith("[]"):
            place.of = place.of or Shape()
            place = place.of
    if isinstance(variable.example, list):
        place.of = PLAIN

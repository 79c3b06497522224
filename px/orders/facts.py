"""Orders and parcels as another system tells of them, whichever file or hook they came by."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from db.kinds import OrderStatus, ShipmentStatus
from px.customers import CustomerFacts


# These two are not frozen: they are made by the hundred thousand, and freezing takes five times as
# long as making.
@dataclass(slots=True)
class LineFacts:
    """One item. `unit_minor` is the price of one; quantity 0 is an item taken out again."""

    sku: str = ""
    name: str = ""
    quantity: int = 1
    unit_minor: int = 0
    discount_minor: int = 0
    requires_shipping: bool = True


@dataclass(slots=True)
class OrderFacts:
    """An order. Amounts are in minor units of `currency`; without `customer` nobody can be reached.

    `fingerprint` is made by whoever read the order: two equal ones mean that nothing changed.
    """

    source: str
    number: str
    placed_at: datetime
    external_id: str | None = None
    customer: CustomerFacts | None = None
    email: str | None = None
    phone: str | None = None
    currency: str = "USD"
    total_minor: int = 0
    subtotal_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0
    discount_minor: int = 0
    refunded_minor: int = 0
    status: OrderStatus = OrderStatus.PAID
    fulfilment: str = ""
    country: str | None = None
    tags: tuple[str, ...] = ()
    is_test: bool = False
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    refunded_at: datetime | None = None
    lines: tuple[LineFacts, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentFacts:
    """A parcel of an order. `key` tells an order's parcels apart; `skus` empty means all items.

    `happened_at` is when the status was reached. Without a source the number alone names the order.
    """

    order_number: str
    key: str
    status: ShipmentStatus
    source: str | None = None
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    shipped_at: datetime | None = None
    promised_on: date | None = None
    delivered_at: datetime | None = None
    happened_at: datetime | None = None
    skus: tuple[str, ...] = ()


class Became(StrEnum):
    """What became of one order, parcel or customer that was told of."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(slots=True)
class Counts:
    """What became of a list of facts: `became` says it of each, in the list's order.

    `historic`: new or updated ones too old to start anything. `unreachable`: those without anybody
    to write to. `new_customers` are the places at which somebody was met first. `refused` holds
    the reasons. Skipped ones are of people who were erased.
    """

    became: list[Became] = field(default_factory=list)
    historic: int = 0
    unreachable: int = 0
    new_customers: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def new(self) -> int:
        """How many were not known before."""
        return self.became.count(Became.NEW)

    @property
    def updated(self) -> int:
        """How many were known and have changed."""
        return self.became.count(Became.UPDATED)

    @property
    def unchanged(self) -> int:
        """How many were known just so."""
        return self.became.count(Became.UNCHANGED)

    @property
    def skipped(self) -> int:
        """How many were left out because the person was erased."""
        return self.became.count(Became.SKIPPED)

    def add(self, other: "Counts") -> None:
        """The other's facts follow upon ours."""
        first = len(self.became)
        self.became += other.became
        self.historic += other.historic
        self.unreachable += other.unreachable
        self.new_customers += [first + place for place in other.new_customers]
        self.refused |= {first + place: why for place, why in other.refused.items()}

"""Rows of an orders file as whole orders: one row an item, the order's own columns in its first.

Rows are grouped by order number. Those of one order need not stand together, only within WINDOW
orders of each other: so much is kept in memory, whatever the size of the file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import itemgetter
from typing import NamedTuple

from px.orders.sources.problems import RowProblem
from px.orders.sources.sheet import Report
from px.orders.sources.values import identifier

WINDOW = 1000
MOST_LINES = 5000


class OrderCells(NamedTuple):
    """The cells of an order itself, as they stand in the file; empty without such a column."""

    number: str
    placed_at: str
    email: str
    phone: str
    status: str
    paid_at: str
    fulfilment: str
    accepts_marketing: str
    currency: str
    subtotal: str
    shipping: str
    tax: str
    total: str
    discount: str
    cancelled_at: str
    refunded: str
    external_id: str
    customer_id: str
    tags: str
    test: str
    billing_name: str
    billing_country: str
    billing_phone: str
    shipping_name: str
    shipping_country: str
    shipping_phone: str
    first_name: str
    last_name: str
    language: str
    zone: str


class LineCells(NamedTuple):
    """The cells of one item."""

    sku: str
    item: str
    quantity: str
    price: str
    line_discount: str
    requires_shipping: str


@dataclass(slots=True)
class RawOrder:
    """An order as cells. `head` is its first row with a date, that has the order's own columns."""

    number: str
    row: int
    head: tuple[str, ...] | None = None
    head_row: int = 0
    lines: list[tuple[str, ...]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def fingerprint(self, seed: bytes) -> str:
        """What changes when any cell that is read does; `seed` says how it is read."""
        digest = blake2b(seed, digest_size=16)
        digest.update("\x1f".join(self.head or ()).encode("utf-8", "surrogatepass"))
        for line in self.lines:
            digest.update(("\x1e" + "\x1f".join(line)).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


class OrderGroups:
    """Groups rows into orders, in batches."""

    def __init__(self, places: dict[str, int], report: Report) -> None:
        """`places` says where our columns stand; rows that belong to no order go to `report`."""
        self._number = places["number"]
        self._placed_at = places["placed_at"]
        # A row gets an empty cell at its end, for the columns that the file does not have.
        self._head = itemgetter(*(places.get(name, -1) for name in OrderCells._fields))
        self._line = itemgetter(*(places.get(name, -1) for name in LineCells._fields))
        self._report = report
        self._open: dict[str, RawOrder] = {}
        self._closed: set[int] = set()
        self.rows = 0

    def batches(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[list[RawOrder]]:
        """Every order of the rows, at most WINDOW at a time, in the order of their first rows."""
        for number, row in rows:
            self.rows += 1
            name = row[self._number]
            order = self._open.get(name)
            if order is None:
                order = self._start(number, name)
                if order is None:
                    continue
            row.append("")
            if order.head is None and row[self._placed_at]:
                order.head = self._head(row)
                order.head_row = number
            if len(order.lines) < MOST_LINES:
                order.lines.append(self._line(row))
                order.rows.append(number)
            else:
                self._refuse(number, name, f"An order has at most {MOST_LINES:,} items")
            if len(self._open) > 2 * WINDOW:
                yield self._close(WINDOW)
        while self._open:
            yield self._close(WINDOW)

    def _start(self, number: int, name: str) -> RawOrder | None:
        try:
            cleaned = identifier(name)
        except ValueError as error:
            self._refuse(number, name, str(error))
            return None
        if not cleaned:
            self._refuse(number, name, "The row has no order number")
            return None
        if hash(cleaned) in self._closed:
            self._refuse(
                number,
                name,
                f"The other rows of this order stand more than {WINDOW:,} orders above:"
                " sort the file by order number",
            )
            return None
        return self._open.setdefault(cleaned, RawOrder(cleaned, number))

    def _refuse(self, number: int, name: str, reason: str) -> None:
        self._report(RowProblem(number, "number", reason, name))

    def _close(self, count: int) -> list[RawOrder]:
        names = list(self._open)[:count]
        batch = [self._open.pop(name) for name in names]
        self._closed.update(hash(order.number) for order in batch)
        return batch


def order_cells(order: RawOrder) -> OrderCells:
    """The cells of the order itself; empty ones when none of its rows has a date."""
    return OrderCells(*order.head) if order.head else OrderCells(*[""] * len(OrderCells._fields))


def line_cells(order: RawOrder) -> Sequence[tuple[int, LineCells]]:
    """The order's items with the numbers of their rows."""
    return [(row, LineCells(*line)) for row, line in zip(order.rows, order.lines, strict=True)]

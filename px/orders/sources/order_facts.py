"""Cells of an order as facts, or why it cannot be taken: it is taken whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from db.kinds import Channel, ConsentState, OrderStatus, Purpose
from px.customers import (
    ConsentFacts,
    CustomerFacts,
    country_code,
    normalise_email,
    normalise_phone,
)
from px.orders.facts import LineFacts, OrderFacts
from px.orders.sources.order_rows import LineCells, OrderCells, RawOrder, line_cells, order_cells
from px.orders.sources.problems import RowProblem
from px.orders.sources.values import (
    MOST_MINOR,
    Amounts,
    Dates,
    flag,
    identifier,
    labels,
    name_parts,
    quantity,
    words,
)

T = TypeVar("T")
_SUMS = ("total", "subtotal", "shipping", "tax", "discount", "refunded")
_STATUS = {status.value: status for status in OrderStatus}
# As other versions of the export and other shops write them.
_STATUS |= {
    "partially refunded": OrderStatus.PARTIALLY_REFUNDED,
    "partially paid": OrderStatus.PARTIALLY_PAID,
    "authorised": OrderStatus.AUTHORIZED,
    "unpaid": OrderStatus.PENDING,
    "open": OrderStatus.PENDING,
    "cancelled": OrderStatus.VOIDED,
    "canceled": OrderStatus.VOIDED,
}


@dataclass(slots=True)
class ReadOrder:
    """An order as read: its facts, or the problems for which it is refused; notes are harmless."""

    raw: RawOrder
    facts: OrderFacts | None = None
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OrderReading:
    """How one file is read: whose orders they are, and how it writes dates and amounts."""

    source: str
    dates: Dates
    amounts: Amounts
    region_hint: str = ""

    def read(self, raw: RawOrder, fingerprint: str = "") -> ReadOrder:
        """The order with its facts, or with everything that is wrong with it."""
        found = ReadOrder(raw)
        cells = _Cells(raw.head_row or raw.row, found.problems)
        head = order_cells(raw)
        if raw.head is None:
            cells.refuse("placed_at", "The order has no date in any of its rows", "")
            return found
        currency = self._currency(cells, head.currency)
        read = (self._line(found, row, line, currency) for row, line in line_cells(raw))
        lines = tuple([line for line in read if line])
        found.facts = self._order(cells, head, currency, lines, fingerprint)
        if found.facts:
            self._look_twice(found, head, found.facts)
        return found

    def _currency(self, cells: "_Cells", text: str) -> str:
        code = text.strip().upper()
        if len(code) == 3 and code.isascii() and code.isalpha():
            return code
        cells.refuse("currency", "Not a currency; write its three letters, as EUR", text)
        return "USD"

    def _line(self, found: ReadOrder, row: int, line: LineCells, currency: str) -> LineFacts | None:
        cells = _Cells(row, found.problems)
        name, sku = words(line.item, 500), words(line.sku, 200).lstrip("'")
        if not (name or sku or line.price.strip()):
            return None
        told = cells.value("quantity", line.quantity, quantity)
        return LineFacts(
            sku=sku,
            name=name,
            quantity=1 if told is None else told,
            unit_minor=self._money(cells, "price", line.price, currency),
            discount_minor=self._money(cells, "line_discount", line.line_discount, currency),
            requires_shipping=flag(line.requires_shipping) is not False,
        )

    def _order(
        self,
        cells: "_Cells",
        head: OrderCells,
        currency: str,
        lines: tuple[LineFacts, ...],
        fingerprint: str,
    ) -> OrderFacts | None:
        placed_at = cells.value("placed_at", head.placed_at, self.dates.moment)
        paid_at = cells.value("paid_at", head.paid_at, self.dates.moment)
        cancelled_at = cells.value("cancelled_at", head.cancelled_at, self.dates.moment)
        external_id = cells.value("external_id", head.external_id, identifier)
        customer_id = cells.value("customer_id", head.customer_id, identifier)
        status = self._status(cells, head.status, paid_at)
        sums = self._sums(cells, head, currency, lines, status)
        if cells.problems or placed_at is None:
            return None
        phone, said = self._phones(head)
        customer = self._customer(head, placed_at, customer_id, phone)
        return OrderFacts(
            source=self.source,
            number=identifier(head.number),
            placed_at=placed_at,
            external_id=external_id or None,
            customer=customer if customer.email or phone or customer_id else None,
            email=customer.email,
            phone=phone or said or None,
            currency=currency,
            status=status,
            fulfilment=words(head.fulfilment, 40).lower(),
            country=country_code(head.shipping_country) or country_code(head.billing_country),
            tags=tuple(labels(head.tags)),
            is_test=flag(head.test) is True,
            paid_at=paid_at,
            cancelled_at=cancelled_at,
            lines=lines,
            fingerprint=fingerprint,
            total_minor=sums["total"],
            subtotal_minor=sums["subtotal"],
            shipping_minor=sums["shipping"],
            tax_minor=sums["tax"],
            discount_minor=sums["discount"],
            refunded_minor=sums["refunded"],
        )

    def _sums(
        self,
        cells: "_Cells",
        head: OrderCells,
        currency: str,
        lines: tuple[LineFacts, ...],
        status: OrderStatus,
    ) -> dict[str, int]:
        """The order's amounts; those that the file leaves out are worked out of its items."""
        sums = {name: self._money(cells, name, getattr(head, name), currency) for name in _SUMS}
        if not head.total.strip():
            items = sum(one.unit_minor * one.quantity - one.discount_minor for one in lines)
            if not head.subtotal.strip():
                sums["subtotal"] = max(0, items - sums["discount"])
            sums["total"] = sums["subtotal"] + sums["shipping"] + sums["tax"]
            if sums["total"] >= MOST_MINOR:
                cells.refuse("total", "The items come to more than anybody pays", head.total)
        if status is OrderStatus.REFUNDED and not sums["refunded"]:
            sums["refunded"] = sums["total"]
        return sums

    def _customer(
        self,
        head: OrderCells,
        placed_at: datetime,
        customer_id: str | None,
        phone: str | None,
    ) -> CustomerFacts:
        first, last = words(head.first_name, 200), words(head.last_name, 200)
        if not (first or last):
            first, last = name_parts(head.billing_name or head.shipping_name)
        email = normalise_email(head.email)
        agreed = email and flag(head.accepts_marketing)
        country = country_code(head.billing_country) or country_code(head.shipping_country)
        return CustomerFacts(
            source=self.source,
            external_id=customer_id or None,
            email=email,
            phone=phone,
            first_name=first,
            last_name=last,
            country=country,
            language=head.language.strip() or None,
            zone=head.zone.strip() or None,
            consents=(_agreed(self.source, placed_at),) if agreed else (),
            as_of=placed_at,
        )

    def _phones(self, head: OrderCells) -> tuple[str | None, str]:
        """The first phone that can be written to, and the first as it stands there."""
        own = head.billing_country or head.shipping_country
        said = ""
        for text, country in (
            (head.phone, own),
            (head.billing_phone, head.billing_country),
            (head.shipping_phone, head.shipping_country),
        ):
            if text.strip():
                said = said or words(text.lstrip("'"), 40)
                region = country_code(country) or self.region_hint or None
                if number := normalise_phone(text, region):
                    return number, said
        return None, said

    def _status(self, cells: "_Cells", text: str, paid_at: datetime | None) -> OrderStatus:
        word = text.strip().lower()
        if not word:
            own_default = self.source != "shopify" or paid_at is not None
            return OrderStatus.PAID if own_default else OrderStatus.PENDING
        status = _STATUS.get(word)
        if status is None:
            known = ", ".join(one.value for one in OrderStatus)
            cells.refuse("status", f"Not a payment status; there are {known}", text)
        return status or OrderStatus.PENDING

    def _money(self, cells: "_Cells", column: str, text: str, currency: str) -> int:
        if not text:
            return 0
        try:
            return self.amounts.minor(text, currency)
        except ValueError as error:
            cells.refuse(column, str(error), text)
            return 0

    def _look_twice(self, found: ReadOrder, head: OrderCells, facts: OrderFacts) -> None:
        row = found.raw.head_row
        if head.email.strip() and facts.email is None:
            reason = "Not an e-mail address; the order is taken without it"
            found.notes.append(RowProblem(row, "email", reason, head.email))
        if head.subtotal.strip() and not _adds_up(facts):
            reason = "The items do not come to the subtotal: is the price that of one piece?"
            found.notes.append(RowProblem(row, "subtotal", reason, head.subtotal))


class _Cells:
    """Reads the cells of one row and collects what is wrong with them."""

    __slots__ = ("problems", "row")

    def __init__(self, row: int, problems: list[RowProblem]) -> None:
        self.row, self.problems = row, problems

    def value(self, column: str, text: str, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the cell; None when it is empty or, with a problem, wrong."""
        if not text:
            return None
        try:
            return read(text)
        except ValueError as error:
            self.refuse(column, str(error), text)
            return None

    def refuse(self, column: str, reason: str, value: str) -> None:
        """The row, and with it the order, is refused."""
        self.problems.append(RowProblem(self.row, column, reason, value))


def _adds_up(facts: OrderFacts) -> bool:
    lines = facts.lines
    gross = sum([line.unit_minor * line.quantity for line in lines])
    slack = len(lines)
    if abs(facts.subtotal_minor - gross) <= slack:
        return True
    # Exports differ in which discounts the subtotal is after, and round each line by itself.
    off = sum(line.discount_minor for line in lines)
    possible = (gross - off, gross - facts.discount_minor, gross - off - facts.discount_minor)
    return any(abs(facts.subtotal_minor - amount) <= slack for amount in possible)


def _agreed(source: str, placed_at: datetime) -> ConsentFacts:
    return ConsentFacts(
        Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, f"{source} order", placed_at
    )

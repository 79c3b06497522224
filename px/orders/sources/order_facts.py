"""Cells of an order as facts, or why it cannot be taken: it is taken whole or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
        lines = [line for line in read if line]
        facts = self._order(cells, head, currency, lines, fingerprint)
        if not found.problems:
            found.facts = facts
            self._look_twice(found, head, facts)
        return found

    def _currency(self, cells: "_Cells", text: str) -> str:
        code = text.strip().upper()
        if len(code) == 3 and code.isascii() and code.isalpha():
            return code
        cells.refuse("currency", "Not a currency; write its three letters, as EUR", text)
        return "USD"

    def _line(self, found: ReadOrder, row: int, line: LineCells, currency: str) -> LineFacts | None:
        cells = _Cells(row, found.problems)
        name, sku = words(line.item, 500), words(line.sku.lstrip("'"), 200)
        if not (name or sku or line.price.strip()):
            return None
        return LineFacts(
            sku=sku,
            name=name,
            quantity=cells.value("quantity", line.quantity, quantity) or 0,
            unit_minor=self._money(cells, "price", line.price, currency),
            discount_minor=self._money(cells, "line_discount", line.line_discount, currency),
            requires_shipping=flag(line.requires_shipping) is not False,
        )

    def _order(
        self,
        cells: "_Cells",
        head: OrderCells,
        currency: str,
        lines: Sequence[LineFacts],
        fingerprint: str,
    ) -> OrderFacts:
        placed_at = cells.value("placed_at", head.placed_at, self.dates.moment)
        paid_at = cells.value("paid_at", head.paid_at, self.dates.moment)
        facts = OrderFacts(
            source=self.source,
            number=identifier(head.number),
            # Only looked at when nothing was refused, and then it is a date.
            placed_at=placed_at or datetime.min,  # noqa: DTZ901
            external_id=cells.value("external_id", head.external_id, identifier) or None,
            email=normalise_email(head.email),
            currency=currency,
            total_minor=self._money(cells, "total", head.total, currency),
            subtotal_minor=self._money(cells, "subtotal", head.subtotal, currency),
            shipping_minor=self._money(cells, "shipping", head.shipping, currency),
            tax_minor=self._money(cells, "tax", head.tax, currency),
            discount_minor=self._money(cells, "discount", head.discount, currency),
            refunded_minor=self._money(cells, "refunded", head.refunded, currency),
            status=self._status(cells, head.status, paid_at),
            fulfilment=words(head.fulfilment, 40).lower(),
            country=country_code(head.shipping_country) or country_code(head.billing_country),
            tags=tuple(labels(head.tags)),
            is_test=flag(head.test) is True,
            paid_at=paid_at,
            cancelled_at=cells.value("cancelled_at", head.cancelled_at, self.dates.moment),
            lines=tuple(lines),
            fingerprint=fingerprint,
        )
        return self._with_customer(cells, head, _with_totals(head, facts))

    def _with_customer(self, cells: "_Cells", head: OrderCells, facts: OrderFacts) -> OrderFacts:
        customer_id = cells.value("customer_id", head.customer_id, identifier) or None
        phone, said = self._phones(head)
        if cells.problems:
            return facts
        customer = None
        if facts.email or phone or customer_id:
            customer = self._customer(head, facts, customer_id, phone)
        return replace(facts, customer=customer, phone=phone or said or None)

    def _customer(
        self, head: OrderCells, facts: OrderFacts, customer_id: str | None, phone: str | None
    ) -> CustomerFacts:
        first, last = words(head.first_name, 200), words(head.last_name, 200)
        if not (first or last):
            first, last = name_parts(head.billing_name or head.shipping_name)
        agreed = facts.email and flag(head.accepts_marketing)
        return CustomerFacts(
            source=facts.source,
            external_id=customer_id,
            email=facts.email,
            phone=phone,
            first_name=first,
            last_name=last,
            country=country_code(head.billing_country) or facts.country,
            language=head.language.strip() or None,
            zone=head.zone.strip() or None,
            consents=(_agreed(facts),) if agreed else (),
            as_of=facts.placed_at,
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
        """What `read` makes of the cell; None, and a problem, when it cannot."""
        try:
            return read(text)
        except ValueError as error:
            self.refuse(column, str(error), text)
            return None

    def refuse(self, column: str, reason: str, value: str) -> None:
        """The row, and with it the order, is refused."""
        self.problems.append(RowProblem(self.row, column, reason, value))


def _with_totals(head: OrderCells, facts: OrderFacts) -> OrderFacts:
    """The order with the sums that the file leaves out: worked out of its items and its status."""
    if not head.total.strip():
        facts = _summed_up(head, facts)
    if facts.status is OrderStatus.REFUNDED and not facts.refunded_minor:
        facts = replace(facts, refunded_minor=facts.total_minor)
    return facts


def _summed_up(head: OrderCells, facts: OrderFacts) -> OrderFacts:
    items = sum(one.unit_minor * one.quantity - one.discount_minor for one in facts.lines)
    subtotal = facts.subtotal_minor if head.subtotal.strip() else items - facts.discount_minor
    total = max(0, subtotal + facts.shipping_minor + facts.tax_minor)
    return replace(facts, subtotal_minor=max(0, subtotal), total_minor=total)


def _adds_up(facts: OrderFacts) -> bool:
    gross = sum(line.unit_minor * line.quantity for line in facts.lines)
    off_lines = sum(line.discount_minor for line in facts.lines)
    # Exports differ in which discounts the subtotal is after, and round each line by itself.
    possible = {gross, gross - off_lines, gross - facts.discount_minor}
    possible.add(gross - off_lines - facts.discount_minor)
    slack = len(facts.lines)
    return any(abs(facts.subtotal_minor - amount) <= slack for amount in possible)


def _agreed(facts: OrderFacts) -> ConsentFacts:
    return ConsentFacts(
        Channel.EMAIL,
        Purpose.MARKETING,
        ConsentState.GIVEN,
        f"{facts.source} order",
        facts.placed_at,
    )

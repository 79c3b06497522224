"""A file opened for import: its columns found, and how it writes dates and amounts decided."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from db.kinds import ImportKind
from px.orders.sources.customer_rows import CustomerReading, trait_columns
from px.orders.sources.files import Limits
from px.orders.sources.layouts import (
    LAYOUTS,
    Layout,
    Matched,
    headings,
    match,
    refuse_incomplete,
)
from px.orders.sources.order_facts import OrderReading
from px.orders.sources.sheet import Sheet, open_sheet
from px.orders.sources.shipment_rows import ShipmentReading
from px.orders.sources.survey import find_date_order, has_decimal_comma, present
from px.orders.sources.values import Amounts, DateOrder, Dates

# Counted up when rows are read otherwise than before, so that unchanged files are read once more.
READING = 1
_DATES = (
    *("placed_at", "paid_at", "cancelled_at", "created_at"),
    *("shipped_at", "promised_on", "delivered_at", "happened_at"),
)
_AMOUNTS = ("price", "total", "subtotal", "shipping", "tax", "discount", "refunded")
SOURCES = {ImportKind.SHOPIFY_ORDERS: "shopify", ImportKind.SHOPIFY_CUSTOMERS: "shopify"}


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How whoever imports wants a file read. `mapping` is {our column: their heading}."""

    kind: ImportKind
    mapping: Mapping[str, str] = field(default_factory=dict)
    dates: DateOrder = ""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file whose columns are known."""

    sheet: Sheet
    layout: Layout
    matched: Matched
    source: str
    dates: Dates
    amounts: Amounts
    seed: bytes
    region_hint: str

    def heading(self, key: str) -> str:
        """The file's own heading of one of our columns."""
        at = self.matched.places.get(key)
        column = self.layout.column(key)
        if at is not None:
            return self.sheet.header[at]
        return column.names[0] if column and column.names else key

    def orders(self) -> OrderReading:
        """What reads its rows as orders."""
        return OrderReading(self.source, self.dates, self.amounts, self.region_hint)

    def customers(self) -> CustomerReading:
        """What reads its rows as customers."""
        places = self.matched.places
        traits = trait_columns(self.sheet.header, places)
        return CustomerReading(self.source, self.dates, places, traits)

    def shipments(self) -> ShipmentReading:
        """What reads its rows as parcels."""
        return ShipmentReading(self.dates, self.matched.places)


def look_at(path: Path, options: FileOptions) -> tuple[Sheet, Layout, Matched]:
    """The table and where our columns stand in it, some perhaps missing. Unreadable if none."""
    sheet = open_sheet(path, options.limits, headings())
    layout = LAYOUTS[options.kind]
    return sheet, layout, match(layout, sheet.header, options.mapping)


def open_file(
    path: Path, options: FileOptions, *, shop_zone: str, shop_country: str = ""
) -> OpenFile:
    """The file, ready to be read. InvalidInput, saying what to do, when that is not possible."""
    sheet, layout, matched = look_at(path, options)
    refuse_incomplete(layout, matched, sheet.header)
    order = options.dates or find_date_order(sheet, present(matched.places, _DATES))
    comma = has_decimal_comma(sheet, present(matched.places, _AMOUNTS))
    seed = [READING, options.kind, shop_zone, order, comma, shop_country]
    return OpenFile(
        sheet=sheet,
        layout=layout,
        matched=matched,
        source=SOURCES.get(options.kind, "file"),
        dates=Dates(shop_zone, order),
        amounts=Amounts(comma),
        seed=json.dumps(seed).encode(),
        region_hint=shop_country,
    )


def kind_of(path: Path, limits: Limits) -> ImportKind | None:
    """The kind of file whose columns are all there, the most of them; None when none is."""
    sheet = open_sheet(path, limits, headings())
    fitting = {
        kind: len(matched.places)
        for kind, layout in LAYOUTS.items()
        if not (matched := match(layout, sheet.header, {})).missing
    }
    return max(fitting, key=lambda kind: fitting[kind]) if fitting else None

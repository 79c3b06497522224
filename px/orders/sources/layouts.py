"""Which column of a file means what: by the headings of Shopify and ours, or by a mapping."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.kinds import ImportKind
from px.core.errors import InvalidInput
from px.orders.sources.sheet import normal

TRAIT = "traits."


@dataclass(frozen=True, slots=True)
class Column:
    """One of our columns: its key, its headings, and headings (hints) that may mean it."""

    key: str
    names: tuple[str, ...] = ()
    required: bool = False
    about: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What a kind of file holds. `marks` are headings that only such a file has together.

    Of the columns in `named_by` one must be there.
    """

    kind: ImportKind
    columns: tuple[Column, ...]
    what: str
    marks: tuple[str, ...]
    named_by: tuple[str, ...] = ()

    def heading(self, column: Column) -> str:
        """How a file of this kind calls the column."""
        own = self.kind in (ImportKind.ORDERS, ImportKind.CUSTOMERS, ImportKind.SHIPMENTS)
        return column.key if own or not column.names else column.names[0]

    def column(self, key: str) -> Column | None:
        """Our column by its key or by one of its headings."""
        wanted = normal(key)
        return next(
            (one for one in self.columns if wanted in {normal(n) for n in (one.key, *one.names)}),
            None,
        )


@dataclass(slots=True)
class Matched:
    """Where in the file each of our columns stands. `missing` are those that must be there."""

    places: dict[str, int] = field(default_factory=dict)
    missing: list[Column] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def match(layout: Layout, header: Sequence[str], mapping: Mapping[str, str]) -> Matched:
    """Where our columns stand in a file with this header; a mapping from ours to theirs goes first.

    InvalidInput when the mapping names a column that does not exist, or a heading stands twice.
    """
    places = _mapped(layout, header, mapping)
    by_name: dict[str, list[int]] = {}
    for at, name in enumerate(header):
        by_name.setdefault(normal(name), []).append(at)
    for column in layout.columns:
        if column.key not in places:
            found = [
                at for name in (*column.names, column.key) for at in by_name.get(normal(name), ())
            ]
            if found:
                places[column.key] = found[0]
                _refuse_twice(header, by_name[normal(header[found[0]])])
    used = set(places.values())
    missing = [one for one in layout.columns if one.required and one.key not in places]
    if layout.named_by and not any(key in places for key in layout.named_by):
        missing = [one for one in layout.columns if one.key == layout.named_by[0]]
    return Matched(
        places,
        missing,
        [name for at, name in enumerate(header) if at not in used and name],
    )


def suggestions(matched: Matched, columns: Sequence[Column]) -> dict[str, str]:
    """For columns that were not found, the unused heading that sounds most like each."""
    unused = {normal(name): name for name in matched.unused}
    found: dict[str, str] = {}
    for column in columns:
        if column.key in matched.places:
            continue
        names = [normal(n) for n in (column.key, *column.names, *column.hints)]
        exact = next((name for name in names if name in unused), None)
        close = [c for name in names for c in difflib.get_close_matches(name, unused, 1, 0.75)]
        if exact or close:
            found[column.key] = unused.pop(exact or close[0])
    return found


def refuse_incomplete(layout: Layout, matched: Matched, header: Sequence[str]) -> None:
    """InvalidInput, saying what to do, when a column that must be there was not found."""
    if not matched.missing:
        return
    names = ", ".join(f"'{layout.heading(one)}'" for one in matched.missing)
    begin = f"This is not {layout.what}: it has no column {names}."
    if other := _other_kind(layout, header):
        raise InvalidInput(
            f"{begin} It looks like {other.what}: import it with --kind {other.kind.value}."
        )
    guesses = suggestions(matched, matched.missing)
    hints = [f'--map {key}="{theirs}"' for key, theirs in guesses.items()]
    hints += [f"--map {one.key}=THEIRS" for one in matched.missing if one.key not in guesses]
    shown = [name for name in header if name][:20]
    more = ", ..." if len(header) > len(shown) else ""
    raise InvalidInput(
        f"{begin}{_known_layout(header)} Or say which column is which: {' '.join(hints)}."
        f" Its columns are: {', '.join(shown)}{more}."
    )


def _mapped(layout: Layout, header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    by_name = {normal(name): at for at, name in reversed(list(enumerate(header)))}
    places: dict[str, int] = {}
    for ours, theirs in mapping.items():
        column = layout.column(ours)
        is_trait = ours.startswith(TRAIT) and "customers" in layout.kind
        if column is None and not is_trait:
            known = ", ".join(one.key for one in layout.columns)
            raise InvalidInput(f"There is no column '{ours}' to map to; there are: {known}.")
        if normal(theirs) not in by_name:
            raise InvalidInput(f"The file has no column '{theirs}' (mapped to {ours}).")
        places[column.key if column else ours] = by_name[normal(theirs)]
    return places


def _refuse_twice(header: Sequence[str], found: Sequence[int]) -> None:
    if len(found) > 1:
        raise InvalidInput(
            f"The column '{header[found[0]]}' stands in the file {len(found)} times:"
            " remove or rename all but one."
        )


def _known_layout(header: Sequence[str]) -> str:
    for marks, what in _OTHERS:
        if _has(header, marks):
            return f" It looks like {what}."
    return ""


def _other_kind(layout: Layout, header: Sequence[str]) -> Layout | None:
    others = (other for other in LAYOUTS.values() if other is not layout)
    return next((other for other in others if _has(header, other.marks)), None)


def _has(header: Sequence[str], marks: Sequence[str]) -> bool:
    return {normal(mark) for mark in marks} <= {normal(name) for name in header}


_EXPORT = "in Shopify's admin, open Orders, choose Export and import that file"
_OTHERS = (
    (
        ("Lineitem variant id", "Processed At", "Transaction Kind"),
        f"the order layout of Shopify's Transporter app, not the export of its admin: {_EXPORT}",
    ),
    (
        ("Metafield Namespace", "Accepts Marketing", "First Name"),
        "the customer layout of Shopify's Transporter app: export the customers in its admin",
    ),
    (
        ("order_number_formatted", "order_item_1"),
        "a WooCommerce export: write it with a row per item and import it with --kind orders",
    ),
)

_SHOPIFY_ORDERS = Layout(
    ImportKind.SHOPIFY_ORDERS,
    (
        Column("number", ("Name",), True, "Order number", ("order", "order number", "order no")),
        Column("email", ("Email", "Contact email"), False, "E-mail address", ("customer email",)),
        Column("status", ("Financial Status",), False, "Payment status", ("payment status",)),
        Column("paid_at", ("Paid at",), False, "Paid on"),
        Column("fulfilment", ("Fulfillment Status",), False, "Fulfilment status"),
        Column("accepts_marketing", ("Accepts Marketing",), False, "Agreed to marketing e-mail"),
        Column("currency", ("Currency",), True, "Currency"),
        Column("subtotal", ("Subtotal",), False, "Subtotal"),
        Column("shipping", ("Shipping",), False, "Shipping cost"),
        Column("tax", ("Taxes",), False, "Tax", ("total tax", "tax")),
        Column("total", ("Total",), False, "Total"),
        Column("discount", ("Discount Amount",), False, "Discount"),
        Column(
            "placed_at",
            ("Created at",),
            True,
            "Ordered on",
            ("processed at", "order date", "date", "ordered at", "placed at"),
        ),
        Column("quantity", ("Lineitem quantity",), True, "Quantity of the item", ("quantity",)),
        Column("item", ("Lineitem name",), True, "Name of the item", ("product", "item")),
        Column("price", ("Lineitem price",), True, "Price of one", ("price", "unit price")),
        Column("sku", ("Lineitem sku",), False, "SKU of the item", ("sku",)),
        Column("requires_shipping", ("Lineitem requires shipping",), False, "Is shipped"),
        Column("line_discount", ("Lineitem discount",), False, "Discount on the item"),
        Column("billing_name", ("Billing Name",), False, "Buyer's name"),
        Column("billing_country", ("Billing Country",), False, "Buyer's country"),
        Column("billing_phone", ("Billing Phone",), False, "Buyer's phone"),
        Column("shipping_name", ("Shipping Name",), False, "Recipient's name"),
        Column("shipping_country", ("Shipping Country",), False, "Recipient's country"),
        Column("shipping_phone", ("Shipping Phone",), False, "Recipient's phone"),
        Column("cancelled_at", ("Cancelled at", "Canceled at"), False, "Cancelled on"),
        Column("refunded", ("Refunded Amount",), False, "Refunded"),
        Column("external_id", ("Id",), False, "Shopify's number of the order"),
        Column("tags", ("Tags",), False, "Tags"),
        Column("phone", ("Phone",), False, "Phone of the order"),
    ),
    "the order export of Shopify's admin",
    ("Name", "Financial Status", "Lineitem quantity", "Lineitem name", "Created at"),
)

_OWN_ORDERS = Layout(
    ImportKind.ORDERS,
    (
        Column(
            "number",
            ("order_number", "order number", "order"),
            True,
            "Order number; rows with the same one are one order",
            ("order no", "order id", "bestellnummer", "name", "order_number_formatted"),
        ),
        Column(
            "placed_at",
            ("ordered at", "order date"),
            True,
            "When it was ordered",
            ("date", "created at", "processed at", "order_date", "bestelldatum"),
        ),
        Column("currency", (), True, "Three letters, as EUR", ("order_currency",)),
        Column("item", ("item name", "product"), False, "Name of the item", ("lineitem name",)),
        Column("sku", (), False, "SKU of the item", ("lineitem sku", "article number")),
        Column("quantity", ("qty",), False, "How many, 1 when left out", ("lineitem quantity",)),
        Column("price", ("unit price",), False, "Price of one", ("lineitem price", "item price")),
        Column("line_discount", ("item discount",), False, "Discount on the item"),
        Column("requires_shipping", (), False, "no for gift cards and downloads"),
        Column("email", ("customer email",), False, "E-mail address", ("billing_email", "mail")),
        Column("phone", (), False, "Phone", ("billing_phone", "telephone")),
        Column("first_name", (), False, "First name", ("billing_first_name", "vorname")),
        Column("last_name", (), False, "Last name", ("billing_last_name", "nachname")),
        Column("shipping_country", ("country",), False, "Country", ("billing_country", "land")),
        Column("language", (), False, "Language, as de"),
        Column("zone", ("time zone",), False, "Time zone, as Europe/Berlin"),
        Column("customer_id", (), False, "Your number of the customer"),
        Column("external_id", ("order_id", "id"), False, "Another number of the order"),
        Column("total", (), False, "Total; without it, worked out", ("order_total", "amount")),
        Column("subtotal", (), False, "Total of the items"),
        Column("shipping", ("shipping cost",), False, "Shipping cost", ("shipping_total",)),
        Column("tax", (), False, "Tax", ("taxes", "tax_total")),
        Column("discount", (), False, "Discount on the order", ("discount_total",)),
        Column("refunded", ("refunded amount",), False, "How much was paid back"),
        Column("status", ("payment status",), False, "paid when left out", ("financial status",)),
        Column("fulfilment", (), False, "Where the parcel stands, in your words"),
        Column("paid_at", (), False, "When it was paid"),
        Column("cancelled_at", ("canceled at",), False, "When it was called off"),
        Column("tags", (), False, "Tags, parted by commas"),
        Column("test", ("is_test",), False, "yes for a test order"),
        Column("accepts_marketing", (), False, "yes when the buyer agreed to marketing e-mail"),
    ),
    "an orders file",
    ("order_number", "placed_at", "currency"),
)

_CUSTOMER_BASICS = (
    Column("first_name", ("First Name",), False, "First name", ("vorname", "given name")),
    Column("last_name", ("Last Name",), False, "Last name", ("nachname", "surname")),
    Column("email", ("Email", "E-mail"), False, "E-mail address", ("mail", "email address")),
)

_SHOPIFY_CUSTOMERS = Layout(
    ImportKind.SHOPIFY_CUSTOMERS,
    (
        Column("customer_id", ("Customer ID",), True, "Customer's number", ("id",)),
        *_CUSTOMER_BASICS,
        Column("email_marketing", ("Accepts Email Marketing", "Accepts Marketing"), False, ""),
        Column("sms_marketing", ("Accepts SMS Marketing",), False, "Agreed to marketing by SMS"),
        Column("whatsapp_marketing", ("Accepts WhatsApp Marketing",), False, "... by WhatsApp"),
        Column("country", ("Default Address Country Code", "Country Code"), False, "Country"),
        Column("address_phone", ("Default Address Phone",), False, "Phone of the address"),
        Column("phone", ("Phone",), False, "Phone"),
        Column("tags", ("Tags",), False, "Tags"),
    ),
    "the customer export of Shopify's admin",
    ("Customer ID", "Total Spent", "Total Orders"),
)

_OWN_CUSTOMERS = Layout(
    ImportKind.CUSTOMERS,
    (
        *_CUSTOMER_BASICS,
        Column("phone", (), False, "Phone", ("telephone", "mobile", "telefon")),
        Column("customer_id", ("external_id",), False, "Your number of the customer", ("id",)),
        Column("country", ("country code",), False, "Country, by code or English name", ("land",)),
        Column("zone", ("time zone",), False, "Time zone, as Europe/Berlin"),
        Column("language", (), False, "Language, as de", ("locale", "sprache")),
        Column("tags", (), False, "Tags, parted by commas"),
        Column("email_marketing", ("accepts_email_marketing",), False, "yes or no"),
        Column("sms_marketing", ("accepts_sms_marketing",), False, "yes or no"),
        Column("whatsapp_marketing", ("accepts_whatsapp_marketing",), False, "yes or no"),
        Column("created_at", (), False, "Customer since"),
    ),
    "a customers file",
    ("email", "first_name", "last_name"),
    named_by=("email", "phone", "customer_id"),
)

_SHIPMENTS = Layout(
    ImportKind.SHIPMENTS,
    (
        Column(
            "order_number",
            ("order", "order number"),
            True,
            "Order number, with or without #",
            ("name", "order no", "order id"),
        ),
        Column("shipment", ("parcel", "shipment_id"), False, "Tells an order's parcels apart"),
        Column("carrier", (), False, "Carrier", ("tracking company", "shipped by")),
        Column("tracking_number", ("tracking",), False, "Tracking number", ("tracking no", "awb")),
        Column("tracking_url", (), False, "Address of the tracking page", ("tracking link",)),
        Column("status", (), False, "Where the parcel is", ("state",)),
        Column(
            "shipped_at", (), False, "When it left", ("ship date", "shipped on", "fulfilled at")
        ),
        Column("promised_on", ("promised_at",), False, "Day promised", ("edd", "delivery date")),
        Column("delivered_at", (), False, "When it arrived", ("delivered on",)),
        Column("happened_at", (), False, "When it got this status", ("updated at", "status date")),
        Column("skus", ("sku",), False, "SKUs in the parcel, parted by ;"),
        Column("source", (), False, "shopify or file, when both have the number"),
    ),
    "a shipments file",
    ("order_number", "tracking_number"),
)

LAYOUTS = {
    layout.kind: layout
    for layout in (_SHOPIFY_ORDERS, _SHOPIFY_CUSTOMERS, _OWN_ORDERS, _OWN_CUSTOMERS, _SHIPMENTS)
}


def headings() -> list[str]:
    """Every heading by which one of our columns is known."""
    return [
        name
        for layout in LAYOUTS.values()
        for column in layout.columns
        for name in (column.key, *column.names)
    ]

"""Orders: what was bought, by whom, in which parcels it travels, and the files they come by.

Rows: Product, Order, OrderLine, Shipment, ImportRun.
Verbs: record_orders and record_shipments (others' facts become orders, parcels and events),
refresh_customers; import_file; keep_upload, start_import, cancel_import and run_imports for imports
in the background.
Questions: known_orders, orders_of, order_by_number, order_counts; look_at_upload, preview_upload,
import_history, errors_of.
Errors: InvalidInput (a file that cannot be read, with what to do), ImportCancelled.
"""

from px.customers import CustomerFacts
from px.orders.actions import record_orders
from px.orders.facts import Became, Counts, LineFacts, OrderFacts, ShipmentFacts
from px.orders.importing import (
    NOUNS,
    ImportCancelled,
    ImportOptions,
    ImportReport,
    Taken,
    also,
    import_file,
    sentence,
)
from px.orders.imports import (
    UPLOAD_LIMITS,
    Import,
    Look,
    Preview,
    Upload,
    cancel_import,
    errors_of,
    import_history,
    keep_upload,
    look_at_upload,
    note_import,
    preview_upload,
    run_imports,
    start_import,
)
from px.orders.overview import customers_with_order, shop_currency, usual_currency
from px.orders.queries import (
    KnownOrder,
    Line,
    Parcel,
    has_orders,
    known_orders,
    order_by_number,
    order_counts,
    orders_of,
    skus_known,
)
from px.orders.shipments import record_shipments
from px.orders.sources.files import Limits
from px.orders.sources.opened import FileOptions
from px.orders.sources.survey import AmbiguousDates
from px.orders.sums import refresh_customers

__all__ = [
    "NOUNS",
    "UPLOAD_LIMITS",
    "AmbiguousDates",
    "Became",
    "Counts",
    "CustomerFacts",
    "FileOptions",
    "Import",
    "ImportCancelled",
    "ImportOptions",
    "ImportReport",
    "KnownOrder",
    "Limits",
    "Line",
    "LineFacts",
    "Look",
    "OrderFacts",
    "Parcel",
    "Preview",
    "ShipmentFacts",
    "Taken",
    "Upload",
    "also",
    "cancel_import",
    "customers_with_order",
    "errors_of",
    "has_orders",
    "import_file",
    "import_history",
    "keep_upload",
    "known_orders",
    "look_at_upload",
    "note_import",
    "order_by_number",
    "order_counts",
    "orders_of",
    "preview_upload",
    "record_orders",
    "record_shipments",
    "refresh_customers",
    "run_imports",
    "sentence",
    "shop_currency",
    "skus_known",
    "start_import",
    "usual_currency",
]

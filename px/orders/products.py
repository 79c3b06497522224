"""Products found again by their SKU, then by their name; made when they are seen first."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from db.models.orders import Product
from px.core.bulk import insert_new, table_of
from px.orders.facts import LineFacts

_products = table_of(Product)


class Products:
    """Which product a line is about."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """`rows` hold id, SKU and name, oldest first."""
        self._by_sku: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self._by_name_of_any: dict[str, int] = {}
        for product_id, sku, name in rows:
            if sku:
                self._by_sku.setdefault(sku, product_id)
                self._by_name_of_any.setdefault(name, product_id)
            else:
                self._by_name.setdefault(name, product_id)

    def find(self, line: LineFacts) -> int | None:
        """The product with the line's SKU; without one, the product of that name."""
        if line.sku:
            return self._by_sku.get(line.sku)
        if not line.name:
            return None
        return self._by_name.get(line.name) or self._by_name_of_any.get(line.name)


def find_products(session: Session, lines: Sequence[LineFacts], *, now: datetime) -> Products:
    """Every line with a SKU or a name has a product."""
    products = _read(session, lines)
    missing: dict[tuple[str, bool], dict[str, Any]] = {}
    for line in lines:
        if (line.sku or line.name) and products.find(line) is None:
            row = {"sku": line.sku, "name": line.name, "created_at": now}
            missing.setdefault((line.sku or line.name, bool(line.sku)), row)
    if not missing:
        return products
    insert_new(session, Product, list(missing.values()), ["sku", "name"])
    return _read(session, lines)


def _read(session: Session, lines: Sequence[LineFacts]) -> Products:
    skus = {line.sku for line in lines if line.sku}
    names = {line.name for line in lines if line.name and not line.sku}
    if not skus and not names:
        return Products([])
    rows = session.connection().execute(
        select(_products.c.id, _products.c.sku, _products.c.name)
        .where(_products.c.sku.in_(skus) | _products.c.name.in_(names))
        .order_by(_products.c.id)
    )
    return Products((row.id, row.sku, row.name) for row in rows)

"""The fields of conditions by their full names, from what is known of a customer and an order."""

from collections.abc import Mapping
from typing import Any


def condition_fields(
    customer: Mapping[str, Any],
    order: Mapping[str, Any] | None = None,
    line: Mapping[str, Any] | None = None,
    shipment: Mapping[str, Any] | None = None,
    subscription: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One flat mapping such as {"customer.country": "DE", "order.skus": [...]}."""
    fields: dict[str, Any] = {}
    named = (
        ("customer", customer),
        ("order", order),
        ("line", line),
        ("shipment", shipment),
        ("subscription", subscription),
    )
    for noun, values in named:
        for name, value in (values or {}).items():
            fields[f"{noun}.{name}"] = value
    return fields

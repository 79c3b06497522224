"""A typical customer for previews and trials while a shop has none: the catalogue's examples."""

from functools import cache
from typing import Any

from px.messages.catalogue import CATALOGUE


@cache
def typical_context() -> dict[str, Any]:
    """Every known variable with its example; an order of two items."""
    context: dict[str, Any] = {}
    for variable in CATALOGUE:
        if "[]" not in variable.path and "*" not in variable.path:
            group, _, name = variable.path.rpartition(".")
            (context.setdefault(group, {}) if group else context)[name] = variable.example
    context["customer"]["traits"] = {"skin_type": "dry"}
    context["event"] = {"data": {"reason": "damaged"}}
    second = {
        "sku": "BRUSH-1",
        "name": "Cleansing brush",
        "quantity": 1,
        "price": "5.00 USD",
        "price_minor": 500,
        "total": "5.00 USD",
    }
    first = {
        v.path.removeprefix("line."): v.example for v in CATALOGUE if v.path.startswith("line.")
    }
    context["order"] |= {"lines": [first, second], "skus": [first["sku"], second["sku"]]}
    return context

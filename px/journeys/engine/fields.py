"""The fields of conditions by their full names, such as customer.country or order.skus."""

from collections.abc import Mapping
from typing import Any

Noun = Mapping[str, Any] | None


class Fields:
    """What is known of a customer and what an enrolment is about, asked by a field's full name."""

    __slots__ = ("_nouns",)

    def __init__(
        self,
        customer: Noun = None,
        order: Noun = None,
        line: Noun = None,
        shipment: Noun = None,
        subscription: Noun = None,
    ) -> None:
        """Nothing is copied: a thousand enrolments a second are looked at, few of their fields."""
        self._nouns: dict[str, Noun] = {
            "customer": customer,
            "order": order,
            "line": line,
            "shipment": shipment,
            "subscription": subscription,
        }

    def get(self, name: str) -> Any:
        """The value of the field, None when it is missing."""
        noun, _, rest = name.partition(".")
        values = self._nouns.get(noun)
        return values.get(rest) if values else None

    def noun(self, noun: str) -> dict[str, Any]:
        """All that is known of one noun, such as the order."""
        return dict(self._nouns.get(noun) or {})

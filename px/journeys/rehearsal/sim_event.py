"""An event as a rehearsal plays it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Nothing happened: only something became known.
LEARNED = ""


@dataclass(slots=True)
class SimEvent:
    """An event as a rehearsal reads it. `customer` and `order` hold the fields given with it.

    `heard_at` is when it was told, if that is known: what was told at one moment is answered
    together. `may_enter` is off for what happened outside of the time that is rehearsed.
    `marketing` says that a message of another journey left then and takes a place under the cap.
    """

    at: datetime
    kind: str
    customer_id: str
    order_id: str | None = None
    customer: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)
    shipment: dict[str, Any] = field(default_factory=dict)
    subscription: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    heard_at: datetime | None = None
    may_enter: bool = True
    marketing: bool = False

    @property
    def played_at(self) -> datetime:
        """When it is played."""
        return self.heard_at or self.at

"""What a cell shows, sorts by and is exported as: text or a number, never code or HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pages._ui.page import At
from pages._ui.signs import spoken
from pages._ui.words import figure, full, money, when

SORT = "px_sort_"
TIP = "px_tip_"
_ORDERED = ("number", "money", "moment")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the row's field, its heading, its kind. `tip` names a field whose text is on hover.

    kind: text, number, moment (relative within a day), status (word and sign), money (`currency`
    names the field with the currency).
    """

    field: str
    label: str
    kind: Literal["text", "number", "moment", "status", "money"] = "text"
    tip: str | None = None
    currency: str = "currency"
    width: int | None = None

    @property
    def is_ordered(self) -> bool:
        """Whether it is sorted by its value, not by what is shown."""
        return self.kind in _ORDERED

    @property
    def is_figure(self) -> bool:
        """Whether it stands on the right."""
        return self.kind in ("number", "money")

    def cells(self, row: Any, at: At) -> dict[str, Any]:
        """What the grid gets of this column: what it shows, its order, what shows on hover."""
        value = value_of(row, self.field)
        hover = value_of(row, self.tip) if self.tip else None
        if self.kind == "moment" and hover is None:
            hover = full(value, at.zone)
        return {
            self.field: self._shown(value, row, at),
            SORT + self.field: self._order(value),
            TIP + self.field: str(hover or ""),
        }

    def _shown(self, value: Any, row: Any, at: At) -> str:
        if value is None:
            return ""
        if self.kind == "moment":
            return when(value, now=at.now, zone=at.zone)
        if self.kind == "status":
            return spoken(str(value))
        if self.kind == "money":
            return money(int(value), str(value_of(row, self.currency) or "USD"))
        return figure(value) if self.kind == "number" else str(value)

    def _order(self, value: Any) -> float | None:
        if value is None or not self.is_ordered:
            return None
        return value.timestamp() if isinstance(value, datetime) else float(value)


def value_of(row: Any, field: str) -> Any:
    """The field of a dict or of an object, None when it has none."""
    return row.get(field) if isinstance(row, Mapping) else getattr(row, field, None)

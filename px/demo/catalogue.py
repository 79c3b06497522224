"""What the demo shop sells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A product; `months` are those in which it sells three times as often."""

    sku: str
    name: str
    price_minor: int
    weight: int
    months: tuple[int, ...] = ()


SERUM = Item("SERUM-30", "Night Fern serum, 30 ml", 4900, 34)
BRUSH = Item("BRUSH-01", "Beechwood cleansing brush", 3200, 9)
SET = Item("SET-FIRST", "The First Chapter set", 7900, 5, (11, 12))

ITEMS = (
    SERUM,
    Item("CLEAN-150", "Morning Dew cleansing gel, 150 ml", 2200, 20),
    Item("CREAM-50", "Quiet Meadow day cream, 50 ml", 3800, 16),
    Item("SUN-50", "Soft Daylight sun fluid SPF 50, 50 ml", 2900, 10, (5, 6, 7, 8)),
    Item("OIL-30", "Rosehip evening oil, 30 ml", 3400, 8, (11, 12, 1, 2)),
    Item("MASK-75", "Sunday clay mask, 75 ml", 2600, 8),
    Item("LIP-2", "Lip balm duo", 1200, 12, (12, 1, 2)),
    BRUSH,
    SET,
)
SHIPPING_MINOR = 495
FREE_SHIPPING_FROM = 5000
CURRENCY = "EUR"

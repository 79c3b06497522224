"""Which local time a customer lives in: their own zone, else their country's, else the shop's."""

from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Where a country has several zones, the one of its capital or largest city; the others of such
# countries stand first in the zone database.
_CHOSEN = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "FM": "Pacific/Pohnpei",
    "PS": "Asia/Hebron",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UM": "Pacific/Wake",
    "UZ": "Asia/Tashkent",
}


# More than there are; files and customers hold made-up names, which are not kept for ever.
@lru_cache(maxsize=1_000)
def find_zone(name: str | None) -> ZoneInfo | None:
    """The IANA zone of that name, None when there is none."""
    if not name or len(name) > 64:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=1_000)
def country_zone(country: str | None) -> str | None:
    """The zone of a country by its two-letter code (the zone database's zone.tab)."""
    return _by_country().get((country or "").upper())


@lru_cache(maxsize=4_000)
def zone_of(zone: str | None, country: str | None, shop_zone: str) -> ZoneInfo:
    """The customer's zone; an unknown name falls to the country's, then to the shop's, then to
    UTC.
    """
    return (
        find_zone(zone)
        or find_zone(country_zone(country))
        or find_zone(shop_zone)
        or ZoneInfo("UTC")
    )


@cache
def _by_country() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    zones: dict[str, str] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _place, name = line.split("\t")[:3]
            zones.setdefault(code, name)
    return zones | _CHOSEN

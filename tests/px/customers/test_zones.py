"""Names of time zones as files and customers give them."""

import pytest

from px.customers.zones import country_zone, find_zone, zone_of


@pytest.mark.parametrize(
    "name", [None, "", "Nowhere", "Europe", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 65]
)
def test_what_is_no_zone_is_none_and_opens_no_file(name: str | None) -> None:
    assert find_zone(name) is None


def test_a_customer_lives_in_their_own_zone_else_their_countrys_else_the_shops() -> None:
    assert zone_of("America/Denver", "NL", "Asia/Tokyo").key == "America/Denver"
    assert zone_of("Nowhere", "nl", "Asia/Tokyo").key == "Europe/Amsterdam"
    assert zone_of(None, "ZZ", "Asia/Tokyo").key == "Asia/Tokyo"
    assert zone_of(None, None, "").key == "UTC"


def test_made_up_zones_do_not_fill_the_memory() -> None:
    for number in range(5_000):
        zone_of(f"Nowhere/{number}", f"Z{number}", "UTC")
    for asked in (find_zone, country_zone, zone_of):
        assert asked.cache_info().currsize < 5_000

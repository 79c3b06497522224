"""Cells as people and programs write them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from px.orders.sources.values import (
    Amounts,
    Dates,
    flag,
    identifier,
    labels,
    name_parts,
    quantity,
    words,
)

BERLIN = Dates("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01 09:58:12 -0500", datetime(2024, 5, 1, 14, 58, 12, tzinfo=UTC)),
        ("2024-05-01T09:58:12Z", datetime(2024, 5, 1, 9, 58, 12, tzinfo=UTC)),
        ("2024-05-01 09:58:12 UTC", datetime(2024, 5, 1, 9, 58, 12, tzinfo=UTC)),
        ("2020-09-11 19:35:42.000", datetime(2020, 9, 11, 17, 35, 42, tzinfo=UTC)),
        ("2024-05-01 09:58", datetime(2024, 5, 1, 7, 58, tzinfo=UTC)),
        ("2024-12-01", datetime(2024, 11, 30, 23, 0, tzinfo=UTC)),
        ("2024/5/1 10:00", datetime(2024, 5, 1, 8, 0, tzinfo=UTC)),
        ("13.05.2024 14:00", datetime(2024, 5, 13, 12, 0, tzinfo=UTC)),
        ("3.4.2024", datetime(2024, 4, 2, 22, 0, tzinfo=UTC)),
        (" 2005-01-10T11:00:00-05:00\n", datetime(2005, 1, 10, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_date_without_an_offset_is_the_shops(text: str, moment: datetime) -> None:
    assert BERLIN.moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        *("9/6/2016", "31.02.2024", "45413", "0001-01-01", "yesterday", "2024-W05-1", "2024-13-01"),
        *("2024-05-01 25:00:00", "99999-01-01", "5/5/24", "2024-05-01 10:00 PM", "١٢/٣/٢٠٢٤"),
    ],
)
def test_what_is_no_date_for_sure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Not"):
        BERLIN.moment(text)


def test_twelve_o_clock_in_the_american_manner() -> None:
    american = Dates("America/New_York", "mdy")
    assert american.moment("5/31/2016 12:05 AM") == datetime(2016, 5, 31, 4, 5, tzinfo=UTC)
    assert american.moment("5/31/2016 12:05 pm") == datetime(2016, 5, 31, 16, 5, tzinfo=UTC)
    assert american.day("5/31/2016 11:59 pm") == date(2016, 5, 31)
    assert american.moment("  ") is None


@pytest.mark.parametrize(
    ("text", "currency", "comma", "minor"),
    [
        ("49.00", "USD", False, 4900),
        ("1,234.50", "USD", False, 123450),
        ("$49", "USD", False, 4900),
        ("EUR 49.5", "EUR", False, 4950),
        ("1 234.50", "EUR", False, 123450),
        ("1'234.50", "CHF", False, 123450),
        ("4900.00", "JPY", False, 4900),
        ("4.900", "KWD", False, 4900),
        ("12,50", "EUR", True, 1250),
        ("1.234,50 €", "EUR", True, 123450),
        ("1.234", "EUR", True, 123400),
        ("", "EUR", False, 0),
    ],
)
def test_amounts_are_whole_numbers_of_the_smallest_unit(
    text: str, currency: str, comma: bool, minor: int
) -> None:
    assert Amounts(comma).minor(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        *(
            "12,50",
            "1.234",
            "-5",
            "abc",
            "ABC",
            "1e5",
            "9" * 20,
            "=1+1",
            "1.2.3",
            "NaN",
            "Infinity",
        ),
        *("1,23,456", "49.00.00", "1_000"),
    ],
)
def test_what_is_no_amount_for_sure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Not an amount"):
        Amounts().minor(text, "USD")


def test_pieces_are_whole_and_not_negative() -> None:
    assert [quantity(text) for text in ("1", "2.0", "2,0", "", " 3 ", "0")] == [1, 2, 2, 1, 3, 0]
    for text in ("-1", "1.5", "one", "²", "1e3", "1000001", "9" * 40):
        with pytest.raises(ValueError, match="Not a"):
            quantity(text)


def test_ids_stay_as_they_were_before_excel() -> None:
    assert [identifier(text) for text in ("'5370", "00123", " #1001 ", "MA-1")] == [
        *("5370", "00123", "#1001", "MA-1")
    ]
    for text in ("2.67E+12", "2,67E+12", "5e12", "x" * 201):
        with pytest.raises(ValueError, match="Not"):
            identifier(text)


def test_words_are_one_line_without_entities() -> None:
    assert words("Serum &amp;\n 30\tml\x00", 100) == "Serum & 30 ml"
    assert words("&amp;lt;", 100) == "&lt;"
    assert words("a" * 300, 200) == "a" * 200
    assert labels("vip, early ,,vip") == ["vip", "early"]
    assert name_parts(" Ada King  Lovelace") == ("Ada", "King  Lovelace")
    assert [flag(text) for text in ("Yes", "FALSE", "", "perhaps")] == [True, False, None, None]


@given(st.text(max_size=60))
def test_no_cell_whatever_brings_the_reader_down(text: str) -> None:
    for read in (BERLIN.moment, BERLIN.day, quantity, identifier, euros):
        assert complaint(read, text)[:3] in ("", "Not")
    assert "\n" not in words(text, 100)


def euros(text: str) -> int:
    return Amounts().minor(text, "EUR")


def complaint(read: Callable[[str], object], text: str) -> str:
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("text", ["1" * 100_000, "1," * 50_000, " " * 100_000, "1/" * 50_000])
def test_a_hostile_cell_takes_no_time(text: str) -> None:
    started = perf_counter()
    for read in (BERLIN.moment, quantity, identifier, euros):
        assert complaint(read, text) or not text.strip()
    assert perf_counter() - started < 0.2

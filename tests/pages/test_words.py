"""How pages say times, numbers and other people's texts, and what leaves in a CSV file."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from pages._ui import words
from pages._ui.columns import Column
from pages._ui.export import csv_bytes
from pages._ui.signs import sign, spoken

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ZONE = "Europe/Amsterdam"


@pytest.fixture
def _locale(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    context = SimpleNamespace(locale=getattr(request, "param", "en-GB"))
    monkeypatch.setattr("pages._ui.words.st", SimpleNamespace(context=context))


@pytest.mark.usefixtures("_locale")
@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(seconds=-20), "just now"),
        (timedelta(seconds=50), "in 1 minute"),
        (timedelta(minutes=-3), "3 minutes ago"),
        (timedelta(minutes=59, seconds=40), "in 1 hour"),
        (timedelta(hours=3, minutes=10), "in 3 hours"),
        (timedelta(hours=-23, minutes=-59), "23 hours ago"),
        (timedelta(hours=24), "5 May 2026, 14:00"),
        (timedelta(days=-40), "25 Mar 2026, 13:00"),
    ],
)
def test_a_time_is_relative_within_a_day_and_the_shops_beyond(
    distance: timedelta, said: str
) -> None:
    assert words.when(NOW + distance, now=NOW, zone=ZONE) == said


def test_the_full_time_says_the_day_of_the_week() -> None:
    assert words.full(NOW, ZONE) == "Mon 4 May 2026, 14:00"
    assert words.full(None, ZONE) == ""
    assert words.when(None, now=NOW, zone=ZONE) == ""


@pytest.mark.parametrize(
    ("_locale", "number", "amount"),
    [
        ("en-GB", "1,234,567", "12,345.60\u00a0EUR"),
        ("de-DE", "1.234.567", "12.345,60\u00a0EUR"),
        ("de-CH", "1\u2019234\u2019567", "12\u2019345.60\u00a0EUR"),
        ("fr-FR", "1\u202f234\u202f567", "12\u202f345,60\u00a0EUR"),
        ("sv", "1\u00a0234\u00a0567", "12\u00a0345,60\u00a0EUR"),
        (None, "1,234,567", "12,345.60\u00a0EUR"),
        ("xx-klingon", "1,234,567", "12,345.60\u00a0EUR"),
    ],
    indirect=["_locale"],
)
@pytest.mark.usefixtures("_locale")
def test_numbers_and_money_are_written_as_the_reader_does(number: str, amount: str) -> None:
    assert words.figure(1_234_567) == number
    assert words.money(1_234_560, "EUR") == amount


@pytest.mark.usefixtures("_locale")
def test_a_number_takes_its_noun_along() -> None:
    assert words.count(1, "message") == "1 message"
    assert words.count(1204, "message") == "1,204 messages"
    assert words.count(2, "person", "people") == "2 people"


def test_whoever_is_not_known_is_called_so() -> None:
    assert words.called(None) == "Unknown customer"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ada", "Ada"),
        ("**bold** _x_", r"\*\*bold\*\* \_x\_"),
        ("[x](javascript:alert(1))", r"\[x\]\(javascript\:alert\(1\)\)"),
        ("<img src=x>", r"\<img src\=x\>"),
        (":material/home: :red[x]", r"\:material/home\: \:red\[x\]"),
        ("$\\frac{1}{2}$", r"\$\\frac\{1\}\{2\}\$"),
        ("# no\n- heading", r"\# no \- heading"),
        ("abc\u202edcba\u0000", "abcdcba"),
        ("https://evil.example", "https\\:\u2060//evil\\.example"),
        ("WWW.evil.example", "WWW\u2060\\.evil\\.example"),
    ],
)
def test_what_people_wrote_is_never_markdown(text: str, shown: str) -> None:
    assert words.plain(text) == shown


def test_a_status_is_a_word_with_a_sign() -> None:
    assert spoken("sent") == "✓ Sent"
    assert spoken("email") == "✉ Email"
    assert sign("something_new").word == "Something new"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+31612345678", "'+31612345678"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ('x";=1', '"x"";\'=1"'),
        ("a; +2", "a; '+2"),
        (-5, "-5"),
        (1234567.5, "1234567.5"),
        ("Ada", "Ada"),
        (None, '""'),
        (NOW, '"Mon 4 May 2026, 14:00"'),
    ],
)
def test_no_cell_of_an_export_is_a_formula(value: object, cell: str) -> None:
    data = csv_bytes([{"a": value}], [Column("a", "A")], ZONE)
    assert data == f"\ufeffA\r\n{cell}\r\n".encode()


def test_money_is_exported_as_a_number_in_units_of_its_currency() -> None:
    rows = [{"a": 4900, "currency": "EUR"}, {"a": 4900, "currency": "JPY"}]
    data = csv_bytes(rows, [Column("a", "A", kind="money")], ZONE).decode("utf-8-sig")
    assert data.splitlines() == ["A", "49.00", "4900"]

"""Addresses in one form, and what is none."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from px.customers.addresses import country_code, normalise_email, normalise_phone


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ada@Example.COM\t", "ada@example.com"),
        ("o'brien+news@mail.example.co.uk", "o'brien+news@mail.example.co.uk"),
        ("ada@münchen.de", "ada@xn--mnchen-3ya.de"),
        ("a_b.c-d@1and1.example", "a_b.c-d@1and1.example"),
    ],
)
def test_an_address_is_trimmed_and_in_lower_case(text: str, address: str) -> None:
    assert normalise_email(text) == address
    assert normalise_email(address) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "ada", "ada@", "@example.com", "ada@localhost", "ada@example", "ada@1.2.3.4"),
        *("ada@example.com\n", "\nada@example.com", "a\r\nBcc: b@c.de@example.com", "a@b.com\x85"),
        *("ada@example.com\u2028", "a\0da@example.com", "ada@exam\0ple.com", "a@b.com\x0b"),
        *("a@b.com,c@d.com", "a@b.com;c@d.com", "<a@b.com>", "Ada <a@b.com>", '"a b"@c.com'),
        *("a..b@c.com", ".a@c.com", "a.@c.com", "a b@c.com", "a@-b.com", "a@b-.com", "a@b..com"),
        *("ädä@example.com", "a@[127.0.0.1]", "a@b@c.com", "mailto:a@b.com", "a@b.com,"),
        *("x" * 65 + "@example.com", "a@" + "b" * 320 + ".com", "ada@\ud800.com", "a@b.com\u202e"),
    ],
)
def test_what_no_mail_can_go_to_is_no_address(text: str) -> None:
    assert normalise_email(text) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_passes_can_stand_in_a_header(local: str, domain: str) -> None:
    address = normalise_email(f"{local}@{domain}.example")
    assert address is None or (
        address.isascii() and address.isprintable() and not set(address) & set(' ,;<>"()')
    )


@pytest.mark.parametrize(
    "text", ["a" * 320, "a." * 160, "a@" + "b." * 159, "a@" + "b-" * 159, "a@" * 160, "1" * 100_000]
)
def test_a_hostile_address_takes_no_time(text: str) -> None:
    started = perf_counter()
    normalise_email(text)
    normalise_phone(text, "US")
    assert perf_counter() - started < 0.05


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+31 6 12345678", None, "+31612345678"),
        ("06-12345678", "nl", "+31612345678"),
        ("'+31612345678", None, "+31612345678"),
        ("0031612345678", "DE", "+31612345678"),
        ("(519) 555-5555", "CA", "+15195555555"),
        ("+31 (0)6 12345678", None, "+31612345678"),
        ("+39 06 6982", None, "+39066982"),
    ],
)
def test_a_phone_is_kept_with_its_country(text: str, country: str | None, number: str) -> None:
    assert normalise_phone(text, country) == number
    assert normalise_phone(number, None) == number


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("612345678", None),
        ("+1 617 555 0123 ext. 4", "US"),
        ("617-555-0123 x4", "US"),
        ("0000000000", "US"),
        ("1111111111", "US"),
        ("1234567890", "US"),
        ("+10000000000", None),
        ("+1 234 567 890", "US"),
        ("3.16E+10", "NL"),
        ("not given", "US"),
        ("12", "US"),
        ("+999123456789", None),
        ("06123456789012345", "NL"),
        ("+31612345678\n+31687654321", None),
        ("", "US"),
    ],
)
def test_what_no_text_message_reaches_is_no_phone(text: str, country: str | None) -> None:
    assert normalise_phone(text, country) is None


def test_a_country_is_known_by_code_or_name() -> None:
    assert [
        country_code(text) for text in ("us", " UK ", "Canada", "united states", "Holland")
    ] == [*("US", "GB", "CA", "US", "NL")]
    assert [country_code(text) for text in ("", None, "XX", "Narnia", "U")] == [None] * 5

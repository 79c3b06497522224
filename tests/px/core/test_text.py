"""Texts from outside, in headers and in spreadsheets."""

import pytest

from px.core.text import formula_safe, one_line


@pytest.mark.parametrize(
    "sign", ["\r", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\0"]
)
def test_nothing_in_a_name_ends_a_line(sign: str) -> None:
    assert one_line(f"Ada{sign}Bcc: x", 100) == "Ada Bcc: x"


def test_a_text_is_trimmed_and_cut() -> None:
    assert one_line("  Ada \udcff ", 100) == "Ada"
    assert one_line("ab cd", 3) == "ab"
    assert one_line("O'Brien\u00a0Müller", 100) == "O'Brien Müller"


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+cmd", "-cmd", "@SUM(1)", "\tx", "\rx", "\nx", "\0x"),
        *(" =1", "\uff1dcmd", "\uff0bcmd", "\uff0dcmd", "\uff20cmd", "+1+2"),
    ],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert formula_safe(text) == "'" + text


def test_a_formula_behind_a_separator_becomes_text() -> None:
    assert formula_safe('a;=1+1;"@x') == "a;'=1+1;\"'@x"


@pytest.mark.parametrize(
    "text", ["-5.00", "+31612345678", "12", "Serum - 30 ml", "a@b.example", ""]
)
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert formula_safe(text) == text

"""Texts from outside: one line of ordinary characters, and cells no spreadsheet runs."""

import re
import unicodedata

# Lone surrogates cannot be stored; the separators would end a header line in some programs.
_REFUSED = ("Cc", "Cs", "Zl", "Zp")
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"[ \u00a0\u3000]*[{_SIGNS}\t\r\n\0]")
# A program that separates by semicolons, or loses a quote, sees a new cell here.
_NEXT_CELL = re.compile(f'([;\t\r\n"])(?=[{_SIGNS}])')
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:[.,]\d{1,40})?")


def one_line(text: str, limit: int) -> str:
    """The text without control characters and line ends, trimmed, at most `limit` characters."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) in _REFUSED else c for c in text)
        text = " ".join(text.split())
    text = text.strip()
    return text if len(text) <= limit else text[:limit].rstrip()


def formula_safe(text: str) -> str:
    """The text as a cell that no spreadsheet reads as a formula (OWASP ASVS 1.2.10).

    Numbers stay numbers.
    """
    if _NUMBER.fullmatch(text):
        return text
    inside = _NEXT_CELL.sub(r"\1'", text)
    return "'" + inside if _FORMULA.match(text) else inside

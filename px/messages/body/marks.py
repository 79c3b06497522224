"""Liquid out of harm's way while Markdown and HTML are made: a tag becomes a word and comes back.

A mark is letters and digits only, so that neither Markdown nor a link's address nor an HTML parser
changes it; its last letter says where it stands.
"""

import re

from px.messages.liquid.pieces import Piece

# Where a mark stands: an output in text; a whole address, part of one, another attribute; a tag
# alone on its line, a tag in a line, a tag in HTML (in a comment, which tables do not push out).
OUTPUT, ADDRESS, ADDRESS_PART, ATTRIBUTE, LINE_TAG, TAG, COMMENT = "o", "u", "p", "a", "b", "t", "c"
_WRITER = {ADDRESS: "px_address", ADDRESS_PART: "px_address_part", ATTRIBUTE: "px_attribute"}
_CALM = re.compile(r"\{\{|\{%|\{$")


class Marks:
    """The pieces of one source by their marks, whose beginning occurs nowhere in the source."""

    def __init__(self, source: str, pieces: list[Piece]) -> None:
        """A beginning is tried until one is free; the same source always gets the same."""
        number = 0
        while (prefix := f"lq{_letters(number)}q") in source.lower():
            number += 1
        self.prefix = prefix
        self.pieces = list(pieces)
        self.pattern = re.compile(rf"{prefix}(\d+)([oupabtc])")
        self.continues = f"{prefix}rows"
        self._in_html = re.compile(rf"(?:<!--)?{prefix}(\d+)([oupabtc])(?:-->)?")
        self._brace = re.compile(rf"\{{(?=[{{%]|(?:<!--)?{prefix}\d)")

    def mark(self, index: int, place: str) -> str:
        """The mark of the piece at `index`, standing at `place`."""
        return f"{self.prefix}{index}{place}"

    def add(self, piece: Piece) -> int:
        """The index of a piece that was not in the source."""
        self.pieces.append(piece)
        return len(self.pieces) - 1

    def split(self, text: str) -> list[str | tuple[int, str]]:
        """The text in stretches and (index, place) of the marks between them."""
        parts: list[str | tuple[int, str]] = []
        at = 0
        for found in self.pattern.finditer(text):
            if found.start() > at:
                parts.append(text[at : found.start()])
            parts.append((int(found[1]), found[2]))
            at = found.end()
        if at < len(text):
            parts.append(text[at:])
        return parts

    def in_html(self, html: str) -> str:
        """The HTML with its Liquid again; braces that were never Liquid cannot become it."""
        calm = self._brace.sub("&#123;", html)
        return self._in_html.sub(lambda found: self.liquid(int(found[1]), found[2]), calm)

    def liquid(self, index: int, place: str) -> str:
        """The piece as Liquid, with the writer that its place needs."""
        piece = self.pieces[index]
        if piece.kind == "output" and (writer := _WRITER.get(place)):
            return f"{{{{ {piece.inner} | {writer} }}}}"
        if place == LINE_TAG:
            return re.sub(
                r"^\{%-|-%\}$", lambda found: found.group().replace("-", ""), piece.source
            )
        return piece.source


def literal(text: str) -> str:
    """Text for a Liquid source: a brace that is meant as one stays one."""
    return _CALM.sub(lambda found: f"{{{{ '{found.group()}' }}}}", text)


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number, 26)
        letters = chr(97 + digit) + letters
    return letters

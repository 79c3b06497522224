"""A template's source in pieces: text, {{ outputs }} and {% tags %}, with the line each stands on.

The scan is linear in the length of the source, whatever is in it: python-liquid's own lexer takes
minutes for 90,000 spaces behind a {{. What is wrong with the shape of tags is said here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from px.core.errors import InvalidInput

LONGEST_TAG = 1000
DEEPEST_BLOCK = 20
MOST_TAGS = 2000

# Which tags stand inside which, besides their end.
BLOCKS: dict[str, tuple[str, ...]] = {
    "if": ("elsif", "else"),
    "unless": ("elsif", "else"),
    "case": ("when", "else"),
    "for": ("else",),
    "capture": (),
}
MIDDLES = {"elsif", "else", "when"}
INLINE = {"assign", "break", "continue"}
_ENDS = {f"end{name}": name for name in BLOCKS}


class Malformed(InvalidInput):
    """A template is not valid Liquid; `line` says where."""

    def __init__(self, line: int, message: str) -> None:
        """The text is `message`; `line` counts from 1."""
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source. `kind` is text, output or tag; `inner` the expression in it."""

    kind: str
    source: str
    line: int
    start: int
    name: str = ""
    inner: str = ""
    inner_start: int = 0
    trim_left: bool = False
    trim_right: bool = False

    @property
    def opens(self) -> bool:
        """Whether the tag begins a block."""
        return self.kind == "tag" and self.name in BLOCKS

    @property
    def closes(self) -> bool:
        """Whether the tag ends a block."""
        return self.kind == "tag" and self.name in _ENDS

    @property
    def divides(self) -> bool:
        """Whether the tag begins another branch of a block."""
        return self.kind == "tag" and self.name in MIDDLES


def split(source: str) -> list[Piece]:
    """The pieces in order, comments left out. Malformed when tags do not fit together."""
    pieces = _without_comments(_scan(source))
    _check_blocks(pieces)
    return pieces


def line_of(source: str, index: int) -> int:
    """The line, counted from 1, on which the character at `index` stands."""
    return source.count("\n", 0, max(index, 0)) + 1


def _scan(source: str) -> Iterator[Piece]:
    at, line = 0, 1
    while at < len(source):
        begin = _next_mark(source, at)
        if begin > at:
            yield Piece("text", source[at:begin], line, at)
            line += source.count("\n", at, begin)
        if begin < len(source):
            piece = _marked(source, begin, line)
            yield piece
            line += piece.source.count("\n")
            begin += len(piece.source)
        at = begin


def _next_mark(source: str, at: int) -> int:
    found = source.find("{", at)
    while found >= 0 and source[found + 1 : found + 2] not in ("{", "%"):
        found = source.find("{", found + 1)
    return len(source) if found < 0 else found


def _marked(source: str, begin: int, line: int) -> Piece:
    output = source[begin + 1] == "{"
    start, end = ("{{", "}}") if output else ("{%", "%}")
    close = source.find(end, begin + 2, begin + LONGEST_TAG)
    if close < 0:
        _not_closed(source, begin, line, start, end)
    whole = source[begin : close + 2]
    inner = whole[2:-2]
    trim_left, trim_right = inner.startswith("-"), len(inner) > 1 and inner.endswith("-")
    inner = inner[trim_left : len(inner) - trim_right]
    offset = begin + 2 + trim_left + len(inner) - len(inner.lstrip())
    name, rest = ("", inner.strip()) if output else _tag_name(inner.strip(), line)
    if not output:
        offset += len(inner.strip()) - len(rest)
    return Piece(
        "output" if output else "tag",
        whole,
        line,
        begin,
        name,
        rest,
        offset,
        trim_left,
        trim_right,
    )


def _tag_name(inner: str, line: int) -> tuple[str, str]:
    if inner.startswith("#"):
        return "#", inner[1:]
    length = next((i for i, c in enumerate(inner) if not (c.isalnum() or c == "_")), len(inner))
    if not length:
        raise Malformed(
            line, "{% %} is empty. Write what it should do, such as {% if order.is_first %}."
        )
    return inner[:length], inner[length:].lstrip()


def _not_closed(source: str, begin: int, line: int, start: str, end: str) -> NoReturn:
    if source.find(end, begin + 2) >= 0 and "\n" not in source[begin : begin + LONGEST_TAG]:
        raise Malformed(
            line, f"What stands between {start} and {end} is longer than {LONGEST_TAG} characters."
        )
    raise Malformed(line, f"{start} is not closed with {end}.")


def _without_comments(pieces: Iterator[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    opened: Piece | None = None
    depth = 0
    for piece in pieces:
        if piece.kind == "tag" and piece.name == "comment":
            opened = opened or piece
            depth += 1
        elif piece.kind == "tag" and piece.name == "endcomment" and depth:
            depth -= 1
            opened = opened if depth else None
        elif not depth and not (piece.kind == "tag" and piece.name == "#"):
            kept.append(piece)
    if opened:
        raise Malformed(opened.line, "{% comment %} is not closed. Add {% endcomment %} behind it.")
    return kept


def _check_blocks(pieces: list[Piece]) -> None:
    open_blocks: list[Piece] = []
    tags = 0
    for piece in pieces:
        tags += piece.kind != "text"
        if tags > MOST_TAGS:
            raise Malformed(piece.line, f"The text has more than {MOST_TAGS:,} tags.")
        if piece.kind == "tag":
            _check_tag(piece, open_blocks)
    if open_blocks:
        last = open_blocks[-1]
        raise Malformed(
            last.line, f"{{% {last.name} %}} is not closed. Add {{% end{last.name} %}} behind it."
        )


def _check_tag(piece: Piece, open_blocks: list[Piece]) -> None:
    if piece.opens:
        open_blocks.append(piece)
        if len(open_blocks) > DEEPEST_BLOCK:
            raise Malformed(
                piece.line, f"Blocks stand more than {DEEPEST_BLOCK} deep inside each other."
            )
    elif piece.closes:
        _check_end(piece, open_blocks)
    elif piece.divides:
        if not open_blocks or piece.name not in BLOCKS[open_blocks[-1].name]:
            raise Malformed(
                piece.line, f"{{% {piece.name} %}} stands outside of the block it belongs to."
            )
    elif piece.name in ("break", "continue"):
        if all(block.name != "for" for block in open_blocks):
            raise Malformed(
                piece.line, f"{{% {piece.name} %}} is only possible inside {{% for %}}."
            )
    elif piece.name not in INLINE:
        known = ", ".join(sorted([*BLOCKS, "assign", "comment"]))
        raise Malformed(
            piece.line, f"{{% {piece.name} %}} is not available in a message. Available: {known}."
        )


def _check_end(piece: Piece, open_blocks: list[Piece]) -> None:
    if not open_blocks:
        raise Malformed(
            piece.line,
            f"{{% {piece.name} %}} closes nothing: no {{% {_ENDS[piece.name]} %}} is open.",
        )
    block = open_blocks.pop()
    if block.name != _ENDS[piece.name]:
        raise Malformed(
            piece.line,
            f"{{% {piece.name} %}} cannot close the {{% {block.name} %}} of line {block.line}."
            f" Close that first with {{% end{block.name} %}}.",
        )

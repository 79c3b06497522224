"""px's Liquid: parsed by python-liquid, with our scanner in front and our tags only."""

import re
from collections.abc import Callable, Iterator

from liquid import Environment, Mode
from liquid.ast import Node
from liquid.builtin import content, illegal, output
from liquid.builtin.tags import assign_tag, capture_tag, case_tag, for_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError
from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG, Token

from px.messages.liquid.pieces import DEEPEST_BLOCK, Malformed, Piece, split

_TAGS = (
    content.Literal,
    output.Output,
    illegal.Illegal,
    if_tag.IfTag,
    unless_tag.UnlessTag,
    case_tag.CaseTag,
    for_tag.ForTag,
    for_tag.BreakTag,
    for_tag.ContinueTag,
    assign_tag.AssignTag,
    capture_tag.CaptureTag,
)

# What must stand around a tag for it to be read alone.
_FRAMES = {
    "elsif": ("{% if true %}", "{% endif %}"),
    "else": ("{% if true %}", "{% endif %}"),
    "when": ("{% case 1 %}", "{% endcase %}"),
    "break": ("{% for i in (1..1) %}", "{% endfor %}"),
    "continue": ("{% for i in (1..1) %}", "{% endfor %}"),
}
# What the parser says, and what a shop owner understands.
_PLAIN = (
    (r"missing expression", "{{% {tag} %}} says nothing behind its name."),
    (r"disallowed not operator.*", "'not' is not available: use {{% unless %}}."),
    (r"disallowed parentheses.*", "Brackets are not available in a condition: use two {{% if %}}."),
    (r"expected end of expression, found '='", "To compare, write == instead of =."),
    (r"expected word, found .*", "A filter is missing behind |."),
    (r"expected '=', found .*", "Write it as {{% assign name = value %}}."),
    (r"expected end of expression, found '[<>].*", "A comparison is only possible in {{% if %}}."),
    (
        r"expected end of expression, found .*|expected a comma separated list.*",
        "In {source} something does not belong there; what a filter needs follows a colon.",
    ),
    (r"expected in, found .*", "Write it as {{% for item in order.lines %}}."),
    (
        r"expected a primitive expression, found end of expression"
        r"|missing or unexpected path.*|expected an identifier.*",
        "{source} ends too early: something is missing.",
    ),
    (r"unexpected \"'\"|unexpected '\"'", "A quotation mark is not closed."),
    (r"unexpected ('.+?')", "The character {0} does not belong here."),
    (r"unexpected liquid parsing error", "This is nested too deeply."),
)


class _Dialect(Environment):
    block_nesting_limit = DEEPEST_BLOCK + 1

    def setup_tags_and_filters(self, **_extra: bool) -> None:
        for tag in _TAGS:
            self.add_tag(tag)

    def tokenizer(self) -> Callable[[str], Iterator[Token]]:
        return _tokens


_DIALECT = _Dialect(tolerance=Mode.STRICT)


def parse(source: str) -> list[Node]:
    """The syntax tree of the source. Malformed, with the line, when it is not valid Liquid."""
    pieces = split(source)
    try:
        return _DIALECT.parse(source).nodes
    except LiquidError as error:
        raise _first_wrong(pieces) or Malformed(
            1, _in_plain_words(str(error.message), None)
        ) from error


def assigned_names(source: str) -> set[str]:
    """The names that {% assign %} and {% capture %} give, anywhere in the source."""
    tags = (piece for piece in split(source) if piece.name in ("assign", "capture"))
    return {found.group() for tag in tags if (found := re.match(r"\w[\w\-]*", tag.inner))}


def _first_wrong(pieces: list[Piece]) -> Malformed | None:
    # The parser does not always know where it is; each tag read alone does.
    for piece in pieces:
        before, behind = _FRAMES.get(
            piece.name, ("", f"{{% end{piece.name} %}}" if piece.opens else "")
        )
        if piece.kind == "text" or piece.closes:
            continue
        try:
            _DIALECT.parse(before + piece.source + behind)
        except LiquidError as error:
            return Malformed(piece.line, _in_plain_words(str(error.message), piece))
    return None


def _tokens(source: str) -> Iterator[Token]:
    pieces = split(source)
    for position, piece in enumerate(pieces):
        if piece.kind == "text":
            trim_left = position > 0 and pieces[position - 1].trim_right
            trim_right = position + 1 < len(pieces) and pieces[position + 1].trim_left
            text = piece.source.lstrip() if trim_left else piece.source
            if text := text.rstrip() if trim_right else text:
                yield Token(TOKEN_CONTENT, text, piece.start, source)
        else:
            output = piece.kind == "output"
            yield Token(
                TOKEN_OUTPUT if output else TOKEN_TAG,
                piece.source if output else piece.name,
                piece.start,
                source,
            )
            if output or piece.inner:
                yield Token(TOKEN_EXPRESSION, piece.inner, piece.inner_start, source)


def _in_plain_words(message: str, piece: Piece | None) -> str:
    tag, source = (piece.name, piece.source[:80]) if piece else ("", "This")
    if piece and piece.kind == "output" and not piece.inner:
        return "{{ }} is empty. Write a variable in it, such as {{ customer.first_name }}."
    for pattern, plain in _PLAIN:
        if found := re.fullmatch(pattern, message):
            return plain.format(*found.groups(), tag=tag, source=source)
    return f"This cannot be read: {message}."

"""Markdown with Liquid, read into a tree whose Liquid blocks hold whole paragraphs, items and rows.

A tag alone on its line stands between blocks; around items or rows it stays inside the one list or
table. So whatever the data are, the HTML made from the tree is well formed. Raw HTML is text.
A line that is ended early ends in the message too. [[Text]](address) is a button.
"""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from px.messages.body.lists import fused
from px.messages.body.marks import LINE_TAG, OUTPUT, Marks
from px.messages.body.source_lines import arranged
from px.messages.body.tree import Block, Element, Node, Output, Single
from px.messages.catalogue import ADDRESSES
from px.messages.liquid.pieces import Malformed, Piece, split
from px.messages.liquid.writers import SAFE_BEGINNINGS

DEEPEST = 100
_NESTING = 40
_BARE = r"https?://[^\s<>\"'()\[\]]*[^\s<>\"'()\[\].,;:!?*_]"
_NAMES = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "link": "a",
}


@dataclass(slots=True)
class Page:
    """A body as read: the tree, its marks, and the addresses that no link may have."""

    root: Element
    marks: Marks
    refused: list[str]


def read_body(source: str) -> Page:
    """The tree of the source. Malformed, with the line, when formatting and Liquid blocks cross."""
    clean = "".join(piece.source for piece in split(source))
    pieces = _captures_as_one(split(clean))
    marks = Marks(clean, pieces)
    refused: list[str] = []
    tokens = _parser(marks, refused).parse(arranged(clean, pieces, marks))
    if any(token.level >= _NESTING - 1 for token in tokens):
        # Beyond its limit the parser leaves out what it finds, without a word.
        raise Malformed(1, "Lists or quotes stand too deep inside each other.")
    root = Element("root")
    _Reader(marks).fill(root, tokens, 0)
    return Page(root, marks, refused)


def _captures_as_one(pieces: list[Piece]) -> list[Piece]:
    # What is captured is text, not Markdown: it keeps its own source in one piece.
    kept: list[Piece] = []
    depth = 0
    for piece in pieces:
        if depth:
            last = kept[-1]
            kept[-1] = Piece(
                "tag", last.source + piece.source, last.line, last.start, "capture", last.inner
            )
        else:
            kept.append(piece)
        depth += (piece.name == "capture") - (piece.name == "endcapture")
    return kept


def _parser(marks: Marks, refused: list[str]) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING})
    parser.enable(["table", "strikethrough"])
    alone = re.compile(rf"(?:{marks.prefix}\d+{LINE_TAG}\s*)+")
    allowed = (*SAFE_BEGINNINGS, marks.prefix)

    def tags(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if state.is_code_block(line) or not alone.fullmatch(text.strip()):
            return False
        if not silent:
            for found in marks.pattern.finditer(text):
                state.push("liquid", "", 0).meta = {"index": int(found[1])}
            state.line = line + 1
        return True

    def validate(address: str) -> bool:
        if not (valid := address.lower().startswith(allowed)):
            refused.append(address)
        return valid

    parser.block.ruler.before(
        "table", "liquid", tags, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.validateLink = validate  # type: ignore[assignment, method-assign]
    return parser


@dataclass(frozen=True, slots=True)
class _Tag:
    index: int


class _Reader:
    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        addresses = [
            i for i, p in enumerate(marks.pieces) if p.kind == "output" and p.inner in ADDRESSES
        ]
        shown = "|".join(marks.mark(i, OUTPUT) for i in addresses)
        self.links = re.compile(f"{_BARE}|{shown}" if shown else _BARE)

    def fill(self, element: Element, tokens: list[Token], depth: int) -> None:
        """The element has the tokens as children, with its Liquid in blocks and its lists whole."""
        if depth > DEEPEST:
            raise Malformed(1, f"The text is nested more than {DEEPEST} deep.")
        loose: list[Node | _Tag] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.nesting == 1:
                end = _closing(tokens, at)
                loose += self.nested(token, tokens[at + 1 : end], element, depth)
                at = end
            else:
                loose += self.single(token, element, depth)
            at += 1
        element.children = fused(self.grouped(loose), self.marks.continues)

    def nested(
        self, token: Token, inside: list[Token], parent: Element, depth: int
    ) -> list[Node | _Tag]:
        kind = token.type.removesuffix("_open")
        made = Element(_NAMES.get(kind, token.tag), {k: str(v) for k, v in token.attrs.items()})
        self.fill(made, inside, depth + 1)
        if token.hidden and parent.name == "li":
            return [Element("line", {}, made.children)]
        if made.name == "p" and _only_buttons(made.children):
            return [
                self.needed(node)
                for node in made.children
                if isinstance(node, Element) and node.name == "button"
            ]
        if made.name == "a":
            link = _button(made)
            return [self.needed(link, link.children) if link.name == "a" else link]
        return [made]

    def needed(self, link: Element, otherwise: list[Node] | None = None) -> Node:
        """The link, or what stands otherwise when the one variable it leads to is empty."""
        found = self.marks.split(link.attrs.get("href", ""))
        index = found[0][0] if len(found) == 1 and isinstance(found[0], tuple) else None
        piece = None if index is None else self.marks.pieces[index]
        if piece is None or piece.kind != "output" or "|" in piece.inner:
            return link
        begin = self.tag(f"{{% if {piece.inner} != blank %}}", "if", piece)
        branches: list[tuple[int, list[Node]]] = [(begin, [link])]
        if otherwise:
            branches.append((self.tag("{% else %}", "else", piece), otherwise))
        return Block(branches, self.tag("{% endif %}", "endif", piece))

    def tag(self, source: str, name: str, at: Piece) -> int:
        """The index of a tag that was not in the source, as if it stood where `at` does."""
        return self.marks.add(Piece("tag", source, at.line, at.start, name))

    def single(self, token: Token, parent: Element, depth: int) -> list[Node | _Tag]:
        if token.type == "inline":
            holder = Element(parent.name)
            self.fill(holder, token.children or [], depth + 1)
            return list(holder.children)
        if token.type == "liquid":
            return [_Tag(token.meta["index"])]
        if token.type == "text":
            return self.text(token.content, linked=parent.name != "a")
        if token.type == "softbreak":
            return [" "]
        if token.type == "hardbreak":
            return [Element("br")]
        if token.type in ("code_inline", "code_block", "fence"):
            name = "code" if token.type == "code_inline" else "pre"
            return [Element(name, {}, self.grouped(self.parts(token.content)))]
        if token.type == "image":
            attrs = {"src": str(token.attrs.get("src", "")), "alt": token.content}
            return [Element("img", attrs)]
        return [Element("hr")] if token.type == "hr" else self.text(token.content, linked=False)

    def text(self, content: str, *, linked: bool) -> list[Node | _Tag]:
        if not linked:
            return self.parts(content)
        made: list[Node | _Tag] = []
        at = 0
        for found in self.links.finditer(content):
            made += self.parts(content[at : found.start()])
            words = self.grouped(self.parts(found.group()))
            made.append(self.needed(Element("a", {"href": found.group()}, words)))
            at = found.end()
        return made + self.parts(content[at:])

    def parts(self, text: str) -> list[Node | _Tag]:
        made: list[Node | _Tag] = []
        for part in self.marks.split(text):
            if isinstance(part, str):
                made.append(part)
            elif part[1] == OUTPUT:
                made.append(Output(part[0]))
            else:
                made.append(_Tag(part[0]))
        return made

    def grouped(self, loose: list[Node | _Tag]) -> list[Node]:
        """Siblings with every Liquid block closed among them. Malformed when one is not."""
        levels: list[list[Node]] = [[]]
        blocks: list[Block] = []
        for node in loose:
            if not isinstance(node, _Tag):
                levels[-1].append(node)
                continue
            piece = self.marks.pieces[node.index]
            if piece.opens and piece.name != "capture":
                blocks.append(Block([(node.index, [])], -1))
                levels.append(blocks[-1].branches[0][1])
            elif piece.divides or piece.closes:
                self.turn(node, piece, levels, blocks)
            else:
                levels[-1].append(Single(node.index))
        if blocks:
            raise _crossing(self.marks.pieces[blocks[-1].branches[0][0]])
        return levels[0]

    def turn(self, node: _Tag, piece: Piece, levels: list[list[Node]], blocks: list[Block]) -> None:
        if not blocks:
            raise _crossing(piece)
        levels.pop()
        if piece.divides:
            blocks[-1].branches.append((node.index, []))
            levels.append(blocks[-1].branches[-1][1])
        else:
            done = blocks.pop()
            done.end = node.index
            continues = self.marks.continues
            done.branches = [(index, fused(branch, continues)) for index, branch in done.branches]
            levels[-1].append(done)


def _closing(tokens: list[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens)


def _crossing(piece: Piece) -> Malformed:
    return Malformed(
        piece.line,
        f"{{% {piece.name} %}} begins inside a paragraph, item or formatting and ends outside."
        " Put it and its end on lines of their own.",
    )


def _button(link: Element) -> Element:
    first, last = (link.children[0], link.children[-1]) if link.children else ("", "")
    if not (
        isinstance(first, str)
        and isinstance(last, str)
        and first.startswith("[")
        and last.endswith("]")
    ):
        return link
    link.children[0] = first[1:]
    link.children[-1] = str(link.children[-1])[:-1]
    return Element("button", link.attrs, [child for child in link.children if child != ""])


def _only_buttons(nodes: list[Node]) -> bool:
    return any(isinstance(node, Element) and node.name == "button" for node in nodes) and all(
        (isinstance(node, Element) and node.name in ("button", "br"))
        or (isinstance(node, str) and not node.strip())
        for node in nodes
    )

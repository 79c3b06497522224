"""A body's tree as plain text, with its Liquid: the same words, every link as "text (address)"."""

from px.messages.body.links import counted_address
from px.messages.body.lists import is_continued
from px.messages.body.marks import LINE_TAG, OUTPUT, TAG, Marks, literal
from px.messages.body.tree import Block, Element, Node, Output, Single

_BLOCKS = {"p", "pre", *(f"h{n}" for n in range(1, 7))}
_HOLDERS = {"ul", "ol", "li", "thead", "tbody", "table", "blockquote"}


def body_text(root: Element, marks: Marks, *, counted: bool = False) -> str:
    """The tree as a Liquid source of plain text; blocks end with an empty line.

    With `counted` the message says where its links lead.
    """
    return _Text(marks, counted).blocks(root.children)


class _Text:
    def __init__(self, marks: Marks, counted: bool) -> None:
        self.marks = marks
        self.counted = counted

    def blocks(self, nodes: list[Node], *, bullet: str = "- ") -> str:
        return "".join(self.block(node, bullet) for node in nodes)

    def block(self, node: Node, bullet: str) -> str:
        if isinstance(node, Block):
            inside = "".join(
                self.tag(index) + self.blocks(branch, bullet=bullet)
                for index, branch in node.branches
            )
            return inside + self.tag(node.end)
        if isinstance(node, Element):
            return self.element(node, bullet)
        return self.inline([node])

    def tag(self, index: int) -> str:
        return self.marks.liquid(index, LINE_TAG)

    def element(self, element: Element, bullet: str) -> str:
        if element.name in _HOLDERS:
            return self.holder(element, bullet)
        if element.name == "line":
            return "\n" + self.inline(element.children)
        if element.name == "tr":
            return self.row(element) + "\n"
        if element.name == "hr":
            return "---\n\n"
        if element.name == "button":
            return self.link(element) + "\n\n"
        if element.name in _BLOCKS:
            return self.inline(element.children).strip(" \n") + "\n\n"
        return self.inline([element])

    def holder(self, element: Element, bullet: str) -> str:
        if element.name in ("ul", "ol"):
            # A list inside an item begins its lines, any other one ends them.
            nested = "\n" if bullet.startswith("\n") else ""
            return self.items(element, nested) + ("" if nested else "\n")
        if element.name == "li":
            inside = self.blocks(element.children, bullet="\n- ").strip("\n")
            item = _indented(bullet.lstrip("\n"), inside)
            return f"\n{item}" if bullet.startswith("\n") else f"{item}\n"
        if element.name == "thead" and is_continued(element, self.marks.continues):
            return ""
        inside = self.blocks(element.children)
        if element.name == "blockquote":
            return _indented("> ", inside.strip("\n"), every="> ") + "\n\n"
        return inside + "\n" if element.name == "table" else inside

    def items(self, element: Element, nested: str) -> str:
        if element.name == "ul" or any(isinstance(node, Block) for node in element.children):
            return self.blocks(element.children, bullet=f"{nested}- ")
        start = int(element.attrs.get("start", 1))
        return "".join(
            self.block(node, f"{nested}{start + i}. ") for i, node in enumerate(element.children)
        )

    def row(self, element: Element) -> str:
        cells = [node for node in element.children if isinstance(node, Element) and node.children]
        return " | ".join(self.inline(cell.children) for cell in cells)

    def inline(self, nodes: list[Node]) -> str:
        return "".join(self.word(node) for node in nodes)

    def word(self, node: Node) -> str:
        if isinstance(node, str):
            return literal(node)
        if isinstance(node, Output | Single):
            return self.marks.liquid(node.index, OUTPUT if isinstance(node, Output) else TAG)
        if isinstance(node, Block):
            branches = [
                self.marks.liquid(i, TAG) + self.inline(inside) for i, inside in node.branches
            ]
            return "".join(branches) + self.marks.liquid(node.end, TAG)
        match node.name:
            case "br":
                return "\n"
            case "img":
                return self.address(node.attrs.get("alt", ""))
            case "a" | "button":
                return self.link(node)
        return self.inline(node.children)

    def link(self, link: Element) -> str:
        href = link.attrs.get("href", "")
        words, address = self.inline(link.children), self.address(href)
        counted = counted_address(href, self.marks) if self.counted else None
        bare = address.removeprefix("mailto:").removeprefix("tel:")
        if words in (address, bare) or not address:
            return counted or words
        address = counted or address
        return f"{words}: {address}" if link.name == "button" else f"{words} ({address})"

    def address(self, value: str) -> str:
        parts = self.marks.split(value)
        return "".join(
            literal(part) if isinstance(part, str) else self.marks.liquid(*part) for part in parts
        )


def _indented(first: str, text: str, *, every: str | None = None) -> str:
    later = " " * len(first) if every is None else every
    return first + text.replace("\n", "\n" + later)

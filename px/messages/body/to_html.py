"""A body's tree as HTML, with marks where its Liquid stands; its looks are in the layout."""

from html import escape

from px.messages.body.links import counted_address
from px.messages.body.lists import is_continued
from px.messages.body.marks import ADDRESS, ADDRESS_PART, ATTRIBUTE, COMMENT, OUTPUT, TAG, Marks
from px.messages.body.tree import Block, Element, Node, Output, Single
from px.messages.liquid.pieces import Piece

_VOID = {"br", "hr", "img"}
_BUTTON = (
    '<table class="px-button" role="presentation" border="0" cellpadding="0" cellspacing="0">'
    '<tbody><tr><td class="px-button-face"><a href="{address}" class="px-button-words">{words}</a>'
    "</td></tr></tbody></table>"
)


def body_html(root: Element, marks: Marks, *, counted: bool = False) -> str:
    """The tree as HTML; every value, attribute and text is escaped for its place.

    With `counted` the message says where its links lead.
    """
    return _Html(marks, counted).inside(root.children)


class _Html:
    def __init__(self, marks: Marks, counted: bool) -> None:
        self.marks = marks
        self.counted = counted

    def inside(self, nodes: list[Node]) -> str:
        return "".join(self.node(node) for node in nodes)

    def node(self, node: Node) -> str:
        if isinstance(node, str):
            return escape(node, quote=False)
        if isinstance(node, Output):
            return self.marks.mark(node.index, OUTPUT)
        if isinstance(node, Single):
            return self.comment(node.index)
        if isinstance(node, Block):
            branches = "".join(
                self.comment(index) + self.inside(inside) for index, inside in node.branches
            )
            return branches + self.comment(node.end)
        return self.element(node)

    def comment(self, index: int) -> str:
        return f"<!--{self.marks.mark(index, COMMENT)}-->"

    def element(self, element: Element) -> str:
        name, inside = element.name, self.inside(element.children)
        if name == "line":
            return inside
        if name == "button":
            return self.button(element, inside)
        if name == "thead" and is_continued(element, self.marks.continues):
            return ""
        attrs = "".join(
            f' {key}="{self.attribute(key, value)}"' for key, value in element.attrs.items()
        )
        if name in _VOID:
            return f"<{name}{attrs}>"
        return f"<{name}{attrs}>{inside}</{name}>"

    def button(self, button: Element, words: str) -> str:
        return _BUTTON.format(
            address=self.attribute("href", button.attrs.get("href", "")), words=words
        )

    def attribute(self, name: str, value: str) -> str:
        if self.counted and name == "href" and (liquid := counted_address(value, self.marks)):
            return self.marks.mark(self.marks.add(Piece("tag", liquid, 1, 0)), TAG)
        place = ADDRESS if name in ("href", "src") else ATTRIBUTE
        made, depth = "", 0
        for part in self.marks.split(value):
            if isinstance(part, str):
                made += escape(part)
            elif part[1] == OUTPUT:
                made += self.marks.mark(part[0], place)
            else:
                piece = self.marks.pieces[part[0]]
                depth += piece.opens - piece.closes
                made += self.marks.mark(part[0], TAG)
                continue
            # What stands in a condition may be missing: then the next one is still the beginning.
            place = ADDRESS_PART if place == ADDRESS and not depth else place
        return made

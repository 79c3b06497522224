"""What the inbox shows behind the subject: the first sentence that is more than a greeting."""

import re
from html import escape

from px.messages.body.markdown import Page
from px.messages.body.marks import COMMENT, OUTPUT
from px.messages.body.tree import Block, Element, Node, Output, Single

_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_GREETING = 30
# Unseen characters behind the sentence, so that the inbox does not go on with the body.
_PADDING = "&#847;&zwnj;&nbsp;" * 40


def preheader(page: Page) -> str:
    """The sentence as HTML with marks, and the padding behind it."""
    tops = [node for node in page.root.children if isinstance(node, Element) and node.name == "p"]
    first = next((p for p in tops if not _is_greeting(p)), tops[0] if tops else None)
    nodes = _first_sentence(_flat(first.children)) if first else []
    return "".join(_html(page, node) for node in nodes) + _PADDING


def _is_greeting(paragraph: Element) -> bool:
    words = "".join(node for node in paragraph.children if isinstance(node, str)).strip()
    return len(words) < _GREETING and (words.endswith((",", "!")) or not words)


def _flat(nodes: list[Node]) -> list[Node]:
    flat: list[Node] = []
    for node in nodes:
        if isinstance(node, Element):
            flat += [" "] if node.name == "br" else _flat(node.children)
        else:
            flat.append(node)
    return flat


def _first_sentence(nodes: list[Node]) -> list[Node]:
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str) and (end := _SENTENCE_END.search(node)):
            return [*kept, node[: end.start()]]
        kept.append(node)
    return kept


def _html(page: Page, node: Node) -> str:
    def tag(index: int) -> str:
        return f"<!--{page.marks.mark(index, COMMENT)}-->"

    if isinstance(node, str):
        return escape(node)
    if isinstance(node, Output):
        return page.marks.mark(node.index, OUTPUT)
    if isinstance(node, Block):
        branches = ((tag(index), _flat(inside)) for index, inside in node.branches)
        made = "".join(t + "".join(_html(page, n) for n in inside) for t, inside in branches)
        return made + tag(node.end)
    return tag(node.index) if isinstance(node, Single) else ""

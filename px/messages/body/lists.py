"""Items around and inside Liquid blocks made one list, and rows one table."""

from collections.abc import Iterator

from px.messages.body.tree import Block, Element, Node, Single


def fused(nodes: list[Node], continues: str) -> list[Node]:
    """Siblings in which the items in and around Liquid blocks are one list, the rows one table."""
    made: list[Node] = []
    at = 0
    while at < len(nodes):
        kind, end = _run(nodes, at, continues)
        run = nodes[at:end]
        made += [_one_list(run, kind)] if kind and _belongs_together(run) else run
        at = end
    return made


def _run(nodes: list[Node], at: int, continues: str) -> tuple[str, int]:
    # From here on, as far as all are items of one kind of list; single tags may stand between.
    kind, end = "", at
    for index in range(at, len(nodes)):
        found = _kind(nodes[index], continues)
        if found is None or (not found and not kind) or (found and kind not in ("", found)):
            break
        if found == "table" and kind and _is_new_table(nodes[index], continues):
            break
        kind = kind or found
        end = index + 1 if found else end
    return kind, max(end, at + 1)


def _belongs_together(run: list[Node]) -> bool:
    return any(
        isinstance(node, Block) and (len(run) > 1 or len(node.branches) == 1) for node in run
    ) or (len(run) > 1 and any(isinstance(node, Single) for node in run))


def _kind(node: Node, continues: str) -> str | None:
    """The kind of list a node is part of; "" when it may stand in any, None when in none."""
    if isinstance(node, Single):
        return ""
    if isinstance(node, Element):
        return node.name if node.name in ("ul", "ol", "table") else None
    if not isinstance(node, Block):
        return None
    kinds = {_kind(child, continues) for _, branch in node.branches for child in branch} - {""}
    if len(kinds) > 1 or any(
        _is_new_table(child, continues) for _, b in node.branches for child in b
    ):
        return None
    return next(iter(kinds), "")


def _is_new_table(node: Node, continues: str) -> bool:
    return isinstance(node, Element) and node.name == "table" and not is_continued(node, continues)


def is_continued(table: Element, continues: str) -> bool:
    """Whether the table only goes on with the rows of one before a Liquid tag."""
    node: Node = table
    while isinstance(node, Element) and node.children:
        node = node.children[0]
    return node == continues


def _one_list(run: list[Node], kind: str) -> Element:
    first = next(_lists(run), Element(kind))
    items = [item for node in run for item in _items(node)]
    if kind != "table":
        return Element(kind, first.attrs, items)
    return Element("table", first.attrs, [*first.children[:1], Element("tbody", {}, items)])


def _lists(nodes: list[Node]) -> Iterator[Element]:
    for node in nodes:
        if isinstance(node, Element):
            yield node
        elif isinstance(node, Block):
            for _, branch in node.branches:
                yield from _lists(branch)


def _items(node: Node) -> list[Node]:
    if isinstance(node, Block):
        node.branches = [
            (index, [i for child in branch for i in _items(child)])
            for index, branch in node.branches
        ]
        return [node]
    if not isinstance(node, Element):
        return [node]
    if node.name != "table":
        return node.children
    return [row for part in node.children[1:] if isinstance(part, Element) for row in part.children]

"""Whether the Liquid of a template can be run: its syntax, variables and filters.

Every problem names the part, the line and the variable, and what is known near it.
"""

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, LoopExpression, Path
from liquid.builtin.expressions.arguments import KeywordArgument
from liquid.builtin.expressions.filtered import Filter as FilterCall
from liquid.builtin.expressions.primitive import RangeLiteral, StringLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.expression import Expression

from px.messages.catalogue import OPEN, PLAIN, Shape, listed, names, shapes
from px.messages.liquid.dialect import assigned_names, parse
from px.messages.liquid.filters import FILTERS
from px.messages.liquid.pieces import Malformed, line_of

_PROPERTIES = {"size", "first", "last"}
_LOOP = {"index", "index0", "rindex", "rindex0", "first", "last", "length", "parentloop"}
_KEEPS = {
    "where",
    "sort",
    "sort_natural",
    "reverse",
    "uniq",
    "compact",
    "slice",
    "concat",
    "default",
}


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """One thing wrong with a template: in which part, on which line, with which variable."""

    part: str
    line: int
    variable: str | None
    message: str


def check_source(part: str, source: str) -> list[TemplateProblem]:
    """What is wrong with the Liquid of one part, in the order of its lines."""
    try:
        nodes = parse(source)
        check = _Check(part, source, assigned_names(source))
    except Malformed as problem:
        return [TemplateProblem(part, problem.line, None, str(problem))]
    check.block(nodes)
    return sorted(set(check.problems), key=lambda p: (p.line, p.message))


class _Check:
    def __init__(self, part: str, source: str, assigned: set[str]) -> None:
        self.part, self.source = part, source
        self.problems: list[TemplateProblem] = []
        self.known: dict[str, Shape] = dict(shapes().fields) | dict.fromkeys(assigned, OPEN)
        self.loops = 0

    def block(self, nodes: list[Node]) -> None:
        for node in nodes:
            self.node(node)

    def node(self, node: Node) -> None:
        found = [self.expression(expression) for expression in node.expressions()]
        if isinstance(node, OutputNode):
            self.shown(node, found[0])
        if isinstance(node, AssignNode):
            self.known[str(node.name)] = found[0]
        if isinstance(node, CaptureNode):
            self.known[str(node.name)] = PLAIN
        outer = self.known
        if isinstance(node, ForNode):
            self.known = outer | {str(node.expression.identifier): found[0], "forloop": _FORLOOP}
        for child in node.children(None):  # type: ignore[arg-type]
            self.node(child)
        if isinstance(node, ForNode):
            self.known = outer

    def shown(self, node: OutputNode, shape: Shape) -> None:
        inside = shape.of or shape
        if inside.fields and not inside.is_open:
            name = str(node.expression)
            one = f"{name}.{next(iter(inside.fields))}"
            how = (
                f"Use {{% for item in {name} %}}."
                if shape.of
                else f"Write one of them, such as {one}."
            )
            self.problem(node.token.start_index, name, f"{name} holds several values. {how}")

    def expression(self, expression: Expression) -> Shape:
        if isinstance(expression, Path):
            return self.path(expression)
        if isinstance(expression, FilteredExpression):
            return self.filtered(expression)
        if isinstance(expression, LoopExpression):
            return self.loop(expression)
        for child in expression.children():
            self.expression(child)
        return listed(PLAIN) if isinstance(expression, RangeLiteral) else PLAIN

    def loop(self, expression: LoopExpression) -> Shape:
        for bound in (expression.limit, expression.offset):
            if isinstance(bound, StringLiteral):
                self.problem(
                    expression.token.start_index, None, "limit and offset of a loop are numbers."
                )
            elif bound is not None:
                self.expression(bound)
        shape = self.expression(expression.iterable)
        return shape.of or (OPEN if shape.is_open else PLAIN)

    def filtered(self, expression: FilteredExpression) -> Shape:
        shape = self.expression(expression.left)
        for call in expression.filters or []:
            for argument in call.args:
                self.expression(argument.value)
            self.filter(call)
            shape = _after(call, shape)
            if call.name == "date" and isinstance(expression.left, StringLiteral):
                message = "'date' needs a date of the order or shipment, such as order.placed_on."
                self.problem(call.token.start_index, None, message)
        return shape

    def filter(self, call: FilterCall) -> None:
        at = call.token.start_index
        if call.name not in FILTERS:
            near = get_close_matches(call.name, FILTERS, 3) or sorted(FILTERS)
            self.problem(
                at,
                None,
                f"The filter '{call.name}' is not known. Known: {_listed(near, 60)}.",
            )
            return
        positional = [a for a in call.args if not isinstance(a, KeywordArgument)]
        named = {a.name: a for a in call.args if isinstance(a, KeywordArgument)}
        try:
            inspect.signature(FILTERS[call.name]).bind(None, *positional, **named)
        except TypeError:
            self.problem(at, None, f"The filter '{call.name}' does not take what it is given here.")

    def path(self, path: Path) -> Shape:
        root, *rest = path.path
        at = path.token.start_index
        if not isinstance(root, str):
            self.problem(at, str(path), f"'{path}' must begin with the name of a variable.")
            return OPEN
        shape = self.known.get(root)
        if shape is None:
            self.unknown(at, str(path), list(self.known))
            return OPEN
        said = root
        for segment in rest:
            if isinstance(segment, Path):
                self.path(segment)
            inside = _inside(shape, segment)
            if inside is None:
                self.unknown(at, str(path), [f"{said}.{name}" for name in shape.fields])
                return OPEN
            said = f"{said}[{segment}]" if isinstance(segment, int) else f"{said}.{segment}"
            shape = inside
        return shape

    def unknown(self, at: int, variable: str, siblings: list[str]) -> None:
        candidates = dict.fromkeys([*siblings, *names()])
        near = get_close_matches(variable, candidates, 3, 0.6) or _by_last_word(variable)
        guess = f" Did you mean {_listed(near, 3, ' or ')}?" if near else ""
        known = f" Known: {_listed(siblings, 20)}." if siblings else ""
        self.problem(at, variable, f"{variable} is not known.{guess}{known}")

    def problem(self, at: int, variable: str | None, message: str) -> None:
        self.problems.append(
            TemplateProblem(self.part, line_of(self.source, at), variable, message)
        )


def _listed(names: Iterable[str], most: int, between: str = ", ") -> str:
    known = list(names)
    return between.join(known[:most]) + (" ..." if len(known) > most else "")


def _by_last_word(variable: str) -> list[str]:
    last = variable.rsplit(".", 1)[-1]
    return [name for name in names() if name.rsplit(".", 1)[-1] == last][:3]


def _inside(shape: Shape, segment: object) -> Shape | None:
    if shape.is_open:
        return shape.fields.get(str(segment), OPEN)
    if shape.of is not None and (isinstance(segment, int | Path) or segment in ("first", "last")):
        return shape.of
    if segment == "size" and not shape.fields:
        return PLAIN
    return shape.fields.get(segment) if isinstance(segment, str) else None


def _after(call: FilterCall, shape: Shape) -> Shape:
    if call.name in _KEEPS:
        return shape
    if call.name in ("first", "last"):
        return shape.of or (OPEN if shape.is_open else PLAIN)
    if call.name == "map":
        return listed(OPEN)
    return listed(PLAIN) if call.name == "split" else PLAIN


def _forloop() -> Shape:
    shape = Shape()
    shape.fields = dict.fromkeys(_LOOP - {"parentloop"}, PLAIN)
    shape.fields["parentloop"] = shape
    return shape


_FORLOOP = _forloop()

"""A template compiled once and run for every message.

A run counts what it does. One that would go on for ever, or make a gigabyte, ends as TemplateFailed
after a few milliseconds, at the same step on every machine: no clock is asked.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, LoopExpression
from liquid.builtin.expressions.primitive import StringLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode

from px.core.errors import PxError
from px.messages.liquid.dialect import assigned_names, parse
from px.messages.liquid.expressions import FUEL, Getter, Run, Scope, equal, getter
from px.messages.liquid.filters import FilterFailed, LimitReached, number, text
from px.messages.liquid.writers import LINK, WRITERS, Writer, web_address

OnValue = Callable[[str, Any], None] | None
Op = Callable[[Run], None]


class TemplateFailed(PxError):
    """The template could not be filled in."""


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class Program:
    """A compiled template. `html` says whether values are escaped for HTML."""

    def __init__(self, source: str, *, html: bool = False, on_value: OnValue = None) -> None:
        """Malformed, with the line, when the source is not valid Liquid.

        `on_value` is called with each variable that is shown and with what is shown for it.
        """
        maker = _Maker(html, assigned_names(source), on_value)
        try:
            self._ops = maker.block(parse(source))
        except LimitReached as error:
            raise TemplateFailed(f"The template {error}.") from error
        self._slots = maker.scope.slots

    def render(self, data: dict[str, Any], link: Callable[[str], str] = str) -> str:
        """The text for this data. TemplateFailed at a limit, or when a filter cannot work.

        `link` says what stands in the text for the address of a link that may be counted.
        """
        out: list[str] = []
        run = Run(data, self._slots, out.append, link)
        try:
            for op in self._ops:
                op(run)
        except (LimitReached, FilterFailed) as error:
            raise TemplateFailed(f"The template could not be filled in: it {error}.") from error
        except RecursionError as error:
            raise TemplateFailed(
                "The template could not be filled in: it is nested too deeply."
            ) from error
        return "".join(out)


class _Maker:
    def __init__(self, html: bool, assigned: set[str], on_value: OnValue) -> None:
        self.html = html
        self.on_value = on_value
        self.scope = Scope(assigned)

    def block(self, nodes: Sequence[Node], *, blank: bool = False) -> list[Op]:
        kept = [node for node in nodes if not (blank and isinstance(node, ContentNode))]
        return [self.op(node) for node in kept]

    def op(self, node: Node) -> Op:
        for kind, make in _NODES:
            if isinstance(node, kind):
                return make(self, node)
        raise LimitReached(f"uses {node}, which is not available")

    def content(self, node: ContentNode) -> Op:
        stretch = node.text
        return lambda run: run.write(stretch)

    def output(self, node: OutputNode) -> Op:
        expression = node.expression
        writer = "html" if self.html else "text"
        calls = expression.filters if isinstance(expression, FilteredExpression) else None
        if calls and calls[-1].name == LINK:
            calls.pop()
            return _linked(getter(expression, self.scope), WRITERS[writer])
        if calls and (special := _special(calls[-1].name, self.html)):
            writer = special
            if calls[-1].name in WRITERS:
                calls.pop()
        value = getter(expression, self.scope)
        if self.on_value and isinstance(expression, FilteredExpression):
            value = _watched(value, str(expression.left), self.on_value)
        return _output(value, WRITERS[writer])

    def branches(self, node: IfNode | UnlessNode) -> Op:
        condition = getter(node.condition, self.scope)
        wanted = isinstance(node, IfNode)
        first = self.inner(node.consequence)
        others = [
            (getter(branch.expression, self.scope), self.inner(branch.block))
            for branch in node.alternatives
        ]
        default = self.inner(node.default) if node.default else []

        def run_branches(run: Run) -> None:
            ops = default
            if condition(run) is wanted:
                ops = first
            else:
                for test, branch in others:
                    if test(run):
                        ops = branch
                        break
            for op in ops:
                op(run)

        return run_branches

    def inner(self, block: BlockNode) -> list[Op]:
        return self.block(block.nodes, blank=block.blank)

    def case(self, node: CaseNode) -> Op:
        subject = getter(node.expression, self.scope)
        whens: list[tuple[list[Getter] | None, list[Op]]] = []
        for block in node.blocks:
            if isinstance(block, MultiExpressionBlockNode):
                values = [getter(e, self.scope) for e in block.expression.expressions]
                whens.append((values, self.inner(block.block)))
            else:
                whens.append((None, self.inner(block)))

        def run_case(run: Run) -> None:
            value, matched = subject(run), False
            for values, ops in whens:
                hit = not matched if values is None else any(equal(value, v(run)) for v in values)
                matched = matched or (hit and values is not None)
                for op in ops if hit else ():
                    op(run)

        return run_case

    def loop(self, node: ForNode) -> Op:
        items = _loop_items(node.expression, self.scope)
        place = self.scope.open_loop(str(node.expression.identifier))
        ops = self.inner(node.block)
        self.scope.close_loop()
        default = self.inner(node.default) if node.default else []
        weight = (
            1
            + len(ops)
            + sum(len(n.text) for n in node.block.nodes if isinstance(n, ContentNode)) // 16
        )

        def run_loop(run: Run) -> None:
            found = items(run)
            for op in () if found else default:
                op(run)
            slots, position = run.slots, [0, len(found)]
            slots[place + 1] = position
            for index, item in enumerate(found):
                slots[place], position[0] = item, index
                run.burn(weight)
                try:
                    for op in ops:
                        op(run)
                except _Continue:
                    continue
                except _Break:
                    break

        return run_loop

    def assign(self, node: AssignNode) -> Op:
        value, name = getter(node.expression, self.scope), str(node.name)

        def run_assign(run: Run) -> None:
            run.names[name] = value(run)

        return run_assign

    def capture(self, node: CaptureNode) -> Op:
        # What is captured is text; it is escaped where it is shown, like every other value.
        html, self.html = self.html, False
        ops, name = self.inner(node.block), str(node.name)
        self.html = html

        def run_capture(run: Run) -> None:
            out: list[str] = []
            outer, run.write = run.write, out.append
            try:
                for op in ops:
                    op(run)
            finally:
                run.write = outer
            run.names[name] = "".join(out)

        return run_capture

    def leave(self, node: BreakNode | ContinueNode) -> Op:
        signal = _Break if isinstance(node, BreakNode) else _Continue

        def run_leave(_run: Run) -> None:
            raise signal

        return run_leave


def _special(name: str, html: bool) -> str | None:
    if name in WRITERS:
        return name if html else "text"
    return "lines" if html and name == "newline_to_br" else None


def _watched(value: Getter, name: str, on_value: Callable[[str, Any], None]) -> Getter:
    def get(run: Run) -> Any:
        made = value(run)
        on_value(name, made)
        return made

    return get


def _output(value: Getter, write: Writer | None) -> Op:
    def run_output(run: Run) -> None:
        made = value(run)
        if made.__class__ is not str:
            made = text(made)
        run.room -= len(made)
        if run.room < 0:
            raise LimitReached("makes a message that is too long")
        run.write(write(made) if write else made)

    return run_output


def _linked(value: Getter, write: Writer | None) -> Op:
    def run_linked(run: Run) -> None:
        address = run.link(web_address(text(value(run))))
        run.room -= len(address)
        if run.room < 0:
            raise LimitReached("makes a message that is too long")
        run.write(write(address) if write else address)

    return run_linked


def _loop_items(expression: LoopExpression, scope: Scope) -> Callable[[Run], Sequence[Any]]:
    value = getter(expression.iterable, scope)
    limit = getter(expression.limit, scope) if expression.limit else None
    offset = getter(expression.offset, scope) if expression.offset else None
    if isinstance(expression.offset, StringLiteral):
        raise LimitReached("uses offset: continue, which is not available")

    def items(run: Run) -> Sequence[Any]:
        found = _sequence(value(run))
        if limit or offset:
            start = max(int(number(offset(run))), 0) if offset else 0
            stop = start + max(int(number(limit(run))), 0) if limit else len(found)
            found = found[start:stop]
        return found[::-1] if expression.reversed else found

    return items


def _sequence(value: Any) -> Sequence[Any]:
    if isinstance(value, range) and value.stop - value.start > FUEL:
        raise LimitReached("goes on for too long")
    if isinstance(value, list | range):
        return value
    if isinstance(value, dict):
        # By name: a database may keep them in another order than they were given in.
        return [[key, value[key]] for key in islice(sorted(value), FUEL)]
    return [value] if isinstance(value, str) and value else []


_NODES: tuple[tuple[type[Node], Callable[[_Maker, Any], Op]], ...] = (
    (ContentNode, _Maker.content),
    (OutputNode, _Maker.output),
    (IfNode, _Maker.branches),
    (UnlessNode, _Maker.branches),
    (CaseNode, _Maker.case),
    (ForNode, _Maker.loop),
    (AssignNode, _Maker.assign),
    (CaptureNode, _Maker.capture),
    (BreakNode, _Maker.leave),
    (ContinueNode, _Maker.leave),
)

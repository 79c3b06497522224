"""What became of each variable of a text for one customer: shown, asked by a condition, or gone."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liquid.ast import Node
from liquid.builtin.expressions import Path
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.expression import Expression

from db.kinds import Channel
from px.messages.body.markdown import read_body
from px.messages.body.to_text import body_text
from px.messages.liquid.dialect import parse
from px.messages.liquid.filters import text
from px.messages.liquid.program import Program
from px.messages.render import TemplateParts


@dataclass(frozen=True, slots=True)
class Became:
    """A variable of a text: what the customer has there, and what they see for it.

    `shown` is empty when it is not reached, or only asked by a condition or gone through by a loop.
    `is_filled` says that a filter, such as default, put something where there was nothing.
    """

    path: str
    value: Any
    shown: tuple[str, ...]
    is_missing: bool
    is_filled: bool


def variables_of(
    parts: TemplateParts,
    context: Mapping[str, Any],
    channels: Collection[Channel] = tuple(Channel),
) -> list[Became]:
    """Every variable of the texts for these channels, in the order in which it stands there first.

    TemplateFailed when a text cannot be filled in.
    """
    sources = _sources(parts, channels)
    seen: dict[str, list[str]] = {}

    def note(name: str, made: Any) -> None:
        said = seen.setdefault(name, [])
        shown = text(made)
        if shown not in said:
            said.append(shown)

    for source in sources:
        Program(source, on_value=note).render(dict(context))
    return [_became(path, steps, context, seen) for path, steps in _named(sources).items()]


def origin_of(path: str) -> str:
    """Where the value of a variable comes from, in words."""
    words = (words for start, words in _ORIGINS.items() if f"{path}.".startswith(start))
    return next(words, "the text itself")


def empty_among(found: Sequence[Became]) -> list[str]:
    """Those that this customer sees as nothing."""
    return [one.path for one in found if "" in one.shown]


def value_at(steps: Iterable[object], context: Mapping[str, Any]) -> Any:
    """What stands in the values behind these steps; None when nothing does."""
    value: Any = context
    for step in steps:
        value = _step(value, step)
    return value


_ORIGINS = {
    "customer.traits.": "the customer's traits: answers and imports",
    "customer.email.": "the customer's main address",
    "customer.phone.": "the customer's main phone",
    "customer.orders.": "all orders of the customer",
    "customer.spent": "all orders of the customer",
    "customer.tier.": "the loyalty programme",
    "customer.points.": "the loyalty programme",
    "customer.": "the customer",
    "order.": "the order",
    "line.": "the item of the order",
    "shipment.": "the latest parcel of the order",
    "subscription.": "the subscription",
    "shop.": "the settings",
    "journey.": "this journey",
    "touchpoint.": "this journey",
    "answer.": "the customer's last answer",
    "event.": "what came with the event",
    "unsubscribe_url.": "made for each marketing message",
    "preferences_url.": "made for each message",
}


def named_in(
    parts: TemplateParts, channels: Collection[Channel] = tuple(Channel)
) -> dict[str, tuple[object, ...]]:
    """The variables that the texts for these channels name, each with its steps: customer,
    first_name.

    What a text sets itself or loops with is left out.
    """
    return _named(_sources(parts, channels))


def _named(sources: Sequence[str]) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for source in sources:
        nodes = parse(source)
        own = set(_own(nodes))
        for path in _paths(nodes):
            if path.path[0] not in own:
                found.setdefault(str(path), tuple(path.path))
    return found


def _step(value: Any, step: object) -> Any:
    if isinstance(value, Mapping):
        return value.get(str(step))
    if isinstance(value, list) and value:
        at = {"first": 0, "last": -1}.get(str(step), step)
        if isinstance(at, int) and -len(value) <= at < len(value):
            return value[at]
    return len(value) if step == "size" and isinstance(value, list | str) else None


def _sources(parts: TemplateParts, channels: Collection[Channel]) -> list[str]:
    own = {Channel.SMS: parts.sms, Channel.WHATSAPP: parts.whatsapp}
    sources = [parts.subject] if Channel.EMAIL in channels else []
    if any(not own.get(channel, "").strip() for channel in channels):
        page = read_body(parts.body)
        sources.append(body_text(page.root, page.marks))
    return sources + [own[channel] for channel in own if channel in channels]


def _became(
    path: str,
    steps: tuple[object, ...],
    context: Mapping[str, Any],
    seen: Mapping[str, list[str]],
) -> Became:
    value, shown = value_at(steps, context), tuple(seen.get(path, ()))
    is_missing = value is None or value in ("", [], {})
    return Became(path, value, shown, is_missing, is_missing and any(shown))


def _paths(nodes: Sequence[Node]) -> Iterator[Path]:
    for node in nodes:
        for expression in node.expressions():
            yield from _in_expression(expression)
        yield from _paths(_inside(node))


def _in_expression(expression: Expression) -> Iterator[Path]:
    if isinstance(expression, Path):
        yield expression
    for child in expression.children():
        yield from _in_expression(child)


def _own(nodes: Sequence[Node]) -> Iterator[str]:
    yield "forloop"
    for node in nodes:
        if isinstance(node, AssignNode | CaptureNode):
            yield str(node.name)
        elif isinstance(node, ForNode):
            yield str(node.expression.identifier)
        yield from _own(_inside(node))


def _inside(node: Node) -> list[Node]:
    # The nodes of a block have no context of their own here: nothing is included from elsewhere.
    return [child for child in node.children(None) if isinstance(child, Node)]  # type: ignore[arg-type]

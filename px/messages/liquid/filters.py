"""The filters a template may use: {{ order.total_minor | money }}.

Each raises LimitReached rather than make a text of more than LONGEST_TEXT characters. `money` and
`date` are ours; the others do what they do in Shopify's Liquid.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from px.core.money import digits, format_money
from px.messages.liquid.dates import dated

LONGEST_TEXT = 100_000
LONGEST_LIST = 5_000
LARGEST = 10**18
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,12})?")
_TAGS = re.compile(r"<[^<>]*>")

Number = int | float
Filter = Callable[..., Any]


class LimitReached(Exception):
    """A template does more than it may; the text says what."""


class FilterFailed(Exception):
    """A filter cannot do what it was asked; the text says why."""


def text(value: Any) -> str:
    """The value as it stands in a message: nothing is "", a list is joined."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _joined(value, "")
    if isinstance(value, range):
        return f"{value.start}..{value.stop - 1}"
    return str(value)


def number(value: Any) -> Number:
    """The value as a number; what is not one counts as 0."""
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value) if "." in value else int(value)
    return 0


def numeric(value: Any) -> Number | None:
    """The value as a number when it is one or is written as one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return number(value) if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) else None


def items(value: Any) -> list[Any]:
    """The value as a list: of itself when it is none, empty when it is nothing."""
    if isinstance(value, list):
        return value
    if isinstance(value, range):
        if len(value) > LONGEST_LIST:
            raise LimitReached(f"makes a list of more than {LONGEST_LIST:,}")
        return list(value)
    return [] if value is None else [value]


def _bounded(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise LimitReached(f"makes a text of more than {LONGEST_TEXT:,} characters")
    return value


def _number_bounded(value: Number) -> Number:
    if not -LARGEST <= value <= LARGEST:
        raise LimitReached("makes a number that is too large")
    return value


def _joined(values: Iterable[Any], separator: str) -> str:
    made = [text(value) for value in values]
    if sum(map(len, made)) + len(separator) * len(made) > LONGEST_TEXT:
        raise LimitReached(f"makes a text of more than {LONGEST_TEXT:,} characters")
    return separator.join(made)


def _replace(value: Any, old: Any, new: Any = "", times: int = -1) -> str:
    source, wanted, made = text(value), text(old), text(new)
    if len(source) + source.count(wanted) * len(made) > LONGEST_TEXT:
        raise LimitReached(f"makes a text of more than {LONGEST_TEXT:,} characters")
    return source.replace(wanted, made, times)


def _remove(value: Any, old: Any) -> str:
    return _replace(value, old)


def _replace_first(value: Any, old: Any, new: Any = "") -> str:
    return _replace(value, old, new, 1)


def _remove_first(value: Any, old: Any) -> str:
    return _replace(value, old, "", 1)


def _append(value: Any, other: Any) -> str:
    return _bounded(text(value) + text(other))


def _prepend(value: Any, other: Any) -> str:
    return _bounded(text(other) + text(value))


def _truncate(value: Any, length: Any = 50, ending: Any = "...") -> str:
    source, end, limit = text(value), text(ending), int(number(length))
    return source if len(source) <= limit else source[: max(limit - len(end), 0)] + end


def _truncate_words(value: Any, count: Any = 15, ending: Any = "...") -> str:
    source = text(value)
    words, limit = source.split(), max(int(number(count)), 1)
    return source if len(words) <= limit else " ".join(words[:limit]) + text(ending)


def _split(value: Any, separator: Any) -> list[str]:
    source, between = text(value), text(separator)
    if not between:
        parts = list(source[: LONGEST_LIST + 1])
    else:
        parts = source.split() if between == " " else source.split(between, LONGEST_LIST + 1)
    if len(parts) > LONGEST_LIST:
        raise LimitReached(f"makes a list of more than {LONGEST_LIST:,}")
    return parts if source else []


def _join(value: Any, separator: Any = " ") -> str:
    return _joined(items(value), text(separator))


def _first(value: Any) -> Any:
    return next(iter(items(value)), None) if isinstance(value, list | range) else None


def _last(value: Any) -> Any:
    made = items(value) if isinstance(value, list | range) else []
    return made[-1] if made else None


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | list | dict | range) else 0


def _slice(value: Any, start: Any, length: Any = 1) -> Any:
    whole: Any = value if isinstance(value, list) else text(value)
    begin = int(number(start))
    begin = begin + len(whole) if begin < 0 else begin
    return whole[begin : begin + max(int(number(length)), 0)] if begin >= 0 else whole[:0]


def _concat(value: Any, other: Any) -> list[Any]:
    made = [*items(value), *items(other)]
    if len(made) > LONGEST_LIST:
        raise LimitReached(f"makes a list of more than {LONGEST_LIST:,}")
    return made


def _of(item: Any, key: Any) -> Any:
    return item.get(text(key)) if isinstance(item, dict) else None


def _map(value: Any, key: Any) -> list[Any]:
    return [_of(item, key) for item in items(value)]


def _where(value: Any, key: Any, wanted: Any = None) -> list[Any]:
    if wanted is None:
        return [item for item in items(value) if _of(item, key) not in (None, False)]
    return [item for item in items(value) if _of(item, key) == wanted]


def _order_of(value: Any) -> tuple[int, Number, str]:
    found = numeric(value)
    return (2, 0, "") if value is None else (1, 0, text(value)) if found is None else (0, found, "")


def _sort(value: Any, key: Any = None) -> list[Any]:
    return sorted(items(value), key=lambda item: _order_of(item if key is None else _of(item, key)))


def _sort_natural(value: Any, key: Any = None) -> list[Any]:
    return sorted(
        items(value), key=lambda item: text(item if key is None else _of(item, key)).lower()
    )


def _uniq(value: Any) -> list[Any]:
    first: dict[str, Any] = {}
    for item in items(value):
        first.setdefault(repr(item), item)
    return list(first.values())


def _sum(value: Any, key: Any = None) -> Number:
    total: Number = 0
    for item in items(value):
        total = _plus(total, item if key is None else _of(item, key))
    return total


def _exact(value: Number, other: Number, work: Callable[[Any, Any], Any]) -> Number:
    if isinstance(value, int) and isinstance(other, int):
        return _number_bounded(work(value, other))
    return _number_bounded(float(work(Decimal(str(value)), Decimal(str(other)))))


def _plus(value: Any, other: Any) -> Number:
    return _exact(number(value), number(other), lambda a, b: a + b)


def _minus(value: Any, other: Any) -> Number:
    return _exact(number(value), number(other), lambda a, b: a - b)


def _times(value: Any, other: Any) -> Number:
    return _exact(number(value), number(other), lambda a, b: a * b)


def _divided_by(value: Any, other: Any) -> Number:
    a, b = number(value), number(other)
    if not b:
        raise FilterFailed("divides by zero")
    return a // b if isinstance(a, int) and isinstance(b, int) else _number_bounded(a / b)


def _modulo(value: Any, other: Any) -> Number:
    if not number(other):
        raise FilterFailed("divides by zero")
    return _exact(number(value), number(other), lambda a, b: a % b)


def _round(value: Any, places: Any = 0) -> Number:
    kept = min(max(int(number(places)), 0), 12)
    return round(number(value), kept) if kept else round(number(value))


def _ceil(value: Any) -> int:
    return int(-(-number(value) // 1))


def _floor(value: Any) -> int:
    return int(number(value) // 1)


def _default(value: Any, other: Any = "", *, allow_false: Any = False) -> Any:
    if value is False and allow_false is True:
        return value
    return other if value is None or value is False or value in ("", [], {}) else value


def _money(value: Any, currency: Any = None) -> str:
    amount = numeric(value)
    if amount is None:
        return text(value)
    code = text(currency)
    return format_money(int(amount), code) if code else f"{amount / 100:,.2f}"


def _money_without_currency(value: Any, currency: Any = None) -> str:
    code = text(currency)
    amount = numeric(value)
    return (
        text(value)
        if amount is None
        else f"{Decimal(int(amount)).scaleb(-digits(code)):,.{digits(code)}f}"
    )


def _pluralize(value: Any, one: Any, many: Any) -> str:
    return text(one) if number(value) == 1 else text(many)


def _same(value: Any) -> str:
    # A message escapes what it shows by itself; asking for it again must not show &amp;amp;.
    return text(value)


def _url_decode(value: Any) -> str:
    return unquote_plus(text(value), errors="replace")


def _words(work: Callable[[str], str]) -> Filter:
    return lambda value: work(text(value))


FILTERS: dict[str, Filter] = {
    "abs": lambda value: abs(number(value)),
    "append": _append,
    "at_least": lambda value, other: max(number(value), number(other)),
    "at_most": lambda value, other: min(number(value), number(other)),
    "capitalize": _words(str.capitalize),
    "ceil": _ceil,
    "compact": lambda value: [item for item in items(value) if item is not None],
    "concat": _concat,
    "date": lambda value, pattern="%-d %B %Y": dated(value, text(pattern)),
    "default": _default,
    "divided_by": _divided_by,
    "downcase": _words(str.lower),
    "escape": _same,
    "escape_once": _same,
    "first": _first,
    "floor": _floor,
    "join": _join,
    "last": _last,
    "lstrip": _words(str.lstrip),
    "map": _map,
    "minus": _minus,
    "modulo": _modulo,
    "money": _money,
    "money_with_currency": _money,
    "money_without_currency": _money_without_currency,
    "newline_to_br": _same,
    "pluralize": _pluralize,
    "plus": _plus,
    "prepend": _prepend,
    "remove": _remove,
    "remove_first": _remove_first,
    "replace": _replace,
    "replace_first": _replace_first,
    "reverse": lambda value: items(value)[::-1],
    "round": _round,
    "rstrip": _words(str.rstrip),
    "size": _size,
    "slice": _slice,
    "sort": _sort,
    "sort_natural": _sort_natural,
    "split": _split,
    "strip": _words(str.strip),
    "strip_html": _words(lambda source: _TAGS.sub("", source)),
    "strip_newlines": _words(lambda source: source.replace("\r", "").replace("\n", "")),
    "sum": _sum,
    "times": _times,
    "truncate": _truncate,
    "truncatewords": _truncate_words,
    "uniq": _uniq,
    "upcase": _words(str.upper),
    "url_decode": _url_decode,
    "url_encode": _words(lambda source: quote_plus(source)),
    "where": _where,
}
# These need the order's currency when they are not told one.
WITH_CURRENCY = {"money", "money_with_currency", "money_without_currency"}

"""Journeys as people say them: lengths, anchors, windows, conditions and whole touchpoints. Pure.

Everything here reads plain data in the words of the format, also while it is still being written:
parts of it may be missing. `currency` is the shop's, for the amounts in conditions.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from db.kinds import Phase
from px.core.events import MILESTONE
from px.customers.timing import DAY_NAMES
from px.journeys.amounts import amount_words, is_amount
from px.journeys.deeds import deed_words
from px.journeys.document import split_anchor

Data = Mapping[str, Any]

_UNITS = {"w": "week", "d": "day", "h": "hour", "m": "minute"}
_LENGTH = re.compile(r"-?(?:\d{1,6}[wdhm])+")
_PART = re.compile(r"(\d{1,6})([wdhm])")

CHANNEL_WORDS = {"email": "email", "sms": "SMS", "whatsapp": "WhatsApp", "webchat": "chat"}

# What follows "1 day after" and "as soon as".
CLAUSES = {
    "order_placed": "the order is placed",
    "order_paid": "the order is paid",
    "order_edited": "the order is changed",
    "order_cancelled": "the order is cancelled",
    "order_refunded": "the order is refunded",
    "shipped": "the parcel is shipped",
    "out_for_delivery": "the parcel is out for delivery",
    "delivery_attempted": "a delivery is attempted in vain",
    "pickup_ready": "the parcel is ready for pick-up",
    "delivered": "the parcel is delivered",
    "shipment_delayed": "the parcel is delayed",
    "shipment_stalled": "the parcel is stuck",
    "shipment_damaged": "the parcel is damaged",
    "shipment_lost": "the parcel is lost",
    "return_requested": "a return is requested",
    "return_approved": "a return is approved",
    "return_received": "a return arrives",
    "return_resolved": "a return is settled",
    "subscription_started": "the subscription begins",
    "renewal_due": "a renewal is due",
    "subscription_renewed": "the subscription renews",
    "subscription_skipped": "a delivery of the subscription is skipped",
    "subscription_cancelled": "the subscription ends",
    "message_sent": "a message is sent",
    "message_opened": "a message is opened",
    "message_clicked": "a link in a message is followed",
    "message_bounced": "a message bounces",
    "unsubscribed": "the customer unsubscribes",
    "answered": "the customer answers a question",
    "replied": "the customer writes back",
    "feedback_received": "feedback comes in",
    "review_posted": "a review is posted",
    "conversation_opened": "a conversation with support begins",
    "conversation_resolved": "a conversation with support ends",
    "points_earned": "points are earned",
    "tier_changed": "the tier changes",
    "reward_redeemed": "a reward is redeemed",
    "referral_qualified": "a referred friend buys",
}

ANCHOR_CLAUSES = {
    "sent": "{} is sent",
    "answered": "{} is answered",
    "unanswered": "{} stays without an answer",
    "opened": "{} is opened",
    "clicked": "a link in {} is followed",
}

DATE_WORDS = {
    "subscription.renews_on": "the renewal date",
    "shipment.promised_on": "the promised delivery date",
}

PER_WORDS = {
    "order": "each order",
    "order_line": "each item of an order",
    "customer": "each customer",
    "subscription": "each subscription",
}

OP_WORDS = {
    "eq": "is",
    "ne": "is not",
    "gt": "is more than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "in": "is one of",
    "not_in": "is none of",
    "contains": "contains",
    "not_contains": "does not contain",
    "starts_with": "begins with",
    "exists": "is known",
    "missing": "is not known",
    "before": "is before",
    "after": "is after",
    "within_last": "is within the last",
}

# Fields that hold several values at once, and the comparisons that then take the plural.
_LISTS = ("order.skus", "order.tags", "customer.tags")
_SEVERAL = {
    "contains": "include",
    "not_contains": "do not include",
    "exists": "are known",
    "missing": "are not known",
}

FIELD_WORDS = {
    "customer.id": "customer number",
    "customer.email": "email address",
    "customer.phone": "phone number",
    "customer.country": "customer's country",
    "customer.zone": "customer's time zone",
    "customer.language": "customer's language",
    "customer.tags": "customer's tags",
    "customer.orders": "number of orders",
    "customer.spent_minor": "spent so far",
    "customer.tier": "loyalty tier",
    "customer.points": "loyalty points",
    "order.id": "order id",
    "order.number": "order number",
    "order.skus": "SKUs in the order",
    "order.total_minor": "order total",
    "order.currency": "order's currency",
    "order.tags": "order's tags",
    "order.country": "country it ships to",
    "order.is_first": "first order",
    "line.sku": "item's SKU",
    "line.name": "item's name",
    "line.quantity": "item's quantity",
    "shipment.carrier": "carrier",
    "shipment.status": "parcel's status",
    "shipment.promised_on": "promised delivery date",
    "subscription.plan": "subscription plan",
    "subscription.renews_on": "renewal date",
    "answer": "the answer",
}


def spaced(word: str) -> str:
    """A key or a kind as words: pre_arrival is Pre arrival."""
    return word.replace("_", " ").replace("-", " ").strip().capitalize()


def phase_words(phase: str) -> str:
    """A phase as the pages name it."""
    return "Before arrival" if phase == Phase.PRE_ARRIVAL else spaced(phase)


def event_label(kind: str) -> str:
    """An event kind as the pages name it: Order placed, Milestone first use."""
    if kind.startswith(MILESTONE):
        return f"Milestone: {spaced(kind.removeprefix(MILESTONE)).lower()}"
    return spaced(kind)


def length_words(text: object) -> str:
    """A length as people say it: 1w2d is 1 week and 2 days; what is not a length stays as it is."""
    written = str(text)
    if not _LENGTH.fullmatch(written):
        return written
    parts = [_counted(int(number), _UNITS[unit]) for number, unit in _PART.findall(written)]
    return joined(parts, "and")


def joined(words: Sequence[str], last: str) -> str:
    """The words with commas, and `last` before the last one."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def touchpoint_label(point: Data) -> str:
    """What people call a touchpoint."""
    return str(point.get("name") or spaced(str(point.get("key") or "")) or "New touchpoint")


def labels(data: Data) -> dict[str, str]:
    """The name of each touchpoint of a document by its key."""
    return {str(p.get("key", "")): touchpoint_label(p) for p in data.get("touchpoints") or []}


def event_clause(kind: str) -> str:
    """What happens, as a clause: the parcel is delivered."""
    if kind.startswith(MILESTONE):
        return f"the milestone “{spaced(kind.removeprefix(MILESTONE)).lower()}” is reached"
    return CLAUSES.get(kind, f"{spaced(kind).lower()} happens")


def anchor_clause(anchor: str, names: Mapping[str, str]) -> str:
    """What a touchpoint counts from, as a clause; a date as a noun: the renewal date."""
    word, about = split_anchor(anchor)
    if word == "event":
        return event_clause(about) if about else "something happens"
    if word == "date":
        return date_words(about)
    name = names.get(about)
    return ANCHOR_CLAUSES[word].format(f"“{name}”" if name else "another touchpoint")


def date_words(field: str) -> str:
    """A field with a date as a noun: the renewal date, the customer's birthday."""
    trait = field.removeprefix("customer.traits.")
    if trait != field:
        return f"the customer's {spaced(trait).lower() or 'date'}"
    return DATE_WORDS.get(field, "a date")


def timing_words(point: Data, names: Mapping[str, str]) -> str:
    """When a touchpoint is due: 1 day after the parcel is delivered, at 09:15."""
    anchor, after = str(point.get("anchor") or ""), str(point.get("after") or "0")
    clause = anchor_clause(anchor, names)
    at_once = after.strip("-0wdhm") == ""
    if anchor.startswith("date:"):
        word = "before" if after.startswith("-") else "after"
        when = f"on {clause}" if at_once else f"{length_words(after)} {word} {clause}"
    else:
        when = f"as soon as {clause}" if at_once else f"{length_words(after)} after {clause}"
    return f"{when}, at {point['at']}" if point.get("at") else when


def window_words(window: Data | None) -> str:
    """In which hours and on which days: Mon to Fri between 09:00 and 20:00; empty for any time."""
    if not window:
        return ""
    start, end = window.get("from"), window.get("to")
    if start and end:
        hours = f"between {start} and {end}"
    else:
        hours = f"from {start}" if start else f"before {end}" if end else ""
    return " ".join(part for part in (days_words(window.get("days") or ()), hours) if part)


def days_words(days: Iterable[str]) -> str:
    """Days of the week in their order: Mon to Fri, or Mon and Wed; empty for every day."""
    numbers = sorted(DAY_NAMES.index(day) for day in set(days) if day in DAY_NAMES)
    names = [DAY_NAMES[n].capitalize() for n in numbers]
    if len(names) in (0, 7):
        return ""
    if len(names) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{names[0]} to {names[-1]}"
    return joined(names, "and")


def channels_words(channels: Sequence[str] | None) -> str:
    """How it travels: by WhatsApp, else SMS, else email."""
    return "by " + ", else ".join(CHANNEL_WORDS.get(c, c) for c in channels or ["email"])


def field_words(field: str) -> str:
    """A condition's field as people name it; a trait by its own name."""
    for prefix in ("customer.traits.", "event.data."):
        if field.startswith(prefix):
            return spaced(field.removeprefix(prefix)).lower()
    return FIELD_WORDS.get(field, field)


def op_words(field: str, op: str) -> str:
    """A comparison as the field takes it: contains SERUM-30, but include it for several SKUs."""
    return (_SEVERAL.get(op) if field in _LISTS else None) or OP_WORDS.get(op, op)


def condition_words(raw: Any, currency: str = "") -> str:
    """A condition as part of a sentence: skin type is dry and they bought within 90 days."""
    if not isinstance(raw, Mapping):
        return ""
    for word, joint in (("all", " and "), ("any", " or ")):
        if isinstance(raw.get(word), list):
            return joint.join(_nested(part, currency) for part in raw[word])
    if isinstance(raw.get("not"), Mapping) and "did" in raw["not"]:
        return _did_words(raw["not"], negated=True)
    if "not" in raw:
        return f"it is not so that {_nested(raw['not'], currency)}"
    return _did_words(raw) if "did" in raw else _comparison_words(raw, currency)


def repeat_words(repeat: Data | None) -> str:
    """How often it comes again: again every 30 days, 12 times in all."""
    if not repeat:
        return ""
    every = re.sub(r"^1 (\w+)$", r"\1", length_words(repeat.get("every", "")))
    return f"every {every}, {_counted(int(repeat.get('times') or 1), 'time')}"


def touchpoint_sentence(
    point: Data,
    names: Mapping[str, str],
    texts: Mapping[str, str] | None = None,
    currency: str = "",
) -> str:
    """The whole touchpoint on one line, with the names of the texts it sends."""
    condition = condition_words(point.get("if"), currency)
    parts = [
        timing_words(point, names),
        window_words(point.get("window")),
        repeat_words(point.get("repeat")),
        channels_words(point.get("channels")),
        f"only if {condition}" if condition else "",
    ]
    sentence = ", ".join(part for part in parts if part)
    said = message_words(point, texts or {})
    return sentence[:1].upper() + sentence[1:] + (f": {said}" if said else "")


def message_words(point: Data, texts: Mapping[str, str]) -> str:
    """The names of the texts that a touchpoint sends."""
    keys = [variant.get("message") for variant in point.get("variants") or []]
    keys = [key for key in keys or [point.get("message")] if key]
    return joined([texts.get(key, spaced(key)) for key in keys], "or")


def _nested(part: Any, currency: str) -> str:
    words = condition_words(part, currency)
    grouped = isinstance(part, Mapping) and ({"all", "any"} & part.keys())
    return f"({words})" if grouped else words


def _did_words(raw: Data, *, negated: bool = False) -> str:
    times, kind = raw.get("times", 1), str(raw["did"])
    often = ""
    if isinstance(times, int) and times > 1:
        often = f" {'fewer than' if negated else 'at least'} {times} times"
    within = f" within {length_words(raw['within'])}" if raw.get("within") else ""
    return f"{deed_words(kind, negated=negated and not often)}{often}{within}"


def _comparison_words(raw: Data, currency: str) -> str:
    field, op, value = str(raw.get("field", "")), str(raw.get("op", "")), raw.get("value")
    if field == "order.is_first" and isinstance(value, bool) and op in ("eq", "ne"):
        return f"it is {'' if value is (op == 'eq') else 'not '}their first order"
    if isinstance(value, bool) and op in ("eq", "ne"):
        return f"{field_words(field)} is {'yes' if value is (op == 'eq') else 'no'}"
    shown = "" if op in ("exists", "missing") else _value_words(field, op, value, currency)
    return f"{field_words(field)} {op_words(field, op)} {shown}".strip()


def _value_words(field: str, op: str, value: Any, currency: str) -> str:
    if value is None or value == []:
        return "…"
    if op == "within_last":
        return length_words(value)
    values = value if isinstance(value, list) else [value]
    is_money = is_amount(field, op)
    return joined([amount_words(one, currency) if is_money else str(one) for one in values], "or")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}"

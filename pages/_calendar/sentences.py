"""The pressure map in sentences. Pure."""

from collections.abc import Sequence
from datetime import date

from pages._ui.words import count, figure
from px.journeys.ahead.pressure import OrderEffect, PressureMap

MANY = 3


def week_words(week: tuple[date, date]) -> str:
    """The days of a week: 4 to 10 May."""
    first, last = week
    if first == last:
        return f"{first.day} {first:%b}"
    month = "" if first.month == last.month else f" {first:%b}"
    return f"{first.day}{month} to {last.day} {last:%b}"


def worst_week(found: PressureMap) -> int:
    """The week in which most customers get too many, the first of several."""
    return max(range(len(found.weeks)), key=lambda week: (found.at_least(MANY, week), -week))


def answer(found: PressureMap) -> str:
    """Who gets too many, in a sentence: in the week from 9 May 41 customers get 3 or more."""
    if not found.messages:
        return (
            f"Nobody who is inside a journey now gets a message in the next {found.days} days "
            "without anything new happening."
        )
    worst = worst_week(found)
    many = found.at_least(MANY, worst)
    if not many:
        most = max(number for _week, number in found.cells)
        weekly = "one message" if most == 1 else f"{most} messages"
        held = found.moved + found.dropped
        cap = f" The cap moves or drops {count(held, 'message')} for that." if held else ""
        return f"Nobody gets {MANY} or more messages in a week. The most is {weekly}.{cap}"
    keys = {
        key
        for one in found.crowded
        if one.week == worst and one.messages >= MANY
        for key in one.journeys
    }
    first = found.weeks[worst][0]
    verb = "gets" if many == 1 else "get"
    return (
        f"**In the week from {first.day} {first:%B} {count(many, 'customer')} {verb} {MANY} or "
        f"more messages**, from {count(len(keys), 'journey')}."
    )


def cap_sentence(found: PressureMap, cap: tuple[int, int]) -> str:
    """What the cap does in these days."""
    messages, days = cap
    if not messages:
        return "There is no cap: everybody gets everything that is planned."
    rule = f"At most {count(messages, 'marketing message')} in {count(days, 'day')}"
    if not found.moved and not found.dropped:
        return f"{rule}: nothing that is planned has to wait for that."
    people = count(len(found.contended), "customer")
    return f"{rule}: because of that {_moved_and_dropped(found)}, for {people}."


def _moved_and_dropped(found: PressureMap) -> str:
    if not found.moved:
        dropped = count(found.dropped, "message does", "messages do")
        return f"{dropped} not go at all"
    later = count(found.moved, "message goes", "messages go") + " later"
    return f"{later} and {figure(found.dropped)} not at all" if found.dropped else later


def estimate_sentence(found: PressureMap) -> str:
    """What new orders may add, marked as the estimate it is."""
    many = sum(number for (_week, messages), number in found.estimate.items() if messages >= MANY)
    if not found.estimate:
        return "No order of the last days brought a message, so there is nothing to go by."
    said = (
        f"in {count(many, 'case')} somebody got {MANY} or more in a week" if many
        else f"nobody got {MANY} or more in a week"
    )  # fmt: skip
    return (
        f"Estimate: if the next {found.days} days bring orders like the last {found.days}, these "
        f"come on top. Of the last ones, {said}."
    )


def effect_sentence(effect: OrderEffect, names: dict[str, str]) -> str:
    """What another order of the journeys changes, in a sentence."""
    if not effect.exchanges and not effect.moved:
        return "This order changes nothing for anybody who is inside now."
    told = []
    for word, counts in (("more", effect.more), ("fewer", effect.fewer)):
        for key, number in counts.most_common():
            told.append(f"{names.get(key, key)} sends {figure(number)} {word}")
    people = count(len(effect.exchanges), "customer")
    verb = "gets" if len(effect.exchanges) == 1 else "get"
    said = f"**With this order {people} {verb} something else**" if effect.exchanges else ""
    if effect.moved:
        told.append(f"{count(effect.moved, 'message')} at another time")
    return ": ".join(part for part in (said, "; ".join(told)) if part) + "."


def journeys_words(keys: Sequence[str], names: dict[str, str]) -> str:
    """The journeys by name, in a cell."""
    return ", ".join(names.get(key, key) for key in keys)

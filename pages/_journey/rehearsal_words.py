"""What came of a rehearsal, and how it differs from another, in sentences."""

from collections.abc import Mapping

from pages._journey.rehearsal_lines import over
from pages._ui.words import count, figure, plain
from px import journeys
from px.journeys import Difference, Figures, RehearsalLine

_HELD = {
    "quiet_hours": "held for quiet hours",
    "window": "moved into their hours",
    "capped": "held by the cap",
    "exception": "held because of trouble with the order",
}
_LEFT_OUT = {
    "no_consent": "without consent",
    "suppressed": "on the do-not-write list",
    "unreachable": "without an address",
    "condition": "by their condition",
    "exited": "because the journey had ended",
    "holdout": "held out",
    "late": "because it was too late",
    "test_order": "because the order was a test",
}
_STOPPED = {
    "capped": "stopped by the cap",
    "template_error": "that could not be filled in",
} | {
    reason: words if reason == "holdout" else f"left out {words}"
    for reason, words in _LEFT_OUT.items()
}
_ENTERS = {"order_line": "item", "subscription": "subscription"}
_MOST_REASONS = 3
_TOLD_FIRST = ("capped", "template_error")


def sentence(line: RehearsalLine, zone: str, names: Mapping[int, str]) -> str:
    """What the rehearsal came to."""
    figures, begin = line.figures, plain(over(line.scope, zone, names))
    if figures is None:
        return ""
    if not figures.enrolments:
        if not line.orders:
            return f"{begin} there were no orders to play it over."
        orders = count(line.orders, "order was", "orders were")
        return f"{begin} {orders} placed, and none of them would have entered."
    said = (
        f"{begin} this journey would have sent **{count(figures.messages, 'message')}** "
        f"to **{count(figures.written_to, 'customer')}**"
    )
    parts, left_out = _parts(figures)
    not_sent = f" Left out: {', '.join(left_out)}." if left_out else ""
    later = _still_open(figures)
    busy = ""
    if figures.busiest and figures.busiest[1] > 1:
        day, number = figures.busiest
        busy = f" Busiest day: {day:%a} {day.day} {day:%b}, {figure(number)}."
    return f"{', '.join([said, *parts])}.{busy}{not_sent}{later}"


def _parts(figures: Figures) -> tuple[list[str], list[str]]:
    """What to look at first, and why the others did not go."""
    told = [(n, _HELD.get(reason, f"held: {reason}")) for reason, n in figures.held.items()]
    ended = journeys.stopped(figures)
    told += [(ended.pop(reason, 0), _STOPPED[reason]) for reason in _TOLD_FIRST]
    told.append((figures.with_missing, f"with {missing_words(figures)}"))
    rest = [(n, _LEFT_OUT.get(reason, reason.replace("_", " "))) for reason, n in ended.items()]
    return _counted(told), _counted(sorted(rest, reverse=True))


def _counted(told: list[tuple[int, str]]) -> list[str]:
    return [f"{figure(number)} {words}" for number, words in told if number]


def _still_open(figures: Figures) -> str:
    planned, review = figures.count("planned"), figures.count("review")
    said = f" {count(planned, 'more is', 'more are')} planned for later." if planned else ""
    if review:
        said += f" {count(review, 'waits', 'wait')} for somebody to look at: too late to go."
    return said


def missing_words(figures: Figures) -> str:
    """What was missing in messages: a missing name."""
    names = {variable_word(name) for name in figures.missing}
    return f"a missing {names.pop()}" if len(names) == 1 else "something missing"


def variable_word(name: str) -> str:
    """A variable as people call it: customer.first_name is a name."""
    last = name.rpartition(".")[2]
    return "name" if last in ("first_name", "last_name", "name") else last.replace("_", " ")


def entered_sentence(figures: Figures, per: str) -> str:
    """How many entered, of what the journey runs once for."""
    if per != "customer":
        return f"{count(figures.enrolments, _ENTERS.get(per, 'order'))} entered."
    again = figures.enrolments > figures.customers
    times = f", {figure(figures.enrolments)} times in all" if again else ""
    return f"{count(figures.customers, 'customer')} entered{times}."


def goal_sentence(figures: Figures) -> str:
    """How many reached the goal by themselves."""
    if figures.goal is None or not figures.enrolments:
        return ""
    if not figures.goal:
        return "None of them has reached the goal so far."
    share = round(100 * figures.goal / figures.enrolments)
    return f"{figure(figures.goal)} of them ({share}%) reached the goal, as things went then."


def difference_sentence(found: Difference, against: str) -> str:
    """How a rehearsal differs from another: 12 more messages, 3 customers fewer."""
    if found.is_none:
        return f"The same as {against}, message by message."
    reasons = [(n, _HELD.get(r, r.replace("_", " "))) for r, n in found.held.items()]
    reasons += [(n, _STOPPED.get(r, r.replace("_", " "))) for r, n in found.stopped.items()]
    reasons.sort(key=lambda entry: -abs(entry[0]))
    parts = [_more(found.messages, "message"), _more(found.customers, "customer")]
    told = reasons[:_MOST_REASONS]
    parts += [f"{figure(abs(number))} {_than(number)} {words}" for number, words in told]
    parts = [part for part in parts if part] or ["the same number of messages, at other places"]
    return f"Against {against}: {', '.join(parts)}."


def _more(number: int, noun: str) -> str:
    return count(abs(number), f"{_than(number)} {noun}") if number else ""


def _than(number: int) -> str:
    return "more" if number > 0 else "fewer"

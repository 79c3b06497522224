"""How the figures of a journey are said: sentences, and rows in which each number is a link."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from pages._ui.words import count, figure, plain
from px import journeys
from px.journeys import Results, Verdict

_FEWEST_FOR_A_SHARE = 20


def answer(results: Sequence[Results]) -> str:
    """What came of the whole journey, in a sentence or two."""
    sent, clicked = sum(one.sent for one in results), sum(one.clicked for one in results)
    planned, left = sum(one.planned for one in results), sum(one.unsubscribed for one in results)
    if not sent:
        return f"{count(planned, 'message')} still to come; none has left yet."
    followed = f"{figure(clicked)} {'was' if clicked == 1 else 'were'} followed"
    share = f" ({journeys.percent(clicked / sent)})" if sent >= _FEWEST_FOR_A_SHARE else ""
    said = f"{count(sent, 'message')} left, {followed}{share}."
    if left:
        said += f" {count(left, 'person', 'people')} unsubscribed by one of them."
    return said + (
        f" {figure(planned)} {'is' if planned == 1 else 'are'} still to come." * bool(planned)
    )


def row_of(journey: str, key: str, label: str, results: Results) -> dict[str, str]:
    """A touchpoint's row, in Markdown."""
    place = {"journey": journey, "touchpoint": key}
    return (
        {"Touchpoint": plain(label), "To come": _number(results.planned)}
        | _by_readers(results, place)
        | {
            "Skipped": _number(results.left_out),
            "Failed": _linked(results.failed, place | {"status": "failed"}),
        }
    )


def variant_row(
    journey: str, key: str, variant: str, label: str, results: Results
) -> dict[str, str]:
    """The row of one text of a touchpoint, in Markdown."""
    place = {"journey": journey, "touchpoint": key, "template": variant}
    return {"Text": plain(label)} | _by_readers(results, place)


def apart(verdict: Verdict) -> str:
    """How far the two texts may truly be apart, None while that says nothing."""
    if verdict.apart.high - verdict.apart.low > 0.5:
        return ""
    low, high = (f"{100 * end:+.1f}".replace("-", "\u2212") for end in verdict.apart)
    return (
        f"The true difference most likely lies between {low} and {high} points (an interval"
        " that is right in 95 of 100 cases). Openings decide nothing here."
    )


def skipped_rows(points: Sequence[tuple[str, Results]]) -> list[dict[str, Any]]:
    """Every touchpoint and reason for which somebody got nothing, as plain text."""
    return [
        {
            "Touchpoint": label,
            "Touches": number,
            "Why": journeys.reason_sentence(reason or None),
        }
        for label, results in points
        for reason, number in results.skipped.items()
    ]


def _by_readers(results: Results, place: dict[str, str]) -> dict[str, str]:
    sent = results.sent
    return {
        "Sent": _linked(sent, place | {"status": "sent"}),
        "Opened, a guess": _linked(results.opened, place | {"became": "opened"}, of=sent, sign="~"),
        "Followed": _linked(results.clicked, place | {"became": "clicked"}, of=sent),
        "Answered": _linked(results.answered, place | {"became": "answered"}, of=sent),
        "Unsubscribed": _linked(results.unsubscribed, place | {"became": "unsubscribed"}),
    }


def _number(number: int) -> str:
    return figure(number) if number else "·"


def _linked(number: int, query: dict[str, str], *, of: int = 0, sign: str = "") -> str:
    """The figure as a link to the messages that it counts, with its share of those sent."""
    if not number:
        return "·"
    share = f" ({journeys.percent(number / of)})" if of >= _FEWEST_FOR_A_SHARE else ""
    return f"[{sign}{figure(number)}](/outbox?{urlencode(query)}){share}"

"""The tables of a rehearsal: how far people came, why somebody got nothing, cost, differences."""

from collections.abc import Mapping
from typing import Any

from pages._ui.signs import CHANNELS, sign, spoken
from pages._ui.words import figure
from px.journeys import Difference, Figures, reason_sentence

Row = dict[str, Any]
_WAITED = {
    "quiet_hours": "Held for quiet hours, then sent",
    "window": "Held for their hours, then sent",
    "capped": "Held by the cap, then sent",
    "exception": "Held because of trouble with the order",
}


def funnel_rows(figures: Figures, labels: Mapping[str, str]) -> list[Row]:
    """Each touchpoint: how many it reached, by which channels, and who got nothing."""
    points = figures.per_touchpoint
    channels = [one for one in CHANNELS if any(one in point.channels for point in points.values())]
    shown = channels if len(channels) > 1 else []
    return [
        {
            "Touchpoint": labels.get(key, key),
            "Reached": round(100 * point.reached / figures.enrolments),
            "Customers": point.customers,
            "Messages": point.sent,
        }
        | {sign(channel).word: point.channels.get(channel, 0) for channel in shown}
        | {"Still open": point.open, "Not sent": sum(point.why.values())}
        for key, point in points.items()
    ]


def reason_rows(figures: Figures, labels: Mapping[str, str]) -> list[Row]:
    """Each reason for which messages did not go, by touchpoint; then why others waited."""
    rows = []
    for key, point in figures.per_touchpoint.items():
        for name, number in sorted(point.why.items(), key=lambda entry: -entry[1]):
            status, _, reason = name.partition(":")
            why = reason_sentence(reason).capitalize() if reason else ""
            rows.append(_reason_row(labels.get(key, key), status, why, number))
    for key, point in figures.per_touchpoint.items():
        for reason, number in point.held.items():
            why = _WAITED.get(reason, reason_sentence(reason).capitalize())
            rows.append(_reason_row(labels.get(key, key), "held", why, number))
    return rows


def _reason_row(touchpoint: str, status: str, why: str, number: int) -> Row:
    return {"Touchpoint": touchpoint, "Outcome": spoken(status), "Why": why, "Messages": number}


def cost_rows(figures: Figures, prices: Mapping[str, float]) -> list[Row]:
    """Each channel with what was paid for, and its cost where there are prices."""
    points = figures.per_touchpoint.values()
    return [
        {
            "Channel": spoken(channel),
            "Messages": sum(point.channels.get(channel, 0) for point in points),
            "Paid parts": number,
        }
        | (_priced(number, prices.get(channel, 0)) if any(prices.values()) else {})
        for channel, number in figures.parts.items()
    ]


def _priced(number: int, price: float) -> Row:
    digits = 2 if price >= 0.1 else 4
    return {
        "Price each": figure(price, digits=digits),
        "Cost": figure(number * price, digits=2),
    }


def difference_rows(found: Difference, labels: Mapping[str, str]) -> list[Row]:
    """Each touchpoint that differs: its messages before and now."""
    return [
        {
            "Touchpoint": labels.get(point.key, f"{point.key} (removed)"),
            "Before": point.before,
            "Now": point.after,
            "More or fewer": f"{point.more:+d}" if point.more else "",
        }
        for point in found.touchpoints
    ]

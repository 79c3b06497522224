"""How the figures of a journey are said: sentences, and rows in which each number is a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pages._ui.words import count, figure, plain
from px import journeys
from px.journeys import Results, Verdict

_FEWEST_FOR_A_SHARE = 20
_NOTHING = "·"


@dataclass(frozen=True, slots=True)
class Row:
    """A touchpoint with its results; `unclicked` says why nobody can click it, if so."""

    key: str
    label: str
    results: Results
    asks: bool = False
    unclicked: str = ""


def answer(rows: Sequence[Row]) -> str:
    """What came of the whole journey, in a sentence or two."""
    sent, planned = (sum(getattr(row.results, n) for row in rows) for n in ("sent", "planned"))
    if not sent:
        return f"{count(planned, 'message')} still to come; none has left yet."
    counted = [row.results for row in rows if not row.unclicked]
    of, clicked = sum(one.sent for one in counted), sum(one.clicked for one in counted)
    left = sum(row.results.unsubscribed for row in rows)
    said = f"{count(sent, 'message')} left."
    if of:
        share = f" ({journeys.percent(clicked / of)})" if of >= _FEWEST_FOR_A_SHARE else ""
        among = "" if of == sent else f" of the {figure(of)} with counted links"
        said += f" {figure(clicked)}{among} {'was' if clicked == 1 else 'were'} clicked{share}."
    if left:
        said += f" {count(left, 'person', 'people')} unsubscribed by one of them."
    if planned:
        said += f" {figure(planned)} {'is' if planned == 1 else 'are'} still to come."
    return said


def touchpoint_cells(journey: str, row: Row) -> dict[str, str]:
    """A touchpoint's row, in Markdown."""
    results, place = row.results, {"journey": journey, "touchpoint": row.key}
    return (
        {"Touchpoint": plain(row.label), "To come": _number(results.planned)}
        | _by_readers(results, place, unclicked=row.unclicked)
        | {
            "Skipped": _number(results.left_out),
            "Failed": _linked(results.failed, place | {"status": "failed"}),
        }
    )


def variant_cells(
    journey: str, key: str, variant: str, label: str, results: Results
) -> dict[str, str]:
    """The row of one text of a touchpoint, in Markdown."""
    place = {"journey": journey, "touchpoint": key, "template": variant}
    return {"Text": plain(label)} | _by_readers(results, place)


def filled_columns(rows: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    """The rows as columns, without those that say nothing in any row."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    always = ("Touchpoint", "Text", "Sent", "Clicked")
    return {
        name: cells
        for name, cells in columns.items()
        if name in always or any(cell not in (_NOTHING, "") for cell in cells)
    }


def apart(verdict: Verdict) -> str:
    """How far the two texts may truly be apart; nothing while that could be anything."""
    if verdict.apart.high - verdict.apart.low > 0.5:
        return ""
    low, high = (f"{100 * end:+.1f}".replace("-", "\u2212") for end in verdict.apart)
    return (
        f"The true difference most likely lies between {low} and {high} points (an interval"
        " that is right in 95 of 100 cases). Openings decide nothing here."
    )


def skipped_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Every touchpoint and reason for which somebody got nothing, as plain text."""
    return [
        {
            "Touchpoint": row.label,
            "Touches": number,
            "Why": journeys.reason_sentence(reason or None),
        }
        for row in rows
        for reason, number in row.results.skipped.items()
    ]


def _by_readers(results: Results, place: dict[str, str], *, unclicked: str = "") -> dict[str, str]:
    def deed(number: int, name: str, sign: str = "") -> str:
        return _linked(number, place | {"became": name}, of=results.sent, sign=sign)

    # A dot would read as nought where nobody counts.
    clicked = f":gray[{unclicked}]" if unclicked and not results.clicked else ""
    return {
        "Sent": _linked(results.sent, place | {"status": "sent"}),
        "Opened, a guess": deed(results.opened, "opened", "~"),
        "Clicked": clicked or deed(results.clicked, "clicked"),
        "Answered": deed(results.answered, "answered"),
        "Unsubscribed": deed(results.unsubscribed, "unsubscribed"),
    }


def _number(number: int) -> str:
    return figure(number) if number else _NOTHING


def _linked(number: int, query: dict[str, str], *, of: int = 0, sign: str = "") -> str:
    """The figure as a link to the messages that it counts, with its share of those sent."""
    if not number:
        return _NOTHING
    share = f" ({journeys.percent(number / of)})" if of >= _FEWEST_FOR_A_SHARE else ""
    return f"[{sign}{figure(number)}](/outbox?{urlencode(query)}){share}"

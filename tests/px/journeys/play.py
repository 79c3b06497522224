"""Plays a journey over events and says what became of each touch, in plain values."""

import json
from typing import Any

from px.journeys.engine.compiled import compile_document
from px.journeys.reading import read_document
from px.journeys.rehearsal.event_file import read_events, read_shop
from px.journeys.rehearsal.simulation import simulate

HEAD = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
"""


def journey(points: str, **keys: str) -> str:
    """A journey text of these touchpoints (flow mappings, one a line) and further keys."""
    head = "".join(f"{key}: {value}\n" for key, value in keys.items())
    lines = "\n".join(f"  - {line.strip()}" for line in points.strip().splitlines())
    base = HEAD.replace("enter: {on: order_placed}\n", "") if "enter" in keys else HEAD
    return f"{base}{head}touchpoints:\n{lines}\n"


def event(
    at: str, kind: str, *, customer: Any = "c1", order: Any = "o1", **rest: Any
) -> dict[str, Any]:
    """One event; a bare id stands for a customer with mail and consent in Berlin."""
    known = {
        "id": customer,
        "email": f"{customer}@example.com",
        "zone": "Europe/Berlin",
        "consent": {"email": True},
    }
    row: dict[str, Any] = {
        "at": at,
        "kind": kind,
        "customer": known if isinstance(customer, str) else customer,
    }
    if order is not None:
        row["order"] = {"id": order} if isinstance(order, str) else order
    return row | rest


def play(
    text: str, events: list[dict[str, Any]], *, until: str = "2028-01-01T00:00:00Z", shop: str = ""
) -> list[tuple]:
    """(enrolment, touchpoint, occurrence, status, reason, due) of every touch, by enrolment and
    touchpoint.
    """
    compiled = compile_document(read_document(text))
    rules, _, _ = read_shop(shop)
    end = read_events([json.dumps({"at": until, "kind": "replied", "customer": {"id": "x"}})])[0].at
    rows = []
    for run in simulate(compiled, rules, read_events(json.dumps(e) for e in events), end):
        for enrolment in run.enrolments:
            for touch in enrolment.touches.values():
                due = touch.due_at.strftime("%Y-%m-%d %H:%M") if touch.due_at else None
                reason = str(touch.reason) if touch.reason else None
                rows.append(
                    (
                        enrolment.id,
                        touch.touchpoint,
                        touch.occurrence,
                        str(touch.status),
                        reason,
                        due,
                    )
                )
    return rows


def brief(rows: list[tuple]) -> list[tuple]:
    """Only (status, reason, due), for journeys of one touchpoint."""
    return [row[3:] for row in rows]

"""The enrolments of one customer planned at one moment: who gets the last place under the cap."""

from collections.abc import Sequence
from datetime import datetime

from px.journeys.engine.compiled import Compiled
from px.journeys.engine.facts import Facts, Touch
from px.journeys.plan import Run

Part = tuple[Compiled, Facts, int]


def plan_together(parts: Sequence[Part], now: datetime) -> list[list[Touch]]:
    """What `plan` says of each part (journey, facts, priority of the journey), in their order.

    A place that one of them takes under the cap is taken for all. Whose time has come takes one
    first in the journey of higher priority, then who was due first, then by the earlier anchor.
    """
    runs = [Run(journey, facts, now) for journey, facts, _priority in parts]
    waiting = [
        (-part[2], entry, run) for run, part in zip(runs, parts, strict=True) for entry in run.due
    ]
    waiting.sort(key=lambda each: (each[0], *each[1][:3]))
    taken = parts[0][1].sent_marketing if parts else []
    for _rank, entry, run in waiting:
        run.taken = taken
        run.decide(entry)
        taken = run.taken
    return [list(run.touches.values()) for run in runs]

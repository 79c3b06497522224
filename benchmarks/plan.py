"""px bench plan: how long a pass over many open enrolments takes.

100,000 open enrolments of an 8-touch journey; a pass with nothing due, then one with 10,000 touches
due. Each prints the figure beside its bar; exit status 1 when one is missed.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.journey import JOURNEY
from benchmarks.people import enrolment, people
from benchmarks.report import at_most, peak_memory, say
from db.models.journeys import Enrolment, Touch
from px import flow, journeys
from px.core.bulk import chunks, table_of
from px.core.settings import host_settings
from px.core.work import close_database, open_migrated, work
from px.journeys.running.versions import running_journeys

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PLACED = NOW - timedelta(days=20)
# What each touchpoint of an enrolment that is half-way through has become: status, days until due.
HALF_WAY = (
    ("confirmed", "transactional", "sent", -20),
    ("shipped", "transactional", "sent", -18),
    ("start", "marketing", "sent", -13),
    ("week", "marketing", "sent", -7),
    ("tips", "marketing", "planned", 2),
    ("review", "marketing", "waiting", None),
    ("care", "marketing", "planned", 31),
    ("again", "marketing", "planned", 46),
)


def main(arguments: Sequence[str] = ()) -> int:
    """Runs the benchmark; 0 when every bar is met."""
    parser = argparse.ArgumentParser(prog="px bench plan")
    parser.add_argument("--enrolments", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=10_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        met = _passes(Path(folder), options.enrolments, options.due)
    return 0 if met else 1


def _passes(folder: Path, enrolments: int, due: int) -> bool:
    settings = host_settings({"PX_DATA_DIR": str(folder)})
    open_migrated(settings.database_address)
    try:
        started = perf_counter()
        _fill(enrolments, due)
        say(
            f"{enrolments:,} enrolments, {8 * enrolments:,} touches prepared "
            f"in {perf_counter() - started:.0f} s"
        )
        idle = min(_pass(NOW - timedelta(days=1))[0] for _ in range(5))
        busy, planned = _pass(NOW)
        after = min(_pass(NOW)[0] for _ in range(3))
    finally:
        close_database()
    return all(
        (
            at_most("idle pass", idle * 1000, "ms", 100),
            at_most("idle pass after the busy one", after * 1000, "ms", 100),
            at_most(f"pass with {planned:,} enrolments due, beyond idle", busy - idle, "s", 2),
            at_most("memory", peak_memory(), "MB", 300),
        )
    )


def _pass(now: datetime) -> tuple[float, int]:
    started = perf_counter()
    flow.react(now=now)
    planned = 0
    while count := flow.advance(now=now):
        planned += count
    flow.settle(now=now)
    return perf_counter() - started, planned


def _fill(enrolments: int, due: int) -> None:
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="bench", now=PLACED)
        journeys.publish(session, "bench", by="bench", now=PLACED)
        session.flush()
        journey = next(iter(running_journeys(session).values()))
    with work() as session:
        connection = session.connection()
        for numbers in chunks(range(1, enrolments + 1), 5000):
            for model, rows in _rows(numbers, (journey.id, journey.version_id), due):
                connection.execute(table_of(model).insert(), rows)


def _rows(numbers: list[int], ids: tuple[int, int], due: int) -> Iterator[tuple[Any, list[Any]]]:
    """What stands in each table for these customers, each with one order half-way through."""
    journey, version = ids
    yield from people(numbers, lambda _n: PLACED)
    yield Enrolment, [enrolment(n, journey, version, PLACED) for n in numbers]
    yield Touch, [touch(n, journey, point, due) for n in numbers for point in HALF_WAY]


def touch(
    n: int, journey: int, point: tuple[str, str, str, int | None], due: int
) -> dict[str, Any]:
    """The touch of an enrolment half-way through; tips are due for the first `due` customers."""
    key, purpose, status, days = point
    at = None if days is None else NOW + timedelta(days=days)
    if key == "tips" and n <= due:
        at = NOW
    return {
        "enrolment_id": n,
        "journey_id": journey,
        "customer_id": n,
        "touchpoint": key,
        "purpose": purpose,
        "status": status,
        "due_at": at,
        "wake_at": at if status == "planned" else None,
        "settled_at": at if status == "sent" else None,
        "channel": "email" if status == "sent" else None,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

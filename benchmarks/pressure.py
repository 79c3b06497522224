"""px bench pressure: how long the pressure map takes: everybody inside, 30 days, all journeys.

10,000 customers, each inside three journeys half-way through. The bar is a few seconds, in the
background; the memory stays that of one part of the customers. Exit status 1 when it is missed.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from benchmarks import plan
from benchmarks.people import enrolment, people
from benchmarks.report import at_most, peak_memory, say
from db.models.journeys import Enrolment, Touch
from db.models.system import Event
from px import journeys
from px.core.bulk import chunks, table_of
from px.core.settings import host_settings
from px.core.work import close_database, open_migrated, reading, work
from px.journeys.ahead.pressure import pressure_map
from px.journeys.running.versions import running_journeys

KEYS = ("bench", "bench-two", "bench-three")


def main(arguments: Sequence[str] = ()) -> int:
    """Runs the benchmark; 0 when every bar is met."""
    parser = argparse.ArgumentParser(prog="px bench pressure")
    parser.add_argument("--customers", type=int, default=10_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        settings = host_settings({"PX_DATA_DIR": folder})
        open_migrated(settings.database_address)
        try:
            _fill(options.customers)
            started = perf_counter()
            with reading() as session:
                found = pressure_map(session, settings=settings, now=plan.NOW)
            took = perf_counter() - started
        finally:
            close_database()
    say(f"{found.customers:,} customers, {found.messages:,} messages in {len(KEYS)} journeys")
    met = at_most("pressure map of 30 days", took, "s", 20)
    return 0 if met & at_most("memory", peak_memory(), "MB", 500) else 1


def _fill(customers: int) -> None:
    for key in KEYS:
        with work() as session:
            text = plan.JOURNEY.replace("journey: bench", f"journey: {key}")
            journeys.import_journey(session, text, overwrite=True, by="bench", now=plan.PLACED)
            journeys.publish(session, key, by="bench", now=plan.PLACED)
    with work() as session:
        ids = [(j.id, j.version_id) for j in running_journeys(session).values()]
        connection = session.connection()
        for numbers in chunks(range(1, customers + 1), 5000):
            for model, rows in people(numbers, lambda _n: plan.PLACED):
                if model is Event:
                    _spread(rows, "at", lambda row: row["kind"] == "delivered")
                connection.execute(table_of(model).insert(), rows)
            for place, (journey, version) in enumerate(ids):
                _inside(connection, numbers, journey, version, place * customers)


def _inside(
    connection: Connection, numbers: list[int], journey: int, version: int, shift: int
) -> None:
    enrolments = [enrolment(n, journey, version, plan.PLACED) for n in numbers]
    touches = [plan.touch(n, journey, point, 0) for n in numbers for point in plan.HALF_WAY]
    for name in ("due_at", "wake_at"):
        _spread(touches, name, lambda row: row["status"] == "planned")
        # The last parcel came fourteen days before today, so that tips are due from today on.
        for row in touches:
            if row["status"] == "planned" and row["touchpoint"] == "tips":
                row[name] -= timedelta(days=2)
    for row in enrolments:
        row["id"] += shift
    for row in touches:
        row["enrolment_id"] += shift
    connection.execute(table_of(Enrolment).insert(), enrolments)
    connection.execute(table_of(Touch).insert(), touches)


def _spread(
    rows: list[dict[str, Any]], name: str, chosen: Callable[[dict[str, Any]], bool]
) -> None:
    """What is chosen happens on twenty days instead of one, by customer."""
    for row in rows:
        if chosen(row):
            row[name] += timedelta(days=row["customer_id"] % 20)


if __name__ == "__main__":
    raise SystemExit(main())

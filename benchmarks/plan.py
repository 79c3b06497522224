"""px bench plan: how long a pass over many open enrolments takes.

100,000 open enrolments of an 8-touch journey; a pass with nothing due, then one with 10,000 touches
due. Each prints the figure beside its bar; exit status 1 when one is missed.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.journey import JOURNEY
from db.models.customers import Address, Consent, Customer
from db.models.journeys import Enrolment, Touch
from db.models.orders import Order, OrderLine
from db.models.system import Event
from px import flow, journeys
from px.core.bulk import chunks, table_of
from px.core.settings import host_settings
from px.core.work import close_database, open_migrated, work
from px.journeys.running.versions import running_journeys

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PLACED = NOW - timedelta(days=20)
# What each touchpoint of an enrolment that is half-way through has become: status, days until due.
_HALF_WAY = (
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
        _say(
            f"{enrolments:,} enrolments, {8 * enrolments:,} touches prepared "
            f"in {perf_counter() - started:.0f} s"
        )
        idle = min(_pass(NOW - timedelta(days=1))[0] for _ in range(5))
        busy, planned = _pass(NOW)
        after = min(_pass(NOW)[0] for _ in range(3))
    finally:
        close_database()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return all(
        (
            _bar("idle pass", idle * 1000, "ms", 100),
            _bar("idle pass after the busy one", after * 1000, "ms", 100),
            _bar(f"pass with {planned:,} enrolments due, beyond idle", busy - idle, "s", 2),
            _bar("memory", memory, "MB", 300),
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
    for model, row in _ONE_EACH:
        yield model, [row(n) for n in numbers]
    yield Event, [_event(n, *happened) for n in numbers for happened in _HAPPENED]
    yield Enrolment, [_enrolment(n, journey, version) for n in numbers]
    yield Touch, [_touch(n, journey, point, due) for n in numbers for point in _HALF_WAY]


def _customer(n: int) -> dict[str, Any]:
    name = {"id": n, "first_name": f"Ada{n}", "zone": "Europe/Berlin", "orders": 1}
    return name | {"tags": [], "traits": {}} | _STAMP


def _address(n: int) -> dict[str, Any]:
    value = {"kind": "email", "value": f"a{n}@example.com", "is_primary": True}
    return {"customer_id": n, "created_at": PLACED} | value


def _consent(n: int) -> dict[str, Any]:
    said = {"channel": "email", "purpose": "marketing", "state": "given", "source": "shop"}
    return {"customer_id": n, "at": PLACED, "recorded_at": PLACED} | said


def _order(n: int) -> dict[str, Any]:
    named = {"id": n, "source": "shop", "number": f"#{n}", "customer_id": n, "tags": []}
    return named | {"placed_at": PLACED, "total_minor": 4900} | _STAMP


def _line(n: int) -> dict[str, Any]:
    item = {"sku": "SERUM-30", "name": "Serum", "unit_minor": 4900}
    return {"order_id": n, "position": 1} | item


def _event(n: int, kind: str, days: int) -> dict[str, Any]:
    key = {"key": f"order:{n}:{kind}", "kind": kind, "at": PLACED + timedelta(days=days)}
    about = {"customer_id": n, "order_id": n, "data": {}}
    return key | about | {"recorded_at": PLACED, "reacted_at": PLACED}


def _enrolment(n: int, journey: int, version: int) -> dict[str, Any]:
    about = {"id": n, "key": f"order:{n}", "customer_id": n, "order_id": n}
    inside = {"journey_id": journey, "version_id": version, "entered_at": PLACED}
    return about | inside | {"status": "active"}


def _touch(
    n: int, journey: int, point: tuple[str, str, str, int | None], due: int
) -> dict[str, Any]:
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


_STAMP = {"created_at": PLACED, "updated_at": PLACED}
_HAPPENED = (("order_placed", 0), ("shipped", 2), ("delivered", 6))
_ONE_EACH: tuple[tuple[Any, Callable[[int], dict[str, Any]]], ...] = (
    (Customer, _customer),
    (Address, _address),
    (Consent, _consent),
    (Order, _order),
    (OrderLine, _line),
)


def _bar(what: str, value: float, unit: str, bar: float) -> bool:
    met = value <= bar
    _say(f"{what}: {value:.2f} {unit} (at most {bar:g} {unit}) {'ok' if met else 'MISSED'}")
    return met


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

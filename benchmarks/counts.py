"""px bench counts: how long it takes to count what an edit does before it is published.

100,000 people inside a journey of 8 touchpoints, at every stage of it. Edits of a text and of one
touchpoint's day have 5 s, any other 20 s. Each figure stands beside its bar and beside what it
takes to read the same enrolments and their open touches from the same file and do nothing; exit
status 1 when a bar is missed.
"""

import argparse
import multiprocessing
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.journey import TOUCHPOINTS
from benchmarks.people import enrolment, people
from benchmarks.report import at_most, peak_memory, say
from db.models.journeys import Enrolment, Touch
from db.models.messages import Message
from px import journeys
from px.core.bulk import chunks, table_of
from px.core.settings import Settings, host_settings
from px.core.work import close_database, open_migrated, reading, work
from px.journeys.running.versions import running_journeys

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAYS = 40
JOURNEY = (
    TOUCHPOINTS
    + """\
templates:
  note: {subject: Note, body: Hello.}
  other: {subject: Other, body: Hello again.}
"""
)
# Touchpoint, purpose, and how many days after the order it is due; an order arrives on day 6.
_POINTS = (
    ("confirmed", "transactional", 0),
    ("shipped", "transactional", 2),
    ("start", "marketing", 7),
    ("week", "marketing", 13),
    ("tips", "marketing", 20),
    ("review", "marketing", 30),
    ("care", "marketing", 51),
    ("again", "marketing", 66),
)
_MORE = "  - {key: news, anchor: delivered, after: 8d, message: other}\ntemplates:"
# What is edited, its bar in seconds, and which words of the document become which.
EDITS = (
    ("another text", 5, "after: 14d, window", "after: 14d, name: Use, window"),
    ("one touchpoint's day, planned for all", 5, "45d", "50d"),
    ("one touchpoint's day, due now for some", 5, "after: 7d", "after: 5d"),
    ("a new touchpoint", 20, "templates:", _MORE),
    ("every day and the hours", 20, "d, message", "d, at: '10:30', message"),
    ("another event that ends it", 20, "[order_cancelled]", "[order_cancelled, delivered]"),
)


def main(arguments: Sequence[str] = ()) -> int:
    """Runs the benchmark; 0 when every bar is met."""
    parser = argparse.ArgumentParser(prog="px bench counts")
    parser.add_argument("--enrolments", type=int, default=100_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        # In a process of its own: its memory is not that of counting.
        filling = multiprocessing.get_context("spawn").Process(
            target=_fill, args=(Path(folder), options.enrolments)
        )
        filling.start()
        filling.join()
        say(f"{options.enrolments:,} people inside, prepared in {perf_counter() - started:.0f} s")
        return 0 if _measure(Path(folder)) else 1


def _measure(folder: Path) -> bool:
    settings = host_settings({"PX_DATA_DIR": str(folder)})
    plain = min(_read(folder / "px.db") for _ in range(2))
    say(f"reading the enrolments and their open touches, alone: {plain:.2f} s")
    open_migrated(settings.database_address)
    try:
        met = [_count(name, bar, edit, settings, plain) for name, bar, *edit in EDITS]
    finally:
        close_database()
    return all([*met, at_most("memory", peak_memory(), "MB", 500)])


def _count(name: str, bar: float, edit: list[str], settings: Settings, plain: float) -> bool:
    document = journeys.read_document(JOURNEY.replace(*edit))
    steps: list[tuple[int, int]] = []
    started, cpu = perf_counter(), process_time()
    with reading() as session:
        effect = journeys.effect_of_publishing(
            session,
            "bench",
            document,
            settings=settings,
            now=NOW,
            on_progress=lambda done, total: steps.append((done, total)),
        )
    took, cpu = perf_counter() - started, process_time() - cpu
    people = ", ".join(f"{n:,} {change}" for change, n in sorted(effect.people.items()))
    say(f"  {people}; {len(steps)} steps of progress, {cpu:.2f} s of CPU")
    return at_most(f"{name} ({took / plain:.1f} times reading)", took, "s", bar)


def _read(path: Path) -> float:
    """How long the driver takes to read the same enrolments and touches, doing nothing."""
    started = perf_counter()
    connection = sqlite3.connect(path)
    for table, where in (
        ("enrolments", "status = 'active'"),
        ("touches", "status IN ('waiting', 'planned', 'held')"),
    ):
        for _row in connection.execute(f"SELECT * FROM {table} WHERE {where}"):
            pass
    connection.close()
    return perf_counter() - started


def _fill(folder: Path, people: int) -> None:
    open_migrated(host_settings({"PX_DATA_DIR": str(folder)}).database_address)
    long_ago = NOW - timedelta(days=DAYS + 1)
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="bench", now=long_ago)
        journeys.publish(session, "bench", by="bench", now=long_ago)
        session.flush()
        journey = next(iter(running_journeys(session).values()))
    with work() as session:
        connection = session.connection()
        for numbers in chunks(range(1, people + 1), 5000):
            for model, rows in _rows(numbers, journey.id, journey.version_id):
                connection.execute(table_of(model).insert(), rows)
    close_database()


def _placed(n: int) -> datetime:
    """Spread over the days and the minutes of the day, no two alike soon."""
    return NOW - timedelta(days=n * 7 % DAYS, minutes=n * 37 % 1440, seconds=n % 60)


def _rows(numbers: list[int], journey: int, version: int) -> Iterator[tuple[Any, list[Any]]]:
    zones = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
    yield from people(numbers, _placed, until=NOW, zones=zones)
    yield Enrolment, [enrolment(n, journey, version, _placed(n)) for n in numbers]
    yield Touch, [_touch(n, journey, point) for n in numbers for point in _POINTS]
    yield Message, [_message(n, point) for n in numbers for point in _POINTS if _is_sent(n, point)]


def _is_sent(n: int, point: tuple[str, str, int]) -> bool:
    return _placed(n) + timedelta(days=point[2]) <= NOW


def _touch(n: int, journey: int, point: tuple[str, str, int]) -> dict[str, Any]:
    key, purpose, days = point
    due = _placed(n) + timedelta(days=days)
    is_known = (
        key == "confirmed" or _placed(n) + timedelta(days=20 if key == "review" else 6) <= NOW
    )
    sent = due <= NOW
    return {
        "enrolment_id": n,
        "journey_id": journey,
        "customer_id": n,
        "touchpoint": key,
        "purpose": purpose,
        "status": "sent" if sent else "planned" if is_known else "waiting",
        "due_at": due if sent or is_known else None,
        "wake_at": due if is_known and not sent else None,
        "settled_at": due if sent else None,
        "channel": "email" if sent else None,
    }


def _message(n: int, point: tuple[str, str, int]) -> dict[str, Any]:
    at = _placed(n) + timedelta(days=point[2])
    made = {"queued_at": at, "due_at": at, "sent_at": at, "settled_at": at, "told_at": at}
    about = {"customer_id": n, "order_id": n, "journey_key": "bench", "touchpoint": point[0]}
    return made | about | {
        "key": f"touch:{n}:{point[0]}:1", "template_version_id": 1, "channel": "email",
        "purpose": point[1], "status": "sent", "to_address": f"a{n}@example.com", "context": {},
        "header_id": f"<{n}.{point[0]}@x>", "header_date": at,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

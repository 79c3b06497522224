"""px bench rehearse: 10,000 orders through a journey of 8 touchpoints, every text filled in.

The orders stand in a database; they are read, played, rendered and added up as the Rehearsal tab
does it. The bar is 10 s and 500 MB. The ratio is to filling in the same number of texts and nothing
else, measured in the same run. Exit status 1 when a bar is missed.
"""

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time

from benchmarks.journey import JOURNEY
from benchmarks.people import people
from benchmarks.report import at_most, peak_memory, say
from px import journeys
from px.core.bulk import chunks, table_of
from px.core.settings import host_settings
from px.core.work import close_database, open_migrated, reading, work
from px.journeys import RehearsalScope
from px.messages import TemplateParts, make_context, render_text

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
NOTE = TemplateParts(
    "About your order {{ order.number }}",
    "Hello {{ customer.first_name }},\n\nyour {{ order.lines[0].name }} is worth a few words.\n"
    "{% if order.is_first %}Welcome.{% endif %}\n\n[Read on]({{ shop.url }})\n",
)


def main(arguments: Sequence[str] = ()) -> int:
    """Runs the benchmark; 0 when every bar is met."""
    parser = argparse.ArgumentParser(prog="px bench rehearse")
    parser.add_argument("--orders", type=int, default=10_000)
    options = parser.parse_args(arguments)
    # A process of its own, so that its memory is that of the rehearsal.
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        with context.Pool(1) as pool:
            pool.apply(_prepare, (folder, options.orders))
        with context.Pool(1) as pool:
            took, busy, memory, messages, plain = pool.apply(_rehearse, (folder,))
    ratio = busy / plain if plain else 0.0
    say(
        f"{messages:,} texts filled in alone: {plain:.2f} s of processor time; the rehearsal takes "
        f"{busy:.2f} s, {ratio:.1f} x"
    )
    say(f"{options.orders / took:,.0f} orders a second")
    scale = options.orders / 10_000
    met = at_most(f"{options.orders:,} orders, {messages:,} messages", took, "s", 10 * scale)
    return 0 if met & at_most("memory", memory, "MB", 500) else 1


def _prepare(folder: str, orders: int) -> None:
    open_migrated(host_settings({"PX_DATA_DIR": folder}).database_address)
    try:
        with work() as session:
            journeys.import_journey(session, JOURNEY, overwrite=False, by="bench", now=NOW)
            connection = session.connection()
            for numbers in chunks(range(1, orders + 1), 5000):
                for model, rows in people(numbers, _placed):
                    connection.execute(table_of(model).insert(), rows)
    finally:
        close_database()


def _rehearse(folder: str) -> tuple[float, float, float, int, float]:
    """Seconds by the clock and of the processor, MB at the most, messages, and seconds of the
    processor for as many texts alone.
    """
    open_migrated(host_settings({"PX_DATA_DIR": folder}).database_address)
    try:
        document = journeys.read_document(JOURNEY)
        with work() as session:
            scope = RehearsalScope(days=400)
            journeys.ask_rehearsal(session, document, scope=scope, by="bench", now=NOW)
        started, began = perf_counter(), process_time()
        journeys.run_rehearsals(now=NOW)
        took, busy = perf_counter() - started, process_time() - began
        with reading() as session:
            (line,) = journeys.rehearsals_of(session, "bench")
    finally:
        close_database()
    if line.figures is None:
        raise SystemExit(f"It was not played: {line.note}")
    return took, busy, peak_memory(), line.figures.messages, _texts_alone(line.figures.messages)


def _texts_alone(number: int) -> float:
    context = make_context(
        customer={"first_name": "Ada"},
        order={"number": "#1", "is_first": True, "lines": [{"sku": "SERUM-30", "name": "Serum"}]},
        shop={"url": "https://shop.example"},
    )
    began = process_time()
    for _ in range(number):
        render_text(NOTE, context, "email")
    return process_time() - began


def _placed(n: int) -> datetime:
    return NOW - timedelta(days=90, minutes=7 * (n % 20_000))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Importing Shopify's order export: lines a second, memory, and what the same file costs again.

Lines as a shop of some size has them: two an order, a customer coming back now and then, one order
in two with a phone. The baseline is csv.DictReader reading the same file and doing nothing with it.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.report import at_least, at_most, peak_memory, say
from px.core import clock

LINES = 200_000
SMALL = 50_000
LEAST_LINES_A_SECOND = 8_000
MOST_MEGABYTES = 400
LEAST_SPEED_UP = 2.0

HEADER = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Fulfilled at",
    "Accepts Marketing",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Shipping Method",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Lineitem requires shipping",
    "Lineitem taxable",
    "Lineitem fulfillment status",
    "Billing Name",
    "Billing Street",
    "Billing Address1",
    "Billing Address2",
    "Billing Company",
    "Billing City",
    "Billing Zip",
    "Billing Province",
    "Billing Country",
    "Billing Phone",
    "Shipping Name",
    "Shipping Street",
    "Shipping Address1",
    "Shipping Address2",
    "Shipping Company",
    "Shipping City",
    "Shipping Zip",
    "Shipping Province",
    "Shipping Country",
    "Shipping Phone",
    "Notes",
    "Note Attributes",
    "Cancelled at",
    "Payment Method",
    "Payment Reference",
    "Refunded Amount",
    "Vendor",
    "Outstanding Balance",
    "Employee",
    "Location",
    "Device ID",
    "Id",
    "Tags",
    "Risk Level",
    "Source",
    "Lineitem discount",
    "Tax 1 Name",
    "Tax 1 Value",
    "Tax 2 Name",
    "Tax 2 Value",
    "Tax 3 Name",
    "Tax 3 Value",
    "Tax 4 Name",
    "Tax 4 Value",
    "Tax 5 Name",
    "Tax 5 Value",
    "Phone",
    "Receipt Number",
    "Duties",
    "Billing Province Name",
    "Shipping Province Name",
    "Payment ID",
    "Payment Terms Name",
    "Next Payment Due At",
    "Payment References",
]
_FIRST = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Ken", "Frances", "Tony")
_LAST = (
    "Lovelace",
    "Hopper",
    "Turing",
    "Dijkstra",
    "Liskov",
    "Knuth",
    "Perlman",
    "Allen",
    "Müller",
)
_COUNTRIES = ("US", "US", "US", "GB", "CA", "DE", "NL", "AU")
_NEWEST = datetime(2026, 5, 3, 18, 0, tzinfo=UTC)


def rows(lines: int) -> Iterator[list[str]]:
    """The lines of a made-up export, newest order first, as the admin writes it."""
    at = {name: place for place, name in enumerate(HEADER)}
    written = order = 0
    while written < lines:
        order += 1
        items = (1, 2, 3, 1, 2, 2, 3, 1, 4, 1)[order % 10]
        for item in range(min(items, lines - written)):
            row = [""] * len(HEADER)
            _fill_line(row, at, order, item)
            if item == 0:
                _fill_order(row, at, order, items)
            written += 1
            yield row


def _fill_line(row: list[str], at: dict[str, int], order: int, item: int) -> None:
    product = (order * 7 + item * 13) % 300
    row[at["Name"]] = f"#{200_000 - order}"
    row[at["Email"]] = _email(order)
    row[at["Lineitem quantity"]] = "1" if item else "2"
    row[at["Lineitem name"]] = f"Serum No. {product} - {30 + product % 5} ml"
    row[at["Lineitem price"]] = f"{20 + product % 60}.00"
    row[at["Lineitem sku"]] = f"SERUM-{product:03}"
    row[at["Lineitem requires shipping"]] = row[at["Lineitem taxable"]] = "true"
    row[at["Lineitem fulfillment status"]] = "fulfilled"
    row[at["Vendor"]] = "Fern & Fable"
    row[at["Lineitem discount"]] = "0.00"


def _fill_order(row: list[str], at: dict[str, int], order: int, items: int) -> None:
    placed = _NEWEST - timedelta(minutes=5 * order)
    offset = "-0500" if placed.month in (11, 12, 1, 2, 3) else "-0400"
    stamp = f"{placed:%Y-%m-%d %H:%M:%S} {offset}"
    person = _person(order)
    name = f"{_FIRST[person % 10]} {_LAST[person % 9]}"
    country = _COUNTRIES[person % 8]
    cells = {
        "Financial Status": ("paid", "paid", "paid", "paid", "partially_refunded")[order % 5],
        "Paid at": stamp,
        "Fulfillment Status": "fulfilled",
        "Fulfilled at": stamp,
        "Accepts Marketing": "yes" if person % 3 else "no",
        "Currency": "USD",
        "Subtotal": f"{sum(_prices(order, items))}.00",
        "Shipping": "4.90",
        "Taxes": "3.10",
        "Total": f"{sum(_prices(order, items)) + 8}.00",
        "Discount Amount": "0.00",
        "Shipping Method": "Standard",
        "Created at": stamp,
        "Billing Name": name,
        "Billing Street": f"{person} Elm Street",
        "Billing Address1": f"{person} Elm Street",
        "Billing City": "Springfield",
        "Billing Zip": f"'{person % 90000:05}",
        "Billing Country": country,
        "Shipping Name": name,
        "Shipping Address1": f"{person} Elm Street",
        "Shipping City": "Springfield",
        "Shipping Zip": f"'{person % 90000:05}",
        "Shipping Country": country,
        "Shipping Phone": f"'+1{2_125_550_000 + person * 17}" if person % 2 else "",
        "Payment Method": "Shopify Payments",
        "Refunded Amount": "5.00" if order % 5 == 4 else "0.00",
        "Id": f"{5_000_000_000_000 + order}",
        "Risk Level": "Low",
        "Source": "web",
        "Outstanding Balance": "0.00",
    }
    for heading, value in cells.items():
        row[at[heading]] = value


def _prices(order: int, items: int) -> list[int]:
    return [(20 + (order * 7 + item * 13) % 300 % 60) * (1 if item else 2) for item in range(items)]


def _person(order: int) -> int:
    """Two orders in five are of somebody who has bought before."""
    return order if order % 5 < 3 else order // 3


def _email(order: int) -> str:
    person = _person(order)
    return f"{_FIRST[person % 10].lower()}.{person}@example.com"


def write_file(path: Path, lines: int) -> None:
    """A made-up export of so many lines stands at `path`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(lines))


def main(_arguments: Sequence[str] = ()) -> int:
    """Prints the figures; answers 1 when one of them misses its bar."""
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder, "large.csv"), Path(folder, "small.csv")
        write_file(large, LINES)
        write_file(small, SMALL)
        plain = _baseline(large)
        few = _measured(small, Path(folder, "few.db"), times=1)
        many = _measured(large, Path(folder, "many.db"), times=2)
    return _told(plain, few, many)


def _told(plain: float, few: dict[str, Any], many: dict[str, Any]) -> int:
    first, again = many["seconds"]
    cpu = LINES / many["cpu"][0]
    say(f"{LINES:,} lines of 79 columns, {many['orders']:,} orders, SQLite")
    say(f"csv.DictReader alone: {LINES / plain:,.0f} lines/s")
    good = [
        at_least("import", LINES / first, "lines/s", LEAST_LINES_A_SECOND),
        at_least("the same file again", first / again, "times as fast", LEAST_SPEED_UP),
        at_most("peak memory", many["megabytes"], "MB", MOST_MEGABYTES),
        many["unchanged"] == many["orders"],
    ]
    say(f"import: {plain / first:.3f} of the baseline; {cpu:,.0f} lines per second of CPU")
    say(f"peak memory with {SMALL:,} lines: {few['megabytes']:.0f} MB")
    say(f"unchanged the second time: {many['unchanged']:,} of {many['orders']:,} orders")
    return 0 if all(good) else 1


def _baseline(path: Path) -> float:
    started = clock.monotonic()
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.DictReader(file):
            pass
    return clock.monotonic() - started


def _measured(path: Path, database: Path, *, times: int) -> dict[str, Any]:
    """Imports the file in a process of its own and answers with its seconds and peak memory."""
    environment = os.environ | {
        "PX_DATABASE_URL": f"sqlite:///{database}",
        "PX_DATA_DIR": str(database.parent),
        "PX_SECRET_KEY": "a key for measuring only, long enough",
    }
    words = [sys.executable, "-m", "benchmarks.imports", str(path), str(times)]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        words, env=environment, cwd=root, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _child(path: Path, times: int) -> None:
    from time import process_time

    from db.kinds import ImportKind
    from px.cli.base import opened
    from px.orders import FileOptions, ImportOptions, import_file

    seconds: list[float] = []
    cpu: list[float] = []
    with opened() as settings:
        for _ in range(times):
            started, busy = clock.monotonic(), process_time()
            report = import_file(
                path,
                ImportOptions(FileOptions(ImportKind.SHOPIFY_ORDERS)),
                settings=settings,
                now=datetime(2026, 5, 4, 12, 0, tzinfo=UTC),
                errors_path=path.with_suffix(".errors.csv"),
            )
            seconds.append(clock.monotonic() - started)
            cpu.append(process_time() - busy)
    figures = {"seconds": seconds, "cpu": cpu, "megabytes": peak_memory()}
    print(json.dumps(figures | report.counts))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _child(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        sys.exit(main())

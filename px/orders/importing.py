"""Reads a file to its end: batches of 1,000, each kept as a whole or not, with counts.

A file that stops half-way keeps the batches before; importing it again finds them unchanged.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from sqlmodel import Session

from db.kinds import ImportKind
from px.core.bulk import chunks
from px.core.errors import DatabaseProblem, InvalidInput, PxError
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import CustomerFacts, record_customers
from px.orders.actions import known_fingerprints, record_orders
from px.orders.facts import Became, Counts, OrderFacts, ShipmentFacts
from px.orders.shipments import record_shipments
from px.orders.sources.opened import FileOptions, OpenFile, open_file
from px.orders.sources.order_facts import ReadOrder
from px.orders.sources.order_rows import OrderGroups, RawOrder
from px.orders.sources.problems import ErrorsFile, RowProblem, RowRefused

MOST_NOTES = 20
COUNTS = ("rows", "orders", "new", "updated", "unchanged", "historic", "skipped", "errors")
NOUNS = {
    ImportKind.SHOPIFY_ORDERS: "orders",
    ImportKind.ORDERS: "orders",
    ImportKind.SHOPIFY_CUSTOMERS: "customers",
    ImportKind.CUSTOMERS: "customers",
    ImportKind.SHIPMENTS: "shipments",
}
Fact = OrderFacts | CustomerFacts | ShipmentFacts


class ImportCancelled(PxError):
    """The import was cancelled. What was read before is kept; import the file again to go on."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is to be imported. Orders older than `historic_days` start nothing."""

    file: FileOptions
    historic_days: int | None = None
    dry_run: bool = False


@dataclass(slots=True)
class ImportReport:
    """What an import brought. `notes` are the first things that look odd but were taken."""

    kind: ImportKind
    dry_run: bool
    counts: dict[str, int] = field(default_factory=dict)
    errors_path: Path | None = None
    notes: list[RowProblem] = field(default_factory=list)

    def count(self, name: str, more: int = 1) -> None:
        """So many more of these."""
        self.counts[name] = self.counts.get(name, 0) + more


@dataclass(frozen=True, slots=True)
class Taken:
    """One order, customer or parcel of the file, what became of it and, if refused, why."""

    row: int
    became: Became
    facts: Fact | None
    historic: bool = False
    name: str = ""
    why: str = ""


class Watch(Protocol):
    """Whoever wants to see how far an import is, or stop it by raising ImportCancelled."""

    def __call__(self, progress: float, report: ImportReport) -> None:
        """A batch was taken; `progress` is the share of the file that was read."""


def import_file(
    path: Path,
    options: ImportOptions,
    *,
    settings: Settings,
    now: datetime,
    errors_path: Path,
    watch: Watch | None = None,
) -> ImportReport:
    """The file's rows stand in the tables, the refused ones in the file at `errors_path`.

    InvalidInput when the file cannot be read as what it is said to be; then nothing was written,
    or the message says what was kept.
    """
    opened = open_file(
        path, options.file, shop_zone=settings.shop_zone, shop_country=settings.shop_country
    )
    report = ImportReport(options.file.kind, options.dry_run, dict.fromkeys(COUNTS, 0))
    with ErrorsFile(errors_path) as errors, _fewer_collections():
        run = _Run(opened, options, settings, now, report, errors)
        try:
            for _ in run.taken():
                report.counts["errors"] = errors.count
                if watch:
                    watch(opened.sheet.progress, report)
        except ImportCancelled:
            raise
        except PxError as error:
            raise _with_what_was_kept(error, report) from error
    report.counts["errors"] = errors.count
    report.errors_path = errors_path if errors.count else None
    return report


def preview_rows(
    opened: OpenFile, options: ImportOptions, *, settings: Settings, now: datetime, count: int
) -> tuple[list[Taken], list[RowProblem]]:
    """What would become of the first orders, customers or parcels of the file; nothing is kept."""
    report = ImportReport(options.file.kind, True, dict.fromkeys(COUNTS, 0))
    problems: list[RowProblem] = []
    options = ImportOptions(options.file, options.historic_days, dry_run=True)
    run = _Run(
        *(opened, options, settings, now, report, _Problems(problems)),
        size=count,
        most_rows=20 * count,
    )
    return next(run.taken(), [])[:count], problems


def sentence(report: ImportReport) -> str:
    """What the import brought, for people."""
    counts, noun = report.counts, NOUNS[report.kind]
    begin = "Nothing was written. It would be: " if report.dry_run else ""
    parts = [f"{counts[name]:,} {name}" for name in ("new", "updated", "unchanged")]
    parts += also(report.kind, counts)
    return f"{begin}{counts['rows']:,} rows, {counts.get(noun, 0):,} {noun}: {', '.join(parts)}."


def also(kind: ImportKind, counts: Mapping[str, int]) -> list[str]:
    """What else an import's counts say, each that is not zero in words."""
    told = [
        (name, counts.get(name, 0), words) for name, words in _ALSO.items() if name != NOUNS[kind]
    ]
    return [f"{number:,} {words[number != 1]}" for _, number, words in told if number]


_ALSO = {
    "historic": ("historic (too old to start a journey)",) * 2,
    "skipped": ("skipped (the person asked to be forgotten)",) * 2,
    "customers": ("new customer", "new customers"),
    "unreachable": ("without an address to write to",) * 2,
    "errors": ("row refused", "rows refused"),
    "warnings": ("with something odd",) * 2,
}


class _Problems:
    """Keeps problems in a list instead of a file."""

    def __init__(self, kept: list[RowProblem]) -> None:
        self._kept = kept
        self.count = 0

    def add(self, problem: RowProblem) -> None:
        self.count += 1
        self._kept.append(problem)


class _Run:
    """One pass over a file."""

    def __init__(
        self,
        opened: OpenFile,
        options: ImportOptions,
        settings: Settings,
        now: datetime,
        report: ImportReport,
        errors: ErrorsFile | _Problems,
        size: int = 1000,
        most_rows: int | None = None,
    ) -> None:
        self.opened, self.options, self.settings = opened, options, settings
        self.now, self.report, self.errors, self.size = now, report, errors, size
        days = (
            options.historic_days if options.historic_days is not None else settings.historic_days
        )
        self.historic_before = now - timedelta(days=days)
        # A dry run keeps nothing, so that somebody new to it is new again in the next batch.
        self.met: set[int] = set()
        self.most_rows = most_rows
        self.unread = 0

    def taken(self) -> Iterator[list[Taken]]:
        """Every batch of the file, after it was taken."""
        noun = NOUNS[self.options.file.kind]
        return {"orders": self._orders, "customers": self._customers, "shipments": self._shipments}[
            noun
        ]()

    def _orders(self) -> Iterator[list[Taken]]:
        groups = OrderGroups(self.opened.matched.places, self._refuse)
        reader = self.opened.orders()
        for batch in groups.batches(self._rows()):
            self.report.counts["rows"] = groups.rows + self.unread
            prints = [raw.fingerprint(self.opened.seed) for raw in batch]
            names = [(reader.source, raw.number) for raw in batch]
            with reading() as session:
                known = known_fingerprints(session, names)
            found = [
                (raw, None if known.get(name) == one else reader.read(raw, one))
                for raw, name, one in zip(batch, names, prints, strict=True)
            ]
            yield self._take_orders(found)

    def _take_orders(self, found: Sequence[tuple[RawOrder, ReadOrder | None]]) -> list[Taken]:
        for _, one in found:
            if one:
                self._note(one)
        read = [one.facts for _, one in found if one and one.facts]
        with self._unit() as session:
            counts = record_orders(
                session,
                read,
                now=self.now,
                historic_before=self.historic_before,
                region_hint=self.settings.shop_country,
                key=self.settings.key,
            )
        self._count(counts)
        self.report.count("unchanged", sum(one is None for _, one in found))
        self.report.count("customers", self._new_people(counts.new_customers, read))
        self.report.count("unreachable", counts.unreachable)
        became = iter(counts.became)
        taken = []
        for raw, one in found:
            facts = one.facts if one else None
            fate = Became.UNCHANGED if one is None else next(became) if facts else Became.REFUSED
            historic = facts is not None and facts.placed_at < self.historic_before
            why = one.problems[0].reason if one and one.problems else ""
            taken.append(Taken(raw.row, fate, facts, historic, raw.number, why))
        self.report.count("orders", sum(one.became is not Became.REFUSED for one in taken))
        return taken

    def _note(self, one: ReadOrder) -> None:
        others = "; the other rows of this order are left out with it"
        for problem in sorted(one.problems, key=lambda problem: problem.row):
            more = others if len(one.raw.rows) > 1 else ""
            self._refuse(problem._replace(reason=problem.reason + more))
        self.report.count("warnings", len(one.notes))
        self.report.notes += one.notes[: MOST_NOTES - len(self.report.notes)]

    def _customers(self) -> Iterator[list[Taken]]:
        for rows, facts in self._batches(self.opened.customers().read):
            with self._unit() as session:
                recorded = record_customers(
                    session,
                    facts,
                    now=self.now,
                    region_hint=self.settings.shop_country,
                    key=self.settings.key,
                )
            became = [_fate(place, one, recorded) for place, one in enumerate(recorded.ids)]
            for place, fate in enumerate(became):
                if fate is Became.REFUSED:
                    reason = (
                        "Not a phone number of the customer's country, and there is no other name"
                    )
                    self._refuse(RowProblem(rows[place], "phone", reason, facts[place].phone or ""))
            self._count(Counts(became))
            self.report.count("customers", len(facts) - became.count(Became.REFUSED))
            yield [Taken(*one) for one in zip(rows, became, facts, strict=True)]

    def _shipments(self) -> Iterator[list[Taken]]:
        for rows, facts in self._batches(self.opened.shipments().read):
            with self._unit() as session:
                counts = record_shipments(session, facts, now=self.now)
            for place, reason in counts.refused.items():
                self._refuse(
                    RowProblem(rows[place], "order_number", reason, facts[place].order_number)
                )
            self._count(counts)
            self.report.count("shipments", len(facts) - len(counts.refused))
            yield [Taken(*one) for one in zip(rows, counts.became, facts, strict=True)]

    def _batches(self, read: Callable[[list[str]], Any]) -> Iterator[tuple[list[int], list[Any]]]:
        read_rows = 0
        for chunk in chunks(self._rows(), self.size):
            read_rows += len(chunk)
            self.report.counts["rows"] = read_rows + self.unread
            rows, facts = [], []
            for number, row in chunk:
                try:
                    facts.append(read(row))
                    rows.append(number)
                except RowRefused as error:
                    self._refuse(RowProblem(number, error.column, error.reason, error.value))
            yield rows, facts

    def _count(self, counts: Counts) -> None:
        for fate in (Became.NEW, Became.UPDATED, Became.UNCHANGED, Became.SKIPPED):
            self.report.count(fate.value, counts.became.count(fate))
        self.report.count("historic", counts.historic)

    def _new_people(self, places: Sequence[int], read: Sequence[OrderFacts]) -> int:
        before = len(self.met)
        for place in places:
            customer = read[place].customer
            if customer and self.options.dry_run:
                self.met.add(hash(customer.email or customer.external_id or customer.phone))
        return len(self.met) - before if self.options.dry_run else len(places)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        return islice(self.opened.sheet.rows(self._refuse_unread), self.most_rows)

    def _refuse_unread(self, problem: RowProblem) -> None:
        self.unread += 1
        self._refuse(problem)

    def _refuse(self, problem: RowProblem) -> None:
        heading = self.opened.heading(problem.column) if problem.column else ""
        self.errors.add(problem._replace(column=heading))

    @contextmanager
    def _unit(self) -> Iterator[Session]:
        try:
            with work() as session:
                yield session
                if self.options.dry_run:
                    raise _NothingKept
        except _NothingKept:
            pass


@contextmanager
def _fewer_collections() -> Iterator[None]:
    # A batch holds a hundred thousand small objects for a moment, none of them in circles: looking
    # for circles as often as usual took a fifth of the time.
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _NothingKept(Exception):
    """Ends the unit of work of a dry run."""


def _fate(place: int, customer_id: int | None, recorded: Any) -> Became:
    if customer_id is None:
        return Became.SKIPPED if place in recorded.erased else Became.REFUSED
    if place in recorded.new_places:
        return Became.NEW
    return Became.UPDATED if customer_id in recorded.changed else Became.UNCHANGED


def _with_what_was_kept(error: PxError, report: ImportReport) -> PxError:
    noun = NOUNS[report.kind]
    kept = report.counts.get("new", 0) + report.counts.get("updated", 0)
    text = str(error).replace("; nothing was changed", "").rstrip(".")
    if report.dry_run or not kept:
        return type(error)(f"{text}. Nothing was imported.")
    again = "Import the file again when that is put right: what is here already is recognised"
    kind = InvalidInput if isinstance(error, InvalidInput) else type(error)
    if isinstance(error, DatabaseProblem):
        kind = DatabaseProblem
    return kind(f"{text}. The {kept:,} {noun} read before that are kept. {again}.")

"""A file as a header and rows of cells; rows are counted as a spreadsheet counts them."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

from px.core.errors import PxError
from px.core.text import one_line
from px.orders.sources.files import Guarded, Limits, Unreadable, find_encoding, open_text
from px.orders.sources.problems import RowProblem

_DELIMITERS = (",", ";", "\t", "|")
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# Longer than any row of an export; a file without line ends must not be read at once.
_LONGEST_LINE = 4_000_000
Report = Callable[[RowProblem], None]


@dataclass(slots=True)
class Sheet:
    """A table in a file. `above` lines stand before the header, `hidden` ones no program shows."""

    path: Path
    limits: Limits
    encoding: str
    delimiter: str
    header: list[str]
    above: int
    hidden: int
    _guarded: list[Guarded] = field(default_factory=list)

    @property
    def progress(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return self._guarded[-1].progress if self._guarded else 0.0

    def rows(self, report: Report) -> Iterator[tuple[int, list[str]]]:
        """Every row that is not blank, with its number and as many cells as the header.

        A row with too many cells, or in the middle of which the file ends, goes to `report`.
        """
        width = len(self.header)
        short: tuple[int, list[str]] | None = None
        for number, row in self._numbered():
            if short:
                yield short[0], _padded(short[1], width)
                short = None
            if len(row) == width:
                if any(row):
                    yield number, row
            elif len(row) < width:
                short = (number, row) if any(row) else None
            elif any(row[width:]):
                report(_too_wide(number, row, width))
            else:
                yield number, row[:width]
        if short and self._ends_inside(short[1]):
            report(RowProblem(short[0], "", "The file ends in the middle of this row", ""))
        elif short:
            yield short[0], _padded(short[1], width)

    def is_empty(self) -> bool:
        """Whether no row follows the header."""
        problems: list[RowProblem] = []
        return next(self.rows(problems.append), None) is None and not problems

    def sample(self, count: int) -> list[tuple[int, list[str]]]:
        """The first rows."""
        return list(islice(self.rows(lambda _problem: None), count))

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        number, first = 0, self.above + 1
        try:
            with open_text(self.path, self.encoding, self.limits) as (text, guarded):
                self._guarded = [guarded]
                csv.field_size_limit(self.limits.cell)
                reader = csv.reader(_lines(text), delimiter=self.delimiter)
                for number, row in enumerate(reader, 1):
                    if number > first:
                        yield number - self.hidden, row
                    if number > self.limits.rows:
                        raise Unreadable(
                            f"The file has more than {self.limits.rows:,} rows: split it."
                        )
        except UnicodeDecodeError as error:
            raise Unreadable(_not_decoded(self.encoding, number + 1)) from error
        except csv.Error as error:
            raise Unreadable(
                f"Row {number + 1} cannot be read ({error}): a quotation mark is probably missing."
            ) from error
        except OSError as error:
            raise PxError(f"{self.path.name} cannot be read on: {error.strerror}.") from error

    def _ends_inside(self, row: list[str]) -> bool:
        return not self._guarded[-1].ends_with_newline or "\n" in row[-1]


def open_sheet(path: Path, limits: Limits, known: Collection[str]) -> Sheet:
    """The table in the file. `known` are headings that tell the right separator from others.

    Unreadable, saying why, when the file is no table, has no rows or too many columns.
    """
    encoding = find_encoding(path, limits)
    try:
        with open_text(path, encoding, limits) as (text, _):
            lines = list(islice(_lines(text), 50))
    except UnicodeDecodeError as error:
        raise Unreadable(_not_decoded(encoding, 1)) from error
    blank = next((at for at, line in enumerate(lines) if line.strip()), 0)
    given = _SEP.fullmatch(lines[blank]) if lines else None
    above = blank + 1 if given else blank
    delimiter = given[1] if given else _delimiter(lines[above:], known)
    header = _header(lines[above:], delimiter)
    if len(header) > limits.columns:
        raise Unreadable(
            f"The file has {len(header):,} columns; at most {limits.columns} are read."
        )
    if not any(header):
        raise Unreadable("The file has no header: its first row must name the columns.")
    sheet = Sheet(path, limits, encoding, delimiter, header, above, hidden=1 if given else 0)
    if sheet.is_empty():
        raise Unreadable("The file has a header but no rows.")
    return sheet


def normal(heading: str) -> str:
    """A heading as it is compared: in lower case, words parted by single spaces."""
    return re.sub(r"[\W_]+", " ", heading.casefold()).strip()


def _lines(text: IO[str]) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) >= _LONGEST_LINE:
            raise Unreadable("The file has a line of several megabytes: it is not a table.")
        yield line


def _delimiter(lines: list[str], known: Collection[str]) -> str:
    names = {normal(name) for name in known}

    def fits(delimiter: str) -> tuple[int, int]:
        header = _header(lines, delimiter)
        return sum(normal(name) in names for name in header), len(header)

    return max(_DELIMITERS, key=fits)


def _header(lines: Iterable[str], delimiter: str) -> list[str]:
    try:
        row = next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error as error:
        raise Unreadable(f"The header cannot be read ({error}).") from error
    return [one_line(name.lstrip("\ufeff"), 300) for name in row]


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def _too_wide(number: int, row: list[str], width: int) -> RowProblem:
    reason = f"The row has {len(row)} cells, the header {width}: a quotation mark is missing"
    return RowProblem(number, "", reason, row[width])


def _not_decoded(encoding: str, number: int) -> str:
    name = "UTF-8" if encoding.startswith("utf-8") else encoding
    return (
        f"From row {number:,} on there are letters that are not {name}: the file is damaged, or"
        " was put together from two. Save it as CSV UTF-8 and import it again."
    )

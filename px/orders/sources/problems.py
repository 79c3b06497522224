"""What was wrong with which row, and the file that says so."""

import csv
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple, TypeVar

from px.core.errors import PxError
from px.core.text import formula_safe, one_line

T = TypeVar("T")
HEADER = ["Row", "Column", "Reason", "Value"]


class RowProblem(NamedTuple):
    """Why a row was refused: which cell, what is wrong with it, and what stood there."""

    row: int
    column: str
    reason: str
    value: str


class RowRefused(Exception):
    """A row, and the order it belongs to, cannot be taken."""

    def __init__(self, column: str, reason: str, value: str) -> None:
        """`column` is our name of it."""
        super().__init__(reason)
        self.column, self.reason, self.value = column, reason, value


def read_cell(column: str, text: str, read: Callable[[str], T]) -> T:
    """What `read` makes of the cell. RowRefused, naming the column, when it cannot."""
    try:
        return read(text)
    except ValueError as error:
        raise RowRefused(column, str(error), text) from error


class ErrorsFile:
    """The refused rows as a CSV beside the file, made with the first; `count` is how many rows."""

    def __init__(self, path: Path) -> None:
        """One left by an earlier import of the same file goes away."""
        self.path = path
        self.count = 0
        self._last = 0
        self._file: IO[str] | None = None
        self._writer: Any = None
        self._mode = "x"
        if _is_ours(path):
            self._mode = "w"
            with suppress(OSError):
                path.unlink()

    def add(self, problem: RowProblem) -> None:
        """The problem stands in the file, harmless to spreadsheets."""
        if self._writer is None:
            self._open()
        self.count += problem.row != self._last
        self._last = problem.row
        cells = (problem.column, problem.reason, one_line(problem.value, 1000))
        try:
            self._writer.writerow([problem.row, *(formula_safe(cell) for cell in cells)])
        except OSError as error:
            raise PxError(f"{self.path} cannot be written: {error.strerror}.") from error

    def __enter__(self) -> "ErrorsFile":
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()

    def _open(self) -> None:
        try:
            self._file = self.path.open(self._mode, encoding="utf-8-sig", newline="")
        except FileExistsError as error:
            raise PxError(
                f"Some rows are wrong, and {self.path} is there already with something else in it:"
                " move it away, for their reasons are written there."
            ) from error
        except OSError as error:
            raise PxError(
                f"Some rows are wrong, and {self.path} cannot be written: {error.strerror}."
                " Import a copy of the file from a folder that can be written to."
            ) from error
        self._writer = csv.writer(self._file)
        self._writer.writerow(HEADER)


def _is_ours(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(1000)
            # An import that was killed early leaves an empty one.
            return not first or first.strip() == ",".join(HEADER)
    except (OSError, UnicodeDecodeError):
        return False

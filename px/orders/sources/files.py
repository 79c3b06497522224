"""Files as they come from outside: opened safely, decompressed within bounds, decoded.

Nothing of a file's own names or claims is believed: its first bytes say what it is, and its size is
counted while it is read.
"""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from px.core.errors import InvalidInput, PxError

MEGABYTE = 1024 * 1024
_BLOCK = 256 * 1024
# Below this a small file may well be very repetitive.
_RATIO_FROM = 20 * MEGABYTE
_SAVE_AS = "Save it as CSV (in Excel: File, Save as, CSV UTF-8) and import that."
_NOT_A_TABLE = (
    (b"\xd0\xcf\x11\xe0", f"an old Excel workbook (.xls). {_SAVE_AS}"),
    (b"%PDF", "a PDF. Export the data as CSV instead."),
    (b"\x89PNG", "an image."),
    (b"\xff\xd8\xff", "an image."),
    (b"GIF8", "an image."),
    (b"SQLite format 3", "a database. Export the table as CSV."),
    (b"PAR1", "a Parquet file. Export the data as CSV."),
    (b"7z\xbc\xaf", "a 7z archive. Unpack it and import the CSV inside."),
    (b"Rar!", "a RAR archive. Unpack it and import the CSV inside."),
    (b"BZh", "a bzip2 file. Unpack it and import the CSV inside."),
    (b"\xfd7zXZ", "an xz file. Unpack it and import the CSV inside."),
    (b"{", "JSON. Export the data as CSV."),
    (b"[", "JSON. Export the data as CSV."),
    (b"<", "a web page or XML. Export the data as CSV; perhaps a sign-in page was downloaded."),
)
# zipfile raises NotImplementedError for a way of packing that it cannot unpack.
_DAMAGED = (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError)


class Unreadable(InvalidInput):
    """The file cannot be read as a table."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read at most."""

    bytes: int = 500 * MEGABYTE
    rows: int = 5_000_000
    columns: int = 500
    cell: int = 131_072
    ratio: int = 100


class Guarded(io.RawIOBase):
    """The decompressed bytes of a file, counted against the limits while they are read."""

    def __init__(self, inner: IO[bytes], outer: IO[bytes], size: int, limits: Limits) -> None:
        """`inner` gives the bytes, `outer` is the file of `size` bytes on the disk."""
        super().__init__()
        self._inner, self._outer, self._size, self._limits = inner, outer, size, limits
        self._read = 0
        self.ends_with_newline = True
        self.drop_nul = False

    @property
    def progress(self) -> float:
        """How much of the file on the disk has been read, 0 to 1."""
        return min(1.0, self._outer.tell() / max(self._size, 1)) if not self._outer.closed else 1.0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; Unreadable beyond a limit or when the archive is damaged."""
        while True:
            try:
                block = self._inner.read(min(len(buffer), _BLOCK))
            except _DAMAGED as error:
                raise Unreadable(
                    "The file is damaged or was cut off: download it again."
                ) from error
            self._count(block)
            kept = block.replace(b"\0", b"") if self.drop_nul and b"\0" in block else block
            # Nothing kept of a block is not the end yet.
            if kept or not block:
                break
        buffer[: len(kept)] = kept
        if kept:
            self.ends_with_newline = kept[-1:] in (b"\n", b"\r", b"\0")
        return len(kept)

    def _count(self, block: bytes) -> None:
        self._read += len(block)
        if self._read > self._limits.bytes:
            most = self._limits.bytes // MEGABYTE
            raise Unreadable(
                f"The file holds more than {most} MB: split it, for example by year of the orders."
            )
        if self._read > _RATIO_FROM and self._read > self._limits.ratio * self._size:
            raise Unreadable(
                f"The archive unpacks to more than {self._limits.ratio} times its size, as no"
                " export does. Unpack it yourself and import the CSV if you trust it."
            )


@contextmanager
def open_bytes(path: Path, limits: Limits) -> Iterator[Guarded]:
    """The bytes of the table in the file, plain, .gz or .zip; Unreadable for anything else."""
    with ExitStack() as stack:
        try:
            if path.exists() and not path.is_file() and not path.is_dir():
                raise InvalidInput(f"{path} is not a file: save what it gives to one first.")
            outer = stack.enter_context(path.open("rb"))
            start = outer.read(16)
            outer.seek(0)
            inner = _inside(outer, start, stack)
        except _DAMAGED as error:
            raise Unreadable("The archive is damaged: download it again.") from error
        except OSError as error:
            raise _not_opened(path, error) from error
        yield Guarded(inner, outer, path.stat().st_size, limits)


@contextmanager
def open_text(path: Path, encoding: str, limits: Limits) -> Iterator[tuple[IO[str], Guarded]]:
    """The text of the file, line ends as they are, and the counter beneath it."""
    with open_bytes(path, limits) as guarded:
        guarded.drop_nul = not encoding.startswith("utf-16")
        buffered = io.BufferedReader(guarded, _BLOCK)
        yield io.TextIOWrapper(buffered, encoding=encoding, newline=""), guarded


def find_encoding(path: Path, limits: Limits) -> str:
    """In which encoding the file is written: by its mark, else by its first letter beyond ASCII.

    Windows programs write cp1252 without saying so; UTF-8 is never valid by accident for long.
    Unreadable when the file is empty or no table at all.
    """
    with open_bytes(path, limits) as guarded:
        block = guarded.read(_BLOCK) or b""
        if not block.removeprefix(codecs.BOM_UTF8).strip():
            raise Unreadable("The file is empty.")
        if marked := _marked(block):
            return marked
        refuse_other_kinds(block)
        while block and block.isascii():
            block = guarded.read(_BLOCK) or b""
        return "utf-8" if _is_utf8(block, guarded) else "cp1252"


def refuse_other_kinds(start: bytes) -> None:
    """Unreadable, saying what it is, when a file that begins so is no table."""
    start = start.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    for mark, what in _NOT_A_TABLE:
        if start.startswith(mark):
            raise Unreadable(f"This is not a CSV file but {what}")
    if sum(byte < 9 or 13 < byte < 32 for byte in start[:4096]) > len(start[:4096]) // 20:
        raise Unreadable("This is not a CSV file: it holds no text.")


def _marked(block: bytes) -> str | None:
    if block.startswith(codecs.BOM_UTF8):
        refuse_other_kinds(block)
        return "utf-8-sig"
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = block[0:4096:2].count(0), block[1:4096:2].count(0)
    few, many = len(block[:4096]) // 40, len(block[:4096]) // 3
    if odd > many and even <= few:
        return "utf-16-le"
    if even > many and odd <= few:
        return "utf-16-be"
    return None


def _is_utf8(block: bytes, guarded: Guarded) -> bool:
    # The first letter that is not ASCII decides: a UTF-8 file with one damaged row later is still
    # UTF-8, and is refused at that row rather than read with every accent wrong.
    at = next((place for place, byte in enumerate(block) if byte > 127), None)
    if at is None:
        return True
    letter = block[at : at + 4]
    if len(letter) < 4:
        letter += guarded.read(4) or b""
    return any(_decodes(letter[:length]) for length in (2, 3, 4))


def _decodes(letter: bytes) -> bool:
    try:
        letter.decode()
    except UnicodeDecodeError:
        return False
    return True


def _inside(outer: IO[bytes], start: bytes, stack: ExitStack) -> IO[bytes]:
    if start.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=outer)))
    if start.startswith(b"PK\x03\x04"):
        archive = stack.enter_context(zipfile.ZipFile(outer))
        return stack.enter_context(archive.open(_only_table(archive)))
    if start.startswith(b"PK"):
        raise Unreadable("The archive is empty or damaged.")
    return outer


def _only_table(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    names = {one.filename for one in archive.infolist()}
    if "[Content_Types].xml" in names or any(name.startswith("xl/") for name in names):
        raise Unreadable(f"This is not a CSV file but an Excel workbook. {_SAVE_AS}")
    if "mimetype" in names:
        raise Unreadable(f"This is not a CSV file but an OpenDocument file. {_SAVE_AS}")
    files = [
        one for one in archive.infolist() if not one.is_dir() and "__MACOSX" not in one.filename
    ]
    tables = [one for one in files if one.filename.lower().endswith((".csv", ".tsv", ".txt"))]
    if len(tables) != 1:
        raise Unreadable(f"The archive holds {len(tables)} CSV files; import one at a time.")
    if tables[0].flag_bits & 1:
        raise Unreadable("The archive is locked with a password: unpack it and import the CSV.")
    return tables[0]


def _not_opened(path: Path, error: OSError) -> PxError:
    if isinstance(error, FileNotFoundError):
        return InvalidInput(f"There is no file {path}.")
    if isinstance(error, IsADirectoryError):
        return InvalidInput(f"{path} is a folder: name the file in it.")
    return InvalidInput(f"{path} cannot be read: {error.strerror}.")

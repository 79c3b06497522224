"""The recorder: writes down what would have left. In sandbox mode it stands in for every channel.

A mail is kept as the .eml file that any mail program opens, everything else as .json, in the data
folder, the newest 2,000 of them.
"""

import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from db.kinds import Channel
from px.channels.base import Down, OutgoingMessage, Rejected, Result, Sent
from px.channels.mime import BadHeader, Identity, build

_MOST = 2000
_TRIM_EVERY = 200
_CHANNELS = {channel.value: channel for channel in Channel}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One message that would have left."""

    message_id: int
    channel: Channel
    to: str
    subject: str
    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class Recorder:
    """Takes every message and sends none."""

    folder: Path
    identity: Identity
    name: str = "recorder"

    def line(self) -> "RecorderLine":
        """Something that writes files."""
        return RecorderLine(self.folder, self.identity)


class RecorderLine:
    """Writes one file per message."""

    looks_ahead = False

    def __init__(self, folder: Path, identity: Identity) -> None:
        self._folder = folder
        self._identity = identity
        self._count = itertools.count(1)

    def ready(self) -> Down | None:
        """The folder is there."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return Down("disk", f"The recorder cannot write to {self._folder}: {error.strerror}.")
        return None

    def send(self, message: OutgoingMessage, following: str | None = None) -> Result:
        """The message stands in a file; sending it again replaces the file."""
        del following
        try:
            name, content = _written(message, self._identity)
        except BadHeader as problem:
            return Rejected(detail=str(problem))
        try:
            path = self._folder / name
            path.with_suffix(".part").write_bytes(content)
            path.with_suffix(".part").replace(path)
        except OSError as error:
            return Down("disk", f"The recorder cannot write to {self._folder}: {error.strerror}.")
        if next(self._count) % _TRIM_EVERY == 0:
            _trim(self._folder)
        return Sent(detail="Written down, not sent: px is in sandbox mode.")

    def close(self) -> None:
        """No file is open between messages."""


def recorded(folder: Path, limit: int = 50) -> Iterator[Recorded]:
    """What would have left, newest first."""
    for path in list(reversed(_files(folder)))[:limit]:
        yield _read(path)


def recorded_message(folder: Path, message_id: int) -> Recorded | None:
    """What would have left as this message, None when it is not kept any more."""
    found = sorted(folder.glob(f"{message_id:012d}.*"))
    return _read(found[0]) if found else None


def _written(message: OutgoingMessage, identity: Identity) -> tuple[str, bytes]:
    stem = f"{message.message_id:012d}"
    if message.channel == Channel.EMAIL:
        return f"{stem}.eml", build(message, identity)
    note = {"channel": message.channel, "to": message.to_address, "text": message.text}
    return f"{stem}.json", json.dumps(note, ensure_ascii=False).encode()


def _read(path: Path) -> Recorded:
    number, raw = int(path.stem), path.read_bytes()
    if path.suffix == ".json":
        note = json.loads(raw)
        return Recorded(number, _CHANNELS[note["channel"]], note["to"], "", note["text"], None)
    mail = message_from_bytes(raw, policy=policy.default)
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    texts = {kind: body.get_content() for kind, body in bodies.items() if body is not None}
    return Recorded(
        number,
        Channel.EMAIL,
        str(mail["To"]),
        str(mail["Subject"]),
        texts.get("plain", ""),
        texts.get("html"),
    )


def _files(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(e.name for e in entries if e.name.endswith((".eml", ".json")))
    except FileNotFoundError:
        return []
    return [folder / name for name in names]


def _trim(folder: Path) -> None:
    for path in _files(folder)[:-_MOST]:
        path.unlink(missing_ok=True)

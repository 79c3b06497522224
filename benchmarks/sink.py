"""A mail server that takes everything, fast, and writes down what it took.

    python -m benchmarks.sink PORT [RECORD] [--no-pipelining]

Listens on loopback. With RECORD, one line per message is appended and flushed before the message
is acknowledged: when DATA began (seconds), the connection's number, Message-ID, Date, To, and a
hash of everything.
"""

import asyncio
import hashlib
import sys
import time
from typing import TextIO

_END = b"\r\n.\r\n"


class Talk(asyncio.Protocol):
    """One connection."""

    numbers = iter(range(1, 10**9))

    def __init__(self, record: TextIO | None, features: bytes) -> None:
        self.record = record
        self.features = features
        self.number = next(self.numbers)
        self.buffer = bytearray()
        self.in_data = False
        self.searched = 0
        self.started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answers = bytearray()
        while self.step(answers):
            pass
        if answers:
            self.transport.write(bytes(answers))

    def step(self, answers: bytearray) -> bool:
        return self.message(answers) if self.in_data else self.command(answers)

    def message(self, answers: bytearray) -> bool:
        end = self.buffer.find(_END, max(0, self.searched - len(_END)))
        if end < 0:
            self.searched = len(self.buffer)
            return False
        if self.record is not None:
            self.write_down(bytes(self.buffer[:end]))
        del self.buffer[: end + len(_END)]
        self.in_data, self.searched = False, 0
        answers += b"250 2.0.0 taken\r\n"
        return True

    def command(self, answers: bytearray) -> bool:
        end = self.buffer.find(b"\r\n")
        if end < 0:
            return False
        verb = bytes(self.buffer[:4]).upper()
        del self.buffer[: end + 2]
        if verb == b"DATA":
            self.in_data, self.started = True, time.time()
            answers += b"354 go on\r\n"
        elif verb == b"EHLO":
            answers += self.features
        elif verb == b"QUIT":
            answers += b"221 bye\r\n"
            self.transport.write(bytes(answers))
            self.transport.close()
            return False
        else:
            answers += b"250 2.0.0 ok\r\n"
        return True

    def write_down(self, raw: bytes) -> None:
        head, _, body = raw.partition(b"\r\n\r\n")
        fields = {b"message-id": b"", b"date": b"", b"to": b""}
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b": ")
            if name.lower() in fields:
                fields[name.lower()] = value
        digest = hashlib.blake2b(head + body, digest_size=8).hexdigest()
        texts = [value.decode("latin-1") for value in fields.values()]
        assert self.record is not None
        self.record.write(
            "\t".join((f"{self.started:.6f}", str(self.number), *texts, digest)) + "\n"
        )
        self.record.flush()


async def serve(port: int, record: TextIO | None, pipelining: bool) -> None:
    features = (
        b"250-sink\r\n" + (b"250-PIPELINING\r\n" if pipelining else b"") + b"250 8BITMIME\r\n"
    )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Talk(record, features), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def listen() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    record = open(words[1], "a", encoding="utf-8") if len(words) > 1 else None  # noqa: SIM115
    asyncio.run(serve(int(words[0]), record, "--no-pipelining" not in sys.argv))


if __name__ == "__main__":
    listen()

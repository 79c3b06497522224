"""A mail server on loopback that can misbehave in every way a real one does."""

import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class Mail:
    """One message the server took, or was handed before it hung up."""

    sender: str
    to: list[str]
    raw: bytes
    connection: int

    @property
    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]


@dataclass
class MailServer:
    """Answers as told. `replies` by step (BANNER MAIL RCPT DATA DOT NOOP) or by (step, address).

    `hang_up` is a step at which it drops the line: "MAIL", "DATA", "BODY" (half of it read), "DOT"
    (everything read, nothing answered). Both dicts may hold a list, used up one by one.
    """

    replies: dict[Any, Any] = field(default_factory=dict)
    hang_up: list[str] = field(default_factory=list)
    pipelining: bool = True
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    starttls: bool = False
    silent_at: str = ""
    mails: list[Mail] = field(default_factory=list)
    offered: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _open: list[socket.socket] = field(default_factory=list)
    _listener: socket.socket | None = None

    def start(self) -> "MailServer":
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for one in self._open:
            one.close()

    def to(self) -> list[str]:
        return [address for mail in self.mails for address in mail.to]

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(connection)
            self.connections += 1
            talk = _Talk(self, connection, self.connections)
            threading.Thread(target=talk.run, daemon=True).start()

    def reply(self, step: str, address: str, default: str) -> str:
        for key in ((step, address), step):
            told = self.replies.get(key)
            if isinstance(told, list):
                told = told.pop(0) if told else None
            if told is not None:
                return told
        return default

    def hangs_up(self, step: str) -> bool:
        if step in self.hang_up:
            self.hang_up.remove(step)
            return True
        return False


class _HungUp(Exception):
    pass


class _Talk:
    """One connection."""

    def __init__(self, server: MailServer, connection: socket.socket, number: int) -> None:
        self.server = server
        self.socket = connection
        self.number = number
        self.file: Any = None
        self.sender = ""
        self.to: list[str] = []

    def run(self) -> None:
        try:
            if self.server.tls is not None and not self.server.starttls:
                self.socket = self.server.tls.wrap_socket(self.socket, server_side=True)
            self.file = self.socket.makefile("rb")
            self.answer("BANNER", "220 fake ESMTP")
            while line := self.file.readline():
                self.command(line.decode("latin-1").rstrip("\r\n"))
        except (OSError, ValueError, _HungUp):
            pass
        finally:
            if self.file is not None:
                self.file.close()
            self.socket.close()

    def answer(self, step: str, default: str, address: str = "") -> str:
        if self.server.hangs_up(step):
            raise _HungUp
        if self.server.silent_at == step:
            threading.Event().wait(30)
        told = self.server.reply(step, address, default)
        self.socket.sendall(told.encode("latin-1") + b"\r\n")
        if told.startswith("421"):
            raise _HungUp
        return told

    def command(self, line: str) -> None:
        self.server.commands.append(line)
        verb = line[:4].upper()
        if verb == "EHLO":
            self.socket.sendall(self.features().encode())
        elif verb == "STAR":
            self.secure()
        elif verb == "AUTH":
            self.log_in(line)
        elif verb == "MAIL":
            self.sender, self.to = line[11:-1], []
            self.answer("MAIL", "250 2.1.0 ok")
        elif verb == "RCPT":
            address = line[9:-1]
            if self.answer("RCPT", "250 2.1.5 ok", address).startswith("2"):
                self.to.append(address)
        elif verb == "DATA":
            self.data()
        elif verb == "QUIT":
            self.socket.sendall(b"221 bye\r\n")
            raise _HungUp
        else:
            self.answer("NOOP", "250 2.0.0 ok")

    def features(self) -> str:
        lines = ["fake"]
        if self.server.pipelining:
            lines.append("PIPELINING")
        if self.server.starttls and not isinstance(self.socket, ssl.SSLSocket):
            lines.append("STARTTLS")
        if self.server.login:
            lines.append("AUTH PLAIN")
        lines.append("8BITMIME")
        last = len(lines) - 1
        return "".join(f"250{' ' if i == last else '-'}{x}\r\n" for i, x in enumerate(lines))

    def secure(self) -> None:
        self.socket.sendall(b"220 go\r\n")
        assert self.server.tls is not None
        self.socket = self.server.tls.wrap_socket(self.socket, server_side=True)
        self.file = self.socket.makefile("rb")

    def log_in(self, line: str) -> None:
        assert self.server.login is not None
        _, user, password = b64decode(line.split()[2]).decode().split("\0")
        if (user, password) == self.server.login:
            self.answer("AUTH", "235 2.7.0 welcome")
        else:
            self.answer("AUTH", f"535 5.7.8 no: {line.split()[2]} {password}")

    def data(self) -> None:
        if not self.to:
            self.socket.sendall(b"554 5.5.1 no valid recipients\r\n")
            return
        if not self.answer("DATA", "354 go on").startswith("354"):
            return
        lines: list[bytes] = []
        while (line := self.file.readline()) != b".\r\n":
            if not line or (len(lines) > 3 and self.server.hangs_up("BODY")):
                raise _HungUp
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = Mail(self.sender, list(self.to), b"".join(lines), self.number)
        first = mail.to[0]
        self.sender, self.to = "", []
        # Kept before it is answered, so that a test that has the answer finds the mail.
        self.server.mails.append(mail)
        self.server.offered.append(mail.raw)
        if not self.answer("DOT", "250 2.0.0 queued", first).startswith("2"):
            self.server.mails.remove(mail)


@contextmanager
def mail_server(**how: Any) -> Iterator[MailServer]:
    """A running server; its `port` is free of others."""
    server = MailServer(**how).start()
    try:
        yield server
    finally:
        server.stop()

"""E-mail. The only importer of yagmail, which connects and logs in; the bytes are ours.

yagmail's own send() reconnects for every mail, retries after the message was handed over and
attaches a file whose path equals the body: it is never called. A connection is kept for 100 mails.

Where the server offers PIPELINING the next envelope travels behind the final dot of this message
(RFC 2920 3.1), so that a mail costs one round trip.
"""

import logging
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import Any

import yagmail

from px.channels.account import Account, explain
from px.channels.base import Down, Later, OutgoingMessage, Rejected, Result, Unknown
from px.channels.mime import BadHeader, build, plain_address
from px.channels.replies import Reply, Step, refused, reply, settled
from px.core.clock import monotonic

_log = logging.getLogger("px.channels.email")
_STEPS = (Step.MAIL, Step.RCPT, Step.DATA)
_GO_ON, _GOING = 354, 421
_LONGEST_LINE, _MOST_LINES = 8192, 100


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to wait, and how long a connection is kept; `final` as in RFC 5321 4.5.3.2.6."""

    connect: float = 30
    command: float = 60
    final: float = 600
    idle: float = 30
    messages: int = 100


class Cut(Exception):
    """The connection ended, or said nothing in time."""


@dataclass(frozen=True, slots=True)
class Email:
    """The mail account of the settings."""

    account: Account
    limits: Limits = Limits()
    name: str = "email"

    def line(self) -> "EmailLine":
        """A new connection for one thread; it connects when it is first asked to be ready."""
        return EmailLine(self.account, self.limits)


class EmailLine:
    """One kept connection."""

    def __init__(self, account: Account, limits: Limits) -> None:
        self._account = account
        self._limits = limits
        self._client: Any = None
        self._smtp: smtplib.SMTP | None = None
        self._opened: str | None = None
        self._answers = b""
        self._count = 0
        self._used_at = 0.0
        self._pipelines = False

    @property
    def looks_ahead(self) -> bool:
        """Where the server takes pipelining: one round trip for a mail instead of two."""
        return self._pipelines

    def ready(self) -> Down | None:
        """Connected and logged in; a connection that is old, idle for long or dead is made anew."""
        if self._smtp is not None and self._opened is None:
            idle = monotonic() - self._used_at
            if self._count >= self._limits.messages or (
                idle > self._limits.idle and not self._noop()
            ):
                self.close()
        return self._connect() if self._smtp is None else None

    def send(self, message: OutgoingMessage, following: str | None = None) -> Result:
        """The message has been offered; a cut before it was handed over is tried again once."""
        try:
            raw = build(message, self._account.identity)
            address = plain_address(message.to_address)
            behind = plain_address(following) if following else None
        except BadHeader as problem:
            return Rejected(detail=str(problem))
        was_used = self._count > 0
        result = self._offer(address, raw, behind)
        if isinstance(result, Later) and result.is_provider and was_used:
            # A server may end a kept connection at any time; nothing has been handed over yet.
            self.close()
            result = self._connect() or self._offer(address, raw, None)
        return result

    def close(self) -> None:
        """Nothing is open; the server is told if it listens."""
        smtp, client, is_open = self._smtp, self._client, self._opened is not None
        self._smtp = self._client = self._opened = None
        if client is not None:
            client.is_closed = True
        if smtp is None or smtp.sock is None:
            return
        try:
            smtp.sock.settimeout(1)
            if not is_open:
                smtp.sock.sendall(b"QUIT\r\n")
        except OSError:
            _log.debug("the mail server was gone before it was told")
        smtp.close()

    def check_sender(self) -> Down | None:
        """Whether the server takes mail from the sender's address; nothing is sent."""
        try:
            self._write(b"MAIL FROM:<%b>\r\nRSET\r\n" % self._account.identity.address.encode())
            answer, _ = self._read(), self._read()
        except Cut as cut:
            return Down(detail=f"The connection to the mail server was cut: {cut}.")
        problem = None if answer.is_ok else refused(Step.MAIL, answer)
        return None if problem is None else Down(problem.code, problem.detail)

    def _connect(self) -> Down | None:
        client = None
        try:
            client = _client(self._account, self._limits)
            client.login()
            client.smtp.ehlo_or_helo_if_needed()
            self._greet(client)
        except (smtplib.SMTPException, OSError, UnicodeError, Cut) as error:
            _abandon(client)
            self._smtp = self._client = None
            problem = explain(error, self._account)
            _log.info("mail account: %s", problem.detail)
            return problem
        return None

    def _greet(self, client: Any) -> None:
        self._client, self._smtp, self._count, self._opened = client, client.smtp, 0, None
        self._answers = b""
        client.smtp.sock.settimeout(self._limits.command)
        client.smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._pipelines = client.smtp.has_extn("pipelining")
        self._used_at = monotonic()

    def _noop(self) -> bool:
        try:
            self._write(b"NOOP\r\n")
            return self._read().is_ok
        except Cut:
            return False

    def _offer(self, address: str, raw: bytes, following: str | None) -> Result:
        try:
            problem = self._envelope(address)
        except Cut as cut:
            self.close()
            return Later(
                detail=f"The connection was cut before the message was handed over: {cut}.",
                is_provider=True,
            )
        if problem is not None:
            return problem
        chained = following if self._pipelines and self._count + 1 < self._limits.messages else None
        try:
            # A write that fails has not carried its last bytes, and the dot is the last.
            self._write(raw + b".\r\n")
        except Cut as cut:
            self.close()
            return Later(
                detail=f"The connection was cut before the message was handed over: {cut}.",
                is_provider=True,
            )
        return self._after_dot(chained)

    def _after_dot(self, chained: str | None) -> Result:
        """From here on the server may have the message, whatever happens to the connection."""
        try:
            if chained is not None:
                self._open(chained)
            self._timeout(self._limits.final)
            result = settled(self._read())
            self._timeout(self._limits.command)
        except Cut as cut:
            self.close()
            return Unknown(
                detail=f"The connection was cut after the message was handed over: {cut}."
            )
        self._count += 1
        self._used_at = monotonic()
        if isinstance(result, Unknown) or result.code == str(_GOING):
            self.close()
        return result

    def _envelope(self, address: str) -> Later | Rejected | Down | None:
        """The server waits for the message of `address`; else what its refusal means."""
        if self._opened is not None and self._opened != address:
            # The envelope behind the last dot was for somebody who is not written to after all.
            self.close()
        if self._smtp is None and (down := self._connect()):
            return down
        if not self._pipelines:
            return self._one_by_one(address)
        if self._opened is None:
            self._open(address)
        self._opened = None
        for unread, step in zip((2, 1, 0), _STEPS, strict=True):
            answer = self._read()
            if not answer.is_ok:
                return self._turned_down(step, answer, unread=unread)
        return None

    def _one_by_one(self, address: str) -> Later | Rejected | Down | None:
        for step, command in zip(_STEPS, self._commands(address), strict=True):
            self._write(command)
            answer = self._read()
            if not answer.is_ok:
                return self._turned_down(step, answer, unread=0)
        return None

    def _turned_down(self, step: Step, answer: Reply, *, unread: int) -> Later | Rejected | Down:
        """What the refusal means; the connection takes the next message or is closed."""
        problem = refused(step, answer)
        try:
            answers = [self._read() for _ in range(unread)] if answer.code != _GOING else []
            # With 354 it waits for a message that nobody would get (RFC 2920 3.1).
            usable = answer.code != _GOING and not any(later.code == _GO_ON for later in answers)
            if usable:
                self._write(b"RSET\r\n")
                usable = self._read().is_ok
        except Cut:
            usable = False
        if not usable:
            self.close()
        return problem

    def _open(self, address: str) -> None:
        self._opened = address
        self._write(b"".join(self._commands(address)))

    def _commands(self, address: str) -> tuple[bytes, bytes, bytes]:
        sender = self._account.identity.address.encode("ascii")
        return (
            b"MAIL FROM:<%b>\r\n" % sender,
            b"RCPT TO:<%b>\r\n" % address.encode("ascii"),
            b"DATA\r\n",
        )

    def _timeout(self, seconds: float) -> None:
        if self._smtp is not None and self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _write(self, data: bytes) -> None:
        sock = self._smtp.sock if self._smtp is not None else None
        if sock is None:
            raise Cut("it was closed")
        try:
            sock.sendall(data)
        except OSError as error:
            raise Cut(_why(error)) from error

    def _read(self) -> Reply:
        lines = [self._line()]
        while lines[-1][3:4] == b"-":
            if len(lines) == _MOST_LINES:
                raise Cut("its answer has no end")
            lines.append(self._line())
        code = lines[-1][:3]
        return reply(int(code) if code.isdigit() else -1, b"\n".join(line[4:] for line in lines))

    def _line(self) -> bytes:
        """The next line of an answer. smtplib's own reader costs more than the answer."""
        while (end := self._answers.find(b"\n")) < 0:
            sock = self._smtp.sock if self._smtp is not None else None
            if sock is None or len(self._answers) > _LONGEST_LINE:
                raise Cut("it was closed" if sock is None else "its answer has no end")
            try:
                more = sock.recv(4096)
            except OSError as error:
                raise Cut(_why(error)) from error
            if not more:
                raise Cut("the mail server hung up")
            self._answers += more
        line, self._answers = self._answers[:end], self._answers[end + 1 :]
        return line.rstrip(b"\r")


def tls_context() -> ssl.SSLContext:
    """Certificates and host names are checked."""
    return ssl.create_default_context()


def _client(account: Account, limits: Limits) -> Any:
    """yagmail's client with checked certificates; it neither guesses a domain nor asks on stdin."""
    options: dict[str, Any] = {"timeout": limits.connect, "local_hostname": account.hello}
    if account.security == "tls":
        options["context"] = tls_context()
    client = yagmail.SMTP(
        account.user or "nobody@localhost",
        account.password,
        host=account.host,
        port=account.port,
        smtp_ssl=account.security == "tls",
        smtp_starttls={"context": tls_context()} if account.security == "starttls" else False,
        smtp_skip_login=not account.user,
        soft_email_validation=False,
        **options,
    )
    client.user = account.user
    return client


def _abandon(client: Any) -> None:
    """yagmail says QUIT and waits for the answer when it is collected; this one does not."""
    if client is not None:
        client.is_closed = True
        if client.smtp is not None:
            client.smtp.close()


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "no answer in time"
    return "the mail server hung up"

"""Tries the mail account for real, step by step, without sending anything."""

import socket
from dataclasses import dataclass

from px.channels.account import Account, account_of
from px.channels.base import Down
from px.channels.email import EmailLine, Limits
from px.core.errors import InvalidInput
from px.core.settings import Settings

_LIMITS = Limits(connect=10, command=10)


@dataclass(frozen=True, slots=True)
class CheckedStep:
    """One step of the try-out and how it went, in a sentence."""

    name: str
    is_ok: bool
    sentence: str


def check_mail_account(settings: Settings, limits: Limits = _LIMITS) -> list[CheckedStep]:
    """The steps tried, in order; the last one is the first that failed, if any did."""
    try:
        account = account_of(settings)
    except InvalidInput as problem:
        return [CheckedStep("Settings", False, str(problem))]
    steps = [_found(account)]
    if not steps[-1].is_ok:
        return steps
    line = EmailLine(account, limits)
    try:
        return steps + _logged_in(line, account)
    finally:
        line.close()


def _found(account: Account) -> CheckedStep:
    try:
        socket.getaddrinfo(account.host, account.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return CheckedStep(
            "Name", False, f"There is no mail server called {account.host}. Check its name."
        )
    return CheckedStep("Name", True, f"{account.host} is known.")


def _logged_in(line: EmailLine, account: Account) -> list[CheckedStep]:
    passed = [
        CheckedStep("Connection", True, f"{account.host} answers at port {account.port}."),
        CheckedStep("Encryption", True, _encryption(account)),
        CheckedStep(
            "Log-in", True, "The account lets us in." if account.user else "No log-in is asked for."
        ),
    ]
    if down := line.ready():
        failed = _step_of(down)
        before = passed[: ("Connection", "Encryption", "Log-in").index(failed)]
        return [*before, CheckedStep(failed, False, down.detail)]
    if refusal := line.check_sender():
        return [*passed, CheckedStep("Sender", False, refusal.detail)]
    return [*passed, CheckedStep("Sender", True, f"Mail from {account.identity.address} is taken.")]


def _encryption(account: Account) -> str:
    if account.security == "none":
        return "The connection is not encrypted, as the settings say."
    return "The connection is encrypted and the certificate is valid."


def _step_of(down: Down) -> str:
    if down.code == "tls":
        return "Encryption"
    return "Log-in" if down.code in ("auth", "535", "534", "530", "454", "538") else "Connection"

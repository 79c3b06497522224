"""The mail account of the settings, and what its failures mean in plain words without secrets."""

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.utils import parseaddr

from px.channels.base import Down
from px.channels.mime import BadHeader, Identity, plain_address
from px.core.errors import InvalidInput
from px.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Account:
    """Where and as whom we log in, and who the mail is from."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: str
    identity: Identity

    @property
    def hello(self) -> str:
        """The name we greet the server with. Asking the machine for its own can take seconds."""
        return self.identity.domain if "." in self.identity.domain else "localhost"


def identity_of(settings: Settings) -> Identity:
    """Who the mail is from. InvalidInput when the address is not one."""
    name, address = parseaddr(settings.mail_from)
    reply_name, reply_to = parseaddr(settings.mail_reply_to)
    del reply_name
    try:
        return Identity(
            plain_address(address or settings.mail_from),
            name or settings.shop_name,
            plain_address(reply_to or settings.mail_reply_to) if settings.mail_reply_to else "",
        )
    except BadHeader as error:
        raise InvalidInput("PX_MAIL_FROM or PX_MAIL_REPLY_TO: not an e-mail address.") from error


def account_of(settings: Settings) -> Account:
    """The account. InvalidInput says what is missing."""
    if not settings.smtp_host:
        raise InvalidInput("No mail account is set up: enter the mail server under Settings.")
    if not settings.mail_from:
        raise InvalidInput(
            "No sender is set up: enter the address that mail comes from under Settings."
        )
    return Account(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_user,
        settings.smtp_password,
        settings.smtp_security,
        identity_of(settings),
    )


def explain(error: Exception, account: Account) -> Down:
    """Why no connection could be made, in one sentence.

    The server's own words are left out: what it says after a log-in may echo the password.
    """
    where = f"{account.host}, port {account.port}"
    if isinstance(error, smtplib.SMTPResponseException):
        return Down(str(error.smtp_code), _answered(error, account))
    if isinstance(error, ssl.SSLCertVerificationError):
        return Down("tls", f"The certificate of {where} is not valid: {error.verify_message}.")
    if isinstance(error, ssl.SSLError):
        return Down(
            "tls",
            f"{where} does not speak TLS in this way. Check the port and the security setting.",
        )
    if isinstance(error, socket.gaierror):
        return Down("dns", f"There is no mail server called {account.host}. Check its name.")
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return Down("timeout", f"{where} did not answer in time.")
    if isinstance(error, ConnectionRefusedError):
        return Down("connect", f"Nothing answers at {where}. Check the name and the port.")
    return Down(*_other(error, where))


def _answered(error: smtplib.SMTPResponseException, account: Account) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        if 400 <= error.smtp_code < 500:
            return f"The mail account cannot log in right now ({error.smtp_code})."
        return f"The mail account refuses the user name or the password ({error.smtp_code})."
    if error.smtp_code < 0:
        return f"{account.host}, port {account.port} did not answer as a mail server does."
    return f"{account.host} turned us away ({error.smtp_code}); it is tried again later."


def _other(error: Exception, where: str) -> tuple[str, str]:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if "STARTTLS" in str(error):
            return (
                "tls",
                f"{where} does not offer STARTTLS. Check the port and the security setting.",
            )
        return "auth", f"{where} does not let anybody log in without encryption, or at all."
    if isinstance(error, UnicodeError):
        return (
            "auth",
            "The user name or the password holds a character that mail servers do not take.",
        )
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "connect", f"{where} hung up before the log-in was done."
    if isinstance(error, OSError):
        return "connect", f"{where} cannot be reached: {error.strerror or type(error).__name__}."
    return "connect", f"{where} did not answer as a mail server does."

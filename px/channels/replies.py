"""What a mail server's answer means for a message. Pure (RFC 5321 4.2, RFC 3463).

A refusal that is about us or about the server never counts against the person written to.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from px.channels.base import Down, Later, Rejected, Sent, Unknown

_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
_LONGEST = 300
# The server goes away, or says that it is asked too much: nobody's message is at fault.
_EVERYBODY = {421, 429, 454}
# Answers to a command, not to what it says: the two sides do not understand each other.
_MISUNDERSTOOD = range(500, 505)
# Without an enhanced status these three mean that there is no such mailbox.
_NO_MAILBOX = {550, 551, 553}


class Step(StrEnum):
    """Where in the exchange an answer came."""

    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    DATA = "DATA"
    DOT = "the message"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a server."""

    code: int
    text: str

    @property
    def is_ok(self) -> bool:
        """Whether it says yes or go on."""
        return 200 <= self.code < 400

    @property
    def status(self) -> tuple[int, int] | None:
        """Subject and detail of the enhanced status: (1, 1) of 5.1.1."""
        found = _STATUS.match(self.text)
        return (int(found[2]), int(found[3])) if found else None

    @property
    def shown(self) -> str:
        """The answer on one line, without anything that could not be printed."""
        printable = "".join(c if c.isprintable() else " " for c in self.text)
        return f"{self.code} {' '.join(printable.split())}"[:_LONGEST]


def reply(code: int, raw: bytes) -> Reply:
    """The answer as text."""
    return Reply(code, raw.decode("utf-8", "replace"))


def refused(step: Step, answer: Reply) -> Later | Rejected | Down:
    """What a refusal at `step`, before the message was handed over, means."""
    code, shown = str(answer.code), answer.shown
    if not 400 <= answer.code < 600:
        return Down(code, f"The mail server gave an answer that is none: {shown}")
    if answer.code in _EVERYBODY:
        return Down(code, f"The mail server asks to come back later: {shown}")
    if step is Step.MAIL:
        return Down(code, f"The mail server does not take mail from this sender: {shown}")
    if answer.code < 500:
        return Later(code, f"Refused for now: {shown}")
    if answer.code in _MISUNDERSTOOD:
        return Down(code, f"The mail server did not understand {step}: {shown}")
    return _refused_for_good(step, answer)


def settled(answer: Reply) -> Sent | Later | Rejected | Down | Unknown:
    """What the answer to the whole message means."""
    if 200 <= answer.code < 300:
        return Sent(str(answer.code), answer.shown)
    if not 400 <= answer.code < 600:
        return Unknown(str(answer.code), f"The mail server's answer was none: {answer.shown}")
    return refused(Step.DOT, answer)


def _refused_for_good(step: Step, answer: Reply) -> Rejected | Down:
    code, shown = str(answer.code), answer.shown
    about = answer.status[0] if answer.status else None
    if about == 7 and step is not Step.RCPT:
        return Down(code, f"The mail server refuses it as a matter of policy: {shown}")
    return Rejected(
        code, f"Refused for good: {shown}", suppress=_is_dead(step, answer), is_provider=about == 7
    )


def _is_dead(step: Step, answer: Reply) -> bool:
    """Whether there is no such address: 5.1.x without 5.1.7 and 5.1.8 (the sender's), 5.2.1."""
    if answer.status is None:
        return step is Step.RCPT and answer.code in _NO_MAILBOX
    subject, detail = answer.status
    return (subject == 1 and detail not in (7, 8)) or (subject, detail) == (2, 1)

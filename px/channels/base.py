"""What every channel is handed and what it answers with. Nothing here touches the network.

A provider carries one channel; a line is a kept connection to it, used by one thread at a time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from db.kinds import Channel, Purpose, Reason


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message with everything a channel needs to hand it over; nothing is looked up later.

    `header_id` and `header_date` were fixed when it was queued and are the same in every attempt.
    """

    message_id: int
    attempt: int
    channel: Channel
    purpose: Purpose
    to_address: str
    to_name: str
    subject: str
    text: str
    html: str | None
    header_id: str
    header_date: datetime
    stream: str = ""
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took it."""

    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Not taken for now. `is_provider` when the fault is not this message's."""

    code: str = ""
    detail: str = ""
    retry_at: datetime | None = None
    is_provider: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused for good. `suppress`: the address is dead; `is_provider`: it is about us."""

    code: str = ""
    detail: str = ""
    suppress: bool = False
    is_provider: bool = False
    reason: Reason = Reason.REJECTED


@dataclass(frozen=True, slots=True)
class Down:
    """The provider cannot be reached or refuses everybody; `detail` says so in plain words."""

    code: str = ""
    detail: str = ""
    is_provider: bool = True


@dataclass(frozen=True, slots=True)
class Unknown:
    """Cut after the message was handed over: it may have arrived. No channel sends it again."""

    code: str = ""
    detail: str = ""
    is_provider: bool = True


Result = Sent | Later | Rejected | Down | Unknown


class Line(Protocol):
    """A kept connection of one thread."""

    @property
    def looks_ahead(self) -> bool:
        """Whether knowing the next address while sending this message saves time."""

    def ready(self) -> Down | None:
        """The line can take a message now; Down says why not. No message is touched."""

    def send(self, message: OutgoingMessage, following: str | None = None) -> Result:
        """The message has been offered once. `following`: the address that likely comes next."""

    def close(self) -> None:
        """Nothing is open."""


class Provider(Protocol):
    """Whoever carries one channel."""

    @property
    def name(self) -> str:
        """The word under which deliveries, the breaker and the pace know it."""

    def line(self) -> Line:
        """A new line; it connects when it is first asked to be ready."""

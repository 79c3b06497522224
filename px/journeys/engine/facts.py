"""What is known of one enrolment at one moment: everything `plan` may look at. Values only."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from db.kinds import Channel, Reason, SuppressionScope, TouchStatus
from px.journeys.engine.fields import Fields

UTC_ZONE = ZoneInfo("UTC")
# Under this word, the customer's orders after the one that an enrolment is about.
BOUGHT_AGAIN = "bought_again"
TouchKey = tuple[str, int]
# What `plan` decides again: neither settled nor on its way.
OPEN = (TouchStatus.WAITING, TouchStatus.PLANNED, TouchStatus.HELD)
# Of these the time is known; what hours or the cap hold wakes up by itself.
TO_COME = (TouchStatus.PLANNED, TouchStatus.HELD)
# Due by the anchor alone; after window and quiet hours (None: never); and which of them moved it.
Expected = tuple[datetime, datetime | None, Reason | None]


class Happening(NamedTuple):
    """An event that concerns the enrolment: when, and what it said."""

    at: datetime
    data: Mapping[str, Any]


class Touch(NamedTuple):
    """What has become of one touchpoint and occurrence. `wake_at`: when an open one is to be
    planned again.

    Status queued means: goes now. `settled_at` is empty while it is open.
    """

    touchpoint: str
    occurrence: int
    status: TouchStatus
    reason: Reason | None = None
    due_at: datetime | None = None
    wake_at: datetime | None = None
    channel: Channel | None = None
    variant: str | None = None
    settled_at: datetime | None = None

    @property
    def key(self) -> TouchKey:
        """Touchpoint and occurrence."""
        return self.touchpoint, self.occurrence


@dataclass(frozen=True, slots=True)
class Reach:
    """How the customer can be reached on one channel."""

    suppressed: SuppressionScope | None = None
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many marketing messages in any so many days of 24 hours."""

    messages: int
    days: int


@dataclass(frozen=True, slots=True)
class ShopRules:
    """The shop's quiet hours (local, from and to) and frequency cap; either may be none."""

    quiet_hours: tuple[time, time] | None = None
    cap: Cap | None = None


@dataclass(slots=True)
class Facts:
    """One enrolment as it is known.

    `events` are those that concern it, by kind, oldest first; `history` the customer's, for `did`.
    `touches` are those planned before, settled ones with what became of them. `sent_marketing` is
    when marketing was sent to the customer over all journeys, oldest first, with the places already
    taken.
    """

    journey: str
    customer_key: str
    entered_at: datetime
    zone: ZoneInfo = UTC_ZONE
    rules: ShopRules = field(default_factory=ShopRules)
    fields: Fields = field(default_factory=Fields)
    traits: Mapping[str, Any] = field(default_factory=dict)
    events: Mapping[str, Sequence[Happening]] = field(default_factory=dict)
    history: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    touches: Mapping[TouchKey, Touch] = field(default_factory=dict)
    reach: Mapping[Channel, Reach] = field(default_factory=dict)
    sent_marketing: list[datetime] = field(default_factory=list)
    is_holdout: bool = False
    is_test: bool = False
    is_historic: bool = False
    is_paused: bool = False
    # What a move to another version planned again at that moment, and would go at once, does not.
    not_before: datetime | None = None
    # Nothing has happened since the touches were planned: what is planned for later stays.
    is_without_news: bool = False
    # What `plan` has worked out before for these rules and this zone; start it anew when either
    # changes.
    memo: dict[tuple[Any, ...], Expected] = field(default_factory=dict)


class Asked:
    """Facts as a condition sees them at one moment, with the answer and event it is about."""

    __slots__ = ("_answer", "_data", "_facts", "now")

    def __init__(
        self, facts: Facts, now: datetime, answer: Any = None, data: Mapping[str, Any] | None = None
    ) -> None:
        """`now` is kept in the customer's zone, so that dates without a time mean local days."""
        self._facts = facts
        self.now = now.astimezone(facts.zone)
        self._answer = answer
        self._data = data or {}

    def field(self, name: str) -> Any:
        """The value of a condition's field, None when missing."""
        if name.startswith("customer.traits."):
            return find_trait(self._facts.traits, name[16:])
        if name == "answer":
            return self._answer
        if name.startswith("event.data."):
            return _inside(self._data, name[11:])
        return self._facts.fields.get(name)

    def happened(self, kind: str) -> Sequence[datetime]:
        """When the customer's events of this kind happened, up to now."""
        times = self._facts.history.get(kind, ())
        return times[: bisect_right(times, self.now)]


def find_trait(traits: Mapping[str, Any], name: str) -> Any:
    """A trait by its name; skin-type and skin_type are the same."""
    if name in traits:
        return traits[name]
    return (
        traits.get(trait_name(name))
        if "-" in name
        else _inside(traits, name)
        if "." in name
        else None
    )


def trait_name(question: str) -> str:
    """The trait in which the answer to a question is kept."""
    return question.replace("-", "_")


def _inside(data: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(data, Mapping):
            return None
        data = data.get(part)
    return data

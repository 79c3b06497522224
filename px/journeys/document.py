"""The journey document, format 1: what it may say, checked, with every problem at its path.

`read_document` gives a Document or raises InvalidJourney; docs/journey-format.md explains each key.
"""

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from db.kinds import Channel, EventKind, Per, Phase, Purpose, Stage
from px.core.events import is_event_kind
from px.customers.condition_check import check_condition
from px.customers.durations import parse_duration
from px.customers.timing import DAY_NAMES

ANCHOR_WORDS = ("sent", "answered", "unanswered", "opened", "clicked")
# What customers do with a message, by the anchors that count from it, or from its not coming.
_DEEDS = {
    "answered": EventKind.ANSWERED,
    "unanswered": EventKind.ANSWERED,
    "opened": EventKind.MESSAGE_OPENED,
    "clicked": EventKind.MESSAGE_CLICKED,
}
DATE_FIELDS = ("subscription.renews_on", "shipment.promised_on")
DATE_TRAIT = "customer.traits."
# How late a touch may be where its touchpoint does not say.
LATE_WITHIN = {Purpose.TRANSACTIONAL: "72h", Purpose.MARKETING: "24h"}
MAX_TOUCHPOINTS = 200
MAX_OCCURRENCES = 366


def _number_as_text(value: object) -> object:
    """0 and 12 are natural to write for a length of time or a key."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _duration(value: str) -> str:
    if parse_duration(value).exact.total_seconds() < 0:
        raise ValueError(f"{value!r} must not be negative")
    return value


def _signed_duration(value: str) -> str:
    parse_duration(value)
    return value


def _clock(value: str) -> str:
    try:
        valid = len(value) == 5 and time.fromisoformat(value).tzinfo is None
    except ValueError:
        valid = False
    if not valid:
        raise ValueError(f"{value!r} is not a time of day; allowed: 00:00 to 23:59, in quotes")
    return value


def _event_kind(value: str) -> str:
    if not is_event_kind(value):
        raise ValueError(
            f"{value!r} is not an event kind; allowed: those of the format, or milestone:KEY"
        )
    return value


def _condition(value: object) -> object:
    problems = check_condition(value)
    if problems:
        where = f"{problems[0].path}: " if problems[0].path else ""
        raise ValueError(where + problems[0].message)
    return value


Key = Annotated[
    str,
    BeforeValidator(_number_as_text),
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$"),
]
Length = Annotated[str, BeforeValidator(_number_as_text), BeforeValidator(_duration)]
SignedLength = Annotated[str, BeforeValidator(_number_as_text), BeforeValidator(_signed_duration)]
Clock = Annotated[str, BeforeValidator(_clock)]
EventWord = Annotated[str, BeforeValidator(_event_kind)]
Condition = Annotated[dict[str, Any], BeforeValidator(_condition)]
ShortText = Annotated[
    str, StringConstraints(max_length=200, min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Body = Annotated[str, StringConstraints(max_length=100_000)]


class Part(BaseModel):
    """A part of the document: nothing in it that the format does not know."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class After(Part):
    """How long must lie between two enrolments of one customer."""

    after: Length


class Enter(Part):
    """Which event enrols, under which condition, and whether again."""

    on: EventWord
    where: Condition | None = None
    again: Literal["never", "always"] | After = "never"


class Goal(Part):
    """What the journey is for: this event, within this time of entering."""

    on: EventWord
    within: Length = "60d"


class Window(Part):
    """Hours and days, local, in which a touchpoint may go."""

    start: Clock | None = Field(default=None, alias="from")
    end: Clock | None = Field(default=None, alias="to")
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] | None = Field(
        default=None, min_length=1
    )


class Late(Part):
    """How late it may still go, and what becomes of it when it is later."""

    within: Length
    otherwise: Literal["skip", "review"] = Field(default="skip", alias="else")


class Repeat(Part):
    """The touchpoint again, each `every` after the one before."""

    every: Length
    times: int = Field(ge=1, le=MAX_OCCURRENCES)

    @field_validator("every")
    @classmethod
    def _moves_on(cls, every: str) -> str:
        if not parse_duration(every).exact:
            raise ValueError("must be longer than 0")
        return every


class Variant(Part):
    """One of several messages, with its share."""

    weight: int = Field(ge=0, le=1000)
    message: Key


class Ask(Part):
    """A question put with the message; `wait` is how long until no answer counts as none."""

    question: Key
    wait: Length = "3d"


class Hold(Part):
    """Marketing touches wait from the answer on."""

    hold: Literal[True]


class Enrol(Part):
    """The customer enters another journey."""

    enrol: Key


class Award(Part):
    """Loyalty points are booked."""

    award: int = Field(ge=1, le=1_000_000)


def _act(value: object) -> object:
    if isinstance(value, dict):
        known = len(value) == 1 and value.keys() <= {"hold", "enrol", "award"}
    else:
        known = value == "open_feedback" or isinstance(value, Part)
    if not known:
        raise ValueError(
            f"{value!r} is not known; allowed: "
            "open_feedback, {hold: true}, {enrol: JOURNEY}, {award: POINTS}"
        )
    return value


class Reaction(Part):
    """What an answer does when the condition is met; without a condition, always."""

    condition: Condition | None = Field(default=None, alias="if")
    do: list[Annotated[Literal["open_feedback"] | Hold | Enrol | Award, BeforeValidator(_act)]] = (
        Field(min_length=1)
    )


class StageOfMap(Part):
    """What is measured at one station of the journey map."""

    metric: ShortText


class JourneyMap(Part):
    """What the journey means to the customer: their goal, and the key metric of each stage."""

    customer_goal: ShortText
    summary: ShortText | None = None
    stages: dict[Stage, StageOfMap] = {}


class Touchpoint(Part):
    """One thing that reaches the customer, and when."""

    key: Key
    name: ShortText | None = None
    phase: str | None = None
    stage: Stage | None = None
    purpose: Purpose = Purpose.MARKETING
    anchor: str
    after: SignedLength = "0"
    at: Clock | None = None
    window: Window | None = None
    condition: Condition | None = Field(default=None, alias="if")
    late: Late | None = None
    repeat: Repeat | None = None
    channels: list[Channel] = Field(default=[Channel.EMAIL], min_length=1)
    message: Key | None = None
    variants: list[Variant] | None = Field(default=None, min_length=1)
    ask: Ask | None = None
    react: list[Reaction] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> "Touchpoint":
        if (self.message is None) == (self.variants is None):
            raise ValueError("needs either message or variants")
        if self.variants and not sum(variant.weight for variant in self.variants):
            raise ValueError("variants: at least one weight must be more than 0")
        if self.react and not self.ask:
            raise ValueError("react needs a question: add ask")
        if parse_duration(self.after).exact.total_seconds() < 0 and not self.anchor.startswith(
            "date:"
        ):
            raise ValueError("after: only before a date: anchor may it be negative")
        if len(set(self.channels)) < len(self.channels):
            raise ValueError("channels: one stands there twice")
        return self

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.key.replace("-", " ").replace("_", " ").capitalize()

    @property
    def messages(self) -> list[str]:
        """The keys of the templates it may use."""
        return (
            [variant.message for variant in self.variants]
            if self.variants
            else [self.message or ""]
        )


class TemplateText(Part):
    """A message text carried by the file."""

    name: ShortText | None = None
    subject: Annotated[str, StringConstraints(max_length=1000)] = ""
    body: Body = ""
    sms: Body = ""
    whatsapp: Body = ""


class Document(Part):
    """A whole journey."""

    format: Literal[1]
    journey: Key
    name: ShortText
    per: Per = Per.ORDER
    enter: Enter
    exit_on: list[EventWord] = []
    hold_on: list[EventWord] = []
    resume_on: list[EventWord] = []
    goal: Goal | None = None
    map: JourneyMap | None = None
    holdout: float = Field(default=0, ge=0, le=1)
    phases: list[Key] = Field(
        default_factory=lambda: [str(phase) for phase in Phase], min_length=1, max_length=30
    )
    touchpoints: list[Touchpoint] = Field(min_length=1, max_length=MAX_TOUCHPOINTS)
    templates: dict[Key, TemplateText] | None = None

    def touchpoint(self, key: str) -> Touchpoint | None:
        """The touchpoint with that key."""
        return next((point for point in self.touchpoints if point.key == key), None)

    @property
    def labels(self) -> dict[str, str]:
        """What people call each touchpoint, by its key."""
        return {point.key: point.label for point in self.touchpoints}

    @property
    def message_keys(self) -> list[str]:
        """The keys of every template the journey uses, each once, in order."""
        return list(dict.fromkeys(key for point in self.touchpoints for key in point.messages))


def split_anchor(anchor: str) -> tuple[str, str]:
    """An anchor as its word and what it is about: ("sent", KEY), ("date", FIELD), or ("event",
    KIND).
    """
    word, colon, rest = anchor.partition(":")
    if colon and word in (*ANCHOR_WORDS, "date"):
        return word, rest
    return "event", anchor


def kind_awaited(word: str, about: str) -> str | None:
    """The kind of event that an anchor, split, waits for, or for whose not coming; None when it
    counts from a date or from a message that is sent.
    """
    return about if word == "event" else _DEEDS.get(word)


def is_date_field(field: str) -> bool:
    """Whether a date: anchor may count from this field."""
    return field in DATE_FIELDS or (field.startswith(DATE_TRAIT) and len(field) > len(DATE_TRAIT))


__all__ = ["DAY_NAMES", "Document", "Touchpoint", "is_date_field", "kind_awaited", "split_anchor"]

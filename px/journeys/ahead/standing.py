"""Whether a customer would get a touchpoint, as things stand: when and how, or why not."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from sqlmodel import Session

from db.kinds import Channel, Per, Reason, TouchStatus
from px.core.settings import Settings
from px.journeys.ahead.seen import is_left_out_of_test, may_enter
from px.journeys.document import Touchpoint
from px.journeys.engine.facts import Touch
from px.journeys.plan import Run, choose_channel, plan
from px.journeys.reading import to_data
from px.journeys.results.story import Wording, reason_sentence, touch_sentence
from px.journeys.running.subjects import Subject
from px.journeys.words import CHANNEL_WORDS, anchor_clause, condition_words
from px.orders import shop_currency


class Standing(NamedTuple):
    """Whether the customer gets it, in a sentence, and by which channel."""

    gets: bool
    verdict: str
    channel: Channel | None


def standing_of(
    session: Session,
    subject: Subject,
    touchpoint: Touchpoint,
    *,
    is_inside: bool,
    settings: Settings,
    now: datetime,
) -> Standing:
    """Where the customer stands with this touchpoint; `is_inside`: they are in the journey."""
    if not subject.customer:
        return Standing(False, "Does not get it: this customer's data was erased.", None)
    asked = _Asked(subject, touchpoint, settings.shop_zone, shop_currency(session, settings), now)
    before = subject.facts.touches.get((touchpoint.key, 1))
    if before is not None and (before.settled_at or before.status is TouchStatus.QUEUED):
        gets = before.status in (TouchStatus.SENT, TouchStatus.QUEUED)
        return Standing(gets, asked.told(before), before.channel)
    why = ("" if is_inside else _not_entering(session, asked)) or asked.refusal
    if why:
        return Standing(False, f"Does not get it: {why}.", asked.channel)
    return Standing(True, asked.when(), asked.channel)


def _not_entering(session: Session, asked: "_Asked") -> str:
    """Why the customer does not enter the journey; nothing when they do."""
    subject = asked.subject
    document = subject.compiled.document
    if document.per is Per.SUBSCRIPTION:
        return "the journey is about a subscription, and none is known of this customer"
    if document.per is not Per.CUSTOMER and subject.order is None:
        return "there is no order yet that would bring them into the journey"
    if not may_enter(subject.compiled, subject, asked.now):
        words = condition_words(document.enter.where, asked.currency)
        return f"the journey takes them in only if {words}, and that is not so"
    if is_left_out_of_test(session, subject):
        return "the journey is being tested, and only chosen addresses enter"
    return ""


@dataclass(frozen=True)
class _Asked:
    """A customer's enrolment, there or not yet, and the touchpoint that is asked about."""

    subject: Subject
    touchpoint: Touchpoint
    zone: str
    currency: str
    now: datetime

    @cached_property
    def _wording(self) -> Wording:
        return Wording(to_data(self.subject.compiled.document), self.currency)

    @cached_property
    def _found(self) -> Channel | Reason:
        point = self.subject.compiled.by_key[self.touchpoint.key]
        reach = self.subject.facts.reach
        return choose_channel(point.channels, reach, is_marketing=point.is_marketing)

    @property
    def channel(self) -> Channel | None:
        """By which it would leave, None when no channel reaches the customer."""
        return None if isinstance(self._found, Reason) else self._found

    @property
    def refusal(self) -> str:
        """Why the touchpoint would not go now; nothing when it would."""
        compiled = self.subject.compiled
        refused = Run(compiled, self.subject.facts, self.now).refusal(
            compiled.by_key[self.touchpoint.key]
        )
        if refused is Reason.CONDITION:
            words = condition_words(self.touchpoint.condition, self.currency)
            return f"it goes only if {words}, and as things stand that is not so"
        return reason_sentence(refused) if refused else ""

    def when(self) -> str:
        """When it goes, or what it waits for."""
        by = CHANNEL_WORDS.get(str(self._found), str(self._found))
        planned = plan(self.subject.compiled, self.subject.facts, self.now)
        touch = next(one for one in planned if one.key == (self.touchpoint.key, 1))
        if touch.status is TouchStatus.WAITING:
            clause = anchor_clause(self.touchpoint.anchor, self._wording.names)
            return f"Gets it by {by} once {clause}."
        if touch.status is TouchStatus.QUEUED:
            return f"Gets it by {by}, as things stand at once."
        if touch.reason in (Reason.LATE, Reason.EXITED, Reason.CAPPED):
            why = reason_sentence(touch.reason)
            return f"Would get it by {by}, but not for this order any more: {why}."
        return f"Gets it by {by}. {self.told(touch)}"

    def told(self, touch: Touch) -> str:
        """What has become of the touch, or will."""
        story = self._wording.story(touch, self.touchpoint.purpose)
        return touch_sentence(story, now=self.now, zone=self.zone)

"""Whether a message may leave now, and when to try again. Pure: values in, values out.

The quiet hours and the cap are those of the journey format (rules 6 and 7); asked again here
because days may lie between the plan and the moment a message leaves.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.kinds import Purpose, Reason, SuppressionScope
from px.customers.timing import cap_frees_at, first_open, outside

KEPT = {Purpose.TRANSACTIONAL: timedelta(hours=72), Purpose.MARKETING: timedelta(hours=24)}
# An attempt that may have arrived is not repeated before reports of it had time to come in.
UNKNOWN_WAIT = timedelta(minutes=5)
# How long one waits for those that go before it, while they are on their way.
TURN = timedelta(minutes=1)
# A message whose sending killed the sender this often is not tried again.
MOST_DEATHS = 3

_STEPS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))


@dataclass(frozen=True, slots=True)
class ShopRules:
    """The shop's quiet hours (local, from and to) and cap; no cap when `cap_messages` is 0."""

    quiet_hours: tuple[time, time] | None
    cap_messages: int
    cap_days: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a message and its customer at this moment.

    `sent` holds when marketing was sent to the customer, over all journeys, oldest first; `before`
    is how many more are due that go before this one.
    """

    purpose: Purpose
    to_address: str
    zone: ZoneInfo
    expires_at: datetime | None
    suppressed: SuppressionScope | None = None
    marketing_consent: bool = False
    is_erased: bool = False
    sent: Sequence[datetime] = ()
    before: int = 0


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may leave."""


@dataclass(frozen=True, slots=True)
class HoldUntil:
    """It may leave at that time, not before."""

    at: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Skip:
    """It will not leave; the detail is a sentence for people."""

    reason: Reason
    detail: str


Verdict = Allowed | HoldUntil | Skip


def may_send(asked: Asked, rules: ShopRules, *, now: datetime) -> Verdict:
    """Whether the message may leave at `now`; a hold that would end too late is a skip."""
    if refusal := _refusal(asked, now):
        return refusal
    if asked.purpose != Purpose.MARKETING:
        return Allowed()
    hold = _hold(asked, rules, now) or _turn(asked, rules, now)
    if hold is None or asked.expires_at is None or hold.at < asked.expires_at:
        return hold or Allowed()
    if hold.reason == Reason.CAPPED:
        return Skip(Reason.CAPPED, "The customer already has as many as the cap allows.")
    return Skip(Reason.LATE, "The quiet hours end after it would still have been of use.")


def quiet_until(moment: datetime, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """The first moment from `moment` on outside the quiet hours as clocks in `zone` show them."""
    return first_open(moment, (outside(quiet),), zone)[0] if quiet else moment


def room_under_cap(sent: Sequence[datetime], rules: ShopRules, moment: datetime) -> datetime:
    """The first moment, not before `moment`, with room under the cap."""
    if not rules.cap_messages:
        return moment
    return cap_frees_at(sorted(sent), moment, rules.cap_messages, rules.cap_days)


def next_try(attempt: int, seed: int, *, now: datetime) -> datetime:
    """When to try again after that many attempts: 1 m, 5 m, 15 m, 1 h, 4 h, 12 h, 24 h with jitter.

    The jitter, from half to one and a half, is drawn from the message and the attempt, so that
    messages refused together do not come back together.
    """
    step = _STEPS[min(attempt, len(_STEPS)) - 1]
    digest = hashlib.blake2b(f"{seed}.{attempt}".encode(), digest_size=4).digest()
    return now + step / 2 + step * (int.from_bytes(digest) / 2**32)


def _refusal(asked: Asked, now: datetime) -> Skip | None:
    if asked.is_erased or not asked.to_address:
        return Skip(Reason.UNREACHABLE, "There is no address to write to any more.")
    if asked.suppressed == SuppressionScope.ALL:
        return Skip(Reason.SUPPRESSED, "The address is on the do-not-write list.")
    if asked.purpose == Purpose.MARKETING and asked.suppressed:
        return Skip(Reason.SUPPRESSED, "The customer unsubscribed from marketing.")
    if asked.purpose == Purpose.MARKETING and not asked.marketing_consent:
        return Skip(Reason.NO_CONSENT, "The customer has not agreed to marketing here.")
    if asked.expires_at is not None and asked.expires_at <= now:
        return Skip(Reason.LATE, "Its time had passed before it could be sent.")
    return None


def _hold(asked: Asked, rules: ShopRules, now: datetime) -> HoldUntil | None:
    """The first moment that satisfies both, named after what moved it first."""
    moment, reason = now, None
    for _ in range(8):
        quiet = quiet_until(moment, rules.quiet_hours, asked.zone)
        free = room_under_cap(asked.sent, rules, quiet)
        if quiet > moment:
            reason = reason or Reason.QUIET_HOURS
        if free > quiet:
            reason = reason or Reason.CAPPED
        if free == moment:
            break
        moment = free
    return HoldUntil(moment, reason) if reason else None


def _turn(asked: Asked, rules: ShopRules, now: datetime) -> HoldUntil | None:
    """A place is free, but those that go before take it: a little later it is known."""
    if not asked.before:
        return None
    taken = [*asked.sent, *[now] * asked.before]
    is_full = room_under_cap(taken, rules, now) > now
    return HoldUntil(now + TURN, Reason.CAPPED) if is_full else None

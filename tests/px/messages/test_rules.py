from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.kinds import Purpose, Reason, SuppressionScope
from px.customers import timing
from px.messages.rules import (
    Allowed,
    Asked,
    HoldUntil,
    ShopRules,
    Skip,
    may_send,
    next_try,
    quiet_until,
    room_under_cap,
)

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = (time(21), time(8))
SHOP = ShopRules(quiet_hours=NIGHT, cap_messages=3, cap_days=7)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def asked(**changes) -> Asked:
    values = {
        "purpose": Purpose.MARKETING,
        "to_address": "ada@example.com",
        "zone": BERLIN,
        "expires_at": None,
        "marketing_consent": True,
    }
    return Asked(**values | changes)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_message_with_consent_at_noon_may_leave():
    assert may_send(asked(), SHOP, now=NOON) == Allowed()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"marketing_consent": False}, Reason.NO_CONSENT),
        ({"suppressed": SuppressionScope.MARKETING}, Reason.SUPPRESSED),
        ({"suppressed": SuppressionScope.ALL}, Reason.SUPPRESSED),
        ({"is_erased": True}, Reason.UNREACHABLE),
        ({"to_address": ""}, Reason.UNREACHABLE),
        ({"expires_at": NOON}, Reason.LATE),
    ],
)
def test_marketing_is_skipped_with_its_reason(changes, reason):
    verdict = may_send(asked(**changes), SHOP, now=NOON)
    assert isinstance(verdict, Skip)
    assert verdict.reason == reason
    assert verdict.detail.endswith(".")


def test_a_transactional_message_needs_no_consent_and_passes_quiet_hours_and_cap():
    message = asked(purpose=Purpose.TRANSACTIONAL, marketing_consent=False, sent=[NOON] * 9)
    assert may_send(message, SHOP, now=utc("2026-05-04T23:00")) == Allowed()


def test_unsubscribing_from_marketing_never_stops_a_shipping_notice_but_a_bounce_does():
    notice = {"purpose": Purpose.TRANSACTIONAL}
    marketing = asked(**notice, suppressed=SuppressionScope.MARKETING)
    assert may_send(marketing, SHOP, now=NOON) == Allowed()
    bounced = may_send(asked(**notice, suppressed=SuppressionScope.ALL), SHOP, now=NOON)
    assert bounced == Skip(Reason.SUPPRESSED, "The address is on the do-not-write list.")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-05-04T18:59", None),
        ("2026-05-04T19:00", "2026-05-05T06:00"),
        ("2026-05-05T05:59", "2026-05-05T06:00"),
        ("2026-05-05T06:00", None),
        # Clocks go forward on 29 March 2026 and back on 25 October 2026.
        ("2026-03-28T22:00", "2026-03-29T06:00"),
        ("2026-03-28T20:00", "2026-03-29T06:00"),
        ("2026-03-27T20:00", "2026-03-28T07:00"),
        ("2026-10-24T19:30", "2026-10-25T07:00"),
        ("2026-10-25T06:30", "2026-10-25T07:00"),
        ("2026-10-25T19:59", None),
    ],
)
def test_quiet_hours_are_the_customer_s_and_follow_summer_time(now, until):
    verdict = may_send(asked(), SHOP, now=utc(now))
    expected = HoldUntil(utc(until), Reason.QUIET_HOURS) if until else Allowed()
    assert verdict == expected


def test_quiet_hours_that_end_in_the_hour_that_does_not_exist_end_with_it():
    quiet = (time(21), time(2, 30))
    assert quiet_until(utc("2026-03-28T22:00"), quiet, BERLIN) == utc("2026-03-29T01:00")


def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_with_the_first_of_them():
    quiet = (time(21), time(2, 30))
    assert quiet_until(utc("2026-10-24T22:00"), quiet, BERLIN) == utc("2026-10-25T00:30")


def test_quiet_hours_hold_through_the_second_pass_of_an_hour():
    quiet = (time(21), time(2, 59))
    assert quiet_until(utc("2026-10-25T01:05"), quiet, BERLIN) == utc("2026-10-25T01:59")


@settings(deadline=None)
@given(
    days=st.floats(0, 1000),
    start=st.integers(0, 1439),
    end=st.integers(0, 1439),
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
    ),
)
def test_quiet_hours_are_those_the_plan_keeps(days, start, end, zone):
    moment = NOON + timedelta(days=days)
    if start == end:
        return
    quiet, where = (time(*divmod(start, 60)), time(*divmod(end, 60))), ZoneInfo(zone)
    planned, _ = timing.first_open(moment, (timing.outside(quiet),), where)
    until = quiet_until(moment, quiet, where)
    wall = until.astimezone(where).time()
    is_open = not (
        quiet[0] <= wall < quiet[1] if quiet[0] < quiet[1] else not quiet[1] <= wall < quiet[0]
    )
    in_a_clock_change = timing.instant(
        until.astimezone(where).replace(tzinfo=None), where
    ) != until.replace(fold=0)
    assert until >= moment
    assert is_open
    assert until == planned or in_a_clock_change or abs(until - planned) <= timedelta(hours=1)


def test_the_cap_counts_any_rolling_days_and_frees_to_the_moment():
    sent = [utc("2026-04-28T12:00"), utc("2026-04-30T09:00"), utc("2026-05-02T09:00")]
    held = may_send(asked(sent=sent), SHOP, now=NOON)
    assert held == HoldUntil(utc("2026-05-05T12:00"), Reason.CAPPED)
    assert may_send(asked(sent=sent), SHOP, now=utc("2026-05-05T12:00")) == Allowed()


def test_a_cap_that_frees_at_night_waits_for_the_morning_too():
    sent = [utc("2026-04-28T22:00")] * 3
    held = may_send(asked(sent=sent), SHOP, now=NOON)
    assert held == HoldUntil(utc("2026-05-06T06:00"), Reason.CAPPED)


def test_a_cap_of_nought_is_no_cap():
    shop = ShopRules(None, 0, 7)
    assert may_send(asked(sent=[NOON] * 100), shop, now=NOON) == Allowed()


def test_a_hold_that_would_end_too_late_is_a_skip():
    sent = [utc("2026-05-01T12:00")] * 3
    soon = utc("2026-05-05T12:00")
    capped = may_send(asked(sent=sent, expires_at=soon), SHOP, now=NOON)
    assert isinstance(capped, Skip)
    assert capped.reason == Reason.CAPPED
    late = may_send(asked(expires_at=utc("2026-05-05T05:00")), SHOP, now=utc("2026-05-04T20:00"))
    assert isinstance(late, Skip)
    assert late.reason == Reason.LATE


@settings(deadline=None)
@given(
    hours=st.lists(st.integers(0, 24 * 30), max_size=12),
    messages=st.integers(1, 5),
    days=st.integers(1, 10),
)
def test_the_cap_is_the_one_the_plan_keeps(hours, messages, days):
    sent = sorted(NOON - timedelta(hours=h) for h in hours)
    rules = ShopRules(None, messages, days)
    assert room_under_cap(sent, rules, NOON) == timing.cap_frees_at(sent, NOON, messages, days)


def test_later_tries_come_after_1_5_and_15_minutes_then_hours_spread_by_half():
    steps = [1, 5, 15, 60, 240, 720, 1440, 1440, 1440]
    for attempt, minutes in enumerate(steps, start=1):
        waits = [(next_try(attempt, seed, now=NOON) - NOON) for seed in range(200)]
        step = timedelta(minutes=minutes)
        assert step / 2 <= min(waits) < step * 0.6
        assert step * 1.4 < max(waits) < step * 1.5


def test_the_same_message_and_attempt_wait_the_same():
    assert next_try(2, 7, now=NOON) == next_try(2, 7, now=NOON)

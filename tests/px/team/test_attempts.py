"""Guessing gets slower: per account, per origin, and only for those who fail."""

from datetime import UTC, datetime, timedelta

from px.team.attempts import Attempts

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def fail(tries: Attempts, times: int, *, account: str = "mara", origin: str = "192.0.2.7") -> None:
    for _ in range(times):
        assert tries.begin(account, origin, now=NOW) == timedelta(0)


def test_five_tries_are_free_and_the_sixth_waits_half_a_minute() -> None:
    tries = Attempts()
    fail(tries, 5)
    assert tries.begin("mara", "192.0.2.7", now=NOW) == timedelta(seconds=30)


def test_the_wait_doubles_with_each_failure_and_ends_at_fifteen_minutes() -> None:
    tries, moment, waits = Attempts(), NOW, []
    fail(tries, 5)
    for _ in range(7):
        wait = tries.begin("mara", "192.0.2.7", now=moment)
        waits.append(wait.total_seconds())
        moment += wait
        assert tries.begin("mara", "192.0.2.7", now=moment) == timedelta(0)
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_the_account_waits_wherever_the_tries_come_from() -> None:
    tries = Attempts()
    for last in range(5):
        fail(tries, 1, origin=f"192.0.2.{last}")
    assert tries.begin("mara", "198.51.100.9", now=NOW) > timedelta(0)


def test_an_origin_that_tries_many_accounts_waits_too() -> None:
    tries = Attempts()
    for number in range(20):
        fail(tries, 1, account=f"user{number}")
    assert tries.begin("user99", "192.0.2.7", now=NOW) == timedelta(seconds=30)
    assert tries.begin("user99", "198.51.100.9", now=NOW) == timedelta(0)


def test_a_waiting_try_is_not_counted_so_that_asking_does_not_make_it_longer() -> None:
    tries = Attempts()
    fail(tries, 5)
    for _ in range(50):
        tries.begin("mara", "192.0.2.7", now=NOW)
    assert tries.begin("mara", "192.0.2.7", now=NOW) == timedelta(seconds=30)


def test_signing_in_forgets_the_account_but_not_the_guesses_from_that_origin() -> None:
    tries = Attempts()
    for number in range(19):
        fail(tries, 1, account=f"user{number}")
    fail(tries, 1)
    tries.succeeded("mara", "192.0.2.7")
    fail(tries, 1)
    assert tries.begin("mara", "192.0.2.7", now=NOW) == timedelta(seconds=30)


def test_after_an_hour_without_a_try_nothing_is_remembered() -> None:
    tries = Attempts()
    fail(tries, 5)
    later = NOW + timedelta(hours=1, seconds=1)
    assert tries.begin("mara", "192.0.2.7", now=later) == timedelta(0)


def test_a_flood_of_made_up_accounts_does_not_fill_the_memory() -> None:
    tries = Attempts()
    for number in range(12_000):
        tries.begin(f"user{number}", f"origin{number}", now=NOW)
    assert len(tries._tries) == 10_000

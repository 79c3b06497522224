"""When the work of a lease was not done for long, that is remembered."""

from datetime import datetime, timedelta

from px.core.lease import Gap, gaps_of, note_tick, read_lease, take_lease
from px.core.work import reading, work


def _tick(at: datetime, *, remember_gaps: bool = True) -> None:
    with work() as session:
        take_lease(session, "scheduler", owner="me", seconds=30, now=at)
        note_tick(session, "scheduler", detail={"did": 1}, now=at, remember_gaps=remember_gaps)


def _gaps() -> list[Gap]:
    with reading() as session:
        return gaps_of(read_lease(session, "scheduler"))


def test_a_lease_that_nobody_took_has_no_gaps(database, now):
    assert _gaps() == []


def test_ticks_that_follow_each_other_leave_no_gap(database, now):
    for seconds in (0, 2, 4, 300):
        _tick(now + timedelta(seconds=seconds))
    assert _gaps() == []


def test_a_long_pause_is_remembered_through_later_ticks(database, now):
    morning = now + timedelta(hours=9)
    for at in (now, morning, morning + timedelta(seconds=2)):
        _tick(at)
    assert _gaps() == [Gap(now, morning)]
    with reading() as session:
        lease = read_lease(session, "scheduler")
        assert lease
        assert lease.detail["did"] == 1


def test_the_last_twenty_are_kept(database, now):
    for hours in range(25):
        _tick(now + timedelta(hours=hours))
    gaps = _gaps()
    assert len(gaps) == 20
    assert gaps[-1].ended == now + timedelta(hours=24)


def test_work_that_rests_by_itself_has_no_gaps(database, now):
    for hours in (0, 9):
        _tick(now + timedelta(hours=hours), remember_gaps=False)
    assert _gaps() == []

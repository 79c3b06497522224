from datetime import timedelta

from px.core.work import marking
from px.messages.pace import reserve


def ask(now, count=1, owner="one", per_second=10.0):
    with marking() as session:
        return reserve(
            session, "pace:email", count=count, per_second=per_second, owner=owner, now=now
        )


def test_ten_a_second_leave_a_tenth_of_a_second_apart_from_whichever_worker(database, now):
    waits = [ask(now, owner=owner) for owner in ("one", "two", "one", "three")]
    assert waits == [0.0, 0.1, 0.2, 0.3]


def test_a_restart_does_not_begin_with_a_full_bucket(database, now):
    assert ask(now, count=10) == 0.0
    soon = now + timedelta(milliseconds=300)
    assert ask(soon, owner="after the restart") == 0.7


def test_time_that_nothing_was_sent_in_is_not_saved_up(database, now):
    ask(now)
    later = now + timedelta(hours=1)
    assert [ask(later), ask(later)] == [0.0, 0.1]


def test_a_clock_that_has_gone_back_does_not_stop_the_mail(database, now):
    ask(now + timedelta(days=1))
    back = [ask(now) for _ in range(2)]
    assert back in ([0.0, 0.1], [None, None])

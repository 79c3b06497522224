import time
from collections.abc import Callable
from threading import Event

import pytest

from px import flow
from px.core.errors import PxError
from px.core.lease import read_lease
from px.core.work import reading
from px.scheduler import LEASE, Runner, jobs
from tests.fakes.smtp import mail_server
from tests.px.messages.rows import live, messages, note, queue, template


@pytest.fixture
def quiet(monkeypatch):
    """Journeys that have nothing to do; how often each job was asked."""
    asked = dict.fromkeys(("react", "advance", "settle"), 0)

    def fake(name):
        def job(*, now):
            asked[name] += 1
            return 0

        return job

    for name in asked:
        monkeypatch.setattr(flow, name, fake(name))
    return asked


@pytest.fixture
def runner_of():
    """Makes runners that are stopped however the test ends."""
    made: list[Runner] = []

    def make(**how) -> Runner:
        made.append(Runner(**how))
        return made[-1]

    yield make
    for runner in made:
        runner.stop()


@pytest.fixture
def saved(settings, monkeypatch):
    """Every reader of the settings gets these, changed as the test likes."""
    box = [settings]
    monkeypatch.setattr("px.core.settings.current", lambda _session: box[0])
    return box


def until(condition: Callable[[], object]) -> None:
    """Ends when it is so, at the latest after 10 s."""
    pause = Event()
    for _ in range(1000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come to pass")


def test_a_running_scheduler_sends_what_is_due_and_stops_within_ten_seconds(
    database, saved, quiet, now, runner_of
):
    queue(saved[0], note(None, template(now=now), now=now), now=now)
    runner = runner_of(clock=lambda: now, tick_seconds=0.05)
    runner.start()
    until(lambda: messages()[0].status == "sent")
    until(lambda: quiet["settle"] > 1)
    assert runner.stop()


def test_the_last_tick_and_its_problems_stand_in_the_lease(
    database, saved, quiet, now, monkeypatch, runner_of
):
    def broken(*, now):
        raise RuntimeError("a bug")

    monkeypatch.setattr(flow, "advance", broken)
    runner = runner_of(clock=lambda: now)
    runner.tick()
    with reading() as session:
        lease = read_lease(session, LEASE)
    assert lease is not None
    assert lease.ticked_at == now
    assert lease.detail["problems"] == {"advance": "It failed; the log says why."}
    assert quiet["settle"] == 1


def test_what_files_and_rehearsals_could_not_do_is_told_with_the_next_tick_until_they_can(
    database, saved, quiet, now, monkeypatch, runner_of
):
    def locked(_now, *_):
        raise PxError("The disk is full.")

    def told():
        runner.tick()
        with reading() as session:
            lease = read_lease(session, LEASE)
        return lease.detail["problems"]

    runner = runner_of(clock=lambda: now)
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "imports", locked)
        broken.setattr(jobs, "rehearsals", locked)
        runner.read_files()
        runner.rehearse()
    assert told() == {"imports": "The disk is full.", "rehearsals": "The disk is full."}
    runner.read_files()
    runner.rehearse()
    assert told() == {}


def test_of_two_processes_one_ticks_and_both_may_send(database, saved, quiet, now, runner_of):
    first, second = runner_of(clock=lambda: now), runner_of(clock=lambda: now)
    first.tick()
    second.tick()
    assert quiet["react"] == 1
    queue(saved[0], note(None, template(now=now), now=now), now=now)
    second.send()
    assert messages()[0].status == "sent"
    first.stop()
    second.tick()
    assert quiet["react"] == 2
    second.stop()


def test_a_tick_goes_on_at_once_while_there_is_something_to_do(
    database, saved, now, monkeypatch, runner_of
):
    left = [5, 3, 0]
    monkeypatch.setattr(flow, "react", lambda **_: left.pop(0))
    monkeypatch.setattr(flow, "advance", lambda **_: 0)
    monkeypatch.setattr(flow, "settle", lambda **_: 0)
    runner = runner_of(clock=lambda: now)
    runner.tick()
    assert left == []
    runner.stop()


def test_new_settings_count_from_the_next_pass_on(database, saved, quiet, now, runner_of):
    runner = runner_of(clock=lambda: now)
    runner.send()
    with mail_server() as server:
        saved[0] = live(saved[0], server.port)
        queue(saved[0], note(None, template(now=now), now=now), now=now)
        runner.send()
        assert server.to() == ["ada@example.com"]
    runner.stop()


def test_connections_are_kept_from_one_pass_to_the_next(database, saved, quiet, now, runner_of):
    with mail_server() as server:
        saved[0] = live(saved[0], server.port)
        runner = runner_of(clock=lambda: now, connections=1)
        version = template(now=now)
        for number in range(3):
            queue(saved[0], note(None, version, now=now, to=f"c{number}@x.example"), now=now)
            runner.send()
        assert (len(server.mails), server.connections) == (3, 1)
        runner.stop()


def test_stopping_waits_for_the_mail_that_is_being_sent(database, saved, quiet, now, runner_of):
    with mail_server() as server:
        saved[0] = live(saved[0], server.port)
        version = template(now=now)
        queue(
            saved[0],
            *(note(None, version, now=now, to=f"c{n}@x.example") for n in range(500)),
            now=now,
        )
        runner = runner_of(clock=lambda: now, tick_seconds=0.05)
        runner.start()
        until(lambda: len(server.mails) > 20)
        started = time.monotonic()
        assert runner.stop()
        assert time.monotonic() - started < 10
        sent = sum(row.status == "sent" for row in messages())
        assert sent == len(server.mails)
    assert {row.status for row in messages()} == {"sent", "queued"}
    assert {row.claimed_by for row in messages()} == {None}


def test_a_scheduler_that_was_never_started_can_be_stopped(database, saved, runner_of):
    assert runner_of().stop()

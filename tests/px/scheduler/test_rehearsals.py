"""Rehearsals are played beside everything else, and hold nothing up."""

from threading import Event

from px import journeys
from px.core.work import reading, work
from px.scheduler import jobs, run_once
from tests.px.journeys.test_rehearsals import JOURNEY
from tests.px.messages.rows import messages, note, queue, template
from tests.px.scheduler.test_runner import quiet, runner_of, saved, until

__all__ = ["quiet", "runner_of", "saved"]


def ask(now) -> None:
    with work() as session:
        document = journeys.read_document(JOURNEY)
        scope = journeys.RehearsalScope(days=30)
        journeys.ask_rehearsal(session, document, scope=scope, by="Mia", now=now)


def status() -> str:
    with reading() as session:
        return str(journeys.rehearsals_of(session, "care")[0].status)


def test_a_pass_plays_the_rehearsals_that_wait(database, settings, now):
    ask(now)
    assert run_once(now=now, settings=settings)["rehearsals"] == {"done": 1}
    assert status() == "done"


def test_a_running_scheduler_plays_what_is_asked_for(database, saved, quiet, now, runner_of):
    ask(now)
    runner_of(clock=lambda: now, tick_seconds=0.05).start()
    until(lambda: status() == "done")


def test_messages_leave_while_a_rehearsal_is_played(
    database, saved, quiet, now, runner_of, monkeypatch
):
    begun, release = Event(), Event()

    def long_play(_now, _stopping) -> int:
        begun.set()
        release.wait(10)
        return 0

    monkeypatch.setattr(jobs, "rehearsals", long_play)
    runner_of(clock=lambda: now, tick_seconds=0.05).start()
    assert begun.wait(10)
    queue(saved[0], note(None, template(now=now), now=now), now=now)
    until(lambda: messages()[0].status == "sent")
    release.set()

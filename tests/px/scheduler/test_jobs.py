from threading import Event

from px import flow
from px.core.errors import PxError
from px.scheduler import jobs, run_once
from px.scheduler.jobs import Report, drain, run_job
from tests.px.messages.rows import messages, note, queue, template


def test_a_job_that_fails_is_named_and_the_others_go_on(
    database, settings, now, monkeypatch, caplog
):
    def broken(*, now):
        raise RuntimeError("a bug")

    monkeypatch.setattr(flow, "react", broken)
    queue(settings, note(None, template(now=now), now=now), now=now)
    told = run_once(now=now, settings=settings)
    assert told["react"] == {"done": 0, "problem": "It failed; the log says why."}
    assert told["send"]["sent"] == 1
    assert "job react failed" in caplog.text


def test_a_problem_a_person_can_act_on_is_told_in_its_own_words(now):
    def locked(_now):
        raise PxError("The database is busy with another program.")

    report = Report()
    assert run_job("advance", locked, report, now=now) == 0
    assert report.problems == {"advance": "The database is busy with another program."}


def test_a_pass_uses_the_clock_it_is_given(database, settings, now):
    queue(settings, note(None, template(now=now), now=now), now=now)
    run_once(now=now, settings=settings)
    (row,) = messages()
    assert (row.status, row.sent_at) == ("sent", now)


def test_a_pass_goes_on_until_nothing_is_left_to_do(database, settings, now, monkeypatch):
    left = {"react": [2, 1], "settle": [1]}

    def fake(name):
        return lambda **_: left[name].pop(0) if left.get(name) else 0

    for name in ("react", "advance", "settle"):
        monkeypatch.setattr(flow, name, fake(name))
    told = run_once(now=now, settings=settings)
    assert told["react"] == {"done": 3}
    assert told["settle"] == {"done": 1}
    assert left == {"react": [], "settle": []}


def test_draining_ends_when_it_is_told_to_stop(now):
    stopping = Event()
    stopping.set()
    assert drain("react", lambda _: 1, Report(), now=now, stopping=stopping) == 0


def test_why_messages_wait_is_told_with_the_pass(database, settings, now):
    shop = settings.model_copy(update={"mode": "live"})
    queue(shop, note(None, template(now=now), now=now), now=now)
    told = run_once(now=now, settings=shop)
    assert told["send"]["problem"] == (
        "No mail account is set up: enter the mail server under Settings."
    )
    assert messages()[0].status == "queued"


def test_jobs_are_those_that_the_docs_name():
    names = {"imports", "react", "advance", "send", "settle", "sweep"}
    assert all(
        f"    {name}" in (jobs.__doc__ or "") or f" {name} " in (jobs.__doc__ or "")
        for name in names
    )

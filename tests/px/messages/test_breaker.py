from px.messages.breaker import Breaker


def test_five_failures_in_a_row_shut_it_and_one_message_tries_it_after_the_pause():
    breaker = Breaker()
    assert [breaker.failed(at, "busy") for at in (1.0, 2.0, 3.0, 4.0)] == [False] * 4
    assert breaker.room(4.0) is None
    assert breaker.failed(5.0, "busy")
    assert breaker.room(34.9) == 0
    assert breaker.room(35.0) == 1


def test_a_success_between_failures_counts_from_nought_again():
    breaker = Breaker()
    for at in range(4):
        breaker.failed(at, "busy")
    breaker.succeeded()
    assert not breaker.failed(9.0, "busy")


def test_only_one_message_tries_it_at_a_time_and_failing_again_doubles_the_pause():
    breaker = Breaker()
    breaker.failed(0.0, "no", at_once=True)
    breaker.is_probing = True
    assert breaker.room(31.0) == 0
    assert breaker.failed(31.0, "no")
    assert (breaker.room(90.9), breaker.room(91.0)) == (0, 1)


def test_the_pause_never_exceeds_five_minutes():
    breaker = Breaker()
    at = 0.0
    breaker.failed(at, "no", at_once=True)
    for _ in range(10):
        at += breaker.pause
        breaker.is_probing = True
        breaker.failed(at, "no")
    assert breaker.pause == 300.0


def test_those_on_the_way_when_it_shuts_do_not_lengthen_the_pause():
    breaker = Breaker()
    for at in range(5):
        breaker.failed(at, "busy")
    for at in range(5, 9):
        assert breaker.failed(at, "busy")
    assert breaker.pause == 30.0


def test_a_success_of_the_one_that_tries_it_opens_it_for_all():
    breaker = Breaker()
    breaker.failed(0.0, "no", at_once=True)
    breaker.is_probing = True
    breaker.succeeded()
    assert breaker.room(31.0) is None
    assert breaker.sentence == ""

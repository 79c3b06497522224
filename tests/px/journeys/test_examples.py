"""The example to start from."""

from px import journeys, messages
from px.core.work import reading, work
from px.messages import TemplateParts


def test_the_example_is_a_draft_whose_texts_can_all_be_sent(database, now):
    with work() as session:
        key = journeys.start_example(session, by="Mia", now=now)
    with work() as session:
        assert journeys.publish(session, key, by="Mia", now=now) == 1
    with reading() as session:
        line = journeys.journey_lines(session)[0]
    assert (line.name, line.status) == ("The first weeks", "live")


def test_starting_twice_makes_two_journeys(database, now):
    with work() as session:
        keys = [journeys.start_example(session, by="Mia", now=now) for _ in range(2)]
        named = journeys.start_example(session, name="Serum care", by="Mia", now=now)
    assert [*keys, named] == ["first-weeks", "first-weeks-2", "serum-care"]


def test_a_text_that_the_shop_has_changed_stays_as_it_is(database, now):
    own = TemplateParts(subject="Ours", body="Our own words.")
    with work() as session:
        messages.save_template(session, "thank-you", "Thank you", own, by="Mia", now=now)
        journeys.start_example(session, by="Mia", now=now)
        assert messages.template_versions(session, ["thank-you"])["thank-you"][1] == own

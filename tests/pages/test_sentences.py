"""What is said before it matters, with the numbers."""

from dataclasses import dataclass

import pytest

from pages._journey.effect_words import (
    LABELS,
    change_words,
    inside_sentence,
    resume_sentence,
    waits_sentence,
)
from pages._journey.sentences import archive_sentence, entering_sentences, pause_sentence
from px.journeys import Change, Effect


@dataclass(frozen=True)
class Known:
    """As much of a page as the sentences ask for."""

    mode: str = "live"

    @property
    def settings(self) -> "Known":
        return self


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (Effect(held=12, touches={Change.AT_ONCE: 5, Change.TOO_LATE: 7}),
         "**12 messages are held.** 5 would go at once, 7 are too late and will be skipped."),
        (Effect(held=1, touches={Change.AT_ONCE: 1}),
         "**1 message is held.** 1 would go at once."),
        (Effect(held=3, touches={Change.TO_REVIEW: 1}),
         "**3 messages are held.** 1 is late and will wait for your decision, 2 are for later."),
        (Effect(), "Nothing is held, so nothing goes out at once. "
                   "The journey takes in new orders again."),
    ],
)  # fmt: skip
def test_resuming_says_what_goes_at_once_and_what_is_too_late(effect: Effect, said: str) -> None:
    assert resume_sentence(effect) == said


def test_publishing_says_who_enters_from_now_on() -> None:
    assert entering_sentences("order", "live", Known()) == [
        "From now on each new order enters this version. Messages leave for real."
    ]
    paused = " ".join(entering_sentences("customer", "paused", Known("sandbox")))
    assert "In the sandbox nothing leaves." in paused
    assert "The journey is paused; publishing lets it go on." in paused


def test_publishing_in_test_mode_says_that_others_still_do_not_enter() -> None:
    tested_by = ["mia@shop.example", "tom@shop.example", "a@shop.example", "b@shop.example"]
    said = entering_sentences("order", "live", Known(), tested_by=tested_by)
    assert len(said) == 2
    assert said[1].replace("\\", "") == (
        "In test mode: only mia@shop.example, tom@shop.example, a@shop.example and others may "
        "enter. It stays so until you open it to everybody."
    )


def test_publishing_over_people_counts_what_happens_to_them() -> None:
    people = {Change.UNAFFECTED: 38, Change.AT_ONCE: 12, Change.NEW: 37, Change.LOST: 5}
    assert inside_sentence(Effect(inside=87, people=people)) == (
        "**87 people are inside**: 37 get a new touchpoint, 12 get a message at once, "
        "5 lose one, 38 are unaffected."
    )
    assert inside_sentence(Effect(inside=1, people={Change.LATER: 1})) == (
        "**1 person is inside**: 1 gets one later."
    )
    assert inside_sentence(Effect(inside=3, people={Change.DATED: 1, Change.UNAFFECTED: 2})) == (
        "**3 people are inside**: 1 gets a day for one that had none, 2 are unaffected."
    )


def test_publishing_to_nobody_or_for_nobody_says_so() -> None:
    assert inside_sentence(Effect()) == "Nobody is inside yet."
    unaffected = Effect(inside=2, people={Change.UNAFFECTED: 2})
    assert inside_sentence(unaffected) == "**2 people are inside**. Nothing changes for them."


def test_every_kind_of_change_has_words_for_one_and_for_many() -> None:
    for change in Change:
        assert change_words(change, 1)
        assert change_words(change, 2)
        assert LABELS[change]


def test_sending_nothing_at_once_says_what_is_not_sent() -> None:
    assert waits_sentence(Effect()) == "Nothing would go at once in any case."
    assert waits_sentence(Effect(people={Change.AT_ONCE: 12})) == (
        "Nothing goes now: what 12 people would get at once is skipped, "
        "and the customer's page says why."
    )


def test_pausing_and_archiving_say_whom_they_concern() -> None:
    assert pause_sentence(1, 2) == (
        "1 person stays inside, 2 planned messages wait until you resume. "
        "New orders still enter. Nothing is discarded."
    )
    assert archive_sentence(0, 0).startswith("Nobody is inside.")
    assert archive_sentence(2, 1).startswith("2 people are inside: 1 planned message will not go.")

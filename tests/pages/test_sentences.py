"""What is said before it matters, with the numbers."""

from dataclasses import dataclass

import pytest

from pages._journey.sentences import (
    archive_sentence,
    pause_sentence,
    publish_sentences,
    resume_sentence,
)
from px.journeys import Effect


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
        (Effect(held=12, at_once=5, too_late=7),
         "**12 messages are held.** 5 would go at once, 7 are too late and will be skipped."),
        (Effect(held=1, at_once=1), "**1 message is held.** 1 would go at once."),
        (Effect(held=3, to_review=1, at_once=0),
         "**3 messages are held.** 1 is late and will wait for your decision, 2 are for later."),
        (Effect(), "Nothing is held, so nothing goes out at once. "
                   "The journey takes in new orders again."),
    ],
)  # fmt: skip
def test_resuming_says_what_goes_at_once_and_what_is_too_late(effect: Effect, said: str) -> None:
    assert resume_sentence(effect) == said


def said(effect: Effect, *, status: str = "live", move: bool = True, mode: str = "live") -> str:
    return " ".join(publish_sentences(effect, "order", status, move=move, at=Known(mode)))


def test_publishing_to_nobody_says_so() -> None:
    assert said(Effect()) == (
        "From now on each new order enters this version. Messages leave for real. "
        "Nobody is inside yet."
    )
    assert "In the sandbox nothing leaves." in said(Effect(), mode="sandbox")


def test_publishing_over_people_counts_what_changes_for_them() -> None:
    effect = Effect(inside=87, asked=87, at_once=12, moved=37, added=1, removed=2)
    assert said(effect).endswith(
        "**87 people are inside.** Of their messages, 12 go at once, 37 move to another time, "
        "1 is new, 2 are taken out."
    )
    assert said(Effect(inside=1, asked=1)).endswith(
        "**1 person is inside.** Nothing changes for them."
    )


def test_those_who_may_finish_are_left_alone() -> None:
    assert said(Effect(inside=3, asked=3, at_once=3), move=False).endswith(
        "They finish on the version they are in; nothing changes for them."
    )


def test_a_count_of_a_part_says_that_it_is_one() -> None:
    assert said(Effect(inside=5000, asked=2000, moved=4)).endswith(
        "4 move to another time. Counted for the first 2,000 of them."
    )


def test_publishing_a_paused_journey_says_that_it_goes_on() -> None:
    assert "The journey is paused; publishing lets it go on." in said(Effect(), status="paused")


def test_pausing_and_archiving_say_whom_they_concern() -> None:
    assert pause_sentence(1, 2) == (
        "1 person stays inside, 2 planned messages wait until you resume. "
        "New orders still enter. Nothing is discarded."
    )
    assert archive_sentence(0, 0).startswith("Nobody is inside.")
    assert archive_sentence(2, 1).startswith("2 people are inside: 1 planned message will not go.")

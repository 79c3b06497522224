"""The list of journeys: how to begin, and what can be done with each."""

from tests.pages.conftest import Look, text_of


def press(at, label: str):
    return next(button for button in at.button if button.label == label).click().run()


def test_with_no_journeys_the_page_says_what_one_is_and_how_to_begin(look: Look) -> None:
    at = look("journeys.py")
    assert "A journey is everything you say to a customer after they buy" in text_of(at)
    assert [b.label for b in at.button][-3:] == [
        "Start from an example",
        "Import a journey file",
        "New journey",
    ]


def test_the_example_is_a_draft_with_its_texts(look: Look) -> None:
    at = look("journeys.py")
    press(at, "Start from an example")
    assert at.title[0].value == "The first weeks"
    print(text_of(at))
    assert not at.exception

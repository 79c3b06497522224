"""What a change of a journey does to those inside, in words, with the numbers."""

from pages._ui.words import count, figure
from px.journeys import Change, Effect

CHANGES = {
    Change.NEW: ("gets a new touchpoint", "get a new touchpoint"),
    Change.AT_ONCE: ("gets a message at once", "get a message at once"),
    Change.EARLIER: ("gets one earlier", "get one earlier"),
    Change.LATER: ("gets one later", "get one later"),
    Change.DATED: ("gets a day for one that had none", "get a day for one that had none"),
    Change.WAITS: ("waits again for what one counts from", "wait again for what one counts from"),
    Change.LOST: ("loses one", "lose one"),
    Change.TOO_LATE: ("is too late for one, which is skipped",
                      "are too late for one, which is skipped"),
    Change.TO_REVIEW: ("is too late for one that waits for your decision",
                       "are too late for one that waits for your decision"),
    Change.NOT_SENT: ("will not get one that is due or new: no consent or address, a condition, "
                      "the cap, or held out",
                      "will not get one that is due or new: no consent or address, a condition, "
                      "the cap, or held out"),
    Change.UNAFFECTED: ("is unaffected", "are unaffected"),
}  # fmt: skip
# The same in a word or two, for a button.
LABELS = {
    Change.NEW: "New touchpoint",
    Change.AT_ONCE: "At once",
    Change.EARLIER: "Earlier",
    Change.LATER: "Later",
    Change.DATED: "Gets a day",
    Change.WAITS: "Waits again",
    Change.LOST: "Loses one",
    Change.TOO_LATE: "Too late",
    Change.TO_REVIEW: "To decide",
    Change.NOT_SENT: "Not sent",
    Change.UNAFFECTED: "Unaffected",
}


def inside_sentence(effect: Effect) -> str:
    """What happens to those inside, with the numbers of people."""
    if not effect.inside:
        return "Nobody is inside yet."
    inside = f"**{count(effect.inside, 'person is', 'people are')} inside**"
    if effect.people.get(Change.UNAFFECTED, 0) == effect.inside:
        return f"{inside}. Nothing changes for them."
    told = [f"{figure(n)} {change_words(change, n)}" for change, n in numbers(effect)]
    return f"{inside}: {', '.join(told)}."


def numbers(effect: Effect) -> list[tuple[Change, int]]:
    """The kinds of change that concern somebody, in the order in which they are told."""
    return [(change, n) for change in CHANGES if (n := effect.people.get(change, 0))]


def change_words(change: Change, people: int) -> str:
    """What happens to so many people: gets a new touchpoint."""
    one, many = CHANGES[change]
    return one if people == 1 else many


def waits_sentence(effect: Effect) -> str:
    """What the choice to send nothing at once does not send."""
    skipped = effect.people.get(Change.AT_ONCE, 0)
    if not skipped:
        return "Nothing would go at once in any case."
    people = count(skipped, "person", "people")
    return (
        f"Nothing goes now: what {people} would get at once is skipped, "
        "and the customer's page says why."
    )


def resume_sentence(effect: Effect) -> str:
    """What resuming does with what was held: how many go at once, how many are too late."""
    if not effect.held:
        return (
            "Nothing is held, so nothing goes out at once. The journey takes in new orders again."
        )
    held = f"**{count(effect.held, 'message is', 'messages are')} held.**"
    fates = (Change.AT_ONCE, Change.TOO_LATE, Change.TO_REVIEW, Change.NOT_SENT)
    at_once, too_late, to_review, not_sent = (effect.touches.get(fate, 0) for fate in fates)
    parts = [
        (at_once, "would go at once"),
        (too_late, "too late and will be skipped"),
        (to_review, "late and will wait for your decision"),
        (not_sent, "not to be sent any more (no consent or address, a condition, or the cap)"),
        (effect.held - at_once - too_late - to_review - not_sent, "for later"),
    ]
    told = [
        f"{figure(n)} {words if words.startswith('would') else _is(n) + words}"
        for n, words in parts
        if n
    ]
    return f"{held} {', '.join(told)}."


def _is(number: int) -> str:
    return "is " if number == 1 else "are "

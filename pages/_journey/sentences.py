"""What the journey's pages say before something matters, with the numbers."""

from pages._ui.page import At
from pages._ui.words import count, figure
from px.journeys.effects import Effect

MODE = {"live": "Messages leave for real.", "sandbox": "In the sandbox nothing leaves."}


COMERS = {
    "order": "each new order",
    "order_line": "each item of a new order",
    "customer": "each customer it concerns",
    "subscription": "each new subscription",
}


def publish_sentences(effect: Effect, per: str, status: str, *, move: bool, at: At) -> list[str]:
    """What publishing does to those who come and to those inside."""
    said = [f"From now on {COMERS[per]} enters this version. {MODE[at.settings.mode]}"]
    if status == "paused":
        said.append("The journey is paused; publishing lets it go on.")
    if not effect.inside:
        return [*said, "Nobody is inside yet."]
    inside = f"**{count(effect.inside, 'person is', 'people are')} inside.**"
    if not move:
        return [
            *said,
            f"{inside} They finish on the version they are in; nothing changes for them.",
        ]
    return [*said, f"{inside} {_changes(effect)}"]


def _changes(effect: Effect) -> str:
    parts = [
        (effect.at_once, "goes at once", "go at once"),
        (effect.moved, "moves to another time", "move to another time"),
        (effect.added, "is new", "are new"),
        (effect.removed, "is taken out", "are taken out"),
        (effect.too_late, "is too late and will be skipped", "are too late and will be skipped"),
        (effect.to_review, "waits for your decision", "wait for your decision"),
    ]
    told = [f"{figure(n)} {one if n == 1 else many}" for n, one, many in parts if n]
    if not told:
        return "Nothing changes for them."
    part = ""
    if effect.is_part:
        part = f" Counted for the first {figure(effect.asked)} of them."
    return f"Of their messages, {', '.join(told)}.{part}"


def resume_sentence(effect: Effect) -> str:
    """What resuming does with what was held: how many go at once, how many are too late."""
    if not effect.held:
        return (
            "Nothing is held, so nothing goes out at once. The journey takes in new orders again."
        )
    held = f"**{count(effect.held, 'message is', 'messages are')} held.**"
    later = effect.held - effect.at_once - effect.too_late - effect.to_review
    parts = [
        (effect.at_once, "would go at once"),
        (effect.too_late, "too late and will be skipped"),
        (effect.to_review, "late and will wait for your decision"),
        (later, "for later"),
    ]
    told = [
        f"{figure(n)} {words if words.startswith('would') else _is(n) + words}"
        for n, words in parts
        if n
    ]
    return f"{held} {', '.join(told)}."


def _is(number: int) -> str:
    return "is " if number == 1 else "are "


def pause_sentence(inside: int, planned: int) -> str:
    """What pausing does."""
    held = count(planned, "planned message waits", "planned messages wait")
    return (
        f"{count(inside, 'person stays', 'people stay')} inside, {held} until you resume. "
        "New orders still enter. Nothing is discarded."
    )


def archive_sentence(inside: int, planned: int) -> str:
    """What archiving does."""
    if not inside:
        return "Nobody is inside. It takes nobody in any more and stays here for the record."
    return (
        f"{count(inside, 'person is', 'people are')} inside: "
        f"{count(planned, 'planned message', 'planned messages')} will not go. "
        "It takes nobody in any more and stays here for the record."
    )

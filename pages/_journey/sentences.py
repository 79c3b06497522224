"""What the journey's pages say before something matters, with the numbers."""

from collections.abc import Sequence

from pages._ui.page import At
from pages._ui.words import count, plain

MODE = {"live": "Messages leave for real.", "sandbox": "In the sandbox nothing leaves."}
COMERS = {
    "order": "each new order",
    "order_line": "each item of a new order",
    "customer": "each customer it concerns",
    "subscription": "each new subscription",
}


def test_sentence(addresses: Sequence[str]) -> str:
    """Who may enter while the journey is in test mode."""
    named = ", ".join(addresses[:3]) + (" and others" if len(addresses) > 3 else "")
    return f"In test mode: only {named} may enter."


def entering_sentences(
    per: str, status: str, at: At, *, tested_by: Sequence[str] = ()
) -> list[str]:
    """Who enters from now on, and what becomes of messages."""
    said = [f"From now on {COMERS[per]} enters this version. {MODE[at.settings.mode]}"]
    if tested_by:
        said.append(
            f"{plain(test_sentence(tested_by))} It stays so until you open it to everybody."
        )
    if status == "paused":
        said.append("The journey is paused; publishing lets it go on.")
    return said


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
        f"{count(planned, 'planned message')} will not go. "
        "It takes nobody in any more and stays here for the record."
    )

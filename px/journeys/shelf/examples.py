"""An example to start from: the library's first weeks, as a draft of the shop's own."""

from datetime import datetime

from sqlmodel import Session

from px.journeys.shelf.library import Wanted, take

EXAMPLE = "first-weeks"


def start_example(session: Session, *, name: str = "", by: str, now: datetime) -> str:
    """The example is a new draft, under a key of its own; texts that the shop has changed stay.

    Gives the key of the journey.
    """
    return take(session, EXAMPLE, Wanted(name=name), by=by, now=now).key

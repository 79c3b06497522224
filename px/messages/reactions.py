"""What readers did with the messages of a journey, counted per touchpoint and text."""

from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from db.models.messages import Message, Template, TemplateVersion


class Reactions(NamedTuple):
    """The messages of one touchpoint made of one template: how many left, and what came of them.

    `prefetched` are those whose image a machine fetched and nobody is known to have opened.
    """

    touchpoint: str
    template: str
    sent: int
    opened: int
    prefetched: int
    clicked: int
    answered: int
    unsubscribed: int


def reactions(session: Session, journey_key: str) -> list[Reactions]:
    """One row for each touchpoint and template of the journey that has messages."""
    counted = (
        col(Message.sent_at),
        col(Message.opened_at),
        case((col(Message.opened_at).is_(None), col(Message.prefetched_at))),
        col(Message.clicked_at),
        col(Message.answered_at),
        col(Message.unsubscribed_at),
    )
    sums = [func.count(moment) for moment in counted]
    by = (col(Message.touchpoint), col(Message.template_version_id))
    statement = (
        select(*by, *sums)
        .where(col(Message.journey_key) == journey_key, col(Message.touchpoint).is_not(None))
        .group_by(*by)
    )
    rows = session.connection().execute(statement).all()
    names = _template_keys(session, {row[1] for row in rows})
    found: dict[tuple[str, str], list[int]] = {}
    for touchpoint, version_id, *counts in rows:
        key = (touchpoint or "", names.get(version_id, ""))
        place = found.setdefault(key, [0] * len(counts))
        place[:] = [one + more for one, more in zip(place, counts, strict=True)]
    return [Reactions(*about, *counts) for about, counts in found.items()]


def _template_keys(session: Session, version_ids: set[int]) -> dict[int, str]:
    statement = (
        select(col(TemplateVersion.id), col(Template.key))
        .join(Template, col(Template.id) == col(TemplateVersion.template_id))
        .where(col(TemplateVersion.id).in_(version_ids))
    )
    return {row[0] or 0: row[1] for row in session.connection().execute(statement)}

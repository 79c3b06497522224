"""Drafts, files and publishing: how a journey comes to be, changes and rests."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from db.kinds import JourneyStatus
from db.models.journeys import Drawing, Journey, JourneyVersion
from px.core.errors import InvalidInput, NotFound, PxError
from px.core.events import hear_again
from px.journeys.document import Document
from px.journeys.publishing.moving import move_inside, wake_paused
from px.journeys.reading import (
    InvalidJourney,
    JourneyProblem,
    read_document,
    template_parts,
    to_data,
)
from px.messages import TemplateParts, save_template, template_versions


class DraftChanged(PxError):
    """Somebody else has saved this draft since you opened it."""


class Stand(NamedTuple):
    """What was stored of a journey when somebody opened it: its draft's time, its live version."""

    draft_at: datetime | None
    version: int | None


@dataclass(frozen=True)
class Imported:
    """What importing a journey file did."""

    key: str
    is_new: bool
    templates_saved: list[str] = field(default_factory=list)


def journey_row(session: Session, key: str, *, lock: bool = False) -> Journey:
    """The journey with that key; with `lock`, no pass plans by its old version, and nobody else
    changes it, beside this unit of work. NotFound when there is none.
    """
    rows = select(Journey).where(col(Journey.key) == key)
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(rows)
    if row is None:
        raise NotFound(
            f"There is no journey with the key {key!r}. See them with: python -m px journey list"
        )
    return row


def save_draft(
    session: Session,
    document: Document,
    *,
    by: str,
    now: datetime,
    expected: Stand | None = None,
) -> Journey:
    """The document is the journey's draft; the journey is made when its key is new.

    With `expected`, nothing may have been saved or published since it stood so; else DraftChanged
    says who did.
    """
    row = session.scalar(
        select(Journey).where(col(Journey.key) == document.journey).with_for_update()
    )
    if row is None:
        row = Journey(key=document.journey, name=document.name, created_at=now)
    elif expected is not None and expected != (row.draft_at, row.live_version_id):
        raise DraftChanged(_who_changed(session, row, expected))
    row.name = document.name
    row.draft = to_data(document.model_copy(update={"templates": None}))
    row.draft_by, row.draft_at = by, now
    session.add(row)
    session.flush()
    return row


def _who_changed(session: Session, row: Journey, expected: Stand) -> str:
    version = session.get(JourneyVersion, row.live_version_id) if row.live_version_id else None
    if version is not None and version.id != expected.version:
        return f"{version.published_by} has published this journey since you opened it."
    return f"{row.draft_by or 'Somebody'} has saved this journey since you opened it."


def import_journey(
    session: Session, text: str, *, overwrite: bool, by: str, now: datetime
) -> Imported:
    """The file's journey is a draft and its texts are templates. A text changed since is kept
    unless `overwrite`.
    """
    document = read_document(text)
    texts = _texts(document)
    known = template_versions(session, texts)
    changed = [key for key, parts in texts.items() if key in known and known[key][1] != parts]
    if changed and not overwrite:
        raise InvalidInput(
            f"templates.{changed[0]}: this template was changed here since"
            + (f" (and {len(changed) - 1} more)" if len(changed) > 1 else "")
            + "; nothing was imported. Give --overwrite to replace it."
        )
    for key, parts in texts.items():
        name = (document.templates or {})[key].name or key.replace("-", " ").capitalize()
        save_template(session, key, name, parts, by=by, now=now)
    is_new = (
        session.scalar(select(col(Journey.id)).where(col(Journey.key) == document.journey)) is None
    )
    save_draft(session, document, by=by, now=now)
    return Imported(document.journey, is_new, list(texts))


def _texts(document: Document) -> dict[str, TemplateParts]:
    return {key: template_parts(text) for key, text in (document.templates or {}).items()}


def export_journey(session: Session, key: str) -> Document:
    """The journey's draft, else its live version, with the texts of the templates it uses."""
    row = journey_row(session, key)
    document = draft_document(session, row)
    stored = template_versions(session, document.message_keys)
    texts = {
        name: {
            part: value
            for part in ("subject", "body", "sms", "whatsapp")
            if (value := getattr(parts, part))
        }
        for name, (_version, parts) in stored.items()
    }
    return read_document(to_data(document) | ({"templates": texts} if texts else {}))


def draft_document(session: Session, row: Journey) -> Document:
    """The document being edited: the draft, else the live version."""
    if row.draft is not None:
        return read_document(row.draft)
    if row.live_version_id is None:
        raise NotFound(
            f"The journey {row.key!r} is empty: it has neither a draft nor a published version."
        )
    return live_document(session, row)


def live_document(session: Session, row: Journey) -> Document:
    """The published document that new enrolments get."""
    version = session.get(JourneyVersion, row.live_version_id)
    if version is None:
        raise NotFound(f"The journey {row.key!r} is not published yet.")
    return read_document(version.document)


def publish(
    session: Session,
    key: str,
    *,
    by: str,
    now: datetime,
    note: str = "",
    move: bool = True,
    at_once: bool = True,
    since: datetime | None = None,
) -> int:
    """The draft is the journey's new version and the journey is live; the version's number.

    Those inside move to it, unless `move` is off; without `at_once` what would go now because of it
    is skipped. Orders placed from `since` on enrol; without it those from now on.
    InvalidJourney when a template it uses does not exist.
    """
    row = journey_row(session, key, lock=True)
    document = draft_document(session, row)
    _check_templates(session, document)
    number = (
        session.scalar(
            select(func.max(col(JourneyVersion.number))).where(
                col(JourneyVersion.journey_id) == row.id
            )
        )
        or 0
    ) + 1
    version = JourneyVersion(
        journey_id=row.id or 0,
        number=number,
        document=to_data(document),
        note=note,
        published_by=by,
        published_at=now,
    )
    session.add(version)
    session.flush()
    resumes = row.status != JourneyStatus.LIVE
    if move:
        not_before = None if at_once else now
        move_inside(session, version, document, resumes=resumes, not_before=not_before, now=now)
    elif resumes:
        wake_paused(session, row.id or 0, now=now)
    row.live_version_id, row.status, row.draft, row.paused_at = (
        version.id,
        JourneyStatus.LIVE,
        None,
        None,
    )
    row.went_live_at = since or row.went_live_at or now
    session.add(row)
    if since is not None:
        hear_again(session, document.enter.on, since=since)
    return number


def _check_templates(session: Session, document: Document) -> None:
    known = template_versions(session, document.message_keys)
    problems = [
        JourneyProblem(
            f"touchpoints[{index}].message",
            f"there is no template {key!r}; write it first, or choose another",
        )
        for index, point in enumerate(document.touchpoints)
        for key in point.messages
        if key not in known
    ]
    if problems:
        raise InvalidJourney(problems)


def pause(session: Session, key: str, *, now: datetime) -> None:
    """The journey holds every touch from now on. PxError when it is not live."""
    row = journey_row(session, key, lock=True)
    if row.status != JourneyStatus.LIVE:
        raise PxError(f"The journey {key!r} is {row.status}, so there is nothing to pause.")
    row.status, row.paused_at = JourneyStatus.PAUSED, now
    session.add(row)


def resume(session: Session, key: str, *, now: datetime) -> int:
    """The journey is live again and what it has held is planned afresh; how many touches. PxError
    when it is not paused.
    """
    row = journey_row(session, key, lock=True)
    if row.status != JourneyStatus.PAUSED:
        raise PxError(f"The journey {key!r} is {row.status}, not paused.")
    row.status, row.paused_at = JourneyStatus.LIVE, None
    session.add(row)
    session.flush()
    return wake_paused(session, row.id or 0, now=now)


def archive(session: Session, key: str, *, now: datetime) -> None:
    """The journey has ended: nobody enters, every open touch is held for good, and nothing is kept
    of what was drawn in it and not saved.
    """
    row = journey_row(session, key, lock=True)
    row.status, row.paused_at = JourneyStatus.ARCHIVED, now
    session.add(row)
    session.connection().execute(delete(Drawing).where(col(Drawing.journey_id) == row.id))

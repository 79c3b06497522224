"""Published versions, ready for planning. Each document is compiled once per process."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from db.kinds import EnrolmentStatus, JourneyStatus
from db.models.journeys import Enrolment, Journey, JourneyVersion
from px.journeys.engine.compiled import Compiled, compile_document
from px.journeys.reading import read_document


@dataclass(frozen=True, slots=True)
class Running:
    """A published journey: its row's numbers and its live document. With `test_addresses` only
    customers with one of these e-mails enter.
    """

    id: int
    key: str
    name: str
    status: str
    priority: int
    version_id: int
    went_live_at: datetime
    compiled: Compiled
    test_addresses: frozenset[str] | None = None

    @property
    def is_paused(self) -> bool:
        """Whether it holds every touch."""
        return self.status == JourneyStatus.PAUSED


def running_journeys(session: Session, *, planning: bool = False) -> dict[int, Running]:
    """The live and paused journeys by their number. With `planning` nobody publishes one before
    this unit of work has ended.
    """
    statement = select(Journey).where(
        col(Journey.status).in_([JourneyStatus.LIVE, JourneyStatus.PAUSED]),
        col(Journey.live_version_id).is_not(None),
    )
    if planning:
        statement = statement.with_for_update(read=True)
    rows = session.scalars(statement.order_by(col(Journey.id))).all()
    versions = compiled_versions(
        session, [row.live_version_id for row in rows if row.live_version_id]
    )
    return {
        row.id: Running(
            row.id,
            row.key,
            row.name,
            row.status,
            row.priority,
            row.live_version_id,
            row.went_live_at or row.created_at,
            versions[row.live_version_id],
            None if row.test_addresses is None else frozenset(row.test_addresses),
        )
        for row in rows
        if row.id is not None and row.live_version_id is not None
    }


def published(session: Session, journey_ids: Iterable[int]) -> list[Compiled]:
    """Every version of these journeys: somebody may still be finishing on an older one."""
    ids = session.scalars(
        select(col(JourneyVersion.id)).where(col(JourneyVersion.journey_id).in_(list(journey_ids)))
    )
    return list(compiled_versions(session, [each for each in ids if each]).values())


def compiled_versions(session: Session, version_ids: Iterable[int]) -> dict[int, Compiled]:
    """The documents of these versions, ready for planning."""
    return {
        version_id: _compiled(json.dumps(data, sort_keys=True))
        for version_id, data in documents_of(session, version_ids).items()
    }


def documents_of(session: Session, version_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The documents of these versions, as they are stored."""
    rows = session.execute(
        select(col(JourneyVersion.id), col(JourneyVersion.document)).where(
            col(JourneyVersion.id).in_(set(version_ids))
        )
    )
    return {version_id: data for version_id, data in rows if version_id}


def people_inside(session: Session, key: str) -> dict[int, int]:
    """How many people are still inside each version of the journey."""
    rows = session.execute(
        select(col(Enrolment.version_id), func.count(col(Enrolment.customer_id).distinct()))
        .join(Journey, col(Journey.id) == col(Enrolment.journey_id))
        .where(col(Journey.key) == key, col(Enrolment.status) == EnrolmentStatus.ACTIVE)
        .group_by(col(Enrolment.version_id))
    )
    return {row[0]: row[1] for row in rows}


@lru_cache(maxsize=500)
def _compiled(text: str) -> Compiled:
    data: dict[str, Any] = json.loads(text)
    return compile_document(read_document(data))

"""Templates: their words in versions that never change, checked before they are kept."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from db.models.messages import Template, TemplateVersion
from px.core.bulk import insert_new, table_of
from px.core.errors import InvalidInput, NotFound
from px.core.text import one_line
from px.messages.checking import TemplateInvalid, check_template
from px.messages.render import TemplateParts

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_LONGEST_NAME = 200
_WORDS = tuple(field.name for field in fields(TemplateParts))


class NoSuchTemplate(NotFound):
    """There is no such template, or the link to it is old."""


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template in a list: its name, its last version, and who wrote that when."""

    key: str
    name: str
    subject: str
    number: int
    by: str
    at: datetime
    is_archived: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a template: its words, who wrote them and when."""

    id: int
    number: int
    parts: TemplateParts
    by: str
    at: datetime


def save_template(
    session: Session, key: str, name: str, parts: TemplateParts, *, by: str, now: datetime
) -> int:
    """The template has these words; the id of their version. The same words again make no new one.

    TemplateInvalid, with part, line and variable, when they cannot be sent.
    """
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            f"'{key[:80]}' is not a key for a template;"
            " use small letters, digits and hyphens, such as order-shipped."
        )
    if problems := check_template(parts):
        raise TemplateInvalid(problems)
    template = _template_row(session, key, one_line(name, _LONGEST_NAME) or key, now)
    last = session.get(TemplateVersion, template.version_id) if template.version_id else None
    if last is not None and last.id is not None and _parts(last) == parts:
        return last.id
    version = _add_version(session, template, last.number + 1 if last else 1, parts, by, now)
    template.version_id = version
    session.flush()
    return version


def template_versions(
    session: Session, keys: Iterable[str]
) -> dict[str, tuple[int, TemplateParts]]:
    """The last version of each template that exists, with its words."""
    wanted = list(dict.fromkeys(keys))
    rows = session.execute(
        select(col(Template.key), TemplateVersion)
        .join(TemplateVersion, col(TemplateVersion.id) == col(Template.version_id))
        .where(col(Template.key).in_(wanted))
    )
    return {key: (version.id or 0, _parts(version)) for key, version in rows}


def words_of_versions(session: Session, ids: Iterable[int]) -> dict[int, TemplateParts]:
    """The words of these versions, whatever came after them."""
    columns = [col(getattr(TemplateVersion, name)) for name in ("id", *_WORDS)]
    rows = session.connection().execute(
        select(*columns).where(col(TemplateVersion.id).in_(list(ids)))
    )
    return {version_id: TemplateParts(*words) for version_id, *words in rows}


def template_list(session: Session, *, archived: bool = False) -> list[TemplateLine]:
    """The templates by name; the archived ones instead when asked."""
    in_use = (
        col(Template.archived_at).is_not(None) if archived else col(Template.archived_at).is_(None)
    )
    rows = session.execute(
        select(Template, TemplateVersion)
        .join(TemplateVersion, col(TemplateVersion.id) == col(Template.version_id))
        .where(in_use)
        .order_by(func.lower(col(Template.name)), col(Template.key))
    )
    return [_line(template, version) for template, version in rows]


def template_by_key(session: Session, key: str) -> tuple[TemplateLine, TemplateParts]:
    """The template with the words of its last version. NoSuchTemplate when there is none."""
    row = session.execute(
        select(Template, TemplateVersion)
        .join(TemplateVersion, col(TemplateVersion.id) == col(Template.version_id))
        .where(col(Template.key) == key)
    ).first()
    if row is None:
        raise NoSuchTemplate
    return _line(*row), _parts(row[1])


def template_history(session: Session, key: str) -> list[VersionLine]:
    """Every version of the template, the last first."""
    rows = session.scalars(
        select(TemplateVersion)
        .join(Template, col(Template.id) == col(TemplateVersion.template_id))
        .where(col(Template.key) == key)
        .order_by(col(TemplateVersion.number).desc())
    )
    return [VersionLine(v.id or 0, v.number, _parts(v), v.created_by, v.created_at) for v in rows]


def duplicate_template(session: Session, key: str, *, by: str, now: datetime) -> str:
    """A second template has the same words; its key."""
    line, parts = template_by_key(session, key)
    taken = set(session.scalars(select(col(Template.key))))
    stem = re.sub(r"-copy(-\d+)?$", "", key)[:70]
    names = (f"{stem}-copy{'' if n == 1 else f'-{n}'}" for n in range(1, len(taken) + 2))
    new = next(name for name in names if name not in taken)
    save_template(session, new, f"{line.name} (copy)", parts, by=by, now=now)
    return new


def archive_template(session: Session, key: str, *, now: datetime) -> None:
    """The template is no longer offered; what uses it goes on using it."""
    _mark(session, key, now)


def unarchive_template(session: Session, key: str) -> None:
    """The template is offered again."""
    _mark(session, key, None)


def free_key(session: Session, name: str) -> str:
    """A key made from the name that no template has yet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:70] or "message"
    taken = set(
        session.scalars(
            select(col(Template.key)).where(col(Template.key).startswith(stem, autoescape=True))
        )
    )
    return next(
        key
        for n in range(1, len(taken) + 2)
        if (key := stem if n == 1 else f"{stem}-{n}") not in taken
    )


def _template_row(session: Session, key: str, name: str, now: datetime) -> Template:
    insert_new(session, Template, [{"key": key, "name": name, "created_at": now}], ["key"])
    # Held until the end, so that two people who save at once get two numbers.
    template = session.scalars(
        select(Template).where(col(Template.key) == key).with_for_update()
    ).one()
    template.name = name
    template.archived_at = None
    return template


def _add_version(
    session: Session, template: Template, number: int, parts: TemplateParts, by: str, now: datetime
) -> int:
    words = dict(zip(_WORDS, astuple(parts), strict=True))
    row = {"template_id": template.id, "number": number, "created_by": by, "created_at": now}
    made = session.connection().execute(table_of(TemplateVersion).insert().values(row | words))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def _mark(session: Session, key: str, at: datetime | None) -> None:
    changed = session.connection().execute(
        update(Template).where(col(Template.key) == key).values(archived_at=at)
    )
    if not changed.rowcount:
        raise NoSuchTemplate


def _parts(version: TemplateVersion) -> TemplateParts:
    return TemplateParts(*(getattr(version, name) for name in _WORDS))


def _line(template: Template, version: TemplateVersion) -> TemplateLine:
    return TemplateLine(
        key=template.key,
        name=template.name,
        subject=version.subject,
        number=version.number,
        by=version.created_by,
        at=version.created_at,
        is_archived=template.archived_at is not None,
    )

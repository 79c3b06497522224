"""An example to start from: a small journey with its texts, as a draft of the shop's own."""

from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.models.journeys import Journey
from px.core.yaml_file import dump_yaml, load_yaml
from px.journeys.drafts import import_journey
from px.journeys.editing import free_key, key_of
from px.messages import template_versions


def example_text() -> str:
    """The example as a journey file."""
    return files("px.journeys").joinpath("first_weeks.yaml").read_text(encoding="utf-8")


def start_example(session: Session, *, name: str = "", by: str, now: datetime) -> str:
    """The example is a new draft, under a key of its own; texts that the shop has already stay.

    Gives the key of the journey.
    """
    data: dict[str, Any] = load_yaml(example_text())
    data["name"] = name.strip() or data["name"]
    wanted = key_of(name) if name.strip() else data["journey"]
    data["journey"] = free_key(wanted, journey_keys(session))
    known = template_versions(session, data["templates"])
    data["templates"] = {k: text for k, text in data["templates"].items() if k not in known}
    return import_journey(session, dump_yaml(data), overwrite=False, by=by, now=now).key


def journey_keys(session: Session) -> list[str]:
    """The keys that are taken."""
    return list(session.scalars(select(col(Journey.key))))

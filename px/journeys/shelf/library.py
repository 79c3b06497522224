"""The library: ready-made journeys with their texts, and how a shop takes one as its own.

The files are px/library/*.yaml; shelf.yaml says for whom each is and what it needs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.models.journeys import Journey
from px.core.errors import NotFound
from px.core.yaml_file import load_yaml
from px.journeys.document import Document
from px.journeys.drawing.editing import key_of
from px.journeys.publishing.drafts import save_draft
from px.journeys.reading import read_document, template_parts, to_data
from px.journeys.results.journey_map import days_covered
from px.messages import TemplateParts, save_template, template_versions

EVERY_SHOP = "Every shop"


@dataclass(frozen=True, slots=True)
class Blank:
    """Words in the texts that only the shop can write: what stands there, the question, and an
    example.
    """

    blank: str
    ask: str
    example: str


@dataclass(frozen=True)
class LibraryJourney:
    """A ready-made journey. `skus` is the question for its items when it is about some only."""

    document: Document
    shop: str
    purpose: str
    needs: tuple[str, ...]
    skus: str | None = None
    blanks: tuple[Blank, ...] = ()

    @property
    def key(self) -> str:
        """Its key in the library."""
        return self.document.journey

    @property
    def name(self) -> str:
        """What it is called."""
        return self.document.name

    @property
    def customer_goal(self) -> str:
        """What the customer wants, in their words."""
        return self.document.map.customer_goal if self.document.map else ""

    @property
    def summary(self) -> str:
        """What it does, in a sentence or two."""
        return (self.document.map.summary if self.document.map else None) or ""

    @cached_property
    def days(self) -> int:
        """From the order to its last touchpoint."""
        return days_covered(self.document)

    @property
    def channels(self) -> tuple[str, ...]:
        """Over which channels it speaks, each once."""
        named = (str(channel) for p in self.document.touchpoints for channel in p.channels)
        return tuple(dict.fromkeys(named))

    @cached_property
    def texts(self) -> dict[str, TemplateParts]:
        """Its texts by their keys."""
        return {key: template_parts(one) for key, one in (self.document.templates or {}).items()}

    def is_for(self, shop: str | None) -> bool:
        """Whether a shop of this kind has use for it; any does when none is named."""
        return shop is None or self.shop in (shop, EVERY_SHOP)

    def speaks_of(self, words: str) -> bool:
        """Whether each of these words stands in what is said of it or in its touchpoints."""
        named = (point.label for point in self.document.touchpoints)
        said = (self.name, self.customer_goal, self.summary, self.shop, self.purpose, *named)
        whole = " ".join(said).casefold()
        return all(word in whole for word in words.casefold().split())


@dataclass(frozen=True)
class Wanted:
    """What the shop makes of a library journey: its name, its items, and the blanks filled."""

    name: str = ""
    skus: Sequence[str] = ()
    blanks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """The draft that was made. `kept` are the texts that stayed as the shop had changed them."""

    key: str
    name: str
    kept: tuple[str, ...] = ()


@cache
def library() -> tuple[LibraryJourney, ...]:
    """Every ready-made journey, in the order of the shelf."""
    shelf = load_yaml(files("px.journeys.shelf").joinpath("shelf.yaml").read_text(encoding="utf-8"))
    return tuple(_read(row) for row in shelf)


def library_journey(key: str) -> LibraryJourney:
    """The ready-made journey with that key. NotFound names those that there are."""
    found = next((one for one in library() if one.key == key), None)
    if found is None:
        known = ", ".join(one.key for one in library())
        raise NotFound(f"There is no journey {key!r} in the library. There are: {known}.")
    return found


def library_text(key: str) -> str:
    """The file of a ready-made journey as it is written."""
    return files("px").joinpath(f"library/{key}.yaml").read_text(encoding="utf-8")


def journey_keys(session: Session) -> list[str]:
    """The keys of journeys that are taken in this shop."""
    return list(session.scalars(select(col(Journey.key))))


def changed_texts(session: Session, key: str, wanted: Wanted) -> list[str]:
    """The names of the texts that taking it would find changed in this shop."""
    document = _made(library_journey(key), wanted, journey_keys(session))
    return [(document.templates or {})[k].name or k for k in _changed(session, document)]


def take(
    session: Session,
    key: str,
    wanted: Wanted | None = None,
    *,
    overwrite: bool = False,
    by: str,
    now: datetime,
) -> Taken:
    """The library's journey is a draft of the shop's own, with texts of its own.

    Its key and name are free of clashes. Texts of the same key that the shop has changed stay as
    they are, unless `overwrite`.
    """
    document = _made(library_journey(key), wanted or Wanted(), journey_keys(session))
    kept = [] if overwrite else _changed(session, document)
    for name, text in (document.templates or {}).items():
        if name not in kept:
            parts = template_parts(text)
            save_template(session, name, text.name or name, parts, by=by, now=now)
    save_draft(session, document, by=by, now=now)
    return Taken(document.journey, document.name, tuple(kept))


def _read(row: dict[str, Any]) -> LibraryJourney:
    return LibraryJourney(
        document=read_document(library_text(row["journey"])),
        shop=row["shop"],
        purpose=row["purpose"],
        needs=tuple(row["needs"]),
        skus=row.get("skus"),
        blanks=tuple(Blank(**blank) for blank in row.get("blanks", ())),
    )


def _made(item: LibraryJourney, wanted: Wanted, taken: Collection[str]) -> Document:
    """The document as the shop's own: key, name, items, blanks, and texts under its own key."""
    data = to_data(item.document)
    name = " ".join(wanted.name.split())
    own = key_of(name, taken) if name else key_of(item.key, taken)
    data["name"] = name or _numbered(item, own)
    data["journey"] = own
    if wanted.skus:
        data["enter"]["where"] = _where(item, wanted.skus)
    renamed = {key: own + key.removeprefix(item.key) for key in data["templates"]}
    for point in data["touchpoints"]:
        for holder in (point, *point.get("variants", ())):
            if "message" in holder:
                holder["message"] = renamed[holder["message"]]
    data["templates"] = {
        renamed[key]: _filled(text, item, wanted.blanks) for key, text in data["templates"].items()
    }
    return read_document(data)


def _numbered(item: LibraryJourney, own: str) -> str:
    number = own.removeprefix(item.key).lstrip("-")
    return f"{item.name} {number}" if number else item.name


def _where(item: LibraryJourney, skus: Sequence[str]) -> dict[str, Any]:
    """Who enters: those with one of these items, and what the library's journey asks for."""
    if item.document.per == "order_line":
        return {"field": "line.sku", "op": "in", "value": list(skus)}
    each = [{"field": "order.skus", "op": "contains", "value": sku} for sku in skus]
    about_items = each[0] if len(each) == 1 else {"any": each}
    where = item.document.enter.where
    return {"all": [where, about_items]} if where else about_items


def _filled(
    text: dict[str, Any], item: LibraryJourney, answers: Mapping[str, str]
) -> dict[str, Any]:
    filled = dict(text)
    for blank in item.blanks:
        answer = answers.get(blank.blank, "").strip()
        for part in ("subject", "body", "sms", "whatsapp"):
            if answer and part in filled:
                filled[part] = filled[part].replace(blank.blank, answer)
    return filled


def _changed(session: Session, document: Document) -> list[str]:
    texts = document.templates or {}
    known = template_versions(session, texts)
    return [key for key in known if known[key][1] != template_parts(texts[key])]

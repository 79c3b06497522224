"""What the shop knows of what a journey speaks of: traits, products, events, journeys."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import JourneyStatus
from db.models.journeys import Journey, JourneyVersion
from px.core.events import kinds_seen
from px.core.settings import Settings
from px.customers import traits_in_use
from px.customers.conditions import OPEN_FIELDS
from px.journeys.document import split_anchor
from px.journeys.drawing.contradictions import fields_of
from px.journeys.drawing.warnings import JourneyWarning, KnownShop, warnings_of
from px.messages import template_list, template_versions
from px.orders import has_orders, shop_currency, skus_known

_KEEP_FROM_SENDING = ("text_gone", "product_gone", "unreachable", "journey_gone")
_TRAIT = OPEN_FIELDS[0]


def known_shop(
    session: Session, data: Mapping[str, Any], settings: Settings, *, with_events: bool = True
) -> KnownShop:
    """What this shop knows of what the document speaks of; `with_events` may take a while in a
    large shop.

    While there are no orders, nothing is said of traits, products and events: they are to come.
    """
    known = KnownShop(
        journeys=frozenset(session.scalars(select(col(Journey.key)))),
        tracks_links=settings.track_links,
        currency=shop_currency(session, settings),
    )
    if not has_orders(session):
        return known
    return replace(
        known,
        traits=frozenset(traits_in_use(session, _traits(data))),
        skus=frozenset(sku.casefold() for sku in skus_known(session)),
        kinds=frozenset(kinds_seen(session, _kinds(data))) if with_events else None,
    )


def _traits(data: Mapping[str, Any]) -> set[str]:
    """The traits that any condition or reaction asks for."""
    return {
        field.removeprefix(_TRAIT).split(".")[0]
        for field in fields_of(dict(data))
        if field.startswith(_TRAIT)
    }


def _kinds(data: Mapping[str, Any]) -> set[str]:
    """The event kinds that somebody enters by or a touchpoint counts from."""
    enter = data.get("enter")
    kinds = {str(enter.get("on"))} if isinstance(enter, Mapping) else set()
    for point in data.get("touchpoints") or []:
        word, about = split_anchor(str(point.get("anchor") or ""))
        if word == "event":
            kinds.add(about)
    return kinds


def live_warnings(session: Session, settings: Settings) -> list[tuple[str, str, JourneyWarning]]:
    """What is wrong with the live journeys since something of the shop has changed: the journey's
    key and name, and the warning. Only what keeps a message from being sent is told.
    """
    found = []
    for row in session.scalars(select(Journey).where(col(Journey.status) == JourneyStatus.LIVE)):
        version = session.get(JourneyVersion, row.live_version_id)
        if version is not None:
            warnings = shop_warnings(session, version.document, settings, with_events=False)
            found += [
                (row.key, row.name, one) for one in warnings if one.kind in _KEEP_FROM_SENDING
            ]
    return found


def shop_warnings(
    session: Session, data: Mapping[str, Any], settings: Settings, *, with_events: bool = True
) -> list[JourneyWarning]:
    """The warnings of a document with the shop's own texts and what the shop knows."""
    points = data.get("touchpoints") or []
    keys = {str(point.get("message")) for point in points if point.get("message")}
    keys |= {str(one.get("message")) for point in points for one in point.get("variants") or []}
    kept = {line.key for line in template_list(session)}
    texts = {key: parts for key, (_, parts) in template_versions(session, keys & kept).items()}
    known = known_shop(session, data, settings, with_events=with_events)
    return warnings_of(data, texts=texts, known=known)

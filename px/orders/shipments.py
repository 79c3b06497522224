"""Parcels as others tell of them: stored with their orders, each step of theirs an event, once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from db.kinds import ShipmentStatus
from db.models.orders import Order, OrderLine, Shipment
from px.core.bulk import chunks, table_of, upsert
from px.core.events import NewEvent, record_events
from px.orders.facts import Became, Counts, ShipmentFacts
from px.orders.rules import EVENT_OF, shipment_steps, standing_status

_orders, _lines, _shipments = table_of(Order), table_of(OrderLine), table_of(Shipment)
_TOLD = (
    *("carrier", "tracking_number", "tracking_url", "status", "shipped_at", "promised_on"),
    *("delivered_at", "lines"),
)


@dataclass(slots=True)
class _Parcel:
    """A parcel told of, with its order, what was known of it and what is known now."""

    place: int
    facts: ShipmentFacts
    order: Any
    known: Any = None
    row: dict[str, Any] = field(default_factory=dict)
    skus: list[str] = field(default_factory=list)
    id: int = 0

    @property
    def name(self) -> tuple[int, str]:
        """What tells it from other parcels."""
        return self.order.id, self.facts.key[:200]

    @property
    def is_changed(self) -> bool:
        """Whether anything but the time of the report is new."""
        if self.known is None:
            return True
        return any(self.row[name] != getattr(self.known, name) for name in _TOLD)


def record_shipments(session: Session, facts: Sequence[ShipmentFacts], *, now: datetime) -> Counts:
    """Every parcel stands with its order, and what happened to it is recorded with its own time.

    A parcel of an order that is not here, or of which there are several by that number, is refused.
    Parcels of historic orders start nothing. Telling twice changes nothing.
    """
    counts = Counts()
    for chunk in chunks(facts):
        counts.add(_record(session, chunk, now))
    return counts


def _record(session: Session, facts: Sequence[ShipmentFacts], now: datetime) -> Counts:
    counts = Counts([Became.UNCHANGED] * len(facts))
    orders = _orders_named(session, facts)
    parcels = []
    for place, one in enumerate(facts):
        found = _matching(orders, one)
        if len(found) == 1:
            parcels.append(_Parcel(place, one, found[0]))
        else:
            counts.became[place] = Became.REFUSED
            counts.refused[place] = _why_not(one, found)
    # A file may hold a row for each state of a parcel: they are taken one after another.
    while parcels:
        first: dict[tuple[int, str], _Parcel] = {}
        for parcel in parcels:
            first.setdefault(parcel.name, parcel)
        _take(session, list(first.values()), counts, now)
        parcels = [parcel for parcel in parcels if first[parcel.name] is not parcel]
    return counts


def _take(session: Session, parcels: Sequence[_Parcel], counts: Counts, now: datetime) -> None:
    known = _known(session, (parcel.order.id for parcel in parcels))
    for parcel in parcels:
        parcel.known = known.get(parcel.name)
        parcel.row = _row(parcel)
    _find_lines(session, [p for p in parcels if p.facts.skus or p.row["lines"]])
    changed = [parcel for parcel in parcels if parcel.is_changed]
    rows = [parcel.row | {"updated_at": now} for parcel in changed]
    upsert(session, Shipment, rows, ["order_id", "key"], [*_TOLD, "updated_at"])
    known = _known(session, (parcel.order.id for parcel in parcels)) if changed else known
    for parcel in parcels:
        parcel.id = known[parcel.name].id
    record_events(session, (event for p in parcels for event in _events(p, now)), now=now)
    for parcel in changed:
        counts.became[parcel.place] = Became.UPDATED if parcel.known else Became.NEW
        counts.historic += parcel.order.is_historic


def _numbers(number: str) -> tuple[str, str]:
    """The number with and without the sign that shops put before it."""
    bare = number.removeprefix("#")
    return bare, f"#{bare}"


def _orders_named(session: Session, facts: Iterable[ShipmentFacts]) -> dict[str, list[Any]]:
    wanted = {number for one in facts for number in _numbers(one.order_number)}
    rows = session.connection().execute(
        select(
            *(_orders.c[n] for n in ("id", "source", "number", "customer_id", "is_historic")),
        ).where(_orders.c.number.in_(wanted))
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.number, []).append(row)
    return found


def _matching(orders: dict[str, list[Any]], facts: ShipmentFacts) -> list[Any]:
    exact = orders.get(facts.order_number, [])
    found = exact or [o for n in _numbers(facts.order_number) for o in orders.get(n, [])]
    return [row for row in found if facts.source in (None, row.source)]


def _why_not(facts: ShipmentFacts, found: Sequence[Any]) -> str:
    if not found:
        return f"There is no order {facts.order_number}: import its order first"
    shops = ", ".join(sorted(row.source for row in found))
    return f"There are several orders {facts.order_number}: say in a column source which ({shops})"


def _known(session: Session, order_ids: Iterable[int]) -> dict[tuple[int, str], Any]:
    rows = session.connection().execute(
        select(_shipments).where(_shipments.c.order_id.in_(set(order_ids)))
    )
    return {(row.order_id, row.key): row for row in rows}


def _row(parcel: _Parcel) -> dict[str, Any]:
    facts, known = parcel.facts, parcel.known
    told: dict[str, Any] = {
        "carrier": facts.carrier[:80],
        "tracking_number": facts.tracking_number[:200],
        "tracking_url": facts.tracking_url[:1000],
        "shipped_at": facts.shipped_at,
        "promised_on": facts.promised_on,
        "delivered_at": facts.delivered_at or _arrival(facts),
    }
    if known is not None:
        # A report that leaves something out does not take it back.
        told = {name: value or getattr(known, name) for name, value in told.items()}
    return told | {
        "order_id": parcel.order.id,
        "key": parcel.name[1],
        "status": standing_status(known.status if known else None, facts.status).value,
        "lines": known.lines if known is not None and not facts.skus else [],
    }


def _arrival(facts: ShipmentFacts) -> datetime | None:
    return facts.happened_at if facts.status is ShipmentStatus.DELIVERED else None


def _find_lines(session: Session, parcels: Sequence[_Parcel]) -> None:
    positions = _positions(session, [parcel.order.id for parcel in parcels])
    for parcel in parcels:
        lines = positions.get(parcel.order.id, [])
        if parcel.facts.skus:
            parcel.row["lines"] = [at for at, sku in lines if sku in parcel.facts.skus]
        parcel.skus = [sku for at, sku in lines if at in parcel.row["lines"]]


def _positions(session: Session, order_ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    if order_ids:
        for row in session.connection().execute(
            select(_lines.c.order_id, _lines.c.position, _lines.c.sku)
            .where(_lines.c.order_id.in_(order_ids))
            .order_by(_lines.c.position)
        ):
            found.setdefault(row.order_id, []).append((row.position, row.sku))
    return found


def _events(parcel: _Parcel, now: datetime) -> Iterable[NewEvent]:
    row = parcel.row
    data = {
        "shipment": row["key"],
        "carrier": row["carrier"],
        "tracking_number": row["tracking_number"],
        "tracking_url": row["tracking_url"],
        "promised_on": row["promised_on"].isoformat() if row["promised_on"] else None,
        "skus": parcel.skus,
    }
    for status, at in shipment_steps(parcel.facts, now):
        yield NewEvent(
            key=f"shipment:{parcel.id}:{status}",
            kind=EVENT_OF[status],
            at=at,
            customer_id=parcel.order.customer_id,
            order_id=parcel.order.id,
            data=data,
            source=parcel.order.source,
            historic=parcel.order.is_historic,
        )

"""Customers at the edges, to try a text on: the longest names, those of whom least is known.

Each question is one statement over the table, whatever its size.
"""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select
from sqlmodel import Session, col

from db.kinds import AddressKind
from db.models.customers import Address, Customer

# A name that JSON paths of both databases take as it is.
_PLAIN_TRAIT = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,79}")
_TRAIT = "customer.traits."


def longest_names(session: Session, limit: int) -> list[int]:
    """The customers with the longest names."""
    length = func.length(col(Customer.first_name)) + func.length(col(Customer.last_name))
    return _ids(session, length.desc(), limit)


def least_known(session: Session, limit: int) -> list[int]:
    """The customers of whom the least is known."""
    blanks = sum((case((there, 0), else_=1) for there in _THERE.values()), start=literal(0))
    return _ids(session, blanks.desc(), limit)


def lacking(session: Session, paths: Collection[str]) -> tuple[int, dict[str, int]]:
    """How many customers there are, and how many of them lack each of these variables of a text.

    Only what stands in the customer's own row or among the addresses is counted; other paths are
    left out.
    """
    known = {path: there for path in paths if (there := _there(path)) is not None}
    counts = [func.sum(case((there, 0), else_=1)) for there in known.values()]
    statement = select(func.count(), *counts).where(col(Customer.erased_at).is_(None))
    total, *lack = session.connection().execute(statement).one()
    found = {path: int(count or 0) for path, count in zip(known, lack, strict=True)}
    for path, kind in _ADDRESSES.items():
        if path in paths:
            found[path] = int(total) - _with_address(session, kind)
    return int(total), found


def _ids(session: Session, order: ColumnElement[Any], limit: int) -> list[int]:
    rows = session.connection().execute(
        select(col(Customer.id))
        .where(col(Customer.erased_at).is_(None))
        .order_by(order, col(Customer.id))
        .limit(limit)
    )
    return [row[0] or 0 for row in rows]


def _with_address(session: Session, kind: AddressKind) -> int:
    statement = (
        select(func.count(func.distinct(col(Address.customer_id))))
        .join(Customer, col(Customer.id) == col(Address.customer_id))
        .where(
            col(Address.kind) == kind.value,
            col(Address.is_primary),
            col(Customer.erased_at).is_(None),
        )
    )
    return int(session.connection().execute(statement).scalar_one())


def _there(path: str) -> ColumnElement[bool] | None:
    """Whether the customer of the row has this variable; None when that is not told by the row."""
    if path in _THERE:
        return _THERE[path]
    name = path.removeprefix(_TRAIT)
    if not path.startswith(_TRAIT) or not _PLAIN_TRAIT.fullmatch(name):
        return None
    value = col(Customer.traits)[name].as_string()
    return and_(value.is_not(None), value != "")


_FIRST, _LAST = col(Customer.first_name) != "", col(Customer.last_name) != ""
_ADDRESSES = {"customer.email": AddressKind.EMAIL, "customer.phone": AddressKind.PHONE}
_THERE: dict[str, ColumnElement[bool]] = {
    "customer.first_name": _FIRST,
    "customer.last_name": _LAST,
    "customer.name": or_(_FIRST, _LAST),
    "customer.country": col(Customer.country).is_not(None),
    "customer.language": col(Customer.language).is_not(None),
    "customer.tags": cast(col(Customer.tags), String).not_in(["[]", "null"]),
    "customer.traits": cast(col(Customer.traits), String).not_in(["{}", "null"]),
}

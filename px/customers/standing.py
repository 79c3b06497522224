"""What stands against writing to one address right now, in one statement: asked for every message
sent.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from db.kinds import Channel, ConsentState, Purpose, SuppressionScope
from db.models.customers import Consent, Customer, Suppression
from px.core.bulk import table_of
from px.core.prepared import Prepared
from px.customers.suppression import hash_of

_customers, _consents, _suppressions = (table_of(m) for m in (Customer, Consent, Suppression))
# "all" stands before "marketing": the smallest word is the widest scope.
_SCOPE = (
    select(func.min(_suppressions.c.scope))
    .where(
        _suppressions.c.address_hash == bindparam("hash"),
        _suppressions.c.channel == bindparam("channel"),
        _suppressions.c.lifted_at.is_(None),
    )
    .scalar_subquery()
)
_SAID = (
    select(_consents.c.state)
    .where(
        _consents.c.customer_id == bindparam("customer"),
        _consents.c.channel == bindparam("channel"),
        _consents.c.purpose == Purpose.MARKETING.value,
    )
    .order_by(_consents.c.at.desc(), _consents.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_ERASED = (
    select(_customers.c.erased_at).where(_customers.c.id == bindparam("customer")).scalar_subquery()
)
_STANDING = Prepared(select(_SCOPE, _SAID, _ERASED))
_LOCK = select(_customers.c.id).where(_customers.c.id == bindparam("customer")).with_for_update()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an address is suppressed, its customer agreed to marketing there, or is erased."""

    suppressed: SuppressionScope | None
    marketing_consent: bool
    is_erased: bool


def standing(
    session: Session, customer_id: int | None, address: str, channel: Channel, *, key: bytes
) -> Standing:
    """What stands for and against writing to `address`, as of this statement."""
    values = {
        "hash": hash_of(address, key=key),
        "channel": channel.value,
        "customer": customer_id,
    }
    scope, said, erased_at = _STANDING.run(session, values).fetchone()
    return Standing(
        SuppressionScope(scope) if scope else None,
        said == ConsentState.GIVEN.value,
        erased_at is not None,
    )


def lock_customer(session: Session, customer_id: int) -> None:
    """Nobody else's unit of work gets past this for the same customer until this one ends.

    On SQLite a writer is alone anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.connection().execute(_LOCK, {"customer": customer_id})

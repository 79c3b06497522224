"""The cast: Ada buys often, Ben unsubscribed, Cleo's address is dead, Dora is held out.

cast = settle_in(session, now=now, key=settings.key)
cast["ada"]          # her number
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from db.kinds import Channel, ConsentState, Purpose, SuppressionReason, SuppressionScope
from px.customers import (
    ConsentFacts,
    CustomerFacts,
    customer_by_email,
    suppress,
    unsubscribe,
)
from px.orders import LineFacts, OrderFacts, record_orders

SERUM = LineFacts(sku="SERUM-30", name="Night Fern serum", quantity=1, unit_minor=4900)
# A journey of this key with `holdout: 0.25` keeps Dora out, and nobody else of the cast.
KEEPS_DORA_OUT = "skin-care"
NAMES = {
    "ada": ("Ada", "Lovelace", "ada@example.com", "GB"),
    "ben": ("Ben", "Okafor", "ben@example.com", "US"),
    "cleo": ("Cleo", "Dubois", "cleo@example.com", "FR"),
    "dora": ("Dora", "Visser", "dora@example.com", "NL"),
}


def person(name: str, *, now: datetime, agrees: bool = True) -> CustomerFacts:
    """One of the cast, who agreed to hear from the shop by mail unless told otherwise."""
    first, last, email, country = NAMES[name]
    yes = ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "checkout", now)
    return CustomerFacts(
        source="shop",
        external_id=f"c-{name}",
        email=email,
        first_name=first,
        last_name=last,
        country=country,
        consents=(yes,) if agrees else (),
    )


def order(
    name: str, number: str, *, at: datetime, lines: tuple[LineFacts, ...] = (SERUM,), **more: object
) -> OrderFacts:
    """An order by one of the cast, paid at once, of one serum unless told otherwise."""
    total = sum(line.quantity * line.unit_minor for line in lines)
    facts = {
        "source": "shop",
        "number": number,
        "placed_at": at,
        "paid_at": at,
        "customer": person(name, now=at),
        "email": NAMES[name][2],
        "total_minor": total,
        "subtotal_minor": total,
        "lines": lines,
    }
    return OrderFacts(**facts | more)  # type: ignore[arg-type]


def settle_in(session: Session, *, now: datetime, key: bytes) -> dict[str, int]:
    """All have ordered, Ada three times; Ben has unsubscribed, Cleo's mail came back. By name."""
    days = {"ada": (90, 45, 1), "ben": (30,), "cleo": (20,), "dora": (10,)}
    facts = [
        order(name, f"#{name}{count}", at=now - timedelta(days=ago))
        for name, agos in days.items()
        for count, ago in enumerate(agos, 1)
    ]
    record_orders(session, facts, now=now, historic_before=now - timedelta(days=30), key=key)
    cast = {name: customer_by_email(session, row[2]) or 0 for name, row in NAMES.items()}
    unsubscribe(session, cast["ben"], Channel.EMAIL, source="link", key=key, now=now)
    suppress(
        session,
        NAMES["cleo"][2],
        Channel.EMAIL,
        scope=SuppressionScope.ALL,
        reason=SuppressionReason.BOUNCED,
        source="mail server",
        key=key,
        now=now,
    )
    return cast

"""Orders as the customers' pages need them: whose order a number is, and the shop's currency."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from db.models.orders import Order
from px.core.settings import Settings


def customers_with_order(session: Session, number: str, *, limit: int = 200) -> list[int]:
    """The customers who have an order whose number begins like this, with or without the #."""
    bare = number.strip().removeprefix("#")
    if not bare:
        return []
    begins = col(Order.number).startswith(bare, autoescape=True)
    hashed = col(Order.number).startswith(f"#{bare}", autoescape=True)
    rows = session.scalars(
        select(col(Order.customer_id))
        .where(begins | hashed, col(Order.customer_id).is_not(None))
        .distinct()
        .limit(limit)
    )
    return [one for one in rows if one]


def shop_currency(session: Session, settings: Settings) -> str:
    """The currency of the shop: as it is set, else that of most orders."""
    return settings.shop_currency or usual_currency(session)


def usual_currency(session: Session) -> str:
    """The currency of most of the last thousand orders; sums over orders are in it."""
    last = select(col(Order.currency)).order_by(col(Order.id).desc()).limit(1000).subquery()
    statement = select(last.c.currency).group_by(last.c.currency).order_by(func.count().desc())
    return session.scalar(statement.limit(1)) or "USD"

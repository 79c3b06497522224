"""The tables, a module per slice. Columns, constraints and indexes only; no table decides
anything.
"""

from sqlmodel import SQLModel

from db.models import customers, journeys, messages, orders, system, team

__all__ = ["SQLModel", "customers", "journeys", "messages", "orders", "system", "team"]

"""Many rows in one statement mean what one by one they would."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from db.models.customers import Customer
from db.models.orders import Product, Shipment
from db.models.system import Event, Setting
from px.core.bulk import insert_new, table_of, upsert
from px.core.many import execute_many, new_ids
from px.core.work import reading, work

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))

pytestmark = pytest.mark.usefixtures("database")


def values(session: Session, model: Any, *names: str) -> list[Any]:
    columns = [getattr(model, name) for name in names]
    return [tuple(row) for row in session.execute(select(*columns).order_by(columns[0]))]


def test_json_keeps_its_types_however_alike_they_look() -> None:
    told = [1, True, 0, False, "", None, [], {}, [0], {"a": None}, 1.5, "1"]
    rows = [
        {"key": f"{place:02}", "value": value, "updated_at": NOW}
        | {"is_secret": False, "updated_by": ""}
        for place, value in enumerate(told)
    ]
    with work() as session:
        upsert(session, Setting, rows, ["key"], ["value"])
    with reading() as session:
        kept = [value for _, value in values(session, Setting, "key", "value")]
    assert [(type(value), value) for value in kept] == [(type(value), value) for value in told]


def test_times_are_kept_in_utc_and_nothing_stays_nothing() -> None:
    times = [NOW, NOW.astimezone(INDIA), NOW + timedelta(microseconds=1), None]
    rows = [
        {
            "key": str(place),
            "kind": "milestone:x",
            "at": time or NOW,
            "recorded_at": NOW,
            "customer_id": None,
            "order_id": None,
            "data": {},
            "source": "",
            "reacted_at": time,
        }
        for place, time in enumerate(times)
    ]
    with work() as session:
        insert_new(session, Event, rows, ["key"])
        insert_new(session, Event, rows, ["key"])
    with reading() as session:
        assert values(session, Event, "key", "reacted_at") == [
            ("0", NOW),
            ("1", NOW),
            ("2", NOW + timedelta(microseconds=1)),
            ("3", None),
        ]


def test_a_time_without_a_zone_is_refused_here_too() -> None:
    row = {"sku": "A", "name": "A", "created_at": datetime(2026, 5, 4)}  # noqa: DTZ001
    with pytest.raises(Exception, match=r"naive|aware|timezone"), work() as session:
        insert_new(session, Product, [row], ["sku", "name"])


def test_defaults_are_filled_in_where_the_rows_leave_something_out() -> None:
    with work() as session:
        execute_many(
            session,
            insert(table_of(Customer)),
            [{"created_at": NOW, "updated_at": NOW, "first_name": name} for name in ("Ada", "Bea")],
        )
    with reading() as session:
        assert values(session, Customer, "first_name", "orders", "last_name") == [
            ("Ada", 0, ""),
            ("Bea", 0, ""),
        ]


def test_rows_are_changed_by_what_they_are_bound_to() -> None:
    table = table_of(Product)
    with work() as session:
        rows = [{"sku": sku, "name": sku, "created_at": NOW} for sku in ("A", "B", "C")]
        execute_many(session, insert(table), rows)
        statement = update(table).where(table.c.sku == bindparam("which"))
        statement = statement.values(name=bindparam("new"), created_at=bindparam("at"))
        later = NOW + timedelta(days=1)
        execute_many(
            session, statement, [{"which": s, "new": s * 2, "at": later} for s in ("A", "C")]
        )
        execute_many(session, statement, [])
    with reading() as session:
        assert values(session, Product, "sku", "name", "created_at") == [
            ("A", "AA", later),
            ("B", "B", NOW),
            ("C", "CC", later),
        ]


def test_new_ids_are_free_and_stay_so() -> None:
    with work() as session:
        first = list(new_ids(session, Product, 3))
        rows = [{"id": i, "sku": str(i), "name": "", "created_at": NOW} for i in first]
        execute_many(session, insert(table_of(Product)), rows)
        second = list(new_ids(session, Product, 2))
        rows = [{"id": i, "sku": str(i), "name": "", "created_at": NOW} for i in second]
        execute_many(session, insert(table_of(Product)), rows)
        own = Product(sku="of its own", created_at=NOW)
        session.add(own)
        session.flush()
        assert list(new_ids(session, Product, 0)) == []
    assert len({*first, *second, own.id}) == 6
    assert first == sorted(first)


def test_dates_and_numbers_pass_as_they_are() -> None:
    assert table_of(Shipment).c.promised_on.type.python_type is date

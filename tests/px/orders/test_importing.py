"""Importing as a whole: again, in any order, by a mapping, half-way, in large files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.imports import write_file
from db.kinds import ImportKind
from db.models.customers import Customer
from db.models.orders import Shipment
from px.core.errors import InvalidInput, PxError
from px.core.settings import Settings
from px.orders.sources.order_rows import OrderGroups
from tests.px.orders.reading import (
    NOW,
    events,
    everything,
    lines,
    load,
    orders,
    refused,
    rows,
    shopify,
    write,
)

pytestmark = pytest.mark.usefixtures("database")
EXAMPLES = Path(__file__).parents[3] / "docs" / "how-to" / "examples"


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("06_continuation.csv", ImportKind.SHOPIFY_ORDERS),
        ("12_cancelled.csv", ImportKind.SHOPIFY_ORDERS),
        ("05_two_ids.csv", ImportKind.SHOPIFY_CUSTOMERS),
        ("traits.csv", ImportKind.SHOPIFY_CUSTOMERS),
        ("23_german_excel.csv", ImportKind.ORDERS),
        ("26_phones.csv", ImportKind.CUSTOMERS),
        ("bad_rows.csv", ImportKind.SHOPIFY_ORDERS),
    ],
)
def test_importing_a_file_again_changes_no_row_of_any_table(
    file: str, kind: ImportKind, settings: Settings
) -> None:
    load(file, settings, kind)
    before = everything()
    report = load(file, settings, kind, now=NOW + timedelta(days=1))
    assert everything() == before
    assert (report.counts["new"], report.counts["updated"]) == (0, 0)
    assert report.counts["unchanged"] > 0


def test_importing_the_examples_of_the_handbook_again_changes_nothing(settings: Settings) -> None:
    files = [
        ("customers.csv", ImportKind.CUSTOMERS),
        ("orders.csv", ImportKind.ORDERS),
        ("shipments.csv", ImportKind.SHIPMENTS),
    ]
    for name, kind in files:
        report = load(EXAMPLES / name, settings, kind)
        assert (report.counts["errors"], report.counts.get("warnings", 0)) == (0, 0)
        assert report.counts["new"] > 0
    before = everything()
    for name, kind in files:
        load(EXAMPLES / name, settings, kind, now=NOW + timedelta(hours=1))
    assert everything() == before


def test_files_may_come_in_any_order(settings: Settings, tmp_path: Path) -> None:
    new = {"Name": "#3", "Created at": "2026-05-03 10:00:00 +0000", "Total": "30.00"}
    middle = {"Name": "#2", "Created at": "2026-05-02 10:00:00 +0000", "Total": "20.00"}
    old = {"Name": "#1", "Created at": "2026-05-01 10:00:00 +0000", "Total": "10.00"}
    sums = ["orders", "spent_minor", "first_order_at", "last_order_at"]
    for row in (new, old, middle):
        load(shopify(tmp_path / "one.csv", row), settings)
    assert orders("number", "is_first") == [("#1", True), ("#2", False), ("#3", False)]
    assert rows(Customer, sums, Customer.id) == [
        (
            3,
            6000,
            datetime(2026, 5, 1, 10, 0, tzinfo=UTC),
            datetime(2026, 5, 3, 10, 0, tzinfo=UTC),
        )
    ]


def test_an_order_that_is_cancelled_later_leaves_the_sums(
    settings: Settings, tmp_path: Path
) -> None:
    first = {"Name": "#1", "Created at": "2026-05-01 10:00:00 +0000"}
    second = {"Name": "#2", "Created at": "2026-05-02 10:00:00 +0000"}
    load(shopify(tmp_path / "a.csv", first, second), settings)
    text = (tmp_path / "a.csv").read_text().splitlines()
    write(
        tmp_path / "b.csv",
        f"{text[0]},Cancelled at\n{text[1]},2026-05-03 10:00:00 +0000\n{text[2]},\n",
    )
    report = load(tmp_path / "b.csv", settings)
    assert (report.counts["updated"], report.counts["unchanged"]) == (1, 1)
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(1, 4900)]
    assert orders("number", "is_first") == [("#1", False), ("#2", True)]


def test_money_paid_back_is_taken_off_and_told_once_for_each_amount(
    settings: Settings, tmp_path: Path
) -> None:
    shopify(tmp_path / "a.csv", {"Name": "#1"})
    header, row = (tmp_path / "a.csv").read_text().splitlines()
    for paid_back in ("0.00", "9.00", "9.00", "49.00"):
        file = write(tmp_path / "b.csv", f"{header},Refunded Amount\n{row},{paid_back}\n")
        load(file, settings)
    refunds = [e for e in events("kind", "key", "data", "at") if e[0] == "order_refunded"]
    assert [(key, data) for _, key, data, _ in refunds] == [
        ("order:1:refunded:900", {"refunded_minor": 900, "full": False}),
        ("order:1:refunded:4900", {"refunded_minor": 4900, "full": True}),
    ]
    assert refunds[0][3] == NOW
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(1, 0)]


def test_an_order_that_goes_to_somebody_else_counts_there(
    settings: Settings, tmp_path: Path
) -> None:
    load(shopify(tmp_path / "a.csv", {"Name": "#1"}, {"Name": "#2"}), settings)
    load(shopify(tmp_path / "b.csv", {"Name": "#1", "Email": "grace@example.com"}), settings)
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(1, 4900), (1, 4900)]
    assert orders("customer_id", "is_first") == [(2, True), (1, True)]


def test_rows_of_one_order_may_stand_a_thousand_orders_apart_but_not_more() -> None:
    problems: list[object] = []
    groups = OrderGroups({"number": 0, "placed_at": 1, "item": 2}, problems.append)
    far = [["far", "2026-05-01", "a"], *([str(n), "2026-05-01", "x"] for n in range(2500))]
    near = [["near", "2026-05-01", "a"], *([f"n{n}", "2026-05-01", "x"] for n in range(900))]
    table = [*far, ["far", "", "b"], *near, ["near", "", "b"]]
    found = {raw.number: raw for batch in groups.batches(enumerate(table, 2)) for raw in batch}
    assert len(found["far"].lines) == 1
    assert len(found["near"].lines) == 2
    assert [(p.row, p.value) for p in problems] == [(2503, "far")]  # type: ignore[attr-defined]


def test_columns_with_other_names_are_read_by_a_mapping(settings: Settings, tmp_path: Path) -> None:
    file = write(
        tmp_path / "other.csv",
        "Bestellnummer;Bestelldatum;Währung;Artikel;Preis;Kunde\n"
        "A-1;2026-05-01 10:00;EUR;Seife;12,50;ada@example.com\n",
    )
    with pytest.raises(
        InvalidInput, match=r'--map number="Bestellnummer" --map placed_at="Bestelld'
    ):
        load(file, settings, ImportKind.ORDERS)
    mapping = {
        "number": "Bestellnummer",
        "placed_at": "bestelldatum",
        "currency": "Währung",
        "item": "Artikel",
        "price": "Preis",
        "email": "Kunde",
    }
    assert load(file, settings, ImportKind.ORDERS, mapping=mapping).counts["new"] == 1
    assert orders("number", "total_minor") == [("A-1", 1250)]
    with pytest.raises(InvalidInput, match="no column 'Nummer'"):
        load(file, settings, ImportKind.ORDERS, mapping={"number": "Nummer"})
    with pytest.raises(InvalidInput, match="no column 'nummer' to map to; there are: number"):
        load(file, settings, ImportKind.ORDERS, mapping={"nummer": "Preis"})


def test_headings_are_found_in_any_order_and_spelling(settings: Settings, tmp_path: Path) -> None:
    file = write(
        tmp_path / "o.csv",
        "LINEITEM PRICE,lineitem_quantity,Lineitem Name,canceled at,CREATED AT,total,"
        "Currency,Lineitem SKU,name\n"
        "49.00,1,Serum,2026-05-02 10:00:00 +0000,2026-05-01 10:00:00 +0000,49,USD,S-1,#1\n",
    )
    assert load(file, settings).counts["new"] == 1
    assert lines("sku", "unit_minor") == [("S-1", 4900)]
    assert orders("cancelled_at") == [datetime(2026, 5, 2, 10, 0, tzinfo=UTC)]


def test_the_layout_of_another_app_is_told_from_the_export(
    settings: Settings, tmp_path: Path
) -> None:
    header = "Name,Email,Currency,Processed At,Lineitem variant id,Lineitem name,"
    header += "Lineitem quantity,Lineitem price,Transaction Kind\n"
    row = "#MA-1,john@example.com,USD,2018-01-04T15:51:23-08:00,1,Trowel,2,10,sale\n"
    file = write(tmp_path / "transporter.csv", header + row)
    with pytest.raises(InvalidInput, match=r"Transporter app.*--map placed_at=\"Processed At\""):
        load(file, settings)
    assert load(file, settings, mapping={"placed_at": "Processed At"}).counts["new"] == 1
    assert orders("total_minor") == [2000]


def test_another_kind_of_file_is_told_which_it_is(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="import it with --kind shopify-orders"):
        load("06_continuation.csv", settings, ImportKind.SHOPIFY_CUSTOMERS)


def test_each_state_of_a_parcel_is_told_once_and_none_is_lost(
    settings: Settings, tmp_path: Path
) -> None:
    load(shopify(tmp_path / "o.csv", {"Name": "#1001"}), settings)
    file = write(
        tmp_path / "s.csv",
        "order_number,tracking_number,status,shipped_at,happened_at\n"
        "1001,T1,in transit,2026-05-02T08:00:00Z,\n"
        "1001,T1,OutForDelivery,,2026-05-03T08:00:00Z\n"
        "1001,T1,delivered,,2026-05-03T12:00:00Z\n"
        "1001,T1,attempted_delivery,,2026-05-03T09:00:00Z\n"
        "1001,T2,label,,\n"
        "9999,T3,delivered,,2026-05-03T12:00:00Z\n",
    )
    report = load(file, settings, ImportKind.SHIPMENTS)
    assert [kind for kind in events("kind") if not kind.startswith("order")] == [
        "shipped",
        "out_for_delivery",
        "delivery_attempted",
        "delivered",
    ]
    assert rows(Shipment, ["key", "status"], Shipment.id) == [("T1", "delivered"), ("T2", "label")]
    assert (report.counts["shipments"], report.counts["errors"]) == (5, 1)
    assert refused() == [(7, "order_number", "9999")]
    before = everything()
    load(file, settings, ImportKind.SHIPMENTS, now=NOW + timedelta(days=1))
    assert everything() == before


def test_a_parcel_names_the_items_in_it(settings: Settings, tmp_path: Path) -> None:
    load("06_continuation.csv", settings)
    file = write(
        tmp_path / "s.csv",
        "order_number,shipment,delivered_at,skus\n"
        "#1001,1,2026-05-02T08:00:00Z,SERUM-30\n"
        "#1001,2,2026-05-03T08:00:00Z,SOAP;BRUSH\n",
    )
    load(file, settings, ImportKind.SHIPMENTS)
    assert rows(Shipment, ["lines", "status"], Shipment.id) == [
        ([0], "delivered"),
        ([1, 2], "delivered"),
    ]
    arrived = [data for kind, data in events("kind", "data") if kind == "delivered"]
    assert [(data["shipment"], data["skus"]) for data in arrived] == [
        ("1", ["SERUM-30"]),
        ("2", ["SOAP", "BRUSH"]),
    ]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("1001,T1,lost somewhere,,", "status"),
        ("1001,T1,delivered,2026-05-03T12:00:00Z,javascript:alert(1)", "tracking_url"),
        ("1001,T1,delivered,tomorrow,", "delivered_at"),
        ("1001,3.4E+14,delivered,,", "tracking_number"),
        (",T1,delivered,,", "order_number"),
    ],
)
def test_a_wrong_parcel_is_refused_with_its_cell(
    cells: str, column: str, settings: Settings, tmp_path: Path
) -> None:
    load(shopify(tmp_path / "o.csv", {"Name": "#1001"}), settings)
    header = "order_number,tracking_number,status,delivered_at,tracking_url\n"
    load(write(tmp_path / "s.csv", f"{header}{cells}\n"), settings, ImportKind.SHIPMENTS)
    assert [(row, name) for row, name, _ in refused()] == [(2, column)]
    assert rows(Shipment, ["id"], Shipment.id) == []


def test_an_errors_file_that_cannot_be_written_says_so_and_keeps_the_rest(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(PxError, match="cannot be written"):
        load("bad_rows.csv", settings, errors=tmp_path / "none" / "errors.csv")


def test_a_made_up_export_of_the_full_layout_is_read_whole(
    settings: Settings, tmp_path: Path
) -> None:
    write_file(tmp_path / "full.csv", 3000)
    report = load(tmp_path / "full.csv", settings)
    assert report.counts["rows"] == 3000
    assert report.counts["errors"] == report.counts["warnings"] == 0
    assert report.counts["new"] == report.counts["orders"] == 1500
    assert load(tmp_path / "full.csv", settings).counts["unchanged"] == 1500


def test_items_that_come_to_more_than_can_be_stored_are_refused(
    settings: Settings, tmp_path: Path
) -> None:
    text = (
        "number,placed_at,currency,item,quantity,price\n"
        "1,2026-05-01,EUR,Soap,1000000,90071992547409.91\n"
        "2,2026-05-01,EUR,Soap,2,4.50\n"
    )
    report = load(write(tmp_path / "orders.csv", text), settings, ImportKind.ORDERS)
    assert (report.counts["new"], report.counts["errors"]) == (1, 1)
    assert refused() == [(2, "total", "")]
    assert orders("number", "total_minor") == [("2", 900)]


@pytest.mark.parametrize("text", ["my own notes\n", "\nmy own notes\n", "\xff\n"])
def test_a_file_of_that_name_that_is_not_ours_is_left_alone(
    settings: Settings, tmp_path: Path, text: str
) -> None:
    mine = write(tmp_path / "mine.csv", text, "latin-1")
    with pytest.raises(PxError, match=r"mine\.csv is there already"):
        load("bad_rows.csv", settings, errors=mine)
    assert mine.read_bytes() == text.encode("latin-1")
    assert orders("number") == []


@pytest.mark.parametrize("left", ["", "Row,Column,Reason,Value\n2,Total,Wrong,x\n"])
def test_what_an_earlier_import_left_is_written_anew(
    settings: Settings, tmp_path: Path, left: str
) -> None:
    path = write(tmp_path / "errors.csv", left)
    load("bad_rows.csv", settings, errors=path)
    assert len(refused(path)) == 7

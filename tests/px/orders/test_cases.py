"""The cases that break naive importers, each with a small file of its number in files/."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from db.engine import Database
from db.kinds import Channel, ImportKind, Purpose
from db.models.customers import Address, Consent, Customer, CustomerRef
from db.models.orders import Order, OrderLine, Product, Shipment
from px.core.errors import InvalidInput
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import customer_by_email, erase_customer, reach
from tests.px.orders.reading import NOW, events, lines, load, orders, refused, rows

pytestmark = pytest.mark.usefixtures("database")


def test_01_an_order_of_a_guest_is_kept_and_counted_as_out_of_reach(settings: Settings) -> None:
    report = load("01_guest.csv", settings)
    assert report.counts["new"] == 2
    assert report.counts["unreachable"] == 1
    assert orders("number", "customer_id") == [("#1001", None), ("#1002", 1)]
    assert ("order_placed", None) in events("kind", "customer_id")


def test_02_without_an_email_the_phone_of_the_bill_says_who_it_was(settings: Settings) -> None:
    report = load("02_no_email.csv", settings)
    assert rows(Address, ["kind", "value"], Address.id) == [("phone", "+31612345678")]
    assert orders("number", "email", "phone") == [
        ("#1001", None, "+31612345678"),
        ("#1002", None, None),
    ]
    assert (report.counts["unreachable"], report.counts["warnings"]) == (1, 1)
    assert report.notes[0].value == "not an address"


def test_03_the_id_says_who_and_the_order_keeps_its_own_address(settings: Settings) -> None:
    load("03_customers.csv", settings, ImportKind.CUSTOMERS)
    load("03_order_email_differs.csv", settings, ImportKind.ORDERS)
    assert orders("customer_id", "email") == [(1, "work@example.org")]
    assert rows(Customer, ["first_name", "last_name"], Customer.id) == [("Ada", "Lovelace")]
    assert rows(Address, ["value", "is_primary"], Address.id) == [
        ("ada@example.com", True),
        ("work@example.org", False),
    ]


def test_04_an_address_in_other_letters_is_the_same_person(settings: Settings) -> None:
    report = load("04_email_case.csv", settings)
    assert report.counts["customers"] == 1
    assert rows(Address, ["value"], Address.id) == ["ada@example.com"]
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(2, 9800)]


def test_05_two_ids_with_one_address_are_one_customer(settings: Settings) -> None:
    report = load("05_two_ids.csv", settings, ImportKind.SHOPIFY_CUSTOMERS)
    assert (report.counts["customers"], report.counts["new"]) == (2, 1)
    assert rows(CustomerRef, ["customer_id", "external_id"], CustomerRef.id) == [
        (1, "7001"),
        (1, "7002"),
    ]
    assert rows(Customer, ["last_name"], Customer.id) == ["Lovelace"]


def test_06_blank_columns_of_further_items_belong_to_the_order_above(settings: Settings) -> None:
    report = load("06_continuation.csv", settings)
    assert (report.counts["rows"], report.counts["orders"]) == (4, 2)
    assert orders("number", "status", "total_minor") == [
        ("#1001", "paid", 8800),
        ("#1002", "refunded", 4900),
    ]
    assert lines("order_id", "position", "sku", "quantity") == [
        (1, 0, "SERUM-30", 1),
        (1, 1, "SOAP", 2),
        (1, 2, "BRUSH", 1),
        (2, 0, "SERUM-30", 1),
    ]


def test_06_items_of_an_order_that_stand_apart_are_put_together(settings: Settings) -> None:
    load("06_scattered.csv", settings)
    assert orders("number", "total_minor") == [("#1001", 5800), ("#1002", 4900)]
    assert lines("name") == ["Brush", "Serum", "Serum"]


def test_07_prices_that_are_sums_of_lines_are_pointed_out(settings: Settings) -> None:
    report = load("07_line_total.csv", settings)
    assert report.counts["warnings"] == 1
    assert (report.notes[0].row, report.notes[0].column) == (2, "subtotal")
    assert lines("unit_minor", "quantity") == [(3000, 3), (3000, 3)]


def test_08_a_dry_run_says_what_would_be_and_keeps_nothing(settings: Settings) -> None:
    report = load("06_continuation.csv", settings, dry_run=True)
    assert (report.counts["new"], report.counts["customers"]) == (2, 2)
    assert orders("number") == []
    load("06_continuation.csv", settings)
    again = load("06_continuation.csv", settings, dry_run=True)
    assert (again.counts["new"], again.counts["unchanged"]) == (0, 2)


def test_09_an_item_taken_out_of_an_order_counts_nothing_any_more(settings: Settings) -> None:
    load("09_edited_before.csv", settings)
    ids = lines("id")
    report = load("09_edited_after.csv", settings)
    assert report.counts["updated"] == 1
    assert lines("id", "sku", "quantity") == [(ids[0], "SERUM-30", 1), (ids[1], "SOAP", 0)]
    assert events("kind").count("order_edited") == 1
    load("09_edited_after.csv", settings)
    assert events("kind").count("order_edited") == 1


def test_12_a_cancelled_order_is_cancelled_although_it_says_paid(settings: Settings) -> None:
    load("12_cancelled.csv", settings)
    assert events("kind", "order_id")[:3] == [
        ("order_placed", 1),
        ("order_paid", 1),
        ("order_cancelled", 1),
    ]
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(1, 2000)]
    assert orders("number", "is_first") == [("#1001", False), ("#1002", True)]


def test_12_a_cancelled_order_that_arrives_all_the_same_says_both(settings: Settings) -> None:
    load("12_cancelled.csv", settings)
    load("12_shipments.csv", settings, ImportKind.SHIPMENTS)
    assert [kind for kind, order in events("kind", "order_id") if order == 1] == [
        "order_placed",
        "order_paid",
        "order_cancelled",
        "delivered",
    ]


def test_13_a_test_order_is_kept_apart_from_every_sum(settings: Settings) -> None:
    load("13_test_order.csv", settings, ImportKind.ORDERS)
    assert orders("number", "is_test", "is_first") == [("1001", True, False), ("1002", False, True)]
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(1, 4900)]


def test_14_each_currency_has_its_own_smallest_unit(settings: Settings) -> None:
    load("14_currencies.csv", settings)
    assert orders("number", "currency", "total_minor") == [
        ("#1001", "JPY", 4900),
        ("#1002", "KWD", 4900),
        ("#1003", "JPY", 100),
    ]
    assert refused() == [(5, "Currency", "EURO")]
    # Sums of different currencies mean nothing: the one with most orders counts.
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(3, 5000)]


def test_15_products_are_found_by_sku_then_by_name(settings: Settings) -> None:
    load("15_no_sku.csv", settings)
    assert rows(Product, ["sku", "name"], Product.id) == [
        ("SERUM-30", "Serum - 30 ml"),
        ("", "Engraving"),
    ]
    assert lines("product_id", "name") == [
        (1, "Serum - 30 ml"),
        (1, "Serum (old name)"),
        (2, "Engraving"),
        (2, "Engraving"),
        (None, ""),
    ]


def test_16_gift_cards_and_tips_are_not_shipped(settings: Settings) -> None:
    load("16_gift_card.csv", settings)
    assert lines("name", "requires_shipping") == [
        ("Serum", True),
        ("Gift card", False),
        ("Tip", False),
    ]


def test_17_a_free_sample_is_an_item_of_the_order(settings: Settings) -> None:
    report = load("17_sample.csv", settings)
    assert lines("sku", "unit_minor") == [("SERUM-30", 4900), ("SAMPLE", 0)]
    assert report.counts["warnings"] == 0


def test_19_each_row_has_its_own_offset(settings: Settings) -> None:
    load("19_offsets.csv", settings)
    assert orders("placed_at", "paid_at") == [
        (datetime(2026, 3, 8, 6, 30, tzinfo=UTC), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (datetime(2026, 5, 1, 21, 59, 59, tzinfo=UTC), None),
    ]


@pytest.mark.parametrize("file", ["21_day_first.csv", "21_month_first.csv"])
def test_21_one_clear_date_says_how_all_of_the_file_are_read(file: str, settings: Settings) -> None:
    settings = settings.model_copy(update={"shop_zone": "Europe/Berlin"})
    load(file, settings, ImportKind.ORDERS)
    assert orders("placed_at") == [
        datetime(2026, 4, 9, 12, 30, tzinfo=UTC),
        datetime(2026, 4, 23, 7, 0, tzinfo=UTC),
    ]


def test_21_dates_that_can_be_read_two_ways_are_not_guessed(settings: Settings) -> None:
    with pytest.raises(
        InvalidInput, match=r"9/4/2026, 10/4/2026 can be read two ways.*--dates dmy"
    ):
        load("21_ambiguous.csv", settings, ImportKind.ORDERS)
    assert orders("number") == []
    load("21_ambiguous.csv", settings, ImportKind.ORDERS, dates="mdy")
    assert orders("placed_at") == [
        datetime(2026, 9, 4, tzinfo=UTC),
        datetime(2026, 10, 4, tzinfo=UTC),
    ]


def test_22_a_byte_order_mark_is_not_part_of_the_first_heading(settings: Settings) -> None:
    assert load("22_bom.csv", settings).counts["new"] == 1
    assert lines("name") == ["Sérum"]


def test_23_a_file_of_a_german_excel_is_read_as_it_is(settings: Settings) -> None:
    report = load("23_german_excel.csv", settings, ImportKind.ORDERS)
    assert report.counts["new"] == 2
    assert orders("total_minor") == [124950, 1250]
    assert rows(Customer, ["first_name"], Customer.id) == ["Jürgen", "Gréta"]


def test_23_amounts_written_in_two_ways_are_not_guessed(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match=r"12\.50 in row 3 and 12,50 in row 2"):
        load("23_two_ways.csv", settings, ImportKind.ORDERS)


def test_24_a_line_end_inside_quotes_is_part_of_the_cell(settings: Settings) -> None:
    report = load("24_newline.csv", settings)
    assert (report.counts["rows"], report.counts["new"], report.counts["errors"]) == (2, 1, 1)
    assert lines("name") == ["Serum 30 ml"]
    assert refused() == [(3, "Total", "bad")]


def test_25_ids_stay_text_and_those_that_excel_shortened_are_refused(settings: Settings) -> None:
    load("25_ids.csv", settings)
    assert orders("number", "external_id") == [("#1001", "90071992547409931"), ("1003", "007")]
    assert refused() == [(3, "Id", "2.67E+12")]


def test_26_only_phones_that_can_get_a_text_message_are_addresses(settings: Settings) -> None:
    load("26_phones.csv", settings, ImportKind.CUSTOMERS)
    phones = select(Address.customer_id, Address.value).where(Address.kind == "phone")
    with reading() as session:
        assert sorted(map(tuple, session.execute(phones))) == [
            (1, "+31612345678"),
            (2, "+31687654321"),
            (5, "+12125550188"),
        ]
    us = settings.model_copy(update={"shop_country": "US"})
    load("26_phones.csv", us, ImportKind.CUSTOMERS)
    with reading() as session:
        assert (6, "+12125550188") in map(tuple, session.execute(phones))


def test_28_a_late_scan_is_recorded_at_the_time_it_happened(settings: Settings) -> None:
    load("28_orders.csv", settings, ImportKind.ORDERS)
    load("28_late_scan.csv", settings, ImportKind.SHIPMENTS)
    assert events("kind", "at", "recorded_at")[2:] == [
        ("shipped", datetime(2026, 4, 21, 8, 0, tzinfo=UTC), NOW),
        ("delivered", datetime(2026, 4, 23, 9, 20, tzinfo=UTC), NOW),
    ]
    assert rows(Shipment, ["tracking_number", "promised_on", "delivered_at"], Shipment.id) == [
        (
            "00340434161094015902",
            date(2026, 4, 24),
            datetime(2026, 4, 23, 9, 20, tzinfo=UTC),
        )
    ]


def test_32_entities_are_undone_once(settings: Settings) -> None:
    load("32_entities.csv", settings)
    assert lines("name") == ["Serum \u2013 30 ml &lt;new&gt;"]
    assert rows(Customer, ["first_name", "last_name"], Customer.id) == [("Ada", "& Sons")]


def test_33_no_spreadsheet_runs_what_stands_in_the_errors_file(settings: Settings) -> None:
    load("33_formulas.csv", settings)
    assert refused() == [
        (2, "Total", '\'=HYPERLINK("http://evil";"x")'),
        (3, "Financial Status", "'@SUM(1)"),
        (4, "Total", "-5.00"),
    ]


def test_34_somebody_erased_stays_away(settings: Settings) -> None:
    load("34_erased.csv", settings)
    with work() as session:
        ada = customer_by_email(session, "ada@example.com")
        assert ada
        erase_customer(session, ada, key=settings.key, now=NOW)
        for order in session.scalars(select(Order).where(Order.customer_id == ada)):
            order.fingerprint = order.email = ""
    report = load("34_erased.csv", settings)
    assert (report.counts["skipped"], report.counts["unchanged"]) == (1, 1)
    assert rows(Address, ["value"], Address.id) == ["grace@example.com"]
    assert orders("number", "email")[0] == ("#1001", "")


def test_35_old_orders_are_historic_and_start_nothing(settings: Settings) -> None:
    report = load("35_history.csv", settings)
    assert report.counts["historic"] == 2
    assert orders("number", "is_historic") == [
        ("#1001", True),
        ("#1002", True),
        ("#1003", False),
    ]
    reacted = {order: at is not None for order, at in events("order_id", "reacted_at")}
    assert reacted == {1: True, 2: True, 3: False}


def test_35_how_old_is_too_old_can_be_said(settings: Settings) -> None:
    assert load("35_history.csv", settings, historic_days=3650).counts["historic"] == 0


def test_shopify_says_consent_by_channel_and_metafields_are_traits(settings: Settings) -> None:
    load("traits.csv", settings, ImportKind.SHOPIFY_CUSTOMERS)
    assert rows(Customer, ["first_name", "country", "tags", "traits"], Customer.id) == [
        ("Ada", "GB", ["vip", "early"], {"skin_type": "dry"}),
        ("Grace", "US", [], {}),
    ]
    said = rows(Consent, ["customer_id", "channel", "state"], Consent.id)
    assert sorted(said) == [
        (1, "email", "given"),
        (1, "sms", "withdrawn"),
        (1, "whatsapp", "withdrawn"),
        (2, "email", "withdrawn"),
        (2, "sms", "withdrawn"),
    ]
    with reading() as session:
        reached = reach(session, [1, 2], key=settings.key)
    assert reached[1][Channel.EMAIL].marketing_consent
    assert reached[1][Channel.SMS].address == "+447911123456"
    assert not reached[2][Channel.EMAIL].marketing_consent


def test_bad_rows_do_not_stop_the_file(settings: Settings) -> None:
    report = load("bad_rows.csv", settings)
    assert orders("number") == ["#1001", "#1009"]
    assert (report.counts["rows"], report.counts["orders"], report.counts["errors"]) == (10, 2, 7)
    assert refused() == [
        (3, "Created at", "31/31/2026"),
        (4, "Total", "a lot"),
        (5, "Lineitem quantity", "-1"),
        (6, "Lineitem quantity", "one"),
        (7, "Name", ""),
        (8, "Financial Status", "maybe"),
        (10, "Lineitem quantity", "many"),
    ]
    assert "left out with it" in Path("errors.csv").read_text(encoding="utf-8-sig")


def test_a_file_without_bad_rows_leaves_no_errors_file(
    settings: Settings, database: Database
) -> None:
    load("bad_rows.csv", settings)
    assert Path("errors.csv").exists()
    load("01_guest.csv", settings)
    assert not Path("errors.csv").exists()
    assert database.url


def test_every_line_has_its_order_and_every_purpose_is_known(settings: Settings) -> None:
    load("06_continuation.csv", settings)
    assert {purpose for (purpose,) in [(p,) for p in rows(Consent, ["purpose"], Consent.id)]} <= {
        Purpose.MARKETING
    }
    assert len(rows(OrderLine, ["order_id"], OrderLine.id)) == 4

"""The preview of a journey in a browser: three customers at once, and nothing of theirs runs."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow(reason="a real server and browser")]
JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
touchpoints:
  - {key: tips, name: Tips, purpose: transactional, anchor: order_placed, message: tips}
templates:
  tips:
    name: Tips
    subject: "Tips for {{ customer.first_name }}"
    body: "Hello {{ customer.first_name }}, [go](https://fern.example)"
    sms: "{{ customer.first_name }}: {{ order.number }}"
"""
HOSTILE = "<img src=x onerror=alert(1)>'><script>alert(2)</script>"
ORDERS = "order_number,placed_at,currency,sku,item,quantity,price,email,first_name\n"


@pytest.fixture
def preview(server: Server, page: Page, tmp_path: Path) -> Page:
    """The preview of a journey in a shop of three customers, one of whom is hostile."""
    rows = [
        f'{number},2026-05-0{number}T12:00:00Z,EUR,SOAP,Soap,1,9.00,c{number}@example.com,"{name}"'
        for number, name in enumerate(("Ada", HOSTILE, "Ben"), 1)
    ]
    orders, journey = tmp_path / "orders.csv", tmp_path / "care.yaml"
    orders.write_text(ORDERS + "\n".join(rows) + "\n")
    journey.write_text(JOURNEY)
    server.px("import", str(orders), "--kind", "orders")
    server.px("journey", "import", str(journey), "--overwrite")
    sign_in(page, server, "/journey?key=care")
    page.get_by_role("tab", name="Preview").click()
    return page


def test_three_customers_are_seen_and_nothing_of_theirs_runs(preview: Page) -> None:
    said: list[str] = []
    preview.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    expect(preview.locator("iframe[title^='The email to ']")).to_have_count(3)
    hostile = preview.locator(f'iframe[title="The email to {HOSTILE} as on a phone"]')
    expect(hostile.content_frame.locator("p", has_text=HOSTILE)).to_be_visible()
    assert hostile.content_frame.locator("script").count() == 0
    preview.get_by_role("radio", name="Chat").click()
    expect(preview.get_by_text(f"Hello {HOSTILE}, go")).to_be_visible()
    assert said == []


def test_one_customer_is_found_by_typing_and_seen_on_every_channel(preview: Page) -> None:
    preview.get_by_role("radio", name="One customer").click()
    preview.get_by_label("Find a customer").fill("c3@exam")
    expect(preview.get_by_text("SMS: 1 part, 6 characters in GSM-7")).to_be_visible()
    expect(preview.get_by_role("group", name="SMS")).to_have_text("My shopBen: 3")
    desk = preview.frame_locator("iframe[title='The email as on a desk']")
    expect(desk.locator("p", has_text="Hello Ben, go")).to_be_visible()

"""A journey of six touchpoints drawn from nothing, with the mouse and with keys alone; published,
changed while people are inside, and every announced number found again in the touches.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADMIN, SECRET, Server, running, sign_in
from tests.browser.hands import Hands, Keys, Mouse

pytestmark = [pytest.mark.browser, pytest.mark.slow(reason="draws whole journeys in a browser")]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a shop whose orders a journey can be rehearsed over."""
    with running(tmp_path_factory.mktemp("shop")) as started:
        started.px("import", str(past_orders(started.folder)), "--kind", "orders")
        started.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
        yield started


def past_orders(folder: Path) -> Path:
    """An export of twenty orders of the last three weeks."""
    today = datetime.now(UTC)
    lines = [
        f"{n},{(today - timedelta(days=n)).isoformat()},EUR,Serum,49.00,old{n}@example.com"
        for n in range(1, 21)
    ]
    return written(folder / "past.csv", lines)


def written(file: Path, lines: list[str]) -> Path:
    """The orders stand in a file to import."""
    file.write_text("\n".join(["order_number,placed_at,currency,item,price,email", *lines]))
    return file


@pytest.mark.parametrize("hands_of", [Mouse, Keys], ids=["mouse", "keyboard"])
def test_a_journey_is_drawn_rehearsed_published_and_changed_while_it_runs(
    shop: Server, page: Page, tmp_path: Path, hands_of: Callable[[Page], Hands]
) -> None:
    name = f"Serum by {hands_of.__name__.lower()}"
    key = name.lower().replace(" ", "-")
    sign_in(page, shop, "/journeys")
    hands = hands_of(page)
    start(hands, name)
    draw(hands, text=f"Question by {hands_of.__name__.lower()}")
    rehearse(hands)
    publish(hands)
    come_in(shop, tmp_path, key)
    before = touches(shop, key)
    change(hands)
    announced = publish(hands)
    shop.px("run")
    after = touches(shop, key)
    assert announced == {"inside": 3, "new": 3, "lost": 3}
    assert count(after, "one-more", "planned") == 3
    assert [t["reason"] for t in after if t["touchpoint"] == "message"] == ["removed"] * 3
    assert Counter(known(before)) == Counter(
        one for one in known(after) if one[0] not in ("one-more",)
    )


def start(hands: Hands, name: str) -> None:
    """A new journey with one message is open."""
    hands.press("New journey")
    hands.fill("Name", name)
    hands.pick("One message: a word of thanks when the order is placed")
    hands.press("Create journey")
    expect(hands.page.get_by_role("heading", name=name, level=1)).to_be_visible()


def draw(hands: Hands, text: str) -> None:
    """Five more touchpoints, one with a question, one with a condition."""
    add(hands, "Order placed", "Before it comes")
    use_text(hands, "Thank you")
    add(hands, "Shipped", "On its way")
    use_text(hands, "Thank you")
    add(hands, "Delivered", "Your skin")
    hands.tab("Question")
    hands.switch("Asks a question")
    hands.fill("What the answer is called", "skin-type")
    write_text(hands, text, "How is your skin?", "Dry, oily or in between?")
    add(hands, "Delivered", "For dry skin")
    only_if_dry_and_bought_twice(hands)
    use_text(hands, text)
    add(hands, "Delivered", "Thanks for the answer")
    hands.tab("When")
    hands.choose("Counted from", "an answer to a question")
    hands.choose("Which touchpoint", "Your skin")
    use_text(hands, "Thank you")
    said = hands.page.get_by_text("You have changes that are not saved.")
    expect(said).to_be_visible()


def add(hands: Hands, lane: str, name: str) -> None:
    """A touchpoint of this name stands in the lane, open."""
    hands.add(lane)
    expect(hands.page.get_by_label("Name", exact=True).first).to_have_value("New message")
    hands.fill("Name", name)
    expect(card(hands.page, name)).to_be_visible()


def card(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=re.compile(f"^{re.escape(name)}, ")).first


def use_text(hands: Hands, text: str) -> None:
    hands.tab("Message")
    hands.choose("Text", text)
    expect(hands.page.get_by_text("Choose the text to send.").first).to_be_hidden()


def write_text(hands: Hands, name: str, subject: str, body: str) -> None:
    hands.tab("Message")
    hands.fill("Name of the text", name)
    hands.fill("Subject", subject)
    hands.fill("Body", body)
    hands.press("Save text")
    expect(hands.page.get_by_text(f"Text saved: {name}")).to_be_visible()


def only_if_dry_and_bought_twice(hands: Hands) -> None:
    hands.tab("For whom")
    hands.press("Add a condition")
    hands.choose("Only if, row 1: what", "skin type")
    hands.choose("Only if, row 1: comparison", "is")
    hands.fill("Only if, row 1: value", "dry")
    hands.press("Add a condition")
    hands.choose("Only if, row 2: what", "this happened")
    hands.choose("Only if, row 2: what happened", "they bought")
    hands.fill("Only if, row 2: at least, times", "2")
    hands.choose("Only if, row 2: within, or ever", "within")
    sentence = "skin type is dry and they bought at least 2 times within 90 days"
    expect(hands.page.get_by_text(f"Only if {sentence}.")).to_be_visible()


def rehearse(hands: Hands) -> None:
    """The draft is played over the shop's own orders, and says what it would have done."""
    hands.tab("Rehearsal")
    hands.press("Rehearse")
    expect(
        hands.page.get_by_text(re.compile(r"^Over the last 30 days.* messages? to ")).first
    ).to_be_visible(timeout=60_000)
    hands.tab("Timeline")


def publish(hands: Hands) -> dict[str, int]:
    """The draft is live; what was announced about those inside."""
    hands.press("Publish journey")
    dialog = hands.page.get_by_role("dialog")
    expect(dialog.get_by_label("What changed, for the list of versions")).to_be_visible()
    said = " ".join(dialog.inner_text().split())
    hands.press("Publish journey")
    expect(hands.page.get_by_text("This is what is published.")).to_be_visible()
    patterns = {
        "inside": r"(\d+) (?:person is|people are) inside",
        "new": r"(\d+) gets? a new touchpoint",
        "lost": r"(\d+) loses? one",
    }
    found = {name: re.search(pattern, said) for name, pattern in patterns.items()}
    return {name: int(match[1]) for name, match in found.items() if match}


def change(hands: Hands) -> None:
    """One touchpoint is deleted and another one added, while three people are inside."""
    hands.page.reload()
    hands.open("Before it comes")
    hands.delete()
    # The timeline hides it at once; the page says so when the draft has heard of it.
    expect(hands.page.get_by_text("“Before it comes” is deleted.")).to_be_visible()
    expect(card(hands.page, "Before it comes")).to_be_hidden()
    add(hands, "Order placed", "One more")
    hands.tab("More")
    hands.fill("Key", "one-more")
    hands.tab("For whom")
    hands.choose("Purpose", "Part of the order")
    use_text(hands, "Thank you")


def come_in(shop: Server, folder: Path, key: str) -> None:
    """Three customers order, and are inside."""
    at = datetime.now(UTC).isoformat()
    rows = [f"{key}-{n},{at},EUR,Serum,49.00,{key}{n}@example.com" for n in range(3)]
    shop.px("import", str(written(folder / "orders.csv", rows)), "--kind", "orders")
    shop.px("run")
    assert len(touches(shop, key)) == 18


def touches(shop: Server, key: str) -> list[dict[str, Any]]:
    lines = shop.px("touches", "--journey", key, "--json").stdout.splitlines()
    return [json.loads(line) for line in lines]


def known(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Which touchpoint and whose, of every touch."""
    return [(row["touchpoint"], row["enrolment"]) for row in rows]


def count(rows: list[dict[str, Any]], touchpoint: str, status: str) -> int:
    return sum(row["touchpoint"] == touchpoint and row["status"] == status for row in rows)

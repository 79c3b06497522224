"""The timeline as its user meets it: mouse, finger, keys, screen reader, phone."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pages._timeline import Deed
from px.journeys.drawing.warnings import JourneyWarning
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser]


def point(key: str, name: str, anchor: str, after: str, **more: Any) -> dict[str, Any]:
    usual = {"purpose": "marketing", "channels": ["email"], "message": "text"}
    return {"key": key, "name": name, **usual, "anchor": anchor, "after": after, **more}


def journey(*points: dict[str, Any]) -> dict[str, Any]:
    return {
        "format": 1,
        "journey": "serum",
        "name": "Serum ownership",
        "per": "order",
        "enter": {"on": "order_placed"},
        "touchpoints": list(points),
    }


def serum() -> dict[str, Any]:
    return journey(
        point("thanks", "Thank you", "order_placed", "10m", purpose="transactional"),
        point("way", "On its way", "shipped", "0", channels=["sms", "email"]),
        point("start", "How to start", "delivered", "1d", at="09:15", phase="unboxing"),
        point("skin", "Your skin", "delivered", "3d", ask={"question": "skin-type", "wait": "3d"}),
        point(
            "dry",
            "For dry skin",
            "delivered",
            "11d",
            phase="usage",
            **{"if": {"field": "customer.traits.skin_type", "op": "eq", "value": "dry"}},
        ),
        point("nudge", "One tap", "unanswered:skin", "1d", channels=["whatsapp"]),
        point("refill", "Refill", "delivered", "30d", repeat={"every": "30d", "times": 4}),
        point("renew", "Renews soon", "date:subscription.renews_on", "-5d", at="09:00"),
    )


@pytest.fixture
def stage(page: Page) -> Stage:
    return Stage(page, serum())


def test_a_card_says_everything_to_a_screen_reader(stage: Stage) -> None:
    name = (
        "For dry skin, Email, Day 11, counted from when the parcel is delivered, "
        "if skin type is dry, Usage, sends Text"
    )
    expect(stage.page.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(stage.card("Renews soon")).to_have_accessible_name(
        re.compile("5 days before, 09:00, counted from the renewal date")
    )


def test_a_drag_moves_at_once_and_is_said_once(stage: Stage) -> None:
    stage.zoom("Days")
    before = stage.box("How to start")["x"]
    stage.drag("How to start", right=4 * 52)
    assert stage.box("How to start")["x"] == pytest.approx(before + 4 * 52, abs=2)
    expect(stage.card("How to start")).to_contain_text("Day 5, 09:15")
    assert stage.hear() == [Deed("moved", "start", 5 + 555 / 1440, "delivered")]
    stage.show()
    stage.show()
    assert stage.hear() == []


def test_a_drag_to_another_lane_counts_from_there(stage: Stage) -> None:
    stage.zoom("Days")
    way, start = stage.box("On its way"), stage.box("How to start")
    stage.drag("How to start", down=way["y"] - start["y"])
    assert stage.answer() == [Deed("moved", "start", 1 + 555 / 1440, "shipped")]
    assert stage.point("start")["anchor"] == "shipped"
    assert stage.box("How to start")["y"] < stage.box("Your skin")["y"]


def test_escape_puts_a_dragged_card_back(stage: Stage) -> None:
    before = stage.box("How to start")
    stage.drag("How to start", right=200, drop=False)
    stage.page.keyboard.press("Escape")
    stage.page.mouse.up()
    assert stage.box("How to start") == before
    assert stage.hear() == []


def test_a_card_cannot_be_dropped_on_what_hangs_on_it(stage: Stage) -> None:
    before, nudge = stage.box("Your skin"), stage.box("One tap")
    stage.drag("Your skin", down=nudge["y"] - before["y"] + 5, drop=False)
    expect(stage.page.get_by_text("It cannot count from there")).to_be_visible()
    stage.page.mouse.up()
    assert stage.hear() == []
    assert stage.box("Your skin") == before


def test_a_trembling_click_opens_and_moves_nothing(stage: Stage) -> None:
    stage.drag("How to start", right=3, down=2)
    assert stage.answer() == [Deed("picked", "start")]
    expect(stage.card("How to start")).to_have_attribute("aria-current", "true")


def test_a_finger_drags_too(browse: Callable[..., Page]) -> None:
    stage = Stage(browse(has_touch=True), serum())
    stage.zoom("Days")
    box = stage.box("How to start")
    touch = stage.page.context.new_cdp_session(stage.page)
    for kind, right in [("Start", 0), ("Move", 60), ("Move", 104), ("End", None)]:
        at = [] if right is None else [{"x": box["x"] + 30 + right, "y": box["y"] + 25}]
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": at})
        if kind == "Start":
            expect(stage.page.locator(".card.held")).to_have_count(1)
    assert stage.answer() == [Deed("moved", "start", 3 + 555 / 1440, "delivered")]


@pytest.mark.parametrize(
    ("keys", "zoom", "after", "at"),
    [
        ("ArrowRight", "Fit", "2d", "09:15"),
        ("ArrowLeft", "Fit", "0", "09:15"),
        ("Shift+ArrowRight", "Days", "8d", "09:15"),
        ("ArrowRight", "Hours", "1d", "10:15"),
        ("Shift+ArrowRight", "Hours", "2d", "09:15"),
    ],
)
def test_arrows_move_by_what_the_zoom_shows(
    stage: Stage, keys: str, zoom: str, after: str, at: str
) -> None:
    stage.zoom(zoom)
    stage.card("How to start").focus()
    stage.page.keyboard.press(keys)
    stage.answer()
    assert (stage.point("start")["after"], stage.point("start")["at"]) == (after, at)
    expect(stage.card("How to start")).to_be_focused()


def test_nothing_goes_before_what_is_not_known_ahead(stage: Stage) -> None:
    stage.card("On its way").focus()
    stage.page.keyboard.press("ArrowLeft")
    assert stage.hear() == []
    expect(stage.page.get_by_role("status")).to_have_text("On its way cannot go earlier")
    stage.card("Renews soon").focus()
    stage.page.keyboard.press("ArrowLeft")
    stage.answer()
    assert stage.point("renew")["after"] == "-6d"


def test_up_and_down_walk_the_cards_and_enter_opens(stage: Stage) -> None:
    stage.card("Thank you").focus()
    stage.page.keyboard.press("ArrowDown")
    expect(stage.card("On its way")).to_be_focused()
    stage.page.keyboard.press("End")
    expect(stage.card("Renews soon")).to_be_focused()
    stage.page.keyboard.press("ArrowUp")
    expect(stage.card("One tap")).to_be_focused()
    stage.page.keyboard.press("Enter")
    assert stage.answer() == [Deed("picked", "nudge")]
    expect(stage.card("One tap")).to_be_focused()


def test_alt_and_an_arrow_change_the_lane(stage: Stage) -> None:
    stage.card("How to start").focus()
    stage.page.keyboard.press("Alt+ArrowUp")
    stage.answer()
    assert stage.point("start")["anchor"] == "shipped"
    expect(stage.card("How to start")).to_be_focused()
    expect(stage.page.get_by_role("status")).to_have_text(
        "How to start: Day 1, 09:15, counted from when the parcel is shipped"
    )


def test_keys_add_duplicate_delete_and_take_back(stage: Stage) -> None:
    stage.card("How to start").focus()
    stage.page.keyboard.press("n")
    assert stage.answer() == [Deed("added", None, 2, "delivered", "unboxing")]
    expect(stage.card("New message")).to_be_focused()
    stage.page.keyboard.press("Control+d")
    assert [deed.kind for deed in stage.answer()] == ["duplicated"]
    expect(stage.card("New message (copy)")).to_be_focused()
    stage.page.keyboard.press("Delete")
    assert [deed.kind for deed in stage.answer()] == ["deleted"]
    expect(stage.card("New message (copy)")).to_have_count(0)
    stage.page.keyboard.press("Control+z")
    stage.page.keyboard.press("Control+Shift+z")
    assert [deed.kind for deed in stage.answer()] == ["undo", "redo"]


def test_the_keys_are_listed_on_a_question_mark(stage: Stage) -> None:
    stage.card("How to start").focus()
    stage.page.keyboard.press("?")
    expect(stage.page.get_by_text("put a dragged one back")).to_be_visible()
    stage.page.keyboard.press("Escape")
    expect(stage.page.get_by_text("put a dragged one back")).to_be_hidden()


def test_deeds_leave_one_at_a_time_and_in_order(stage: Stage) -> None:
    stage.card("How to start").focus()
    for _ in range(3):
        stage.page.keyboard.press("ArrowRight")
    stage.page.keyboard.press("Control+d")
    first = stage.hear()
    assert first == [Deed("moved", "start", 2 + 555 / 1440, "delivered")]
    expect(stage.card("How to start")).to_contain_text("Day 4, 09:15")
    stage.taken = stage.heard[-1]["id"]
    stage.show()
    # What waited is one move to where the card stands now, then the copy.
    assert stage.hear() == [Deed("moved", "start", 4 + 555 / 1440, "delivered")]
    stage.taken = stage.heard[-1]["id"]
    stage.show()
    assert [deed.kind for deed in stage.hear()] == ["duplicated"]
    assert len({one["id"] for one in stage.heard}) == 3


def test_a_new_mount_keeps_focus_zoom_and_what_was_not_told_yet(stage: Stage) -> None:
    stage.zoom("Days")
    stage.card("How to start").focus()
    stage.page.keyboard.press("Enter")
    stage.page.keyboard.press("ArrowRight")
    assert stage.hear() == [Deed("picked", "start")]
    stage.mount_anew()
    expect(stage.card("How to start")).to_be_focused()
    expect(stage.card("How to start")).to_contain_text("Day 2, 09:15")
    stage.taken, stage.selected = stage.heard[-1]["id"], "start"
    stage.show()
    assert stage.answer() == [Deed("moved", "start", 2 + 555 / 1440, "delivered")]
    days = stage.page.get_by_role("button", name="Days", exact=True)
    expect(days).to_have_attribute("aria-pressed", "true")


def test_another_journey_starts_without_what_was_done_in_the_one_before(stage: Stage) -> None:
    stage.card("How to start").focus()
    stage.page.keyboard.press("ArrowRight")
    stage.data = {**stage.data, "journey": "other"}
    stage.show()
    expect(stage.card("How to start")).to_contain_text("Day 1, 09:15")
    stage.hear()
    stage.page.keyboard.press("ArrowLeft")
    assert stage.hear() == [Deed("moved", "start", 555 / 1440, "delivered")]


def test_a_finger_that_does_not_rest_scrolls(browse: Callable[..., Page]) -> None:
    stage = Stage(browse(has_touch=True), serum())
    box = stage.box("How to start")
    touch = stage.page.context.new_cdp_session(stage.page)
    for kind, right in [("Start", 0), ("Move", 40), ("Move", 104), ("End", None)]:
        at = [] if right is None else [{"x": box["x"] + 30 + right, "y": box["y"] + 25}]
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": at})
    assert [deed.kind for deed in stage.answer()] != ["moved"]
    expect(stage.card("How to start")).to_contain_text("Day 1, 09:15")


def test_the_plus_under_the_pointer_adds_at_that_day(stage: Stage) -> None:
    stage.zoom("Days")
    start = stage.box("How to start")
    stage.page.mouse.move(start["x"] + 52 * 6 + 3, start["y"] + 20)
    stage.page.get_by_text("+ Day 7").click()
    assert stage.answer() == [Deed("added", None, 7, "delivered", "unboxing")]


def test_the_plus_of_a_lane_and_the_menu_of_lanes_add(stage: Stage) -> None:
    stage.page.get_by_role("button", name="Add touchpoint: Shipped").click()
    assert stage.answer()[0] == Deed("added", None, 1, "shipped")
    stage.page.get_by_role("button", name="Add touchpoint", exact=True).click()
    stage.page.get_by_role("menuitem", name="Out for delivery").click()
    assert stage.answer()[0] == Deed("added", None, 0, "out_for_delivery")


def test_the_menu_of_a_card_works_by_keys(stage: Stage) -> None:
    stage.page.get_by_role("button", name="More for Your skin").click()
    expect(stage.page.get_by_role("menuitem", name="Open")).to_be_focused()
    for _ in range(4):
        stage.page.keyboard.press("ArrowDown")
    stage.page.keyboard.press("Enter")
    assert stage.answer() == [Deed("added", None, 0, "answered:skin")]
    assert stage.point(stage.selected or "")["anchor"] == "answered:skin"
    expect(stage.card("New message")).to_be_focused()


def test_no_card_covers_another(page: Page) -> None:
    points = [
        point(f"p{n}", f"Message {n} of many", "delivered", f"{n * n % 40}d", phase="usage")
        for n in range(40)
    ]
    stage = Stage(page, journey(*points))
    for zoom in ("Fit", "Days", "Hours"):
        stage.zoom(zoom)
        boxes = page.locator(".card").evaluate_all(
            "all => all.map(e => [e.offsetLeft, e.offsetTop, e.offsetWidth, e.offsetHeight])"
        )
        assert len(boxes) == 40
        for place, (x, y, w, h) in enumerate(boxes):
            for x2, y2, w2, h2 in boxes[:place]:
                assert x >= x2 + w2 or x2 >= x + w or y >= y2 + h2 or y2 >= y + h


def test_every_word_on_a_card_fits_in_it(page: Page) -> None:
    data = serum()
    data["touchpoints"][2]["name"] = "A very long name for a first message that goes on and on"
    data["touchpoints"][3]["message"] = None
    kinds = "planned sent opened clicked answered unsubscribed held review failed skipped waiting"
    figures = {"start": dict.fromkeys(kinds.split(), 41234), "way": {"sent": 3, "opened": 2}}
    warned = [JourneyWarning("start", "x", "One."), JourneyWarning("skin", "x", "Two.")]
    stage = Stage(page, data, more={"figures": figures, "warnings": warned})
    for zoom in ("Fit", "List"):
        stage.zoom(zoom)
        cut = page.locator(".pick:visible").evaluate_all(
            "all => all.filter(e => e.scrollHeight > e.clientHeight + 1).map(e => e.innerText)"
        )
        assert cut == []


def test_words_of_people_are_never_markup(page: Page) -> None:
    evil = '<img src=x onerror="window.broken=1">'
    data = journey(point("a", evil, "delivered", "1d", phase=evil))
    stage = Stage(page, {**data, "name": evil, "phases": [evil]}, more={"names": {"text": evil}})
    for zoom in ("Fit", "List"):
        stage.zoom(zoom)
        assert page.locator(".tl img").count() == 0
    assert page.evaluate("window.broken") is None
    expect(page.locator(".list .name")).to_have_text(evil)


def test_a_rerun_keeps_focus_zoom_and_scroll(stage: Stage) -> None:
    stage.zoom("Hours")
    stage.card("Refill").focus()
    stage.page.keyboard.press("ArrowRight")
    stage.answer()
    expect(stage.card("Refill")).to_be_focused()
    assert stage.page.locator(".scroller").evaluate("e => e.scrollLeft") > 10_000
    expect(stage.page.get_by_role("button", name="Hours")).to_have_attribute("aria-pressed", "true")


def test_hours_show_the_quiet_ones_and_those_of_the_chosen_touchpoint(page: Page) -> None:
    data = serum()
    data["touchpoints"][2]["window"] = {"from": "09:00", "to": "20:00", "days": ["mon", "tue"]}
    stage = Stage(page, data, more={"quiet": (time(21), time(8))})
    stage.zoom("Hours")
    stage.card("How to start").focus()
    expect(page.locator(".hours.quiet")).to_have_count(5)
    expect(page.locator(".hours.shut")).to_have_count(1)
    expect(page.get_by_text("quiet hours, 21:00 to 08:00")).to_be_visible()
    expect(page.get_by_text("goes only Mon and Tue between 09:00 and 20:00")).to_be_visible()


def test_a_line_leads_from_the_question_to_what_depends_on_it(stage: Stage) -> None:
    expect(stage.page.locator(".lines > path.anchor")).to_have_count(1)
    expect(stage.page.locator(".lines > path.condition")).to_have_count(1)
    expect(stage.page.locator(".dots .dot")).to_have_count(4)


def test_a_phone_gets_a_list_with_steps(browse: Callable[..., Page]) -> None:
    stage = Stage(browse(width=390, height=800), serum())
    expect(stage.page.get_by_role("group", name="Delivered")).to_be_visible()
    stage.page.get_by_role("button", name="How to start: a day later").click()
    assert stage.answer() == [Deed("moved", "start", 2 + 555 / 1440, "delivered")]
    expect(stage.page.get_by_role("button", name="How to start: a day later")).to_be_focused()
    expect(stage.page.get_by_role("button", name="On its way: a day earlier")).to_be_disabled()
    wide = stage.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    for zoom in ("Fit", "Days"):
        stage.zoom(zoom)
        assert stage.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(page: Page, dark: bool) -> None:
    figures = {"start": {"sent": 412, "opened": 300, "clicked": 88}}
    warned = [JourneyWarning("skin", "x", "Two messages within two days.")]
    more = {"figures": figures, "warnings": warned, "quiet": (time(21), time(8))}
    stage = Stage(page, serum(), selected="dry", dark=dark, more=more)
    for zoom in ("Fit", "Days", "Hours", "List"):
        stage.zoom(zoom)
        assert stage.findings() == []
    stage.zoom("Fit")
    page.get_by_role("button", name="More for Your skin").click()
    assert stage.findings() == []


def test_an_empty_journey_says_what_to_do(page: Page) -> None:
    stage = Stage(page, journey())
    expect(page.get_by_text("Nothing is said yet.")).to_be_visible()
    page.get_by_role("button", name="Add touchpoint: Delivered").click()
    assert stage.answer() == [Deed("added", None, 0, "delivered")]
    assert stage.findings() == []

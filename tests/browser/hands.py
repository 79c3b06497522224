"""Two pairs of hands for one page: a mouse, and a keyboard alone, with the same deeds.

Both do what a person does, and wait for what the page then shows; neither sleeps.
"""

import re
from typing import Any, Protocol

from playwright.sync_api import Locator, Page, TimeoutError, expect

# The accessible name and kind of what has the focus, also inside the timeline.
_FOCUSED = """() => {
  let el = document.activeElement
  while (el?.shadowRoot?.activeElement) el = el.shadowRoot.activeElement
  if (!el || el === document.body) return null
  const by = (el.getAttribute("aria-labelledby") || "").split(" ")
    .map((id) => id && el.getRootNode().getElementById?.(id)?.innerText).filter(Boolean)
  const label = el.labels && el.labels.length ? el.labels[0].innerText : ""
  const name = el.getAttribute("aria-label") || by.join(" ") || label || el.innerText || ""
  return {name: name.trim(), role: el.getAttribute("role") || el.tagName.toLowerCase(),
          card: el.classList.contains("pick"),
          tabs: [...(el.closest("[role=tablist]")?.querySelectorAll("[role=tab]") || [])]
            .map((tab) => tab.innerText.trim())}
}"""
# The option of an open list that Enter would take.
_POINTED_AT = """() => {
  const id = document.activeElement?.getAttribute("aria-activedescendant")
  return id ? document.getElementById(id)?.innerText.trim() : null
}"""
_MOST_TABS = 220


class Hands(Protocol):
    """What can be done on the page of a journey."""

    page: Page

    def press(self, name: str) -> None:
        """The button of this name is pressed; one of an open dialog before others."""

    def fill(self, label: str, text: str) -> None:
        """The box with this label holds the text."""

    def choose(self, label: str, option: str) -> None:
        """The list with this label stands at this option."""

    def switch(self, label: str) -> None:
        """The switch that begins with these words is on."""

    def tab(self, name: str) -> None:
        """The tab of this name is open."""

    def add(self, lane: str) -> None:
        """A touchpoint is added on the timeline, in this lane or a new one."""

    def open(self, touchpoint: str) -> None:
        """The touchpoint of this name is open."""

    def delete(self) -> None:
        """The touchpoint that is open is deleted."""

    def pick(self, option: str) -> None:
        """One of several ways is chosen."""


def _named(name: str) -> re.Pattern[str]:
    """A name with its sign before it or its shortcut behind it."""
    return re.compile(rf"^(\S+ )?{re.escape(name)}( (Shortcut|Ctrl|[A-Z]).*)?$")


def holds(box: Locator, option: str) -> bool:
    """Whether the list stands at the option; one that the choice took away has done its part."""
    try:
        expect(box).to_have_value(option, timeout=3_000)
    except AssertionError:
        return box.count() == 0
    return True


def drawn_part(page: Page, tab: str) -> Locator:
    """What stands in the open tab of this name, once the page has drawn it: only then is it open
    for Python too.
    """
    panel = page.get_by_role("tabpanel", name=tab, exact=True)
    return panel.locator("[data-testid=stElementContainer]").filter(visible=True).first


class Mouse:
    """Clicks; letters are typed into the box that was clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def _within(self) -> Page | Locator:
        dialog = self.page.get_by_role("dialog")
        return dialog if dialog.count() else self.page

    def press(self, name: str) -> None:
        self._within().get_by_role("button", name=_named(name)).first.click()

    def fill(self, label: str, text: str) -> None:
        box = self._within().get_by_label(label, exact=True).first
        box.click()
        box.fill(text)
        box.blur()
        expect(self._within().get_by_label(label, exact=True).first).to_have_value(text)

    def choose(self, label: str, option: str) -> None:
        # A list closes when the page moves or is drawn anew under it; people then open it again.
        for attempt in range(10):
            box = self._within().get_by_role("combobox", name=label, exact=True).first
            box.scroll_into_view_if_needed()
            if box.input_value() == option:
                return
            box.click()
            if attempt > 1:
                # Letters shorten the list, for whom turning it was too slow.
                box.fill(option)
            if self._took(option) and holds(box, option):
                return
            # What was typed is no choice: the box shows again what the page knows.
            self.page.keyboard.press("Escape")
            box.blur()
        raise AssertionError(f"{option!r} could not be chosen in {label!r}")

    def _took(self, option: str) -> bool:
        """Whether the option of the open list was clicked."""
        listed = self.page.get_by_role("listbox")
        wanted = self.page.get_by_role("option", name=option, exact=True)
        try:
            expect(listed).to_be_visible(timeout=2_000)
            self._wheel_to(listed, wanted)
            wanted.click(timeout=2_000)
            expect(listed).to_be_hidden(timeout=2_000)
        except (AssertionError, TimeoutError):
            return False
        return True

    def _wheel_to(self, listed: Locator, wanted: Locator) -> None:
        """A long list holds only what is seen of it: it is turned until the option is there."""
        for turn in [0, -5_000, *[200] * 25]:
            if turn:
                listed.hover(timeout=2_000)
                self.page.mouse.wheel(0, turn)
            try:
                expect(wanted).to_be_visible(timeout=300)
            except AssertionError:
                continue
            return

    def switch(self, label: str) -> None:
        self.page.get_by_text(re.compile(f"^{re.escape(label)}")).first.click()

    def tab(self, name: str) -> None:
        # The tabs move when a line above them comes or goes; people then click once more.
        for _ in range(3):
            self.page.get_by_role("tab", name=name, exact=True).click()
            try:
                expect(drawn_part(self.page, name)).to_be_visible(timeout=5_000)
            except AssertionError:
                continue
            return
        expect(drawn_part(self.page, name)).to_be_visible()

    def add(self, lane: str) -> None:
        entry = self.page.get_by_role("menuitem", name=lane, exact=True)
        # A menu closes when the page is drawn anew under it.
        for _ in range(5):
            self.page.get_by_role("button", name="Add touchpoint", exact=True).click()
            try:
                expect(entry).to_be_visible(timeout=2_000)
            except AssertionError:
                continue
            break
        entry.click()

    def open(self, touchpoint: str) -> None:
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(touchpoint)}, ")).click()

    def delete(self) -> None:
        self.page.get_by_role("button", name="Touchpoint", exact=True).click()
        self.page.get_by_text("Delete", exact=True).filter(visible=True).last.click()

    def pick(self, option: str) -> None:
        self.page.get_by_text(option, exact=True).click()


class Keys:
    """Keys alone: Tab to what is meant, then what a keyboard does there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keyboard = page.keyboard
        self._tab = ""

    def focused(self) -> dict[str, Any]:
        """The name and role of what has the focus."""
        return self.page.evaluate(_FOCUSED) or {"name": "", "role": "", "card": False, "tabs": []}

    def go(self, name: str, *roles: str, begins: bool = False) -> None:
        """Tab until what is so named has the focus."""
        if self._went(name, roles, begins=begins):
            return
        # Whoever does not find it looks whether the tab is still the one that was opened.
        if self._tab and not self._is_open(self._tab):
            self.tab(self._tab)
            if self._went(name, roles, begins=begins):
                return
        tabs = self.page.get_by_role("tab", selected=True).all_inner_texts()
        raise AssertionError(f"Tab never came to {name!r}; open are {tabs}")

    def _went(self, name: str, roles: tuple[str, ...], *, begins: bool) -> bool:
        wanted = re.compile(rf"^{re.escape(name)}") if begins else _named(name)
        for _ in range(_MOST_TABS):
            now = self.focused()
            spoken = " ".join(now["name"].split())
            if wanted.search(spoken) and (not roles or now["role"] in roles):
                return True
            self.keyboard.press("Tab")
        return False

    def _is_open(self, tab: str) -> bool:
        found = self.page.get_by_role("tab", name=tab, exact=True)
        return found.count() > 0 and found.get_attribute("aria-selected") == "true"

    def press(self, name: str) -> None:
        self.go(name, "button")
        self.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self.go(label, "input", "textarea", "spinbutton", "textbox")
        self.keyboard.press("Control+a")
        self.keyboard.insert_text(text)
        self.keyboard.press("Tab")
        expect(self.page.get_by_label(label, exact=True).first).to_have_value(text)

    def choose(self, label: str, option: str) -> None:
        # A list closes when the page is drawn anew under it; people then type once more.
        for _ in range(5):
            self.go(label, "input", "combobox")
            box = self.page.get_by_role("combobox", name=label, exact=True).first
            if box.input_value() == option:
                return
            self.keyboard.press("Control+a")
            self.keyboard.insert_text(option)
            if self._pointed_at(option):
                self.keyboard.press("Enter")
                if holds(box, option):
                    return
            self.keyboard.press("Escape")
        raise AssertionError(f"{option!r} could not be chosen in {label!r}")

    def _pointed_at(self, option: str) -> bool:
        """Whether Enter would now take the option, after going down the open list to it."""
        try:
            expect(self.page.get_by_role("option", name=option, exact=True)).to_be_visible(
                timeout=3_000
            )
        except AssertionError:
            return False
        for _ in range(60):
            if self.page.evaluate(_POINTED_AT) == option:
                return True
            self.keyboard.press("ArrowDown")
        return False

    def switch(self, label: str) -> None:
        self.go(label, begins=True)
        self.keyboard.press("Space")

    def tab(self, name: str) -> None:
        self._tab = name
        expect(self.page.get_by_role("tab", name=name, exact=True)).to_be_visible()
        # The arrows open every tab they pass, and the page of one passed may come last.
        for _ in range(5):
            self._to_tabs(name)
            try:
                expect(drawn_part(self.page, name)).to_be_visible(timeout=5_000)
            except AssertionError:
                self.keyboard.press("ArrowLeft")
                continue
            return
        expect(drawn_part(self.page, name)).to_be_visible()

    def _to_tabs(self, name: str) -> None:
        for _ in range(_MOST_TABS):
            now = self.focused()
            if name in now["tabs"]:
                break
            self.keyboard.press("Tab")
        else:
            raise AssertionError(f"Tab never came to the tab {name!r}")
        for _ in now["tabs"]:
            if self.focused()["name"] == name:
                self.keyboard.press("Enter")
                return
            self.keyboard.press("ArrowRight")

    def add(self, lane: str) -> None:
        self.press("Add touchpoint")
        for _ in range(40):
            if self.focused()["name"] == lane:
                break
            self.keyboard.press("ArrowDown")
        self.keyboard.press("Enter")
        # The new card gets the focus, and whoever goes on earlier would lose it to the card.
        added = self.page.get_by_role("button", name=re.compile("^New message, ")).first
        expect(added).to_be_focused()

    def open(self, touchpoint: str) -> None:
        for _ in range(_MOST_TABS):
            if self.focused()["card"]:
                break
            self.keyboard.press("Tab")
        self.keyboard.press("Home")
        for _ in range(60):
            if self.focused()["name"].startswith(f"{touchpoint}, "):
                break
            self.keyboard.press("ArrowDown")
        self.keyboard.press("Enter")
        expect(self.page.get_by_label("Name", exact=True).first).to_have_value(touchpoint)

    def delete(self) -> None:
        self.keyboard.press("Delete")

    def pick(self, option: str) -> None:
        for _ in range(_MOST_TABS):
            if self.focused()["role"] in ("radio", "input") and self._is_radio():
                break
            self.keyboard.press("Tab")
        for _ in range(8):
            if self.focused()["name"] == option:
                break
            self.keyboard.press("ArrowDown")
        expect(self.page.get_by_role("radio", name=option, exact=True)).to_be_checked()

    def _is_radio(self) -> bool:
        return bool(self.page.evaluate("() => document.activeElement?.type === 'radio'"))

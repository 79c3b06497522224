"""The timeline's script alone in a blank page, with Python's side played by the test.

stage = Stage(page, scene_of(...)); stage.drag("How to use it", to="Day 9"); stage.deeds()
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from pages._timeline import Deed, deed_of, scene_of, script, signs
from px.core.errors import PxError
from px.journeys import editing, placing

FOLDER = Path(__file__).resolve().parents[2] / "pages" / "_timeline"
DARK = {
    "--st-background-color": "#111815",
    "--st-secondary-background-color": "#1b2521",
    "--st-text-color": "#e6ebe8",
    "--st-gray-text-color": "#b3bdb8",
    "--st-border-color": "#3b413f",
    "--st-primary-color": "#12a594",
    "--st-orange-text-color": "#ffb27a",
    "--st-orange-background-color": "#33241a",
    "--st-blue-text-color": "#83b8ff",
    "--st-green-text-color": "#7ce0a8",
    "--st-violet-text-color": "#c9a6ff",
}
_MOUNT = """async ({html, css, js, dark}) => {
  document.documentElement.lang = "en"
  document.title = "Timeline"
  const main = document.createElement("main")
  const head = document.createElement("h1")
  head.textContent = "Journey"
  if (dark["--st-background-color"]) document.body.style.background = dark["--st-background-color"]
  if (dark["--st-text-color"]) document.body.style.color = dark["--st-text-color"]
  main.append(head)
  document.body.replaceChildren(main)
  let root
  window.mount = () => {
    root?.host.remove()
    const host = document.createElement("div")
    for (const [name, value] of Object.entries(dark)) host.style.setProperty(name, value)
    main.append(host)
    root = host.attachShadow({ mode: "open" })
    const style = document.createElement("style")
    style.textContent = css
    root.innerHTML = html
    root.append(style)
  }
  window.mount()
  const address = URL.createObjectURL(new Blob([js], { type: "text/javascript" }))
  const made = (await import(address)).default
  window.said = []
  window.show = (data) => {
    const began = performance.now()
    made({
      data, key: "timeline", name: "px_timeline", parentElement: root,
      setStateValue() {}, setTriggerValue: (name, value) => window.said.push(value),
    })
    root.querySelector(".tl").getBoundingClientRect()
    return performance.now() - began
  }
}"""


@dataclass
class Stage:
    """A timeline in a page: what it shows, and what it said."""

    page: Page
    data: editing.Data
    selected: str | None = None
    dark: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    taken: str | None = None
    first: float = 0

    def __post_init__(self) -> None:
        """The timeline stands in the page."""
        parts = {name: (FOLDER / f"timeline.{name}").read_text("utf-8") for name in ("html", "css")}
        self.page.goto("about:blank")
        self.page.evaluate(_MOUNT, {**parts, "js": script(), "dark": DARK if self.dark else {}})
        self.first = self.show()

    def scene(self) -> dict[str, Any]:
        """What Python would hand over now."""
        scene = scene_of(self.data, problems=editing.problems_of(self.data), **self.more)
        state = {"key": "t", "selected": self.selected, "taken": self.taken, "applied": self.taken}
        return {**scene, **state, "can_undo": True, "can_redo": True, "channels": signs()}

    def show(self) -> float:
        """The scene is drawn; how many milliseconds that took."""
        return float(self.page.evaluate("(data) => window.show(data)", self.scene()))

    def mount_anew(self) -> None:
        """The page has put the timeline into another place, with nothing of the one before."""
        self.page.evaluate("() => window.mount()")
        self.show()

    def hear(self) -> list[Deed]:
        """What was said since, without an answer."""
        said = self.page.evaluate("() => window.said.splice(0)")
        self.heard += said
        return [deed for one in said if (deed := deed_of(one))]

    def answer(self) -> list[Deed]:
        """What was said since, done in the document and drawn, until nothing more comes."""
        done: list[Deed] = []
        while deeds := self.hear():
            for deed in deeds:
                self._do(deed)
            done += deeds
            self.taken = self.heard[-1]["id"]
            self.show()
        return done

    def _do(self, deed: Deed) -> None:
        places = {str(p["key"]): place for place, p in enumerate(editing.points_of(self.data))}
        place = places.get(deed.touchpoint or "", 0)
        if deed.kind == "picked":
            self.selected = deed.touchpoint
        elif deed.kind == "moved":
            self._move(deed)
        elif deed.kind == "added":
            self.data, self.selected = placing.added_at(
                self.data, anchor=deed.anchor or "", minutes=deed.minutes, phase=deed.phase
            )
        elif deed.kind == "duplicated":
            self.data, place = editing.duplicated(self.data, place)
            self.selected = str(editing.points_of(self.data)[place]["key"])
        elif deed.kind == "deleted":
            self.data = editing.removed(self.data, place)

    def _move(self, deed: Deed) -> None:
        try:
            self.data = placing.placed(
                self.data, deed.touchpoint or "", anchor=deed.anchor or "", minutes=deed.minutes
            )
        except PxError:
            return

    def card(self, name: str) -> Locator:
        """The card of that name, whatever else it says."""
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}, "))

    def box(self, name: str) -> dict[str, float]:
        """Where that card stands in the page."""
        box = self.card(name).bounding_box()
        assert box
        return dict(box)  # type: ignore[arg-type]

    def point(self, key: str) -> dict[str, Any]:
        """The touchpoint in the document."""
        return next(p for p in editing.points_of(self.data) if p["key"] == key)

    def drag(self, name: str, *, right: float = 0, down: float = 0, drop: bool = True) -> None:
        """The card is dragged so many pixels."""
        box = self.box(name)
        x, y = box["x"] + 30, box["y"] + 25
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right / 2, y + down / 2, steps=4)
        self.page.mouse.move(x + right, y + down, steps=4)
        if drop:
            self.page.mouse.up()

    def zoom(self, word: str) -> None:
        """The timeline at this zoom."""
        self.page.get_by_role("group", name="Zoom").get_by_role("button", name=word).click()

    def findings(self) -> list[str]:
        """What axe finds wrong."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['html'][:160]} {node['any'][:1]}"
            for one in found
            for node in one["nodes"]
        ]

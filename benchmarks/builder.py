"""The timeline: what Python needs for a scene, the browser for a redraw, and a drag for both.

Sixty touchpoints with conditions, questions and repeats. A redraw is measured in a blank page with
the script alone, from the call to the finished layout; beside it, as the baseline, the same number
of bare boxes with the same words. A drag is measured against a server of its own: from letting go
to the scene that confirms it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.report import at_most, say
from px.core import clock
from px.journeys import editing
from px.journeys.drawing.scene import scene_of
from tests.browser.conftest import ADMIN, SECRET, Server, running, sign_in
from tests.browser.stage import Stage
from tests.chromium import ARGUMENTS, executable

POINTS = 60
MOST_SCENE = 20.0
MOST_FIRST = 100.0
MOST_REDRAW = 50.0
MOST_DRAG = 500.0
ROUNDS = 15
_BARE = """(names) => {
  const host = document.body.appendChild(document.createElement("div"))
  const began = performance.now()
  for (const name of names) {
    const box = host.appendChild(document.createElement("button"))
    for (const word of [name, "Day 3, 09:15", "Email", "if skin type is dry"]) {
      box.appendChild(document.createElement("span")).textContent = word
    }
  }
  host.getBoundingClientRect()
  const took = performance.now() - began
  host.remove()
  return took
}"""


def main(_arguments: Sequence[str] = ()) -> int:
    """Prints the figures; answers 1 when one of them misses its bar."""
    data = sixty()
    scene = _scene(data)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        first, again, bare = _redraws(browser.new_page(), data)
        drag = _drag(browser)
        browser.close()
    say(f"{POINTS} touchpoints; 60 bare boxes in a page take {bare:.1f} ms")
    good = [
        at_most("the scene of a changed document", scene, "ms", MOST_SCENE),
        at_most(
            f"the first drawing ({first / bare:.0f} times the bare boxes)", first, "ms", MOST_FIRST
        ),
        at_most(f"a redraw after a move ({again / bare:.0f} times)", again, "ms", MOST_REDRAW),
        at_most("a drag, from letting go to confirmed", drag, "ms", MOST_DRAG),
    ]
    return 0 if all(good) else 1


def sixty() -> editing.Data:
    """A journey of sixty touchpoints, as full of signs as they come."""
    trait = {"field": "customer.traits.skin_type", "op": "eq", "value": "dry"}
    anchors = ("order_placed", "shipped", "delivered", "delivered", "delivered", "answered:p2")
    points = [
        {
            "key": f"p{n}",
            "name": f"Touchpoint {n}, in a few words",
            "phase": ("pre_arrival", "unboxing", "usage", "care", "renewal")[n * 5 // POINTS],
            "anchor": "delivered" if n < 3 else anchors[n % 6],
            "after": f"{n}d",
            "at": "09:15",
            "channels": ["whatsapp", "email"] if n % 3 else ["email"],
            "message": "thank-you",
            **({"if": trait} if n % 4 == 3 else {}),
            **({"ask": {"question": "skin-type"}} if n == 2 else {}),
            **({"repeat": {"every": "30d", "times": 6}} if n % 15 == 14 else {}),
        }
        for n in range(POINTS)
    ]
    return editing.first_draft("Sixty touchpoints", "sixty") | {"touchpoints": points}


def _scene(data: editing.Data) -> float:
    problems, times = editing.problems_of(data), []
    for _ in range(ROUNDS):
        began = clock.monotonic()
        scene_of(data, problems=problems)
        times.append((clock.monotonic() - began) * 1000)
    return median(times)


def _redraws(page: Page, data: editing.Data) -> tuple[float, float, float]:
    figures = {f"p{n}": {"sent": 412, "opened": 300, "clicked": 88} for n in range(POINTS)}
    names = [point["name"] for point in data["touchpoints"]]
    firsts, agains, bare = [], [], []
    for _ in range(ROUNDS // 3):
        stage = Stage(page, data, more={"figures": figures})
        firsts.append(stage.first)
        for round_ in range(ROUNDS // 3):
            point = {**data["touchpoints"][30], "after": f"{31 + round_}d"}
            stage.data = editing.with_point(data, 30, point)
            agains.append(stage.show())
        bare.append(float(page.evaluate(_BARE, names)))
    return median(firsts), median(agains), median(bare)


@contextmanager
def _server(data: editing.Data) -> Iterator[Server]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder) as server:
            server.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
            text = {"name": "Thank you", "subject": "Thanks", "body": "Thank you."}
            path = folder / "sixty.yaml"
            path.write_text(editing.as_yaml({**data, "templates": {"thank-you": text}}))
            server.px("journey", "import", str(path))
            yield server


def _drag(browser: Browser) -> float:
    """The median time from letting go of a card to the scene that has heard it, in ms."""
    with _server(sixty()) as server:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        sign_in(page, server, "/journey?key=sixty")
        page.get_by_role("button", name="Days", exact=True).click()
        times = [_dragged(page, 1 + n % 3) for n in range(7)]
    return median(times)


def _dragged(page: Page, days: int) -> float:
    box: Any = page.locator(".card[data-key=p0]").bounding_box()
    x, y = box["x"] + 20, box["y"] + 25
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 52 * days / 2, y, steps=3)
    page.mouse.move(x + 52 * days, y, steps=3)
    page.evaluate(
        """() => {
          const hosts = [...document.querySelectorAll("*")].filter((e) => e.shadowRoot)
          const root = hosts.map((e) => e.shadowRoot).find((e) => e.querySelector(".tl"))
          window.confirmed = new Promise((done) => {
            window.addEventListener("pointerup", () => {
              const began = performance.now()
              const look = () => {
                const deeds = root.pxTimeline.deeds
                if (!deeds.sent && !deeds.waiting.length) done(performance.now() - began)
                else requestAnimationFrame(look)
              }
              requestAnimationFrame(look)
            }, { once: true, capture: true })
          })
        }"""
    )
    page.mouse.up()
    took = float(page.evaluate("() => window.confirmed"))
    page.wait_for_timeout(300)
    return took

"""The Python side of the timeline: what comes in is a deed, once each, or nothing."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages._timeline import Deed, deed_of, heard, script, signs

MOVED = {"id": "a-1", "kind": "moved", "touchpoint": "start", "days": 5.5, "anchor": "delivered"}


def test_what_the_browser_says_is_a_deed() -> None:
    deed = deed_of(MOVED)
    assert deed == Deed("moved", "start", 5.5, "delivered")
    assert deed.minutes == 7920
    assert deed_of({"id": "a-2", "kind": "undo"}) == Deed("undo")
    assert Deed("picked", "start").minutes == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dropped"},
        {"kind": None},
        {"id": None},
        {"days": "5"},
        {"days": None},
        {"days": True},
        {"days": float("nan")},
        {"days": float("inf")},
        {"anchor": ""},
        {"anchor": ["delivered"]},
        {"touchpoint": 7},
    ],
)
def test_what_is_no_deed_is_none(wrong: dict[str, Any]) -> None:
    assert deed_of({**MOVED, **wrong}) is None


def page() -> None:
    import streamlit as st

    from pages._timeline import scene_of, timeline
    from px.journeys import editing

    data = editing.first_draft("First", "first")
    scene = scene_of(data, problems=editing.problems_of(data))
    deed = timeline(scene, selected=None, key="tl")
    st.session_state.seen = [*st.session_state.get("seen", []), deed]


def test_each_deed_is_handed_over_once_and_in_order() -> None:
    app = AppTest.from_function(page)
    said = [{**MOVED, "journey": "first"}, {"id": "a-2", "kind": "undo", "journey": "first"}]
    app.session_state["tl_inbox"] = said
    for _ in range(3):
        app.run()
    assert not app.exception
    assert app.session_state["seen"] == [
        Deed("moved", "start", 5.5, "delivered"),
        Deed("undo"),
        None,
    ]


def test_a_deed_from_another_journey_is_dropped() -> None:
    app = AppTest.from_function(page)
    app.session_state["tl_inbox"] = [{**MOVED, "journey": "other"}]
    app.run()
    assert app.session_state["seen"] == [None]


def heard_first() -> None:
    import streamlit as st

    from pages._timeline import heard, scene_of, timeline
    from px.journeys import editing

    data = editing.first_draft("First", "first")
    first = heard("tl", journey="first")
    scene = scene_of(data, problems=editing.problems_of(data))
    st.session_state.seen = (first, timeline(scene, selected=None, key="tl"))


def test_what_is_heard_before_drawing_is_applied_in_the_same_run() -> None:
    app = AppTest.from_function(heard_first)
    undo = {"id": "a-2", "kind": "undo", "journey": "first"}
    app.session_state["tl_inbox"] = [{**MOVED, "journey": "first"}, undo]
    app.run()
    assert app.session_state["seen"] == (Deed("moved", "start", 5.5, "delivered"), None)
    assert _sent(app) == ("a-1", "a-1")
    app.run()
    assert app.session_state["seen"] == (Deed("undo"), None)


def test_the_browser_hears_which_deed_python_has_taken_and_applied() -> None:
    app = AppTest.from_function(page)
    app.session_state["tl_inbox"] = [{**MOVED, "journey": "first"}]
    app.run()
    assert _sent(app) == ("a-1", None)
    app.run()
    assert _sent(app) == ("a-1", "a-1")


class _CutOnce(dict[str, Any]):
    """A session that ends the run when it is written to for the first time."""

    is_cut = False

    def __setitem__(self, key: str, value: Any) -> None:
        if key.endswith("_taken") and not self.is_cut:
            self.is_cut = True
            raise RuntimeError("the run is cut short")
        super().__setitem__(key, value)


def test_a_run_that_is_cut_short_loses_no_deed(monkeypatch: pytest.MonkeyPatch) -> None:
    session = _CutOnce(tl_inbox=[{**MOVED, "journey": "first"}])
    monkeypatch.setattr("pages._timeline.st.session_state", session)
    with pytest.raises(RuntimeError):
        heard("tl", journey="first")
    assert heard("tl", journey="first") == Deed("moved", "start", 5.5, "delivered")
    assert heard("tl", journey="first") is None


def _sent(app: AppTest) -> tuple[str | None, str | None]:
    import json

    data = json.loads(app.get("bidi_component")[0].proto.json)
    return data["taken"], data["applied"]


def test_the_script_is_one_module_and_every_channel_has_its_sign() -> None:
    assert script().count("export default function") == 1
    assert set(signs()) == {"email", "sms", "whatsapp", "webchat"}
    assert all(sign["word"] and sign["glyph"] for sign in signs().values())

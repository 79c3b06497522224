"""The tabs of a journey: drawn, set, previewed, rehearsed, counted, compared, and as text."""

from collections.abc import Callable

from pages._journey.draft import Draft
from pages._journey.figures_tab import figures_tab
from pages._journey.known import Known
from pages._journey.preview_tab import preview_tab
from pages._journey.rehearsal_tab import rehearsal_tab
from pages._journey.settings_form import settings_form
from pages._journey.timeline_tab import timeline_tab
from pages._journey.versions_tab import versions_tab
from pages._journey.yaml_tab import pending_notice, yaml_tab
from pages._ui.page import At
from pages._ui.tabs import open_tabs, tabs_read

_KEY = "px_journey_tabs"
TABS: dict[str, Callable[[Draft, At, Known], None]] = {
    "Timeline": lambda draft, _at, known: timeline_tab(draft, known),
    "Settings": lambda draft, _at, known: settings_form(draft, known),
    "Preview": lambda draft, at, _known: preview_tab(draft, at),
    "Rehearsal": lambda draft, at, _known: rehearsal_tab(draft, at),
    "Figures": lambda draft, at, _known: figures_tab(draft, at),
    "Versions": versions_tab,
    "YAML": lambda draft, _at, _known: yaml_tab(draft),
}
_BOXES = ("Timeline", "Settings", "YAML")


def draw_tabs(draft: Draft, at: At, known: Known) -> None:
    """The open tab is drawn; the others cost nothing."""
    for name, tab in open_tabs(tuple(TABS), key=_KEY, boxes=_BOXES):
        with tab:
            if name in ("Versions", "YAML", "Figures") or not pending_notice(draft):
                TABS[name](draft, at, known)
    tabs_read(_KEY)

"""Journeys: what a shop plans to say, to whom, counted from what happens to an order.

Rows: Journey (with its draft), JourneyVersion (a published document, never changed), Enrolment (one
order, line or customer inside), Touch (one touchpoint for one enrolment, with its status and
reason). Verbs: read_document, save_draft, import_journey, export_journey, publish, pause, resume,
archive; hear (events), advance (what wakes up), settle (what was sent); rehearse. The decision
itself is plan.py: plan(document, facts, now) -> touches, pure. Errors: InvalidJourney with the path
in the document, NotFound, DraftChanged.
"""

from px.journeys import condition_boxes, editing, forms, merging, words
from px.journeys.advancing import advance, hear, replan, settle, wake_all
from px.journeys.document import Document, Touchpoint, split_anchor
from px.journeys.drafts import (
    DraftChanged,
    Imported,
    archive,
    draft_document,
    export_journey,
    import_journey,
    journey_row,
    live_document,
    pause,
    publish,
    resume,
    save_draft,
)
from px.journeys.effects import Effect, effect_of_publishing, effect_of_resuming
from px.journeys.examples import journey_keys, start_example
from px.journeys.figures import Figures, rehearsal_figures
from px.journeys.holdout import holdout_sentence
from px.journeys.known_shop import known_shop, live_warnings, shop_warnings
from px.journeys.overview import NextTouch, next_touches, touches_due, touches_waiting
from px.journeys.past import shop_rehearsal
from px.journeys.queries import (
    JourneyLine,
    TouchLine,
    journey_lines,
    touch_counts,
    touch_lines,
    versions,
)
from px.journeys.reading import InvalidJourney, JourneyProblem, read_document, to_data, to_yaml
from px.journeys.rehearsal import RehearsedTouch, rehearse
from px.journeys.reviewing import drop_late, send_late
from px.journeys.story import TouchStory, reason_sentence, touch_sentence, touches_of
from px.journeys.test_mode import open_to_all, start_test
from px.journeys.warnings import JourneyWarning, KnownShop, warnings_of

__all__ = [
    "Document",
    "DraftChanged",
    "Effect",
    "Figures",
    "Imported",
    "InvalidJourney",
    "JourneyLine",
    "JourneyProblem",
    "JourneyWarning",
    "KnownShop",
    "NextTouch",
    "RehearsedTouch",
    "TouchLine",
    "TouchStory",
    "Touchpoint",
    "advance",
    "archive",
    "condition_boxes",
    "draft_document",
    "drop_late",
    "editing",
    "effect_of_publishing",
    "effect_of_resuming",
    "export_journey",
    "forms",
    "hear",
    "holdout_sentence",
    "import_journey",
    "journey_keys",
    "journey_lines",
    "journey_row",
    "known_shop",
    "live_document",
    "merging",
    "live_warnings",
    "next_touches",
    "open_to_all",
    "pause",
    "publish",
    "read_document",
    "reason_sentence",
    "rehearsal_figures",
    "rehearse",
    "replan",
    "resume",
    "save_draft",
    "send_late",
    "settle",
    "shop_rehearsal",
    "shop_warnings",
    "split_anchor",
    "start_example",
    "start_test",
    "to_data",
    "to_yaml",
    "touch_counts",
    "touch_lines",
    "touch_sentence",
    "touches_due",
    "touches_of",
    "touches_waiting",
    "versions",
    "wake_all",
    "warnings_of",
    "words",
]

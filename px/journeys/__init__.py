"""Journeys: what a shop plans to say, to whom, counted from what happens to an order.

Rows: Journey (with its draft), JourneyVersion (a published document, never changed), Drawing (what
one of the team has drawn and not saved), Enrolment (one order, line or customer inside), Touch (one
touchpoint for one enrolment, with its status and reason). Verbs: read_document, save_draft,
import_journey, export_journey, publish, pause, resume, archive; hear (events), advance (what wakes
up), settle (what was sent); rehearse. The decision itself is plan.py: plan(document, facts, now) ->
touches, pure. Errors: InvalidJourney with the path in the document, NotFound, DraftChanged.

engine/ is what plan works with; running/ live journeys; publishing/ drafts, versions and what a
change does to those inside; rehearsal/ playing over the past; ahead/ forecasts and previews;
drawing/ edits, the timeline and its warnings; results/ what came of it; shelf/ ready-made ones.
"""

from px.journeys import words
from px.journeys.ahead import pressure
from px.journeys.ahead.forecast import ExpectedTouch, next_days
from px.journeys.ahead.previewing import TouchpointPreview, texts_of, touchpoint_preview
from px.journeys.ahead.telling import Lacking, TellingCustomer, lacking_of, telling_customers
from px.journeys.document import Document, Touchpoint, split_anchor
from px.journeys.drawing import condition_boxes, editing, forms, merging, placing, scene
from px.journeys.drawing.changes import changes_in_words
from px.journeys.drawing.known_shop import known_shop, live_warnings, shop_warnings
from px.journeys.drawing.warnings import JourneyWarning, KnownShop, warnings_of
from px.journeys.publishing.drafts import (
    DraftChanged,
    Imported,
    Stand,
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
from px.journeys.publishing.drawings import (
    Drawing,
    KeptDrawing,
    drop_drawing,
    drop_drawings_of,
    journeys_drawn_by,
    keep_drawing,
    kept_drawing,
)
from px.journeys.publishing.effects import effect_of_publishing, effect_of_resuming
from px.journeys.publishing.fates import Change, Effect
from px.journeys.publishing.holdout import holdout_sentence
from px.journeys.publishing.launching import Launch, effect_of_launching, people_since
from px.journeys.publishing.test_mode import open_to_all, start_test
from px.journeys.reading import InvalidJourney, JourneyProblem, read_document, to_data, to_yaml
from px.journeys.rehearsal.comparing import Difference, compare_figures, cost_of, stopped
from px.journeys.rehearsal.figures import ExampleCustomer, Figures
from px.journeys.rehearsal.past import shop_rehearsal
from px.journeys.rehearsal.rehearsal import RehearsedTouch, rehearse
from px.journeys.rehearsal.rehearsals import (
    RehearsalLine,
    RehearsalScope,
    ask_rehearsal,
    cancel_rehearsal,
    mark_of,
    open_rehearsals,
    rehearsals_of,
)
from px.journeys.rehearsal.rehearsing import run_rehearsals
from px.journeys.results.goals import GoalReached, Reached, goal_reached
from px.journeys.results.journey_map import (
    MapOfJourney,
    MapStage,
    MapTouch,
    goal_stage,
    map_of,
    stage_of,
    usual_days,
)
from px.journeys.results.overview import NextTouch, next_touches, touches_due, touches_waiting
from px.journeys.results.queries import (
    JourneyLine,
    TouchLine,
    journey_lines,
    touch_counts,
    touch_lines,
    versions,
)
from px.journeys.results.results import Results, as_figures, touchpoint_results, variant_of
from px.journeys.results.story import TouchStory, reason_sentence, touch_sentence, touches_of
from px.journeys.results.verdict import Verdict, likely_share, percent, verdict_of
from px.journeys.running.absent import NotInside, why_not_inside
from px.journeys.running.advancing import advance, hear, replan, settle
from px.journeys.running.lateness import (
    LateTouch,
    count_skipped_as_late,
    skipped_as_late,
    touches_in_review,
)
from px.journeys.running.reviewing import drop_late, review_again, send_late
from px.journeys.running.versions import people_inside
from px.journeys.shelf.examples import start_example
from px.journeys.shelf.library import (
    EVERY_SHOP,
    Blank,
    LibraryJourney,
    Taken,
    Wanted,
    changed_texts,
    journey_keys,
    library,
    library_journey,
    library_text,
    take,
)

__all__ = [
    "EVERY_SHOP",
    "Blank",
    "Change",
    "Difference",
    "Document",
    "DraftChanged",
    "Drawing",
    "Effect",
    "ExampleCustomer",
    "ExpectedTouch",
    "Figures",
    "GoalReached",
    "Imported",
    "InvalidJourney",
    "JourneyLine",
    "JourneyProblem",
    "JourneyWarning",
    "KeptDrawing",
    "KnownShop",
    "Lacking",
    "LateTouch",
    "Launch",
    "LibraryJourney",
    "MapOfJourney",
    "MapStage",
    "MapTouch",
    "NextTouch",
    "NotInside",
    "Reached",
    "RehearsalLine",
    "RehearsalScope",
    "RehearsedTouch",
    "Results",
    "Stand",
    "Taken",
    "TellingCustomer",
    "TouchLine",
    "TouchStory",
    "Touchpoint",
    "TouchpointPreview",
    "Verdict",
    "Wanted",
    "advance",
    "archive",
    "as_figures",
    "ask_rehearsal",
    "cancel_rehearsal",
    "changed_texts",
    "changes_in_words",
    "compare_figures",
    "condition_boxes",
    "cost_of",
    "count_skipped_as_late",
    "draft_document",
    "drop_drawing",
    "drop_drawings_of",
    "drop_late",
    "editing",
    "effect_of_launching",
    "effect_of_publishing",
    "effect_of_resuming",
    "export_journey",
    "forms",
    "goal_reached",
    "goal_stage",
    "hear",
    "holdout_sentence",
    "import_journey",
    "journey_keys",
    "journey_lines",
    "journey_row",
    "journeys_drawn_by",
    "keep_drawing",
    "kept_drawing",
    "known_shop",
    "lacking_of",
    "library",
    "library_journey",
    "library_text",
    "likely_share",
    "live_document",
    "live_warnings",
    "map_of",
    "mark_of",
    "merging",
    "next_days",
    "next_touches",
    "open_rehearsals",
    "open_to_all",
    "pause",
    "people_inside",
    "people_since",
    "percent",
    "placing",
    "pressure",
    "publish",
    "read_document",
    "reason_sentence",
    "rehearsals_of",
    "rehearse",
    "replan",
    "resume",
    "review_again",
    "run_rehearsals",
    "save_draft",
    "scene",
    "send_late",
    "settle",
    "shop_rehearsal",
    "shop_warnings",
    "skipped_as_late",
    "split_anchor",
    "stage_of",
    "start_example",
    "start_test",
    "stopped",
    "take",
    "telling_customers",
    "texts_of",
    "to_data",
    "to_yaml",
    "touch_counts",
    "touch_lines",
    "touch_sentence",
    "touches_due",
    "touches_in_review",
    "touches_of",
    "touches_waiting",
    "touchpoint_preview",
    "touchpoint_results",
    "usual_days",
    "variant_of",
    "verdict_of",
    "versions",
    "warnings_of",
    "why_not_inside",
    "words",
]

"""A journey that is not valid is explained: the path, what is wrong, what is allowed."""

import pytest

from px.core.errors import InvalidInput
from px.journeys.reading import InvalidJourney, read_document, to_yaml

FULL = """
format: 1
journey: serum-ownership
name: Serum ownership
per: order
enter:
  on: order_placed
  where: {field: order.skus, op: contains, value: SERUM-30}
  again: never
exit_on: [order_cancelled]
hold_on: [shipment_stalled, conversation_opened]
resume_on: [delivered, conversation_resolved]
goal: {on: order_placed, within: 60d}
holdout: 0.1
phases: [pre_arrival, unboxing, usage, care, renewal]
touchpoints:
  - key: how-to-start
    name: First use in three steps
    phase: unboxing
    purpose: marketing
    anchor: delivered
    after: 1w2d3h
    at: "09:15"
    window: {from: "09:00", to: "20:00", days: [mon, tue]}
    if: {all: [{field: customer.traits.skin_type, op: exists}]}
    late: {within: 24h, else: skip}
    repeat: {every: 30d, times: 12}
    channels: [whatsapp, sms, email]
    message: first-use
    ask: {question: skin-type, wait: 3d}
    react:
      - {if: {field: answer, op: lte, value: 6}, do: [open_feedback, {hold: true}]}
      - {if: {field: answer, op: gte, value: 9}, do: [{enrol: review-request}, {award: 50}]}
  - key: reminder
    anchor: unanswered:how-to-start
    variants: [{weight: 1, message: a}, {weight: 3, message: b}]
"""


def test_every_key_of_the_format_is_read_and_written_back_the_same():
    document = read_document(FULL)
    assert read_document(to_yaml(document)) == document
    assert document.message_keys == ["first-use", "a", "b"]


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        (
            "anchor: delivered",
            "anchor: delivred",
            "touchpoints[0].anchor: 'delivred' is not an event kind; allowed:",
        ),
        (
            "late: {",
            "lat: {",
            "touchpoints[0]: unknown key 'lat'; did you mean late? allowed: key, name,",
        ),
        (
            "after: 1w2d3h",
            "after: -1d",
            "touchpoints[0]: after: only before a date: anchor may it be negative",
        ),
        (
            "after: 1w2d3h",
            "after: soon",
            "touchpoints[0].after: 'soon' is not a length of time; allowed: 30m, 2h",
        ),
        (
            "else: skip",
            "else: drop",
            "touchpoints[0].late.else: 'drop' is not known; allowed: 'skip' or 'review'",
        ),
        (
            "unanswered:how-to-start",
            "sent:nowhere",
            "touchpoints[1].anchor: there is no touchpoint 'nowhere'; allowed:",
        ),
        (
            "anchor: delivered",
            "anchor: sent:reminder",
            "touchpoints[0].anchor: the anchors go in a circle:",
        ),
        (
            "op: lte",
            "op: under",
            "touchpoints[0].react[0].if: op: 'under' is not a comparison; allowed: eq, ne",
        ),
        (
            "{award: 50}",
            "{awrd: 50}",
            "touchpoints[0].react[1].do[1]: {'awrd': 50} is not known; allowed: open_feedback",
        ),
        ("format: 1\n", "", "the key 'format' is missing"),
        ("format: 1", "format: 2", "format: 2 is not known; allowed: 1"),
        ('at: "09:15"', "at: 25:00", "touchpoints[0].at: '25:00' is not a time of day"),
        (
            "phase: unboxing",
            "phase: lunch",
            "touchpoints[0].phase: 'lunch' is not a phase; allowed: pre_arrival",
        ),
        (
            "again: never",
            "again: always",
            "enter.again: only a journey per customer can be entered again",
        ),
        ("key: reminder", "key: how-to-start", "touchpoints[1].key: 'how-to-start' is used twice"),
        ("message: first-use", "", "touchpoints[0]: needs either message or variants"),
        (
            "field: order.skus",
            "field: order.colour",
            "enter.where: field: 'order.colour' is not a field; allowed: customer.id",
        ),
        ("on: order_placed\n", "on: order_plced\n", "enter.on: 'order_plced' is not an event kind"),
        ("name: Serum ownership", "name: a\nname: b", "line 5: the key 'name' stands here twice"),
        ("[order_cancelled]", "[&a [*a]]", "an alias contains itself"),
        ("enter:\n", "enter:\n\tx", "line 7: found character"),
        ("holdout: 0.1", "holdout: 3", "holdout: "),
        (
            "value: SERUM-30",
            "value: 1" + "0" * 30,
            "enter.where.value: is a larger number than can be stored",
        ),
        (
            "value: SERUM-30",
            'value: "SERUM\\0-30"',
            "enter.where.value: holds a sign that cannot be stored",
        ),
        (
            "name: Serum ownership",
            "name: !!python/object:os.system x",
            "could not determine a constructor",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(written, instead, said):
    with pytest.raises(InvalidInput) as caught:
        read_document(FULL.replace(written, instead, 1))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_problem_is_listed_for_the_editor():
    broken = FULL.replace("anchor: delivered", "anchor: x").replace("phase: unboxing", "phase: y")
    with pytest.raises(InvalidJourney) as caught:
        read_document(broken)
    assert [problem.path for problem in caught.value.problems] == [
        "touchpoints[0].phase",
        "touchpoints[0].anchor",
    ]


def test_words_that_yaml_often_reads_as_something_else_stay_words():
    document = read_document(
        FULL.replace('at: "09:15"', "at: 12:30").replace("value: SERUM-30", "value: no")
    )
    assert document.touchpoints[0].at == "12:30"
    assert document.enter.where == {"field": "order.skus", "op": "contains", "value": "no"}


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000,
        "a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        + "\n".join(
            f"{chr(99 + n)}: &{chr(99 + n)} [{','.join(['*' + chr(98 + n)] * 10)}]"
            for n in range(8)
        ),
        "x: " + "y" * 1_100_000,
        "- a\n- b\n",
        "",
        "\x00",
        "just words",
    ],
    ids=["deep", "multiplying", "large", "list", "empty", "nul", "text"],
)
def test_hostile_files_are_refused_with_a_sentence(hostile):
    with pytest.raises(InvalidInput):
        read_document(hostile)

"""Which events concern which enrolment: those of its order, and those of its customer since it
began.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from px.journeys.engine.compiled import Compiled
from px.journeys.engine.facts import BOUGHT_AGAIN
from px.journeys.engine.parcels import concerns_line

# These are about a message of one journey; another may have a touchpoint of the same key.
_OF_ONE_JOURNEY = {"message_opened", "message_clicked"}


class About(NamedTuple):
    """What an enrolment is about. `order` is None for a journey per customer, `line` but for one
    per order line.
    """

    entered_at: datetime
    order: object | None
    line: Mapping[str, Any] | None
    position: int


def concerned_as(
    journey: Compiled,
    about: About,
    kind: str,
    at: datetime,
    order: object | None,
    data: Mapping[str, Any],
) -> str | None:
    """Under which kind the event concerns the enrolment; None when it does not.

    A hold or its end counts whenever it began; an order after the enrolment's own counts as bought
    again.
    """
    if kind in _OF_ONE_JOURNEY and data.get("journey", journey.key) != journey.key:
        return None
    if order is None or about.order is None:
        recent = at >= about.entered_at
        return kind if recent or kind in journey.hold_on or kind in journey.resume_on else None
    if order != about.order:
        return BOUGHT_AGAIN if kind == "order_placed" and at > about.entered_at else None
    if about.line is not None and not concerns_line(
        data, str(about.line.get("sku", "")), about.position
    ):
        return None
    return kind

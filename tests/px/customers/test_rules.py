"""What counts as a change of consent."""

from datetime import UTC, datetime, timedelta

import pytest

from db.kinds import ConsentState
from px.customers.rules import Said, is_change

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(days=30)
GIVEN, WITHDRAWN = ConsentState.GIVEN, ConsentState.WITHDRAWN


@pytest.mark.parametrize(
    ("last", "state", "at", "source", "changes"),
    [
        (None, GIVEN, None, "list", True),
        (None, WITHDRAWN, None, "list", True),
        (Said(GIVEN, NOW, "list"), GIVEN, LATER, "order", False),
        (Said(GIVEN, NOW, "list"), WITHDRAWN, None, "list", True),
        (Said(GIVEN, NOW, "order"), WITHDRAWN, EARLIER, "page", False),
        (Said(GIVEN, NOW, "order"), WITHDRAWN, NOW, "page", True),
        (Said(WITHDRAWN, NOW, "page"), GIVEN, NOW, "order", False),
        (Said(WITHDRAWN, NOW, "page"), GIVEN, EARLIER, "order", False),
        (Said(WITHDRAWN, NOW, "page"), GIVEN, LATER, "order", True),
        (Said(WITHDRAWN, NOW, "page"), GIVEN, None, "list", False),
        (Said(WITHDRAWN, NOW, "list"), GIVEN, None, "list", True),
    ],
)
def test_what_counts_as_a_change(
    last: Said | None, state: ConsentState, at: datetime | None, source: str, changes: bool
) -> None:
    assert is_change(last, state, at, source) is changes

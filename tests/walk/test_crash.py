"""A sender that is killed again and again, in small; px bench crash does it at length."""

import pytest

from benchmarks import crash

SMALL = ["--messages", "800", "--kills", "4", "--restart", "20"]


@pytest.mark.slow  # starts a sender and kills it, several times over
@pytest.mark.parametrize("part", ["resend", "hold", "drain"])
def test_killing_the_sender_loses_nothing_and_repeats_only_what_was_being_sent(
    part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert crash.main([*SMALL, "--part", part]) == 0, capsys.readouterr().out

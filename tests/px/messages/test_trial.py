"""A test to oneself: one mail, by the channel in force, and nothing in the outbox."""

from datetime import datetime

import pytest

from px.channels import recorded, recorder_folder
from px.core.settings import Settings
from px.messages import TemplateFailed, TemplateParts, send_test, typical_context

PARTS = TemplateParts(
    "Hi {{ customer.first_name }}", "It is **here**.", "Here, {{ customer.name }}"
)


def test_in_the_sandbox_a_test_is_written_down(settings: Settings, now: datetime) -> None:
    tried = send_test(settings, PARTS, typical_context(), to_address="mara@fern.example", now=now)
    assert tried.is_sent
    assert tried.sentence == "Written down, not sent: px is in sandbox mode."
    (kept,) = recorded(recorder_folder(settings))
    assert kept.subject == "[Test] Hi Ada"
    assert "mara@fern.example" in kept.to
    assert "It is here." in kept.text
    assert "<strong>here</strong>" in (kept.html or "")


def test_without_a_mail_account_a_test_says_what_is_missing(
    settings: Settings, now: datetime
) -> None:
    live = settings.model_copy(update={"mode": "live"})
    tried = send_test(live, PARTS, {}, to_address="mara@fern.example", now=now)
    assert not tried.is_sent
    assert tried.sentence.startswith("Not sent: ")


def test_a_template_that_cannot_be_filled_in_is_not_sent(settings: Settings, now: datetime) -> None:
    broken = TemplateParts("x", "{{ 1 | divided_by: 0 }}")
    with pytest.raises(TemplateFailed):
        send_test(settings, broken, {}, to_address="mara@fern.example", now=now)
    assert list(recorded(recorder_folder(settings))) == []

from dataclasses import replace
from pathlib import Path

from db.kinds import Channel
from px.channels import Sent, provider_of, recorded, recorded_message, recorder_folder
from px.channels import recorder as recorder_module
from px.core.settings import Settings
from tests.px.channels.test_mime import mail


def sandbox(tmp_path: Path, **changes) -> Settings:
    return Settings(**{"data_dir": tmp_path, "shop_name": "Fern & Fable"} | changes)


def test_a_recorded_mail_can_be_read_again_as_it_would_have_left(tmp_path):
    shop = sandbox(tmp_path, mail_from="hello@fern.example")
    line = provider_of(Channel.EMAIL, shop).line()
    assert line.ready() is None
    assert isinstance(line.send(mail(subject="Grüße")), Sent)
    (shown,) = recorded(recorder_folder(shop))
    assert (shown.message_id, shown.to) == (7, "Ada Lovelace <ada@example.com>")
    assert (shown.subject, shown.text, shown.html) == ("Grüße", "Hello Ada", "<p>Hello Ada</p>")


def test_in_the_sandbox_every_channel_is_the_recorder_even_with_a_mail_account(tmp_path):
    shop = sandbox(tmp_path, smtp_host="127.0.0.1", smtp_port=1, mail_from="a@b.example")
    for channel in Channel:
        line = provider_of(channel, shop).line()
        assert line.ready() is None
        message = replace(mail(), channel=channel, message_id=list(Channel).index(channel) + 1)
        assert isinstance(line.send(message), Sent)
    shown = {one.channel: one for one in recorded(recorder_folder(shop))}
    assert set(shown) == set(Channel)
    assert shown[Channel.SMS].text == "Hello Ada"


def test_sending_a_message_again_replaces_what_was_written_down(tmp_path):
    shop = sandbox(tmp_path)
    line = provider_of(Channel.EMAIL, shop).line()
    line.ready()
    line.send(mail(text="first"))
    line.send(mail(text="second"))
    (shown,) = recorded(recorder_folder(shop))
    assert shown.text == "second"
    assert recorded_message(recorder_folder(shop), 7) == shown
    assert recorded_message(recorder_folder(shop), 8) is None


def test_only_the_newest_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(recorder_module, "_MOST", 5)
    monkeypatch.setattr(recorder_module, "_TRIM_EVERY", 10)
    line = provider_of(Channel.EMAIL, sandbox(tmp_path)).line()
    line.ready()
    for number in range(1, 11):
        line.send(mail(message_id=number))
    kept = [one.message_id for one in recorded(tmp_path / "recorder")]
    assert kept == [10, 9, 8, 7, 6]


def test_nothing_recorded_yet_is_an_empty_list(tmp_path):
    assert list(recorded(tmp_path / "nowhere")) == []


def test_a_folder_that_cannot_be_written_to_makes_messages_wait(tmp_path):
    (tmp_path / "recorder").write_text("in the way")
    problem = provider_of(Channel.EMAIL, sandbox(tmp_path)).line().ready()
    assert problem is not None
    assert "cannot write" in problem.detail

"""The settings page keeps what is typed, says what is wrong, and shows no secret."""

from datetime import datetime, time

import pytest

from db.kinds import Role
from px import team
from px.core import settings
from px.core.settings import Settings
from px.core.work import reading, work
from tests.pages.conftest import Look, text_of


def kept() -> Settings:
    with reading() as session:
        return settings.current(session)


def press(at, label: str):
    return next(button for button in at.button if button.label == label).click().run()


def test_what_is_typed_is_kept_and_on_record(look: Look) -> None:
    at = look("settings.py")
    at.text_input("px_set_shop_name").set_value("Fern & Fable")
    at.selectbox("px_set_shop_zone").set_value("Europe/Amsterdam")
    at.number_input("px_set_cap_messages").set_value(2)
    old = at.number_input("px_set_historic_days")
    assert old.label == "Orders older than this many days start nothing"
    press(at, "Save shop")
    assert not at.error
    assert (kept().shop_name, kept().shop_zone, kept().cap_messages) == (
        "Fern & Fable",
        "Europe/Amsterdam",
        2,
    )
    with reading() as session:
        deed = team.audit(session)[0]
    assert (deed.by, deed.verb, deed.noun) == ("admin@fern.example", "changed", "settings")
    assert deed.detail == {
        "shop_name": "Fern & Fable",
        "shop_zone": "Europe/Amsterdam",
        "cap_messages": 2,
    }


def test_a_wrong_value_is_said_by_the_name_of_its_field_and_nothing_is_kept(look: Look) -> None:
    at = look("settings.py")
    at.text_input("px_set_shop_name").set_value("Other")
    at.time_input("px_set_quiet_to").set_value(time(21, 0))
    press(at, "Save shop")
    assert "Quiet hours begin and end at the same time" in text_of(at)
    assert "Nothing was changed" in text_of(at)
    assert "PX\\_" not in text_of(at)
    assert kept().shop_name == "My shop"


def test_the_password_of_the_mail_account_is_kept_but_never_shown(
    look: Look, now: datetime
) -> None:
    with work() as session:
        settings.save(session, {"smtp_password": "hunter2hunter2"}, by="x", now=now)
    at = look("settings.py")
    field = at.text_input("px_set_smtp_password")
    assert field.value == ""
    assert field.placeholder == "Kept. Type to replace it."
    press(at, "Save mail account")
    assert kept().smtp_password == "hunter2hunter2"
    at.text_input("px_set_smtp_password").set_value("another secret")
    press(at, "Save mail account")
    assert kept().smtp_password == "another secret"
    with reading() as session:
        assert "another secret" not in repr(team.audit(session))


def test_what_the_host_has_set_stands_still_and_says_where_it_comes_from(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PX_SHOP_NAME", "Set by the host")
    at = look("settings.py")
    field = at.text_input("px_set_shop_name")
    assert (field.value, field.disabled) == ("Set by the host", True)
    assert "Set by the host in its environment as PX_SHOP_NAME." in text_of(at)
    at.selectbox("px_set_shop_zone").set_value("Europe/Berlin")
    press(at, "Save shop")
    assert kept().shop_zone == "Europe/Berlin"


def test_going_live_says_what_is_missing_and_waits_for_it(look: Look, now: datetime) -> None:
    at = look("settings.py")
    assert next(b for b in at.button if b.label == "Go live").disabled
    assert "No mail account yet" in text_of(at)
    ready = {
        "smtp_host": "smtp.example.com",
        "mail_from": "hello@fern.example",
        "brand_address": "Main street 1, Town",
        "base_url": "https://px.fern.example",
    }
    with work() as session:
        settings.save(session, ready, by="x", now=now)
    at.run()
    assert not next(b for b in at.button if b.label == "Go live").disabled
    assert "Links in messages lead to https" in text_of(at)


def test_back_in_the_sandbox_nothing_leaves(look: Look, now: datetime) -> None:
    with work() as session:
        settings.save(session, {"mode": "live"}, by="x", now=now)
    at = look("settings.py")
    assert not at.get("popover")
    press(at, "Go back to the sandbox")
    assert kept().mode == "sandbox"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPPORT])
def test_the_page_is_not_there_for_other_roles(look: Look, role: Role) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        look("settings.py", role)


def test_the_shops_address_currency_links_and_prices_are_kept(look: Look) -> None:
    at = look("settings.py")
    at.text_input("px_set_shop_url").set_value("https://fern.example/")
    at.text_input("px_set_shop_currency").set_value("eur")
    press(at, "Save shop")
    at.toggle("px_set_track_links").set_value(False)
    at.number_input("px_set_price_sms").set_value(0.075)
    press(at, "Save links and prices")
    assert not at.error
    settings_now = kept()
    assert (settings_now.shop_url, settings_now.shop_currency) == ("https://fern.example", "EUR")
    assert (settings_now.track_links, settings_now.price_sms) == (False, 0.075)
    assert settings_now.price_email == 0


def test_a_currency_that_is_none_is_said_in_words(look: Look) -> None:
    at = look("settings.py")
    at.text_input("px_set_shop_currency").set_value("E1")
    press(at, "Save shop")
    assert "is not a currency; write its three letters, such as EUR" in text_of(at)
    assert kept().shop_currency == ""

"""The page of templates: writing, looking, saving, going back, sending a test to oneself."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.kinds import Role
from px.channels import recorded
from px.core.work import reading, work
from px.customers import CustomerFacts, identify
from px.messages import TemplateParts, save_template, template_by_key, template_list
from px.orders import LineFacts, OrderFacts, record_orders
from px.team import audit
from tests.pages.conftest import Look, text_of

WORDS = TemplateParts("Hello {{ customer.first_name }}", "Your order {{ order.number }} is here.")


@pytest.fixture
def hello(look: Look, now: datetime) -> AppTest:
    """The editor of the template "hello", as a manager sees it; there are no customers."""
    with work() as session:
        save_template(session, "hello", "Hello", WORDS, by="mara@fern.example", now=now)
    return look("message_templates.py", Role.MANAGER, key="hello")


def test_a_template_that_is_not_there_is_said_not_to_be(look: Look) -> None:
    at = look("message_templates.py", Role.MANAGER, key="gone")
    assert at.title[0].value == "Template"
    said = "There is no such template, or the link to it is old."
    assert [error.value.replace("\\", "") for error in at.error] == [said]


def box(at: AppTest, label: str) -> object:
    return next(one for one in [*at.text_input, *at.text_area] if one.label == label)


def write(at: AppTest, label: str, words: str) -> AppTest:
    box(at, label).set_value(words)  # type: ignore[attr-defined]
    return at.run()


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def more(at: AppTest, action: str) -> AppTest:
    at.menu_button[0].click(action)
    return at.run()


def saved(key: str = "hello") -> TemplateParts:
    with reading() as session:
        return template_by_key(session, key)[1]


def on_record() -> list[tuple[str, str, str, dict[str, object]]]:
    """What the team's record says of templates: who, verb, which and more, the latest first."""
    with reading() as session:
        lines = [line for line in audit(session) if line.noun == "template"]
    return [(line.by, line.verb, line.noun_id, line.detail) for line in lines]


def shown(at: AppTest) -> list[str]:
    return [block.value for block in at.code]


def pictures(at: AppTest) -> str:
    """The inbox rows and bubbles."""
    return "\n".join(element.proto.body for element in at.get("html"))


def test_without_templates_the_page_says_what_they_are_and_offers_the_first(look: Look) -> None:
    at = look("message_templates.py", Role.MANAGER)
    assert "No templates yet" in text_of(at)
    assert "Write the first template" in [button.label for button in at.button]


def test_the_page_is_for_managers(look: Look) -> None:
    with pytest.raises(ValueError, match=r"message_templates\.py"):
        look("message_templates.py", Role.SUPPORT)


def test_the_editor_shows_the_words_and_a_typical_customer(hello: AppTest) -> None:
    assert box(hello, "Body").value == WORDS.body  # type: ignore[attr-defined]
    assert "There are no customers yet" in text_of(hello)
    assert "Hello Ada</div>" in pictures(hello)
    assert any("Your order #1001 is here." in block for block in shown(hello))
    frames = [frame.proto for frame in hello.get("iframe")]
    assert [frame.alt for frame in frames] == ["The email as on a phone", "The email as on a desk"]
    assert all(frame.src.startswith("/preview/") for frame in frames)


def test_a_real_customer_is_found_and_seen(look: Look, now: datetime) -> None:
    facts = CustomerFacts(
        source="test", external_id="1", email="grace@example.com", first_name="Grace"
    )
    order = OrderFacts(
        source="test",
        number="#7",
        customer=facts,
        currency="EUR",
        total_minor=500,
        placed_at=now - timedelta(days=1),
        lines=(LineFacts(sku="A", name="Oil", quantity=1, unit_minor=500),),
    )
    with work() as session:
        identify(session, [facts], now=now)
        record_orders(session, [order], now=now, historic_before=now - timedelta(days=30))
        save_template(session, "hello", "Hello", WORDS, by="", now=now)
    at = look("message_templates.py", Role.MANAGER, key="hello")
    assert "Hello Grace</div>" in pictures(at)
    assert any("Your order #7 is here." in block for block in shown(at))
    write(at, "Find a customer", "nobody of that name")
    assert "Nobody was found" in text_of(at)
    assert "Hello Ada</div>" in pictures(at)


def test_an_unknown_variable_is_said_with_its_line_and_is_not_saved(hello: AppTest) -> None:
    write(hello, "Body", "Hello\n{{ customer.nam }}")
    assert "**Body, line 2**: `` customer.nam is not known." in text_of(hello)
    assert hello.get("iframe") == []
    press(hello, "Save template")
    assert "Nothing was changed" in text_of(hello)
    assert saved() == WORDS


def test_saving_makes_a_version_and_says_so(hello: AppTest) -> None:
    write(hello, "Body", "It is **still** here.")
    assert "You have changes that are not saved." in text_of(hello)
    press(hello, "Save template")
    assert saved().body == "It is **still** here."
    assert [toast.value for toast in hello.toast] == [
        "Template saved\\. New messages use these words"
    ]
    assert "Version 2, saved now by manager" in text_of(hello)
    with reading() as session:
        assert ("saved", "hello") in [(one.verb, one.noun_id) for one in audit(session)]


def test_an_old_version_comes_back(hello: AppTest) -> None:
    write(hello, "Subject", "Other")
    press(hello, "Save template")
    press(hello, "Restore")
    assert saved() == WORDS
    assert box(hello, "Subject").value == WORDS.subject  # type: ignore[attr-defined]
    assert "Version 3" in text_of(hello)


def test_words_saved_meanwhile_by_somebody_else_are_said(hello: AppTest, now: datetime) -> None:
    with work() as session:
        save_template(session, "hello", "Hello", TemplateParts("Theirs", "x"), by="tom", now=now)
    hello.run()
    assert "It was saved while you were writing." in text_of(hello)
    assert box(hello, "Subject").value == WORDS.subject  # type: ignore[attr-defined]


def test_words_that_are_not_saved_are_there_again_after_looking_at_the_list(hello: AppTest) -> None:
    write(hello, "Body", "Half a thought")
    press(hello, "All templates")
    assert "1 template. Choose one" in text_of(hello)
    hello.query_params["key"] = "hello"
    hello.run()
    assert box(hello, "Body").value == "Half a thought"  # type: ignore[attr-defined]
    assert "You have changes that are not saved." in text_of(hello)
    assert saved() == WORDS


def test_a_test_goes_to_whoever_looks(hello: AppTest) -> None:
    more(hello, "Send test to me")
    assert "Written down" in hello.toast[0].value
    (kept,) = recorded(Path("data/recorder").absolute())
    assert kept.subject == "[Test] Hello Ada"
    assert "manager@fern.example" in kept.to


def test_a_copy_opens_at_once(hello: AppTest) -> None:
    more(hello, "Duplicate")
    assert box(hello, "Name").value == "Hello (copy)"  # type: ignore[attr-defined]
    assert saved("hello-copy") == WORDS
    assert on_record()[0] == ("manager@fern.example", "duplicated", "hello", {"copy": "hello-copy"})


def test_an_archived_template_is_offered_again_from_the_list(hello: AppTest) -> None:
    more(hello, "Archive")
    with reading() as session:
        assert template_list(session) == []
    assert "No templates yet" in text_of(hello)
    press(hello, "Use again")
    with reading() as session:
        assert [line.key for line in template_list(session)] == ["hello"]
    assert on_record() == [
        ("manager@fern.example", "brought back", "hello", {}),
        ("manager@fern.example", "archived", "hello", {}),
    ]


def test_what_may_be_wrong_is_said_beside_the_preview(hello: AppTest) -> None:
    write(hello, "Subject", "{{ customer.traits.shoe_size }}")
    assert "The subject is empty for this customer" in hello.warning[0].value
    assert "customer\\.traits\\.shoe\\_size" in hello.warning[0].value


def test_a_customer_for_whom_it_fails_does_not_stop_the_page(hello: AppTest) -> None:
    write(hello, "Body", "{{ 10 | divided_by: customer.traits.zero }}")
    assert "divides by zero" in text_of(hello)
    assert "Save template" in [button.label for button in hello.button]


def test_a_template_that_is_gone_is_said_so(look: Look) -> None:
    at = look("message_templates.py", Role.MANAGER, key="nothing")
    assert "There is no such template" in text_of(at)

"""Pictures of a message on a phone: what is written stays words, and apps' own marks are read."""

from streamlit.testing.v1 import AppTest


def picture(channel: str, text: str) -> str:
    script = (
        f"from pages._ui.bubbles import bubble\nbubble({channel!r}, {text!r}, 'Fern', label='It')"
    )
    at = AppTest.from_string(script).run()
    assert not at.exception
    (html,) = at.get("html")
    return str(html.proto.body)


def test_whatever_is_written_is_shown_as_words() -> None:
    shown = picture("sms", '<script>alert(1)</script> & "quotes"')
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;" in shown
    assert "<script" not in shown


def test_whatsapp_shows_its_own_marks_and_no_other_channel_does() -> None:
    assert "<strong>Now</strong> <em>soft</em> <s>old</s>" in picture(
        "whatsapp", "*Now* _soft_ ~old~"
    )
    assert "*Now*" in picture("sms", "*Now*")
    assert "2 * 3 * 4 and a_b_c" in picture("whatsapp", "2 * 3 * 4 and a_b_c")


def test_an_address_with_marks_in_it_stays_one_address() -> None:
    shown = picture("whatsapp", "See https://fern.example/a_b_/c*d* now")
    assert ">https://fern.example/a_b_/c*d*</span> now" in shown


def test_a_message_without_words_says_so() -> None:
    assert "<em>No words</em>" in picture("webchat", "")

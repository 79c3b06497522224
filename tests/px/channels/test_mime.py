from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.kinds import Channel, Purpose
from px.channels.base import OutgoingMessage
from px.channels.mime import BadHeader, Identity, build, headers, plain_address

SHOP = Identity("hello@fern.example", "Fern & Fable", "care@fern.example")
LONG_LINK = "https://px.fern.example/u/" + "A" * 400
PRINTABLE = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029"), max_size=200
)


def mail(**changes) -> OutgoingMessage:
    values = {
        "message_id": 7,
        "attempt": 1,
        "channel": Channel.EMAIL,
        "purpose": Purpose.MARKETING,
        "to_address": "ada@example.com",
        "to_name": "Ada Lovelace",
        "subject": "Your serum is on its way",
        "text": "Hello Ada",
        "html": "<p>Hello Ada</p>",
        "header_id": "<2f8a6c@fern.example>",
        "header_date": datetime(2026, 5, 4, 12, 0, 0, 900, tzinfo=UTC),
        "stream": "serum-ownership/first-use",
        "unsubscribe_url": "https://px.fern.example/u/abc",
    }
    return OutgoingMessage(**values | changes)


def parsed(raw: bytes):
    return message_from_bytes(raw, policy=policy.default)


def test_a_mail_carries_a_text_and_an_html_part_and_the_headers_that_machines_look_for():
    read = parsed(build(mail(), SHOP))
    assert read["From"].addresses[0].display_name == "Fern & Fable"
    assert read["To"] == "Ada Lovelace <ada@example.com>"
    assert read["Reply-To"] == "care@fern.example"
    assert read["Message-ID"] == "<2f8a6c@fern.example>"
    assert read["Date"] == "Mon, 04 May 2026 12:00:00 +0000"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Id"] == "<marketing.fern.example>"
    assert read["Feedback-ID"] == "serum-ownership:first-use:marketing:fern.example"
    assert read["X-Entity-Ref-ID"] == "2f8a6c@fern.example"
    assert read.get_body(("plain",)).get_content() == "Hello Ada"
    assert read.get_body(("html",)).get_content() == "<p>Hello Ada</p>"


def test_the_bytes_are_the_same_in_every_attempt():
    assert build(mail(attempt=1), SHOP) == build(mail(attempt=2), SHOP)


def test_a_mail_without_html_has_one_part():
    read = parsed(build(mail(html=None, text="Grüße\nAda"), SHOP))
    assert read.get_content_type() == "text/plain"
    assert read.get_content() == "Grüße\r\nAda"


def test_one_click_unsubscribe_stands_on_one_line_however_long_the_link_is():
    raw = build(mail(unsubscribe_url=LONG_LINK), SHOP)
    assert f"\r\nList-Unsubscribe: <{LONG_LINK}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_a_transactional_mail_carries_no_list_headers():
    raw = build(mail(purpose=Purpose.TRANSACTIONAL), SHOP)
    assert b"List-" not in raw


def test_marketing_without_an_unsubscribe_link_carries_no_one_click_header():
    assert b"List-Unsubscribe" not in build(mail(unsubscribe_url=""), SHOP)


@pytest.mark.parametrize(
    "hostile",
    [
        "x\nBcc: eve@example.com",
        "x\r\nBcc: eve@example.com",
        "x\rBcc: eve",
        "x\n\nBODY",
        "x\x0b",
        "x\x0c",
        "x\x85y",
        "x\u2028y",
        "x\u2029y",
        "x\x00",
        "x\x1b[31m",
        "x\ud800",
    ],
)
@pytest.mark.parametrize("field", ["subject", "to_name"])
def test_a_line_break_or_control_character_in_a_header_is_refused(field, hostile):
    with pytest.raises(BadHeader, match="control character"):
        build(mail(**{field: hostile}), SHOP)


@pytest.mark.parametrize("hostile", ["x\nBcc: a@b.c", "x\x00", "x\u2028"])
def test_the_shop_s_own_name_and_addresses_are_checked_too(hostile):
    for identity in (
        Identity("hello@fern.example", hostile),
        Identity(f"{hostile}@fern.example", "Fern"),
        Identity("hello@fern.example", "Fern", f"{hostile}@b.example"),
    ):
        with pytest.raises(BadHeader):
            build(mail(), identity)


@pytest.mark.parametrize(
    "header_id", ["<a@b>\r\nBcc: x@y.z", "a@b", "<a b@c>", "", "<a@b>\n", "<a\u2028@b>"]
)
def test_a_message_id_that_is_none_is_refused(header_id):
    with pytest.raises(BadHeader):
        build(mail(header_id=header_id), SHOP)


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/\r\nBcc: x",
        "javascript:alert(1)",
        "https://a.example/>,<x",
        "mailto:a@b.c",
    ],
)
def test_an_unsubscribe_link_that_is_none_is_refused(link):
    with pytest.raises(BadHeader):
        build(mail(unsubscribe_url=link), SHOP)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.com\n",
        "a@b.com\r\n ",
        '"a\r\n b"@c.com',
        '"a\r\nRSET"@x.com',
        "a@b,c@d",
        "a b@c.com",
        "<>",
        "",
        "@c.com",
        "a@",
        "a@b..com",
        "a..b@c.com",
        "a@-b.com",
        "a@b.com>\r\nRCPT TO:<c@d.com",
        "a" * 65 + "@b.com",
        "a@" + "b" * 64 + ".com",
        "a@" + ".".join(["b" * 60] * 5) + ".com",
        "ä@b.com",
        "a@\u2028.com",
        "a\x00@b.com",
    ],
)
def test_an_address_that_mail_cannot_be_sent_to_is_refused(address):
    with pytest.raises(BadHeader):
        plain_address(address)


def test_a_domain_in_other_letters_is_written_in_ascii():
    assert plain_address("ada@bücher.example") == "ada@xn--bcher-kva.example"


@settings(deadline=None)
@given(subject=PRINTABLE, name=PRINTABLE)
def test_headers_parse_back_to_the_same_list(subject, name):
    message = mail(subject=subject, to_name=name)
    raw = build(message, SHOP)
    read = message_from_bytes(raw, policy=policy.compat32)
    written = [header for header, _ in headers(message, SHOP)]
    assert read.keys() == [*written, "Content-Type"]
    assert str(make_header(decode_header(read["Subject"]))) == subject
    shown, address = parseaddr(str(read["To"]).replace("\r\n", ""))
    assert address == "ada@example.com"
    assert str(make_header(decode_header(shown))) == name


@settings(deadline=None)
@given(PRINTABLE)
def test_the_modern_parser_reads_the_same_subject(subject):
    read = parsed(build(mail(subject=subject), SHOP))
    assert read["Subject"] == subject


@settings(deadline=None)
@given(text=st.text(max_size=2000), html=st.text(max_size=2000))
def test_no_body_can_end_the_message_or_write_a_long_or_bare_line(text, html):
    raw = build(mail(text=text, html=html), SHOP)
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert all(len(line) <= 998 and not line.startswith(b".") for line in lines)


@pytest.mark.parametrize(
    "smuggled", ["\n.\n", "\r.\r", "\r\n.\r\nMAIL FROM:<eve@x.y>\r\n", "a\r\n.\rb"]
)
def test_a_body_with_an_end_of_data_in_it_arrives_as_text(smuggled):
    raw = build(mail(text=f"before{smuggled}after", html=None), SHOP)
    assert b"\r\n." not in raw
    assert "after" in parsed(raw).get_content()

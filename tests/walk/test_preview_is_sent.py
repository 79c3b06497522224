"""What is looked at is what is sent: the preview of a touchpoint, made before it was queued, and
that of the message in the outbox have the bytes that a mail server was handed.
"""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from db.kinds import Channel, ConsentState, Purpose, ShipmentStatus
from px import flow, journeys
from px.channels import OutgoingMessage, recorded
from px.channels.account import identity_of
from px.channels.mime import build
from px.core import settings as px_settings
from px.core.settings import Settings
from px.core.tokens import fingerprint
from px.core.work import reading, work
from px.customers import ConsentFacts, CustomerFacts, customer_by_email
from px.journeys import TouchpointPreview, draft_document, journey_row, touchpoint_preview
from px.messages import OutboxFilter, outbox, send_due, words_of
from px.messages.compose import Composer
from px.messages.preview import ahead
from px.orders import (
    LineFacts,
    OrderFacts,
    ShipmentFacts,
    orders_of,
    record_orders,
    record_shipments,
)
from tests.fakes.smtp import mail_server

PLACED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
JOURNEY = """
format: 1
journey: care
name: Care & comfort
enter: {on: order_placed}
touchpoints:
  - {key: thanks, purpose: transactional, anchor: order_placed, channels: [email], message: thanks}
  - key: tips
    name: Tips
    purpose: marketing
    anchor: order_placed
    channels: [email]
    variants: [{weight: 1, message: tips-a}, {weight: 1, message: tips-b}]
  - {key: note, purpose: marketing, anchor: order_placed, channels: [sms], message: thanks}
  - key: again
    purpose: marketing
    anchor: "sent:thanks"
    after: 1h
    repeat: {every: 2h, times: 2}
    channels: [email]
    message: tips-a
templates:
  thanks:
    subject: "Order {{ order.number }} for {{ customer.name }}"
    body: |
      Thank you, {{ customer.first_name | default: "friend" }}. You spent {{ customer.spent }}.

      {% for line in order.lines %}
      - {{ line.quantity }} of {{ line.name }}, {{ line.total }}
      {% endfor %}

      {% if shipment.tracking_url %}
      [[Where it is]]({{ shipment.tracking_url }})
      {% endif %}

      [The shop]({{ shop.url }}/care?from={{ touchpoint.key }}) by {{ shop.name }}
    sms: "{{ customer.first_name }}: {{ order.number }} {{ shop.url }}/n {{ unsubscribe_url }}"
  tips-a:
    subject: "Tips for {{ customer.traits.skin_type | default: 'every' }} skin"
    body: "A. [Read](https://shop.example/guide?a=1&b=2), {{ customer.name }}."
  tips-b:
    subject: "{{ journey.name }} for you"
    body: "B. [Read](https://shop.example/guide)\\n\\n[Leave]({{ unsubscribe_url }})"
"""
NAMES = [
    ("Ada", "Lovelace"),
    ("Zoë <b>&", "O'Brien \"\r\nBcc: x@y.z"),
    ("", ""),
    ("{{ 7 | times: 7 }}", "محمد\u202eabc"),
    ("長い" * 40, "🦔" * 30),
]


def customer(number: int) -> CustomerFacts:
    first, last = NAMES[number]
    consents = tuple(
        ConsentFacts(channel, Purpose.MARKETING, ConsentState.GIVEN, "checkout", PLACED)
        for channel in (Channel.EMAIL, Channel.SMS)
    )
    return CustomerFacts(
        source="shop",
        external_id=f"c{number}",
        email=f"c{number}@example.com",
        phone=f"+3161234567{number}",
        first_name=first,
        last_name=last,
        zone="Europe/Berlin",
        traits={"skin_type": "dry <i>"} if number % 2 else {},
        consents=consents,
    )


def order(number: int) -> OrderFacts:
    lines = tuple(
        LineFacts(sku=f"S{n}", name=f"Serum & <b>{n}</b>", quantity=n, unit_minor=1999)
        for n in range(1, 2 + number)
    )
    return OrderFacts(
        source="shop",
        number=f"#100{number}",
        placed_at=PLACED,
        customer=customer(number),
        email=f"c{number}@example.com",
        currency="EUR",
        total_minor=1999,
        lines=lines,
        fingerprint=fingerprint(number),
    )


def shop(**more: Any) -> Settings:
    """A shop whose journey went live an hour ago, with five orders that nobody has reacted to."""
    quiet = {"quiet_from": "", "quiet_to": "", "cap_messages": 0}
    brand = {"shop_name": "Fern & Fable", "mail_from": "hello@fern.example"}
    places = {"base_url": "https://px.fern.example", "shop_url": "https://shop.fern.example"}
    live = PLACED - timedelta(hours=1)
    with work() as session:
        px_settings.save(session, quiet | brand | places | more, by="Mia", now=live)
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=live)
        journeys.publish(session, "care", by="Mia", now=live)
    with work() as session:
        historic = PLACED - timedelta(days=30)
        orders = [order(number) for number in range(len(NAMES))]
        record_orders(session, orders, historic_before=historic, now=PLACED)
        parcel = ShipmentFacts(
            "#1001",
            "p1",
            ShipmentStatus.IN_TRANSIT,
            carrier="DHL",
            tracking_url='https://track.example/?n="1&2"',
            shipped_at=PLACED,
        )
        record_shipments(session, [parcel], now=PLACED)
    with reading() as session:
        return px_settings.current(session)


def looked_at(settings: Settings) -> dict[tuple[str, str], TouchpointPreview]:
    """Every touchpoint as every customer, before anything is queued."""
    found = {}
    with reading() as session:
        document = draft_document(session, journey_row(session, "care"))
        for number in range(len(NAMES)):
            email = f"c{number}@example.com"
            customer_id = customer_by_email(session, email) or 0
            (known,) = orders_of(session, customer_id)
            for point in document.touchpoints:
                found[point.key, email] = touchpoint_preview(
                    session, document, point, customer_id, known.id, settings=settings, now=PLACED
                )
    return found


def run(settings: Settings, now: datetime) -> None:
    for _ in range(3):
        while flow.react(now=now):
            pass
        while flow.advance(now=now):
            pass
        send_due(settings=settings, clock=lambda: now, connections=1)
        flow.settle(now=now)


def said(mail: EmailMessage) -> tuple[str, bytes, bytes]:
    """Subject, HTML and text of a mail as it arrived."""
    html, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert plain is not None
    return str(mail["Subject"]), _body(html), _body(plain)


def _body(part: Any) -> bytes:
    # Lines of a mail end in CR LF (RFC 5322 2.3); that is the only thing that may differ.
    return bytes(part.get_payload(decode=True)).replace(b"\r\n", b"\n").rstrip(b"\n")


def as_bytes(shown: Any) -> tuple[str, bytes, bytes]:
    text = (shown.html or "").rstrip("\n"), shown.text.rstrip("\n")
    return shown.subject, text[0].encode(), text[1].encode()


def whole_mail(before: TouchpointPreview, settings: Settings, header_id: str) -> bytes:
    """The mail as it would be made of what was looked at; its Message-ID is drawn when queueing."""
    composer = Composer(settings)
    composer.use(before.message.template_version_id, before.parts)
    claimed = ahead(before.message, settings, now=PLACED)._replace(header_id=header_id)
    outgoing = composer.compose(claimed)
    assert isinstance(outgoing, OutgoingMessage)
    return build(outgoing, identity_of(settings))


def in_outbox(settings: Settings) -> dict[tuple[str, str], Any]:
    with reading() as session:
        return {
            (row.touchpoint or "", row.to_address): words_of(session, row.id, settings)
            for row in outbox(session, OutboxFilter())
        }


@pytest.mark.parametrize("is_tracked", [True, False])
def test_a_mail_that_arrives_has_the_bytes_of_its_previews(database, is_tracked):
    with mail_server() as server:
        settings = shop(
            mode="live",
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_security="none",
            track_links=is_tracked,
        )
        ahead = looked_at(settings)
        run(settings, PLACED)
        kept = in_outbox(settings)
        arrived = {(str(mail.parsed["Subject"]), mail.to[0]): mail for mail in server.mails}
    assert len(arrived) == 2 * len(NAMES)
    for point in ("thanks", "tips"):
        for number in range(len(NAMES)):
            place = (point, f"c{number}@example.com")
            before = ahead[place]
            assert before.gets, before.verdict
            assert before.shown is not None
            mail = arrived[before.shown.mail.subject, place[1]]
            assert said(mail.parsed) == as_bytes(before.shown.mail)
            assert said(mail.parsed) == as_bytes(kept[place])
            assert mail.raw == whole_mail(before, settings, str(mail.parsed["Message-ID"]))
    links = b"".join(said(mail.parsed)[1] for mail in arrived.values()).count(b"px.fern.example/c/")
    assert (links > 0) is is_tracked


def test_an_sms_has_the_words_of_its_previews(database):
    settings = shop()
    ahead = looked_at(settings)
    run(settings, PLACED)
    kept = in_outbox(settings)
    texts = {r.to: r.text for r in recorded(settings.data_dir / "recorder") if r.channel == "sms"}
    assert len(texts) == len(NAMES)
    for number in range(len(NAMES)):
        before, phone = ahead["note", f"c{number}@example.com"], f"+3161234567{number}"
        assert before.shown is not None
        assert texts[phone] == before.shown.sms == kept["note", phone].text


def test_a_touch_that_comes_later_is_the_same_as_long_as_nothing_new_is_known(database):
    settings = shop()
    before = looked_at(settings)["again", "c1@example.com"]
    run(settings, PLACED)
    run(settings, PLACED + timedelta(hours=1))
    later = in_outbox(settings)["again", "c1@example.com"]
    assert before.shown is not None
    assert as_bytes(before.shown.mail) == as_bytes(later)


def test_the_second_occurrence_has_links_of_its_own(database):
    settings = shop()
    run(settings, PLACED)
    run(settings, PLACED + timedelta(hours=1))
    first = in_outbox(settings)["again", "c0@example.com"]
    run(settings, PLACED + timedelta(hours=3))
    with reading() as session:
        rows = [r for r in outbox(session, OutboxFilter()) if r.touchpoint == "again"]
        both = {words_of(session, r.id, settings).text for r in rows if r.to_address[1] == "0"}  # type: ignore[union-attr]
    assert len(both) == 2
    assert first.text in both

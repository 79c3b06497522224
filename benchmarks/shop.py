"""A shop with messages in its outbox, in a folder that goes away."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from db.kinds import Channel, ConsentState, Purpose
from db.migrate import upgrade
from px.channels import OutgoingMessage
from px.core.settings import Settings
from px.core.work import close_database, marking, open_database, work
from px.customers import ConsentFacts, CustomerFacts, identify
from px.messages.actions import NewMessage, queue_messages
from px.messages.compose import Composer
from px.messages.context import make_context
from px.messages.render import TemplateParts
from px.messages.send import claim
from px.messages.templates import save_template

BODY = """Hello {{ customer.first_name }},

your order **{{ order.number }}** of {{ order.placed_on }} is on its way.

{% for line in order.lines %}
* {{ line.quantity }} x {{ line.name }}: {{ line.price }}
{% endfor %}

Together {{ order.total }}. Follow your parcel here:

[Where is my parcel?]({{ shipment.tracking_url }})

Store the serum away from light and heat, and shake it before its first use. If anything is not as
it should be, answer this mail: we read every answer.
"""


@contextmanager
def filled(
    count: int, port: int, *, now: datetime, url: str = "", purpose: Purpose = Purpose.TRANSACTIONAL
) -> Iterator[Settings]:
    """Settings of a shop whose outbox holds `count` mails that are due, its database open."""
    with tempfile.TemporaryDirectory(prefix="px-bench-") as folder:
        settings = shop_settings(Path(folder), port)
        upgrade(open_database(url or settings.database_address))
        try:
            fill(settings, count, purpose=purpose, now=now)
            yield settings
        finally:
            close_database()


def shop_settings(folder: Path, port: int) -> Settings:
    """A live shop with its mail server on loopback."""
    return Settings(
        data_dir=folder,
        secret_key="for benchmarks only",
        mode="live",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        mail_from="hello@fern.example",
        shop_name="Fern & Fable",
        brand_address="12 Moss Lane, 1011 AB Amsterdam",
        quiet_from="",
        quiet_to="",
        cap_messages=0,
    )


def fill(settings: Settings, count: int, *, purpose: Purpose, now: datetime) -> None:
    """`count` customers, each with one message that is due."""
    consents = (ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "bench", now),)
    facts = [
        CustomerFacts(
            source="bench",
            external_id=str(number),
            email=f"c{number}@x.example",
            first_name="Ada",
            last_name="Lovelace",
            consents=consents,
        )
        for number in range(count)
    ]
    with work() as session:
        ids = identify(session, facts, now=now)
        version = save_template(
            session,
            "on-its-way",
            "On its way",
            TemplateParts("Your order {{ order.number }} is on its way", BODY),
            by="bench",
            now=now,
        )
        messages = [
            NewMessage(
                key=f"bench:{number}",
                customer_id=customer_id,
                template_version_id=version,
                channel=Channel.EMAIL,
                purpose=purpose,
                to_address=f"c{number}@x.example",
                to_name="Ada Lovelace",
                due_at=now,
                expires_at=now + timedelta(days=400),
                context=context(number),
            )
            for number, customer_id in enumerate(ids)
        ]
        queue_messages(session, messages, settings=settings, now=now)


def context(number: int) -> dict[str, object]:
    """The values of one order with three lines."""
    line = {"sku": "SERUM-30", "name": "Night serum, 30 ml", "quantity": 1, "unit_minor": 4900}
    return make_context(
        customer={"first_name": "Ada", "last_name": "Lovelace", "email": f"c{number}@x.example"},
        order={"number": f"#{number}", "currency": "EUR", "total_minor": 14700},
        lines=[line, line, line],
        shipment={"tracking_url": f"https://track.example/{number}", "carrier": "DHL"},
        shop={"name": "Fern & Fable", "url": "https://fern.example"},
    )


def composed(settings: Settings, *, now: datetime) -> OutgoingMessage:
    """The first message of the outbox as its channel would take it."""
    with marking() as session:
        (message,) = claim(session, owner="bench", channels=list(Channel), limit=1, now=now)
        composer = Composer(settings)
        composer.load(session, {message.template_version_id})
    outgoing = composer.compose(message)
    assert isinstance(outgoing, OutgoingMessage)
    return outgoing

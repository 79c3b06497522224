"""Customers, templates and messages for the tests of the outbox. Ada agreed to marketing, Ben did
not.
"""

from datetime import datetime, timedelta

from sqlmodel import select

from db.kinds import Channel, ConsentState, Purpose
from db.models.messages import Delivery, Message, Template, TemplateVersion
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import ConsentFacts, CustomerFacts, identify
from px.messages.actions import NewMessage, queue_messages


def live(settings: Settings, port: int, **changes) -> Settings:
    """The shop with a mail account on loopback, without quiet hours."""
    return settings.model_copy(
        update={
            "mode": "live",
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_security": "none",
            "mail_from": "hello@fern.example",
            "quiet_from": "",
            "quiet_to": "",
        }
        | changes
    )


def people(*emails: str, now: datetime, agreed: bool = True) -> list[int]:
    """Customers with these addresses, who agreed to marketing by e-mail or never said."""
    state = ConsentState.GIVEN if agreed else ConsentState.WITHDRAWN
    consents = (ConsentFacts(Channel.EMAIL, Purpose.MARKETING, state, "test", now),)
    facts = [
        CustomerFacts(source="test", external_id=email, email=email, consents=consents)
        for email in emails
    ]
    with work() as session:
        ids = identify(session, facts, now=now)
    assert None not in ids
    return ids  # type: ignore[return-value]


def template(
    subject: str = "Hello", body: str = "Hello {{ customer.first_name }}", *, now: datetime
) -> int:
    """A version of a template of its own."""
    with work() as session:
        count = len(list(session.scalars(select(Template))))
        row = Template(key=f"template-{count}", name="Template", created_at=now)
        session.add(row)
        session.flush()
        version = TemplateVersion(
            template_id=row.id or 0, number=1, subject=subject, body=body, created_at=now
        )
        session.add(version)
        session.flush()
        assert version.id is not None
        return version.id


def note(
    customer_id: int | None,
    version_id: int,
    *,
    now: datetime,
    key: str = "",
    to: str = "ada@example.com",
    **changes,
) -> NewMessage:
    """A transactional mail that is due now."""
    values = {
        "key": key or f"note:{to}",
        "customer_id": customer_id,
        "template_version_id": version_id,
        "channel": Channel.EMAIL,
        "purpose": Purpose.TRANSACTIONAL,
        "to_address": to,
        "to_name": "Ada",
        "context": {},
        "due_at": now,
        "expires_at": now + timedelta(hours=72),
    }
    return NewMessage(**values | changes)


def queue(settings: Settings, *messages: NewMessage, now: datetime) -> None:
    with work() as session:
        queue_messages(session, messages, settings=settings, now=now)


def messages() -> list[Message]:
    """Every message, in order."""
    with reading() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def tries() -> list[Delivery]:
    """Every delivery, in order."""
    with reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))

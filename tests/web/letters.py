"""A marketing mail to Ada that has left, with the addresses of its link and its image."""

from datetime import datetime, timedelta

from db.kinds import Channel, Purpose
from db.models.messages import Message
from px.core import settings as px_settings
from px.core.work import reading, work
from px.messages.actions import NewMessage, queue_messages
from px.messages.render import TemplateParts
from px.messages.templates import save_template
from px.messages.tracking import Links
from tests.px.messages.rows import people

KEY = "t:AbCdEfGhIjKlMnOp"
LINK = "https://fern.example/all?a=1#new"
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def mail(now: datetime, *, left: timedelta | None = timedelta(hours=1), **changes: object) -> int:
    """The mail, sent an hour ago; who Ada is."""
    (ada,) = people("ada@example.com", now=now)
    with work() as session:
        settings = px_settings.current(session)
        words = TemplateParts("Hi", f"[Look]({LINK}) or [here]({settings.base_url}/help)")
        version = save_template(session, "welcome", "Welcome", words, by="test", now=now)
        values = {
            "key": KEY,
            "customer_id": ada,
            "template_version_id": version,
            "channel": Channel.EMAIL,
            "purpose": Purpose.MARKETING,
            "to_address": "ada@example.com",
            "due_at": now,
            "journey_key": "serum",
            "touchpoint": "welcome",
        }
        queue_messages(session, [NewMessage(**values | changes)], settings=settings, now=now)
        message = session.get_one(Message, 1)
        if left is not None:
            message.status, message.sent_at, message.settled_at = "sent", now - left, now
    return ada


def link(address: str = LINK, key: str = KEY) -> str:
    """The path of the mail's link to the address."""
    made = _links(key).link(address)
    return made[made.index("/c/") :]


def image(key: str = KEY) -> str:
    """The path of the mail's image."""
    made = _links(key).pixel
    return made[made.index("/i/") :]


def the_mail() -> Message:
    """The mail as it stands."""
    with reading() as session:
        return session.get_one(Message, 1)


def _links(key: str) -> Links:
    with reading() as session:
        return Links(key, px_settings.current(session))

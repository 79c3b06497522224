"""Which provider carries which channel under the settings in force."""

from pathlib import Path

from db.kinds import Channel, Reason
from px.channels.account import account_of, identity_of
from px.channels.base import Down, Provider, Rejected
from px.channels.mime import Identity
from px.channels.missing import Missing
from px.channels.recorder import Recorder
from px.core.errors import InvalidInput
from px.core.settings import Settings

_NAMES = {Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp", Channel.WEBCHAT: "web chat"}


def provider_of(channel: Channel, settings: Settings) -> Provider:
    """Who carries `channel`: in sandbox mode the recorder, whatever else is set."""
    if settings.mode == "sandbox":
        return Recorder(recorder_folder(settings), _sandbox_identity(settings))
    if channel != Channel.EMAIL:
        sentence = f"No {_NAMES[channel]} provider is set up."
        return Missing(Rejected(detail=sentence, reason=Reason.CHANNEL_ERROR))
    # Imported here: the sandbox and the pages need not pay for loading a mail client.
    from px.channels.email import Email

    try:
        return Email(account_of(settings))
    except InvalidInput as problem:
        return Missing(Down("settings", str(problem)))


def recorder_folder(settings: Settings) -> Path:
    """Where the recorder writes."""
    return settings.data_dir / "recorder"


def sender_domain(settings: Settings) -> str:
    """The domain that mail comes from; while there is none, one nobody has (RFC 6761)."""
    return _sandbox_identity(settings).domain


def _sandbox_identity(settings: Settings) -> Identity:
    try:
        return identity_of(settings)
    except InvalidInput:
        return Identity("shop@px.invalid", settings.shop_name)

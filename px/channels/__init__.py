"""How messages travel: one provider per channel, one line per thread, one outcome per attempt.

No rows. `provider_of` chooses the provider, `Provider.line` connects, `Line.send` answers with a
value: Sent, Later, Rejected, Down or Unknown. Nothing is raised for what a server may say. In
sandbox mode every channel is the recorder.

To add a channel: a module here, a line in registry.py, a word in db/kinds.py, its tests.
"""

from px.channels.base import (
    Down,
    Later,
    Line,
    OutgoingMessage,
    Provider,
    Rejected,
    Result,
    Sent,
    Unknown,
)
from px.channels.recorder import Recorded, recorded, recorded_message
from px.channels.registry import provider_of, recorder_folder, sender_domain

__all__ = [
    "Down",
    "Later",
    "Line",
    "OutgoingMessage",
    "Provider",
    "Recorded",
    "Rejected",
    "Result",
    "Sent",
    "Unknown",
    "provider_of",
    "recorded",
    "recorded_message",
    "recorder_folder",
    "sender_domain",
]

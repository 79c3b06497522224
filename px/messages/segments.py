"""What a text message costs: its characters, its alphabet, and the parts the network makes of it.

GSM 03.38 is the alphabet of text messages; one character outside of it makes the whole message
UCS-2, with less than half the room.
"""

from dataclasses import dataclass

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = set("\f^{}\\[~]|€")
_ROOM = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True, slots=True)
class SmsSize:
    """`units` are the characters as the network counts them, `segments` the parts it sends."""

    alphabet: str
    units: int
    segments: int
    odd: str = ""


def sms_size(text: str) -> SmsSize:
    """The size of the text; `odd` names the characters for which it needs UCS-2."""
    odd = "".join(dict.fromkeys(c for c in text if c not in _BASIC and c not in _TWICE))
    alphabet = "UCS-2" if odd else "GSM-7"
    widths = [_width(c, alphabet) for c in text]
    units = sum(widths)
    single, part = _ROOM[alphabet]
    return SmsSize(alphabet, units, _parts(widths, part) if units > single else min(units, 1), odd)


def _width(character: str, alphabet: str) -> int:
    if alphabet == "GSM-7":
        return 2 if character in _TWICE else 1
    return 2 if ord(character) > 0xFFFF else 1


def _parts(widths: list[int], room: int) -> int:
    # A character of two units is never cut in half.
    parts, left = 1, room
    for width in widths:
        if width > left:
            parts, left = parts + 1, room
        left -= width
    return parts

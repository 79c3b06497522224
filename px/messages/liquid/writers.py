"""How a value is written where it stands: in text, in HTML, in a link's address, in an attribute.

A value is never markup: it is escaped for its place, and a link only leads to http, https, mailto
or tel.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

from markupsafe import escape

Writer = Callable[[str], str]

# What writes an address that may be counted; the message says what stands there instead.
LINK = "px_link"
SAFE_BEGINNINGS = ("https://", "http://", "mailto:", "tel:")
_UNSAFE = re.compile("[\u0000-\u0020\"'<>\\\\^`{|}\u007f-\u00a0\u2028\u2029\ufeff]")


def is_safe_address(address: str) -> bool:
    """Whether a link in a mail may lead there."""
    return address.lower().startswith(SAFE_BEGINNINGS)


@lru_cache(maxsize=1024)
def web_address(value: str) -> str:
    """The address with nothing in it that could end it early; # where no link may lead."""
    address = _UNSAFE.sub(_percent, value.strip())
    if address.lower().startswith("www."):
        address = f"https://{address}"
    return address if is_safe_address(address) else "#"


def _whole_address(value: str) -> str:
    return str(escape(web_address(value)))


def _address_part(value: str) -> str:
    return str(escape(_UNSAFE.sub(_percent, value)))


def _percent(found: re.Match[str]) -> str:
    return quote(found.group(), safe="")


def _attribute(value: str) -> str:
    return str(escape(" ".join(value.split())))


def _lines(value: str) -> str:
    return str(escape(value)).replace("\r\n", "\n").replace("\n", "<br>\n")


WRITERS: dict[str, Writer | None] = {
    "text": None,
    "html": escape,
    "lines": _lines,
    "px_address": _whole_address,
    "px_address_part": _address_part,
    "px_attribute": _attribute,
}

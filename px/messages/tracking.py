"""The names under which a message's links and its image come back to us, and where they lead.

A link is the message's key and a short hash of where it leads, sealed; the address itself is found
again by filling in the message (px/messages/following.py). So nothing in a link can be changed into
another address, and no table of links grows. Keys of touches make links of 22 characters.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from db.kinds import Purpose
from px.core import tokens
from px.core.settings import Settings

CLICK, OPEN = "click", "open"
LONGEST = 2000
_KEY = re.compile(r"t:[A-Za-z0-9_-]{16}")
_HASH_BYTES = 4
_KEY_BYTES = tokens.SEALED_BYTES - _HASH_BYTES
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_NO_HASH = bytes(_HASH_BYTES)


class Named(NamedTuple):
    """What a link says: which message, and the hash of where the link leads."""

    message_key: str
    hashed: bytes


class Links:
    """How one message tells of being opened and of its links being followed."""

    def __init__(self, message_key: str, settings: Settings) -> None:
        """The same key and settings make the same links, before the message is queued too."""
        self._message_key = message_key
        self._base_url = settings.base_url
        self._key = settings.key
        self._made: dict[str, str] = {}

    @property
    def pixel(self) -> str:
        """The address of the image that tells of opening."""
        return f"{self._base_url}/i/{_namer(OPEN, self._message_key, self._key)(_NO_HASH)}"

    def link(self, address: str) -> str:
        """The address that stands in the message for this one."""
        made = self._made.get(address)
        if made is None:
            made = self._made[address] = self._link(address)
        return made

    @cached_property
    def _name(self) -> Callable[[bytes], str]:
        return _namer(CLICK, self._message_key, self._key)

    def _link(self, address: str) -> str:
        end = address.find("/", len("https://"))
        if len(address) > LONGEST or not _is_good_host(address if end < 0 else address[:end]):
            return address
        return f"{self._base_url}/c/{self._name(hash_of(address))}"


def is_counted(purpose: str, settings: Settings) -> bool:
    """Whether links of such a message are counted; those about an order stay as they are."""
    return settings.track_links and purpose == Purpose.MARKETING


def read_link(token: str, *, key: bytes) -> Named | None:
    """What a link of ours says; None for what is none, and nearly always for a made-up one."""
    return _read(CLICK, token, key)


def read_pixel(token: str, *, key: bytes) -> str | None:
    """The key of the message whose image this is; None for anything else."""
    named = _read(OPEN, token, key)
    return named.message_key if named and named.hashed == _NO_HASH else None


def hash_of(address: str) -> bytes:
    """What tells the links of one message from each other."""
    return hashlib.blake2b(address.encode(), digest_size=_HASH_BYTES).digest()


def leads_to(address: str) -> str | None:
    """The address as a browser is sent there; None where a counted link may not lead.

    Only http and https, with a host and nothing in it that could end a header.
    """
    if len(address) > LONGEST or _UNSEEN.search(address):
        return None
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            return None
        if not host.isascii():
            address = address.replace(
                parts.netloc, parts.netloc.lower().replace(host, host.encode("idna").decode()), 1
            )
    except ValueError:
        return None
    return quote(address, safe="%/:?#[]@!$&'()*+,;=~")


def with_words(address: str, words: Mapping[str, str]) -> str:
    """The address with these words in its query; those it has already stay as they are."""
    before, mark, fragment = address.partition("#")
    path, _, query = before.partition("?")
    has = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)}
    new = {name: word for name, word in words.items() if word and name not in has}
    joined = "&".join(part for part in (query.rstrip("&"), urlencode(new, quote_via=quote)) if part)
    return f"{path}?{joined}{mark}{fragment}" if new else address


def utm_words(
    settings: Settings, channel: str, journey: str | None, content: str | None
) -> dict[str, str]:
    """What the shop's own statistics are told about where a visitor comes from."""
    return {
        "utm_source": settings.shop_name or "px",
        "utm_medium": channel,
        "utm_campaign": journey or "",
        "utm_content": content or "",
    }


def _namer(purpose: str, message_key: str, key: bytes) -> Callable[[bytes], str]:
    """Makes the tokens of one message from hashes."""
    if not _KEY.fullmatch(message_key):
        return lambda hashed: tokens.sign(purpose, f"{hashed.hex()}{message_key}", key=key)
    name, seal = base64.urlsafe_b64decode(message_key[2:]), tokens.sealer(purpose, key=key)
    return lambda hashed: seal(name + hashed)


@lru_cache(maxsize=1024)
def _is_good_host(origin: str) -> bool:
    return leads_to(origin) is not None


def _read(purpose: str, token: str, key: bytes) -> Named | None:
    if block := tokens.unseal(purpose, token, key=key):
        name = base64.urlsafe_b64encode(block[:_KEY_BYTES]).decode()
        return Named(f"t:{name}", block[_KEY_BYTES:])
    value = tokens.read(purpose, token, key=key)
    if value is None:
        return None
    digits = 2 * _HASH_BYTES
    return Named(value[digits:], bytes.fromhex(value[:digits]))

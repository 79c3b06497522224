"""Signed links and hashes. A token says what it is for, so that one made for one page opens no
other.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SEALED_BYTES = 16
_SIGNATURE_BYTES = 16


def sign(purpose: str, value: str, *, key: bytes) -> str:
    """A token that holds `value` (readable by anyone) and 128 bits of HMAC-SHA256 over purpose and
    value.
    """
    raw = value.encode()
    return _encode(raw + _mac(purpose, raw, key))


def read(purpose: str, token: str, *, key: bytes) -> str | None:
    """The value in a token made for `purpose` with `key`; None for anything else, in constant
    time.
    """
    if len(token) > 500:
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        value, mac = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
        # A token has one spelling: base64 would otherwise allow several for the same bytes.
        valid = hmac.compare_digest(mac, _mac(purpose, value, key)) and _encode(raw) == token
        return value.decode() if valid else None
    except ValueError:
        return None


def sealer(purpose: str, *, key: bytes) -> Callable[[bytes], str]:
    """Makes tokens of 22 characters that hold 16 bytes, where a signed one would take 44; for one
    thread.

    Without the key nobody reads them or makes ones that mean something: a changed character turns
    all 16 bytes into others, so half of them must be what only few can be, such as a hash.
    """
    update = _cipher(purpose, key).encryptor().update
    return lambda block: _encode(update(block))


def unseal(purpose: str, token: str, *, key: bytes) -> bytes | None:
    """The 16 bytes in a token; None for what cannot be one. Other tokens give other bytes."""
    try:
        raw = base64.b64decode(token + "==", b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != SEALED_BYTES or _encode(raw) != token:
        return None
    return _cipher(purpose, key).decryptor().update(raw)


def address_hash(address: str, *, key: bytes) -> str:
    """The keyed hash under which an address is remembered when the address itself is not."""
    return hmac.new(
        key, b"address\0" + address.strip().lower().encode(), hashlib.sha256
    ).hexdigest()


def fingerprint(*parts: object) -> str:
    """A short hash that changes when any part does."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _mac(purpose: str, value: bytes, key: bytes) -> bytes:
    return hmac.new(key, purpose.encode() + b"\0" + value, hashlib.sha256).digest()[
        :_SIGNATURE_BYTES
    ]


@lru_cache(maxsize=16)
def _cipher(purpose: str, key: bytes) -> "Cipher[modes.ECB]":
    own = hmac.new(key, b"seal\0" + purpose.encode(), hashlib.sha256).digest()
    # One block by itself is a permutation: there is no second one that could look like it.
    return Cipher(algorithms.AES(own), modes.ECB())  # noqa: S305


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

"""Secrets at rest: encrypted with a key made from PX_SECRET_KEY (Fernet: AES-128-CBC with HMAC)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from px.core.errors import PxError


def encrypt(text: str, *, key: bytes) -> str:
    """The text, readable only with `key`."""
    return _fernet(key).encrypt(text.encode()).decode()


def decrypt(token: str, *, key: bytes) -> str:
    """The text again. PxError when the key is another one."""
    try:
        return _fernet(key).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise PxError(
            "A stored password cannot be read with this PX_SECRET_KEY. "
            "Put the old key back, or enter the password again."
        ) from error


def _fernet(key: bytes) -> Fernet:
    return Fernet(
        base64.urlsafe_b64encode(
            hashlib.blake2b(key, digest_size=32, person=b"px-at-rest").digest()
        )
    )

"""Passwords at rest: argon2id. Slow on purpose, so callers on the event loop use a thread."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from px.team.rules import LONGEST_PASSWORD

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """What is kept of the password."""
    return _hasher.hash(_bytes(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash; without a hash it takes as long: no."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        matches = _hasher.verify(password_hash or _nobody(), _bytes(password))
    except (Argon2Error, InvalidHashError):
        return False
    return matches and password_hash is not None


def _bytes(password: str) -> bytes:
    # Half a surrogate pair is no text that a person typed, but it may be sent.
    return password.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("the hash that unknown addresses are checked against")

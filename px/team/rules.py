"""Who may do what, how long a sign-in lasts, and which passwords are taken."""

import re
from datetime import datetime, timedelta

from db.kinds import Role
from px.core.errors import InvalidInput

SESSION_LIFE = timedelta(days=30)
IDLE_LIFE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024

_RANKS = {Role.SUPPORT: 1, Role.MANAGER: 2, Role.ADMIN: 3}
_EMAIL = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[^\s@<>\"',;:()\[\]\\]{1,255}")


def may(role: Role, needed: Role) -> bool:
    """Whether somebody with `role` may do what needs at least `needed`."""
    return _RANKS[role] >= _RANKS[needed]


def session_ends(created_at: datetime, seen_at: datetime) -> datetime:
    """When a sign-in is over: 30 days after it began, or after 7 days without a visit."""
    return min(created_at + SESSION_LIFE, seen_at + IDLE_LIFE)


def clean_email(text: str) -> str:
    """The address as it is kept. InvalidInput when it cannot be one."""
    email = text.strip().lower()
    if not (email.isprintable() and _EMAIL.fullmatch(email)):
        raise InvalidInput("That is not an e-mail address. Write it as ada@example.com.")
    return email


def check_password(password: str) -> str:
    """The password, when it is one we take (ASVS 5.0 6.2: length, not character classes)."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(
            f"The password is too short: use at least {SHORTEST_PASSWORD} characters."
        )
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput(f"The password is too long: use at most {LONGEST_PASSWORD} characters.")
    if len(set(password)) < 4:
        raise InvalidInput(
            "The password repeats too few characters. Use a few words that nobody would guess."
        )
    return password

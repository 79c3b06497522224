"""Roles, how long a sign-in lasts, addresses and passwords."""

from datetime import UTC, datetime

import pytest

from db.kinds import Role
from px.core.errors import InvalidInput
from px.team.rules import check_password, clean_email, may, session_ends

MONDAY = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "needed", "allowed"),
    [
        (Role.ADMIN, Role.ADMIN, True),
        (Role.ADMIN, Role.SUPPORT, True),
        (Role.MANAGER, Role.SUPPORT, True),
        (Role.MANAGER, Role.ADMIN, False),
        (Role.SUPPORT, Role.SUPPORT, True),
        (Role.SUPPORT, Role.MANAGER, False),
    ],
)
def test_a_role_includes_the_ones_below_it_and_none_above(
    role: Role, needed: Role, allowed: bool
) -> None:
    assert may(role, needed) is allowed


def test_a_sign_in_ends_after_a_week_without_a_visit() -> None:
    seen = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
    assert session_ends(MONDAY, seen) == datetime(2026, 5, 13, 12, 0, tzinfo=UTC)


def test_a_sign_in_ends_after_thirty_days_however_often_it_is_used() -> None:
    seen = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)
    assert session_ends(MONDAY, seen) == datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


def test_an_address_is_kept_trimmed_and_in_lower_case() -> None:
    assert clean_email("  Mara@Fern.Example ") == "mara@fern.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mara",
        "mara@",
        "@fern.example",
        "a@b@c",
        "a b@fern.example",
        "mara@fern.example\nBcc: x@y.z",
        "mara\0@fern.example",
        "mara@fern.example\x1b",
        "<mara@fern.example>",
        '"mara"@fern.example',
        "x" * 65 + "@fern.example",
        "mara@" + "x" * 256,
    ],
)
def test_what_cannot_be_an_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not an e-mail address"):
        clean_email(text)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("nine char", "too short: use at least 10"),
        ("x" * 1025, "too long: use at most 1024"),
        ("ababababab", "repeats too few"),
    ],
)
def test_a_password_that_is_easy_to_guess_or_costly_to_check_is_refused(
    password: str, problem: str
) -> None:
    with pytest.raises(InvalidInput, match=problem):
        check_password(password)


@pytest.mark.parametrize("password", ["correct horse", "пароль-длинный", "🌿🌱🌵🌴🌳🌲☘️🍀🍁🍂"])
def test_any_characters_make_a_password(password: str) -> None:
    assert check_password(password) == password

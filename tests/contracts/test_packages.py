"""What is installed is what is written down, and above the versions with known holes."""

import re
from importlib.metadata import version

import pytest
from packaging.version import Version

from tests.contracts.source import text

SEVEN = {"streamlit", "sqlmodel", "streamlit-aggrid", "altair", "apscheduler", "yagmail", "pytest"}
FLOORS = {"starlette": "1.1", "python-multipart": "0.0.22", "jinja2": "3.1.6"}


def pins(name: str) -> dict[str, str]:
    """Package and version of every line that names one."""
    lines = (line.partition("#")[0].strip() for line in text(name).splitlines())
    found: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith("-r"):
            package, pinned, number = line.partition("==")
            assert pinned, f"{name}: '{line}' is not pinned with =="
            found[re.sub(r"\[.*\]", "", package).lower()] = number
    return found


def test_the_seven_packages_stand_in_the_requirements() -> None:
    assert pins("requirements.txt").keys() >= SEVEN


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_to_what_is_installed(name: str) -> None:
    wrong = {
        package: (number, version(package))
        for package, number in pins(name).items()
        if version(package) != number
    }
    assert wrong == {}


@pytest.mark.parametrize(("package", "floor"), sorted(FLOORS.items()))
def test_packages_with_known_holes_are_past_them(package: str, floor: str) -> None:
    assert Version(version(package)) >= Version(floor)


@pytest.mark.parametrize("package", sorted(pins("requirements.txt")))
def test_every_dependency_is_accounted_for(package: str) -> None:
    assert f"`{package}`" in text("docs/why/dependencies.md").lower()

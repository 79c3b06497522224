"""journey, as whoever keeps journeys in files types it."""

import json
from pathlib import Path

import pytest

from tests.px.cli.terminal import px

CARE = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
exit_on: [order_cancelled]
touchpoints:
  - {key: thanks, anchor: order_placed, message: thanks}
  - {key: sorry, anchor: order_cancelled, message: thanks}
templates:
  thanks: {subject: Thanks, body: Thank you.}
"""
SORRY = "touchpoints[1]: Nobody can reach this: the journey ends when the order is cancelled."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "care.yaml"
    path.write_text(CARE)
    return path


def test_what_is_likely_a_mistake_is_said_with_its_path_and_the_draft_is_kept(file: Path) -> None:
    assert px("journey", "import", str(file)) == (
        0,
        "New draft: care, 1 template. Publish it with: px journey publish care\n",
        f"{SORRY}\n",
    )


def test_a_script_reads_the_warnings_too(file: Path) -> None:
    status, out, _ = px("journey", "import", str(file), "--json")
    assert (status, json.loads(out)) == (
        0,
        {"journey": "care", "new": True, "templates": ["thanks"], "warnings": [SORRY]},
    )


def test_a_contradiction_in_the_format_is_refused_whole_with_its_path(file: Path) -> None:
    file.write_text(CARE.replace("order_cancelled, message", "'answered:thanks', message"))
    status, out, error = px("journey", "import", str(file))
    assert (status, out) == (2, "")
    assert error == (
        "px: care.yaml: touchpoints[1].anchor: "
        "touchpoint 'thanks' asks nothing; give it an ask first\n"
    )
    assert px("journey", "list") == (0, "", "")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing.yaml", "cannot be read: No such file or directory."),
        (".", "is a folder, not a file."),
        ("latin.yaml", "is not text in UTF-8."),
        ("/dev/zero", "is larger than 50 MB."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "latin.yaml").write_bytes("name: Crème".encode("latin-1"))
    assert px("journey", "import", name) == (2, "", f"px: {name}: {why}\n")


def test_a_journey_is_tried_on_oneself_before_everybody_gets_it(file: Path) -> None:
    px("journey", "import", str(file))
    assert px("journey", "open", "care")[0] == 1
    assert px("journey", "test", "care", "Me@Shop.example") == (
        0,
        "care is live for me@shop.example only.\n",
        "",
    )
    assert px("journey", "open", "care") == (0, "care is open to everybody.\n", "")


def test_the_library_lists_its_journeys_and_prints_the_file_of_one() -> None:
    _, listed, _ = px("journey", "library", "--json")
    rows = {row["journey"]: row for row in map(json.loads, listed.splitlines())}
    assert len(rows) == 14
    assert rows["recall"]["channels"] == ["email", "sms", "whatsapp"]
    _, printed, _ = px("journey", "library", "recall")
    assert printed.startswith("format: 1\njourney: recall\n")
    status, _, said = px("journey", "library", "perfume")
    assert status == 1
    assert "There is no journey 'perfume' in the library." in said


def test_a_file_of_the_library_can_be_imported(tmp_path: Path, root: Path) -> None:
    status, said, _ = px("journey", "import", str(root / "px" / "library" / "skincare.yaml"))
    assert status == 0
    assert said.startswith("New draft: skincare, 9 templates.")

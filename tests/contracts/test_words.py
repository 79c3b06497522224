"""The tree speaks of px alone: no place on somebody's machine, nothing left for later."""

import re

import pytest

from tests.contracts.source import text, text_files

# Put together here so that this file does not find itself.
FORBIDDEN = {
    "a place on somebody's machine": re.compile(
        "|".join(
            ["/" + "root/", "/" + r"home/\w", "/" + r"Users/\w", "/" + "work/", r"C:\\" + "Users"]
        )
    ),
    "a folder outside the project": re.compile(r"\.\./" + "shared|" + r"\.\./\.\./" + "shared"),
    "something left for later": re.compile(r"\b(TO" + "DO|FIX" + "ME|X" + r"XX)\b"),
    "a merge that was not finished": re.compile(r"^(<" + r"{7} |>" + r"{7} )", re.MULTILINE),
}


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_the_tree_is_free_of(what: str) -> None:
    found = [
        f"{name}: {match[0]}"
        for name in text_files()
        if (match := FORBIDDEN[what].search(text(name)))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a place on somebody's machine", "open('/" + "home/ann/px.db')"),
        ("a place on somebody's machine", "see /" + "work/notes"),
        ("a folder outside the project", "read ../" + "shared/design.md"),
        ("something left for later", "# TO" + "DO: later"),
        ("a merge that was not finished", "<" * 7 + " ours"),
    ],
)
def test_the_check_itself_sees(what: str, line: str) -> None:
    assert FORBIDDEN[what].search(line)

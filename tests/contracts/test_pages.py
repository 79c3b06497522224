"""Pages can be reached, once each, and hide no module of Python's or of a package."""

import ast
import re
import sys
from importlib.machinery import PathFinder

import pytest

from tests.contracts.source import ROOT, python_files, text, tree

PAGES = [name for name in python_files(("pages",)) if re.fullmatch(r"pages/[a-z]\w*\.py", name)]
STEMS = [name.removeprefix("pages/").removesuffix(".py") for name in PAGES]


def hides(stem: str) -> bool:
    """Whether the folder of pages, first on the path, would hide a module of this name."""
    elsewhere = [path for path in sys.path if path != str(ROOT / "pages")]
    return (
        stem in sys.stdlib_module_names
        or PathFinder.find_spec(stem, [*elsewhere, str(ROOT)]) is not None
    )


@pytest.mark.parametrize("stem", STEMS)
def test_no_page_is_named_like_a_module(stem: str) -> None:
    assert not hides(stem)


@pytest.mark.parametrize("name", ["calendar", "email", "px", "altair"])
def test_the_check_itself_sees_a_name_that_is_taken(name: str) -> None:
    assert hides(name)


@pytest.mark.parametrize("stem", STEMS)
def test_every_page_is_registered_once(stem: str) -> None:
    words = [
        node.value
        for node in ast.walk(tree("pages/_shell.py"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    registered = [word for word in words if re.fullmatch(rf"(.*/)?{stem}\.py", word)]
    assert len(registered) == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_answers(name: str) -> None:
    assert (ast.get_docstring(tree(name)) or "").endswith((".", "?"))


def test_nothing_below_the_pages_speaks_streamlit() -> None:
    imports = re.compile(r"^\s*(import|from) (streamlit|st_aggrid)\b", re.MULTILINE)
    assert [name for name in python_files(("px", "db")) if imports.search(text(name))] == []

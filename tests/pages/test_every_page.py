"""Every page opens for everybody who may open it, in an empty shop and in a full one."""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import Database
from db.kinds import Role
from px.core.work import close_database, open_database
from px.demo import fill_demo
from tests.conftest import NOW
from tests.contracts.source import tree
from tests.pages.conftest import Look, text_of


def _registered() -> list[tuple[str, str]]:
    """Script and least role of every page, read from the shell."""
    table = next(
        node.value
        for node in tree("pages/_shell.py").body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PAGES"
    )
    assert isinstance(table, ast.Tuple)
    rows = [row.elts for row in table.elts if isinstance(row, ast.Tuple)]
    return [(ast.literal_eval(row[1]), ast.unparse(row[5]).split(".")[1].lower()) for row in rows]


PAGES = _registered()
RANK = [Role.SUPPORT, Role.MANAGER, Role.ADMIN]


@pytest.mark.parametrize(("script", "least"), PAGES, ids=[script for script, _ in PAGES])
def test_a_page_of_an_empty_shop_opens_and_says_something(
    look: Look, script: str, least: str
) -> None:
    at = look(script, Role(least))
    assert at.title[0].value
    assert text_of(at)


@pytest.mark.parametrize(("script", "least"), PAGES, ids=[script for script, _ in PAGES])
def test_a_page_refuses_the_role_below(look: Look, script: str, least: str) -> None:
    place = RANK.index(Role(least))
    if place:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            look(script, RANK[place - 1])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Path:
    """A small demo shop, filled once."""
    path = tmp_path_factory.mktemp("demo") / "px.db"
    shutil.copyfile(_sqlite_template, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PX_DATA_DIR", str(path.parent))
        patch.setattr("px.demo.shop.CUSTOMERS", 30)
        open_database(f"sqlite:///{path}")
        fill_demo(now=NOW)
        close_database()
    return path


class TestFull:
    @pytest.fixture
    def database(self, demo: Path, tmp_path: Path) -> Iterator[Database]:
        path = tmp_path / "full.db"
        shutil.copyfile(demo, path)
        yield open_database(f"sqlite:///{path}")
        close_database()

    @pytest.mark.slow  # The first of them fills the shop.
    @pytest.mark.parametrize(("script", "least"), PAGES, ids=[script for script, _ in PAGES])
    def test_a_page_of_a_full_shop_opens(self, look: Look, script: str, least: str) -> None:
        query = {"customer.py": {"id": "1"}, "journey.py": {"key": "serum-ownership"}}
        at = look(script, Role(least), **query.get(script, {}))
        assert at.title[0].value
        assert not [error.value for error in at.error]

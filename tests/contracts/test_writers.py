"""Each table has few writers, each clock one reader, each transaction one end."""

import ast
import re

import pytest

from tests.contracts.source import called, python_files, text, tree

# Whose rows these files may make. Whoever else wants one calls the verb that lives there.
WRITERS: dict[str, set[str]] = {
    "Message": {"px/messages/actions.py"},
    "Delivery": {"px/messages/send.py"},
    "Consent": {"px/customers/consent.py"},
    "Suppression": {"px/customers/suppression.py"},
    "Customer": {"px/customers/identity.py"},
    "Event": {"px/core/events.py"},
    "Setting": {"px/core/settings.py"},
    "Lease": {"px/core/lease.py"},
}
MAKERS = {"insert_new", "upsert", "insert", "table_of"}


def rows_made(module: ast.Module) -> set[str]:
    """The models of which this module makes rows: by constructor, or by an insert of any kind."""
    ours = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("db.models")
        for alias in node.names
    }
    made: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = called(node.func)
            given = [name, *map(called, node.args)] if _last(name) in MAKERS else [name]
            made |= {ours.get(it, _last(it)) for it in given if it.partition(".")[0] in ours}
    return made & WRITERS.keys()


def _last(name: str) -> str:
    return name.rpartition(".")[2]


@pytest.mark.parametrize("model", sorted(WRITERS))
def test_only_its_own_file_makes_the_rows_of_a_table(model: str) -> None:
    files = {
        name for name in python_files(("px", "pages", "app.py")) if model in rows_made(tree(name))
    }
    assert files <= WRITERS[model], f"{files - WRITERS[model]}: call the verb in {WRITERS[model]}"


def test_the_listed_writers_do_write() -> None:
    idle = [
        f"{name} makes no {model}"
        for model, names in WRITERS.items()
        for name in names
        if model not in rows_made(tree(name))
    ]
    assert idle == []


CLOCKS = re.compile(
    r"datetime\.now\(|\.utcnow\(|(date|datetime)\.today\(|\btime\.(time|monotonic|perf_counter|sleep)\("
    r"|CURRENT_TIMESTAMP|current_timestamp|\bfunc\.now\(|\bnow\(\)::|datetime\('now'|\bserver_default=",
)


@pytest.mark.parametrize("name", python_files(("app.py", "pages", "px", "db")))
def test_only_the_clock_reads_the_clock(name: str) -> None:
    if name == "px/core/clock.py":
        assert CLOCKS.search(text(name))
    else:
        found = CLOCKS.search(text(name))
        assert not found, (
            f"{found and found[0]}: take `now` as an argument; px/core/clock.py has it"
        )


@pytest.mark.parametrize("name", python_files(("app.py", "pages", "px")))
def test_only_a_unit_of_work_commits(name: str) -> None:
    commits = [
        node.lineno
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and called(node.func).endswith(".commit")
    ]
    assert not commits or name == "px/core/work.py", f"{name}:{commits}: use px.core.work"


def defaults(function: ast.FunctionDef) -> set[str]:
    """The arguments that may be left out."""
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    late = positional[len(positional) - len(given.defaults) :]
    named = [
        argument
        for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default is not None
    ]
    return {argument.arg for argument in [*late, *named]}


def test_now_is_never_left_out() -> None:
    loose = [
        f"{name}: {node.name}"
        for name in python_files(("px",))
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef) and "now" in defaults(node)
    ]
    assert loose == []


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("from db.models.messages import Message\nMessage(key='a')", {"Message"}),
        ("from db.models.messages import Message as Row\nRow(key='a')", {"Message"}),
        ("from db.models import messages\nmessages.Message(key='a')", {"Message"}),
        (
            "from db.models.customers import Consent\ninsert_new(session, Consent, rows, ['id'])",
            {"Consent"},
        ),
        ("from db.models.system import Event\nexecute(insert(Event).values(key='a'))", {"Event"}),
        ("from db.models.customers import Customer\ntable_of(Customer).insert()", {"Customer"}),
        ("from db.models.messages import Message\nselect(Message).where(col(Message.id))", set()),
        ("from db.models.messages import Message\nNewMessage(key='a')", set()),
        ("import asyncio\nasyncio.Event()", set()),
    ],
)
def test_the_check_itself_sees_a_second_writer(source: str, made: set[str]) -> None:
    assert rows_made(ast.parse(source)) == made


def test_the_check_itself_sees_a_now_that_may_be_left_out() -> None:
    for source in ("def f(*, now=None): ...", "def f(session, now=None): ..."):
        function = ast.parse(source).body[0]
        assert isinstance(function, ast.FunctionDef)
        assert defaults(function) == {"now"}


@pytest.mark.parametrize(
    "line",
    [
        "x = datetime.now(UTC)",
        "time.time()",
        "dt.date.today()",
        "func.now()",
        "DEFAULT CURRENT_TIMESTAMP",
    ],
)
def test_the_check_itself_sees_a_clock(line: str) -> None:
    assert CLOCKS.search(line)

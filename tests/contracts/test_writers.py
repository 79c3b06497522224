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
    made: set[str] = set()
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        name = called(node.func).rpartition(".")[2]
        if name in WRITERS:
            made.add(name)
        if name in MAKERS:
            given = {called(argument).rpartition(".")[2] for argument in node.args}
            made |= given & WRITERS.keys()
    return made


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
    r"|CURRENT_TIMESTAMP|current_timestamp|\bfunc\.now\(|\bnow\(\)::|datetime\('now'|server_default=",
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


def test_every_now_is_a_required_keyword() -> None:
    loose = [
        f"{name}: {node.name}"
        for name in python_files(("px",))
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef) and not _now_is_required(node)
    ]
    assert loose == []


def _now_is_required(node: ast.FunctionDef) -> bool:
    given_by_default = dict(
        zip((argument.arg for argument in node.args.kwonlyargs), node.args.kw_defaults, strict=True)
    )
    positional = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
    public = not node.name.startswith("_")
    return given_by_default.get("now") is None and not (public and "now" in positional)


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("Message(key='a')", {"Message"}),
        ("models.Message(key='a')", {"Message"}),
        ("insert_new(session, Consent, rows, ['id'])", {"Consent"}),
        ("session.execute(insert(Event).values(key='a'))", {"Event"}),
        ("table_of(Customer).insert()", {"Customer"}),
        ("select(Message).where(col(Message.id) == 1)", set()),
        ("NewMessage(key='a')", set()),
    ],
)
def test_the_check_itself_sees_a_second_writer(source: str, made: set[str]) -> None:
    assert rows_made(ast.parse(source)) == made


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

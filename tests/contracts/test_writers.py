"""Each table has few writers, each clock one reader, each transaction one end."""

import ast
import re
from functools import cache

import pytest

from tests.contracts.source import called, python_files, text, tree

# Whose rows these files may make. Whoever else wants one calls the verb that lives there.
WRITERS: dict[str, set[str]] = {
    "Address": {"px/customers/identity.py"},
    "Audit": {"px/team/actions.py"},
    "Consent": {"px/customers/consent.py"},
    "Customer": {"px/customers/identity.py"},
    "CustomerRef": {"px/customers/identity.py"},
    "Delivery": {"px/messages/send.py"},
    "Drawing": {"px/journeys/publishing/drawings.py"},
    "Enrolment": {"px/journeys/running/entering.py"},
    "Event": {"px/core/events.py"},
    "ImportRun": {"px/orders/imports.py"},
    "Journey": {"px/journeys/publishing/drafts.py"},
    "JourneyVersion": {"px/journeys/publishing/drafts.py"},
    "Lease": {"px/core/lease.py"},
    "Message": {"px/messages/actions.py"},
    "Order": {"px/orders/actions.py"},
    "OrderLine": {"px/orders/actions.py"},
    "Product": {"px/orders/products.py"},
    "Setting": {"px/core/settings.py"},
    "Shipment": {"px/orders/shipments.py"},
    "Staff": {"px/team/actions.py"},
    "StaffSession": {"px/team/sessions.py"},
    "Suppression": {"px/customers/suppression.py"},
    "Template": {"px/messages/templates.py"},
    "TemplateVersion": {"px/messages/templates.py"},
    "Tombstone": {"px/customers/tombstones.py"},
    # A pass plans them; publishing adds the new ones to everybody in one statement.
    "Touch": {"px/journeys/running/advancing.py", "px/journeys/publishing/moving.py"},
}
MAKERS = {"insert_new", "upsert", "insert"}


def rows_made(module: ast.Module) -> set[str]:
    """The models of which this module makes rows: by constructor, or by an insert of any kind."""
    ours = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("db.models")
        for alias in node.names
    }
    ours |= {name: ours[model] for name, model in handles(module).items() if model in ours}
    made: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            made |= {ours.get(it, _last(it)) for it in _given(node) if it.partition(".")[0] in ours}
    return made & WRITERS.keys()


@cache
def made_in(name: str) -> set[str]:
    """The models of which this file makes rows."""
    return rows_made(tree(name))


def _given(call: ast.Call) -> list[str]:
    """What a call makes rows of, if it makes any: Model(...), insert(Model), Model.insert()."""
    name = called(call.func)
    if _last(name) in MAKERS:
        before = call.func.value if isinstance(call.func, ast.Attribute) else None
        things = [*call.args, *([before] if before else [])]
        return [_model(thing) for thing in things]
    return [name] if name[:1].isupper() or "." in name else []


def _model(thing: ast.expr) -> str:
    """The model that an expression stands for: Model, or table_of(Model)."""
    inside = isinstance(thing, ast.Call) and called(thing.func) == "table_of"
    return called(thing.args[0]) if inside else called(thing)  # type: ignore[attr-defined]


def handles(module: ast.Module) -> dict[str, str]:
    """The names under which tables are kept: `_orders = table_of(Order)`, also several at once."""
    found: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and "table_of" in ast.dump(node.value):
            targets, value = node.targets[0], node.value
            names = targets.elts if isinstance(targets, ast.Tuple) else [targets]
            if isinstance(value, ast.GeneratorExp):
                value = value.generators[0].iter
            values = value.elts if isinstance(value, ast.Tuple) else [value]
            found |= {called(n): _model(v) for n, v in zip(names, values, strict=False)}
    return found


def _last(name: str) -> str:
    return name.rpartition(".")[2]


@pytest.mark.parametrize("model", sorted(WRITERS))
def test_only_its_own_file_makes_the_rows_of_a_table(model: str) -> None:
    files = {name for name in python_files(("px", "pages", "app.py")) if model in made_in(name)}
    assert files <= WRITERS[model], f"{files - WRITERS[model]}: call the verb in {WRITERS[model]}"


def test_the_listed_writers_do_write() -> None:
    idle = [
        f"{name} makes no {model}"
        for model, names in WRITERS.items()
        for name in names
        if model not in made_in(name)
    ]
    assert idle == []


CLOCKS = re.compile(
    r"datetime\.now\(|\.utcnow\(|(date|datetime)\.today\(|\btime\.(time|monotonic|perf_counter|sleep)\("
    r"|CURRENT_TIMESTAMP|current_timestamp|\bfunc\.now\(|\bnow\(\)::|datetime\('now'|\bserver_default=",
)


def test_only_the_clock_reads_the_clock() -> None:
    files = python_files(("app.py", "pages", "px", "db"))
    found = {name: match[0] for name in files if (match := CLOCKS.search(text(name)))}
    assert found.pop("px/core/clock.py")
    assert found == {}, "take `now` as an argument; px/core/clock.py has it"


def test_only_a_unit_of_work_commits() -> None:
    commits = {
        f"{name}:{node.lineno}"
        for name in python_files(("app.py", "pages", "px"))
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and called(node.func).endswith(".commit")
    }
    assert {place for place in commits if not place.startswith("px/core/work.py:")} == set()


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
        if not name.startswith("px/cli/")
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
        ("from db.models.orders import Order\n_o = table_of(Order)\ninsert(_o)", {"Order"}),
        ("from db.models.orders import Order\n_o = table_of(Order)\nselect(_o)", set()),
        (
            "from db.models.orders import Order, Product\n"
            "_o, _p = (table_of(m) for m in (Order, Product))\n_p.insert()",
            {"Product"},
        ),
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

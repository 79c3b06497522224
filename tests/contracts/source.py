"""Our own source as data: what the contract tests read."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("app.py", "pages", "px", "db", "benchmarks", "tests")
PRODUCT = ("app.py", "pages", "px", "db")
LEFT_OUT = {"__pycache__", "node_modules", "data", "venv"}


@cache
def python_files(tops: tuple[str, ...] = OURS) -> tuple[str, ...]:
    """The paths of our Python files, from the project's folder; past migrations are left out."""
    found = []
    for top in tops:
        path = ROOT / top
        found += [path] if path.is_file() else list(path.rglob("*.py"))
    names = (path.relative_to(ROOT).as_posix() for path in found if not LEFT_OUT & set(path.parts))
    return tuple(sorted(name for name in names if not name.startswith("db/migrations/versions/")))


@cache
def text(name: str) -> str:
    """The text of a file."""
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


@cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text(name))


def text_files() -> Iterator[str]:
    """The path of every file of the project that is text, hidden folders of tools apart."""
    kept = {".ci", ".streamlit"}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in kept for part in parts[:-1])
        if hidden or LEFT_OUT & set(parts) or not path.is_file():
            continue
        if b"\0" not in path.read_bytes()[:4096]:
            yield "/".join(parts)


def functions(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Every function's name and length in lines, decorators left out."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def called(node: ast.expr) -> str:
    """The dotted name of what is called, as far as it is one: `px.core.work` for px.core.work()."""
    if isinstance(node, ast.Attribute):
        before = called(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""

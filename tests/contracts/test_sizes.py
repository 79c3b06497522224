"""Files and functions stay small enough to read in one go."""

from collections.abc import Callable
from statistics import median, quantiles

from tests.contracts.source import OURS, PRODUCT, functions, python_files, text, tree

LONGEST_FILE, LONGEST_PAGE, LONGEST_FUNCTION = 400, 120, 60
# A table of cases may be long.
LONGEST_TEST_FILE, LONGEST_TEST = 600, 100


def too_long(name: str, source: str) -> str | None:
    page = name.startswith("pages/") and name.count("/") == 1
    test = LONGEST_TEST_FILE if name.startswith("tests/") else LONGEST_FILE
    most = LONGEST_PAGE if page else test
    lines = source.count("\n")
    return f"{name} has {lines} lines, {most} are allowed" if lines > most else None


def test_every_file_stays_within_its_lines() -> None:
    assert [said for name in python_files(OURS) if (said := too_long(name, text(name)))] == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{file}: {name} has {lines} lines"
        for file in python_files(OURS)
        for name, lines in functions(tree(file))
        if lines > (LONGEST_TEST if file.startswith("tests/") else LONGEST_FUNCTION)
    ]
    assert long == []


def test_functions_are_small_on_the_whole(record_property: Callable[[str, object], None]) -> None:
    lengths = [lines for file in python_files(PRODUCT) for _, lines in functions(tree(file))]
    middle, ninth = median(lengths), quantiles(lengths, n=10)[8]
    record_property(
        "note",
        f"functions: {len(lengths)}, median {middle:.0f} lines, 90 % within {ninth:.0f},"
        f" longest {max(lengths)}",
    )
    assert middle <= 10
    assert ninth <= 32


def test_the_check_itself_sees_a_file_that_is_too_long() -> None:
    assert too_long("pages/today.py", "x = 1\n" * 121) is not None
    assert too_long("pages/today.py", "x = 1\n" * 120) is None
    assert too_long("px/orders/actions.py", "x = 1\n" * 401) is not None

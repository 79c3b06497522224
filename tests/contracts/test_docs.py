"""The documentation says what the code does: words, settings, commands, places and links."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from db.kinds import Kind
from px.cli import build
from px.core.settings import HOST_ONLY, PREFIX, Settings
from tests.contracts import generated
from tests.contracts.source import ROOT, text

PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
)
ROW = re.compile(r"^\| `(PX_\w+)` \| (.*?) \| (.*) \|$", re.MULTILINE)


def test_the_glossary_has_every_word_with_its_meaning() -> None:
    assert text("docs/glossary.md").endswith(generated.words()), "run: make words"


def test_the_map_has_every_page_with_what_it_answers() -> None:
    assert text("docs/map.md").endswith(generated.pages()), "run: make words"


@pytest.mark.parametrize("kind", Kind.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_word_of_ours_has_a_meaning(kind: type[Kind]) -> None:
    assert [word.value for word in kind if not word.meaning.endswith(".")] == []


def described_settings() -> dict[str, tuple[str, str]]:
    return {
        name: (default, about)
        for name, default, about in ROW.findall(text("docs/configuration.md"))
    }


def test_every_setting_is_described_and_no_other() -> None:
    assert set(described_settings()) == {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_described_with_its_default(name: str) -> None:
    default, about = described_settings()[PREFIX + name.upper()]
    value = str(Settings.model_fields[name].default)
    assert default == (f"`{value}`" if value else "empty")
    assert about.startswith("Host. ") == (name in HOST_ONLY)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command by its words; typer brings a click of its own, so its classes are no help."""
    for name, command in group.commands.items():
        is_group = hasattr(command, "commands")
        if is_group:
            yield from commands(command, (*path, name))
        if not is_group or command.invoke_without_command:
            yield " ".join((*path, name)), command


def sections() -> dict[str, str]:
    """The sections of docs/commands.md by their heading."""
    parts = re.split(r"^## (?:`)?(.+?)(?:`)?\n", text("docs/commands.md"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


ALL = dict(commands(typer.main.get_command(build())))


def test_every_command_is_described_and_no_other() -> None:
    assert set(sections()) == set(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_command_is_described_with_its_options(name: str) -> None:
    flags = [
        max(option.opts, key=len)
        for option in ALL[name].params
        if option.opts[0].startswith("-") and option.name != "help"
    ]
    assert [flag for flag in flags if flag not in sections()[name]] == []


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_command_shows_an_example_in_its_help(name: str) -> None:
    assert f"px {name.split()[0]}" in (ALL[name].help or "")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    named = re.findall(r"`((?:px|db|pages|tests|docs|benchmarks)/[\w./<>*-]*)`", text(page))
    missing = [path for path in named if not ("<" in path or list(ROOT.glob(path.rstrip("/"))))]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_between_pages_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text(page))
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert missing == []


def test_the_map_names_every_slice() -> None:
    slices = [path.name for path in (ROOT / "px").iterdir() if (path / "__init__.py").exists()]
    assert [name for name in slices if f"px/{name}/" not in text("docs/map.md")] == []

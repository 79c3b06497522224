"""Reading YAML that somebody else wrote: small, plain, without surprises.

Words follow YAML 1.2: `on`, `no` and 12:30 stay text. Refused with the line: more than 1 MB, a key
twice,
aliases that multiply, tags, nesting deeper than 60.
"""

import re
from typing import Any

import yaml

from px.core.errors import InvalidInput

MAX_BYTES = 1_000_000
MAX_NODES = 100_000
MAX_DEPTH = 60


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the base class declares it so


for _tag, _pattern, _first in (
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)", "tTfF"),
    ("null", r"(?:~|null|Null|NULL|)", ["~", "n", "N", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^{_pattern}$"), list(_first)
    )


def load_yaml(text: str) -> Any:
    """The plain data that `text` holds. InvalidInput names the line and what is wrong."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise InvalidInput("the file is larger than 1 MB; a journey with its texts is at most that")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _measure(node)
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise InvalidInput(_sentence(error)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidInput(f"not readable as YAML: {_one_line(str(error))}") from error
    except RecursionError as error:
        raise InvalidInput(f"nested more than {MAX_DEPTH} deep") from error


def dump_yaml(data: Any) -> str:
    """The data as YAML in the order of its keys, with long texts as blocks."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base class hands it over
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    )


_Dumper.add_representer(str, _text)


def _measure(root: yaml.Node) -> None:
    """Counts what the document would hold with every alias written out, without writing it out."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node, depth: int) -> int:
        if id(node) in open_nodes:
            raise InvalidInput(f"line {_line(node)}: an alias contains itself")
        if depth > MAX_DEPTH:
            raise InvalidInput(f"line {_line(node)}: nested more than {MAX_DEPTH} deep")
        if id(node) not in sizes:
            open_nodes.add(id(node))
            sizes[id(node)] = 1 + sum(size(child, depth + 1) for child in _children(node))
            open_nodes.discard(id(node))
        if sizes[id(node)] > MAX_NODES:
            raise InvalidInput(
                f"line {_line(node)}: aliases multiply to more than {MAX_NODES:,} values"
            )
        return sizes[id(node)]

    size(root, 0)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if not isinstance(node, yaml.MappingNode):
        return []
    seen: set[Any] = set()
    for key, _value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise InvalidInput(f"line {_line(key)}: a key must be a word")
        if key.value in seen:
            raise InvalidInput(f"line {_line(key)}: the key {key.value!r} stands here twice")
        seen.add(key.value)
    return [value for _key, value in node.value]


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _sentence(error: yaml.MarkedYAMLError) -> str:
    line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
    return f"{line}{_one_line(error.problem or 'not readable as YAML')}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]

"""What a body consists of: elements, and the Liquid that stands between and around them."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Element:
    """A piece of the message's structure, named by its HTML tag; `button` and `root` are ours."""

    name: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Output:
    """{{ ... }}, by the index of its piece."""

    index: int


@dataclass(frozen=True, slots=True)
class Single:
    """A tag that opens nothing, by the index of its piece."""

    index: int


@dataclass(slots=True)
class Block:
    """A Liquid block: each branch behind the index of its tag, and the index of the end tag."""

    branches: list[tuple[int, list["Node"]]]
    end: int


Node = Element | Output | Single | Block | str

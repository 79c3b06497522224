"""Ready texts to begin with, one file each in starters/."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from px.core.yaml_file import load_yaml
from px.messages.render import TemplateParts

_FOLDER = Path(__file__).parent / "starters"
# In the order in which a customer gets them.
_KEYS = ("order-confirmed", "shipped", "delivered", "how-to", "review-request")


@dataclass(frozen=True, slots=True)
class Starter:
    """A ready text: its key, its name and its words."""

    key: str
    name: str
    parts: TemplateParts


@cache
def starters() -> tuple[Starter, ...]:
    """The ready texts, in the order of a purchase."""
    return tuple(_read(key) for key in _KEYS)


def _read(key: str) -> Starter:
    words = load_yaml((_FOLDER / f"{key}.yaml").read_text(encoding="utf-8"))
    name = words.pop("name")
    return Starter(key, name, TemplateParts(**words))

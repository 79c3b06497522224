"""The tables of docs/glossary.md, made from db/kinds.py. As a program it writes them there."""

import re

from db.kinds import Kind
from tests.contracts.source import ROOT

PAGE = ROOT / "docs" / "glossary.md"
BEGIN = "<!-- from db/kinds.py -->\n"


def heading(kind: type[Kind]) -> str:
    """The kind's name in words: EventKind is `event kind`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def tables() -> str:
    """A section for each kind: what it is, then each word with its meaning."""
    sections = []
    for kind in Kind.__subclasses__():
        rows = "\n".join(f"| `{word.value}` | {word.meaning} |" for word in kind)
        about = (kind.__doc__ or "").strip()
        sections.append(
            f"## {heading(kind)}\n\n{about}\n\n| word | means |\n| --- | --- |\n{rows}\n"
        )
    return BEGIN + "\n" + "\n".join(sections)


def main() -> None:
    """The page has the tables of today's vocabulary."""
    PAGE.write_text(PAGE.read_text().partition(BEGIN)[0] + tables())


if __name__ == "__main__":
    main()

"""The parts of docs/ that are written from the source. As a program it writes them there."""

import ast
import re

from db.kinds import Kind
from tests.contracts.source import ROOT, python_files, tree

# The page, where the written part begins, and it goes on to the end.
WORDS = ("docs/glossary.md", "<!-- from db/kinds.py -->\n")
PAGES = ("docs/map.md", "<!-- from pages/ -->\n")


def heading(kind: type[Kind]) -> str:
    """The kind's name in words: EventKind is `event kind`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def words() -> str:
    """A section for each kind: what it is, then each word with its meaning."""
    sections = []
    for kind in Kind.__subclasses__():
        rows = "\n".join(f"| `{word.value}` | {word.meaning} |" for word in kind)
        about = (kind.__doc__ or "").strip()
        sections.append(
            f"## {heading(kind)}\n\n{about}\n\n| word | means |\n| --- | --- |\n{rows}\n"
        )
    return WORDS[1] + "\n" + "\n".join(sections)


def pages() -> str:
    """A line for each page with the question it answers."""
    lines = []
    for name in python_files(("pages",)):
        if re.fullmatch(r"pages/[a-z]\w*\.py", name):
            answers = (ast.get_docstring(tree(name)) or "").partition("\n\n")[0].replace("\n", " ")
            lines.append(f"| `{name}` | {answers} |")
    return (
        PAGES[1] + "\n## The pages\n\n| page | answers |\n| --- | --- |\n" + "\n".join(lines) + "\n"
    )


def main() -> None:
    """Both pages say what the source says today."""
    for (name, begin), written in ((WORDS, words()), (PAGES, pages())):
        path = ROOT / name
        path.write_text(path.read_text().partition(begin)[0] + written)


if __name__ == "__main__":
    main()

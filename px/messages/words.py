"""Small helps for saying things in sentences."""

from collections.abc import Iterable


def listed_in_words(names: Iterable[str], most: int, between: str = ", ") -> str:
    """The names one behind the other, at most so many: a, b, c ..."""
    known = list(names)
    return between.join(known[:most]) + (" ..." if len(known) > most else "")

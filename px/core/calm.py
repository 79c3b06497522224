"""Long work in one thread that does not get in the way of itself or of others."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_BRIEF = 0.0005


@contextmanager
def without_collecting() -> Iterator[None]:
    """Inside, no cycle is looked for: planning makes many small objects and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def giving_way() -> Iterator[None]:
    """Inside, long calculation in this thread lets others in ten times as soon as usual.

    Who sends asks for its turn several times a message, and would wait 5 ms for each.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(_BRIEF, usual))
    try:
        yield
    finally:
        sys.setswitchinterval(usual)

"""How a measurement says what it found: a line each, every figure beside its bar."""

import resource
import sys


def say(text: str) -> None:
    """A line on standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def at_most(what: str, value: float, unit: str, bar: float) -> bool:
    """Says the figure; whether it is no more than its bar."""
    return told(f"{what}: {_shown(value)} {unit}", f"at most {bar:,g} {unit}", value <= bar)


def at_least(what: str, value: float, unit: str, bar: float) -> bool:
    """Says the figure; whether it is no less than its bar."""
    return told(f"{what}: {_shown(value)} {unit}", f"at least {bar:,g} {unit}", value >= bar)


def told(figure: str, bar: str, is_met: bool) -> bool:
    """Says the figure beside its bar, in whatever words; whether it was met."""
    say(f"{figure} ({bar}) {'ok' if is_met else 'MISSED'}")
    return is_met


def peak_memory() -> float:
    """The most MB that this process has held at any time."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _shown(value: float) -> str:
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"

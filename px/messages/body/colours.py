"""Colours that can be read: contrast as WCAG 2 counts it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

import re

ENOUGH = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_FALLBACK = "#0f766e"


def valid_colour(colour: str) -> str:
    """The colour, or the house's when it is none."""
    return colour.lower() if _HEX.fullmatch(colour) else _FALLBACK


def contrast(one: str, other: str) -> float:
    """How well one stands out from the other, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(background: str) -> str:
    """White or near-black, whichever is better read on the background."""
    return "#ffffff" if contrast("#ffffff", background) >= ENOUGH else "#111418"


def readable(colour: str, background: str) -> str:
    """The colour, moved away from the background as far as it takes to be read on it."""
    towards = 255 if _luminance(background) < 0.2 else 0
    for step in range(21):
        moved = _mixed(colour, towards, step / 20)
        if contrast(moved, background) >= ENOUGH:
            return moved
    return _mixed(colour, towards, 1)


def _mixed(colour: str, towards: int, share: float) -> str:
    return "#" + "".join(f"{round(part + (towards - part) * share):02x}" for part in _parts(colour))


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (p / 255 for p in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

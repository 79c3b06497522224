"""The grid in the house's type and colours; its frame inherits neither."""

from functools import lru_cache
from pathlib import Path

import streamlit as st


@lru_cache
def grid_look(theme: str) -> dict[str, dict[str, str]]:
    """CSS rules for the grid, in the light or the dark theme of .streamlit/config.toml."""
    family = {"font-family": '"Source Sans", system-ui, sans-serif', "font-size": "15px"}
    button = ".ag-header-cell-filter-button"
    return {
        "@font-face": {"font-family": '"Source Sans"', "font-weight": "200 900", "src": _font()},
        ".ag-root-wrapper": family | _colours(theme) | {"border-radius": "8px"},
        ".ag-cell, .ag-header-cell": family,
        ".ag-cell": {"line-height": "40px"},
        ".ag-row": {"background-color": _colours(theme)["--ag-background-color"]},
        ".ag-selection-checkbox": {"height": "40px"},
        ".ag-header-cell-text": {"font-weight": "600"},
        button: {"opacity": "0"},
        f".ag-header-cell:hover {button}, .ag-header-cell:focus-within {button}": {"opacity": "1"},
        f".ag-header-cell-filtered {button}": {"opacity": "1"},
    }


def _colours(theme: str) -> dict[str, str]:
    ground, text, second, line, accent = (
        str(st.get_option(f"theme.{theme}.{name}"))
        for name in (
            "backgroundColor",
            "textColor",
            "secondaryBackgroundColor",
            "borderColor",
            "primaryColor",
        )
    )
    return {
        "--ag-background-color": ground,
        "--ag-odd-row-background-color": ground,
        "--ag-foreground-color": text,
        "--ag-cell-text-color": text,
        "--ag-header-background-color": second,
        "--ag-header-text-color": text,
        "--ag-border-color": line,
        "--ag-accent-color": accent,
        "--ag-row-hover-color": second,
        "--ag-selected-row-background-color": f"color-mix(in srgb, {accent} 18%, {ground})",
        "--ag-checkbox-checked-background-color": accent,
        "--ag-range-selection-border-color": accent,
    }


def _font() -> str:
    media = Path(st.__file__).parent / "static" / "static" / "media"
    name = next((path.name for path in media.glob("SourceSansVF-U*")), "")
    return f"url(/static/media/{name})"

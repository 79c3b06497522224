"""Plain HTML pages from html/: all values escaped, no script, one style by its hash."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

from px.core.settings import Settings
from px.web.headers import COMMON, page_policy

_FOLDER = Path(__file__).parent / "html"
_OURS = "#0f766e"


@dataclass(frozen=True, slots=True)
class Look:
    """Whose page it is: ours, or the shop's with its logo, colour and address."""

    name: str
    colour: str = _OURS
    logo_url: str = ""
    footer: str = ""
    is_ours: bool = False

    @classmethod
    def ours(cls) -> "Look":
        """The team's own pages."""
        return cls(name="px", is_ours=True)

    @classmethod
    def of_shop(cls, settings: Settings) -> "Look":
        """What the shop's customers see."""
        footer = settings.brand_address or settings.shop_name
        return cls(settings.shop_name, settings.brand_colour, settings.brand_logo_url, footer)


def page(
    template: str, look: Look, /, *, title: str, status: int = 200, problem: str = "", **values: str
) -> HTMLResponse:
    """The page html/TEMPLATE.html in its frame; `values` are text, never HTML."""
    escaped = {key: escape(value, quote=True) for key, value in values.items()}
    body = _template(template).substitute(
        escaped, problem=f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    )
    style = _template("style.css").substitute(_colours(look.colour))
    html = _template("frame").substitute(
        title=escape(title), style=style, header=_header(look), body=body, footer=_footer(look)
    )
    headers = COMMON | {"Content-Security-Policy": page_policy(style), "Cache-Control": "no-store"}
    return HTMLResponse(html, status, headers)


def dead_link(look: Look) -> HTMLResponse:
    """What every link of a message that is none of ours answers, whatever is wrong with it."""
    return page(
        "message",
        look,
        title="This link does not work",
        status=404,
        heading="This link does not work",
        text="It may be cut short. Open it from the message again, or write to us.",
    )


def _header(look: Look) -> str:
    if look.is_ours:
        return f"<header>{_template('mark.svg').template}<span>px</span></header>"
    if look.logo_url.startswith("https://"):
        return f'<header><img src="{escape(look.logo_url)}" alt="{escape(look.name)}"></header>'
    return f"<header>{escape(look.name)}</header>"


def _footer(look: Look) -> str:
    return f"<footer>{escape(look.footer)}</footer>" if look.footer else ""


def _colours(colour: str) -> dict[str, str]:
    return {
        "accent": colour,
        "on_accent": "#ffffff" if _contrast(colour, "#ffffff") >= 4.5 else "#111815",
        "link": colour if _contrast(colour, "#ffffff") >= 4.5 else "#1f2937",
        "link_dark": colour if _contrast(colour, "#17201c") >= 4.5 else "#7dd3c0",
    }


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@lru_cache
def _template(name: str) -> Template:
    path = _FOLDER / (name if "." in name else f"{name}.html")
    return Template(path.read_text("utf-8"))

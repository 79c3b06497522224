"""The mail around a body: the shop's colour, logo, name and address, and marketing's links.

The frame is MJML, made HTML once per brand; the style sheet is inlined once per template and brand,
with the Liquid out of the way, so that sending one mail is only filling it in. Neither parser
survives HTML that is nested thousands deep, hence the check in front.
"""

import re
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

import css_inline
import mrml

from px.messages.body.colours import ink_on, readable, valid_colour
from px.messages.body.markdown import Page
from px.messages.body.marks import ADDRESS, COMMENT, literal
from px.messages.body.preheader import preheader
from px.messages.body.to_html import body_html
from px.messages.context import Brand
from px.messages.liquid.pieces import Malformed, Piece
from px.messages.liquid.writers import is_safe_address

LONGEST_HTML = 400_000
DEEPEST_HTML = 200
_HERE = Path(__file__).parent
_FRAME = Template((_HERE / "frame.mjml").read_text(encoding="utf-8"))
_STYLE = Template((_HERE / "mail.css").read_text(encoding="utf-8"))
_LOGO = Template(
    '<mj-image src="$logo" alt="$head" width="160px" align="left" padding="0 32px 24px"'
    ' css-class="px-logo"/>'
)
_NAME = Template(
    '<mj-text css-class="px-name" font-size="20px" font-weight="700" padding="0 32px 20px">'
    "$head</mj-text>"
)
_SLOTS = {name: f"pxslot{name}px" for name in ("body", "preview", "head", "foot", "logo")}
_SLOT = re.compile(r"pxslot([a-z]+)px")
_COLOURS = {
    "page": "#f4f5f7",
    "card": "#ffffff",
    "ink": "#1f2933",
    "muted": "#59636e",
    "rule": "#d5dae0",
    "shade": "#eef0f3",
    "dark_page": "#111418",
    "dark_card": "#1b2026",
    "dark_ink": "#e6e9ec",
    "dark_muted": "#a9b3bd",
    "dark_rule": "#3a424b",
    "dark_shade": "#2a3138",
}
# Behind everything else, so that nothing of the mail waits for it.
_PIXEL = (
    '<img src="{{ px_pixel | px_address }}" width="1" height="1" alt="" role="presentation"'
    ' style="display:block;width:1px;height:1px;border:0">'
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_VOID = {"br", "hr", "img"}
# Otherwise a font that is named is fetched from Google by every reader.
_NO_FONTS = mrml.RenderOptions(fonts={})
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def mail_source(page: Page, brand: Brand, *, counted: bool = False) -> str:
    """The whole mail as a Liquid source. Malformed when it is too long or nested too deeply.

    With `counted` the message says where its links lead, and has an image that tells of opening.
    """
    logo = brand.logo_url if _is_on_the_web(brand.logo_url) else ""
    parts = {
        "preview": preheader(page),
        "head": escape(brand.name),
        "logo": escape(logo),
        "foot": _foot(page, brand),
        "body": _checked(body_html(page.root, page.marks, counted=counted)),
    }
    frame = _frame(valid_colour(brand.colour), bool(logo))
    whole = _SLOT.sub(lambda found: parts[found[1]], frame)
    html = page.marks.in_html(_INLINER.inline(whole))
    return html.replace("</body>", f"{_PIXEL}</body>") if counted else html


def foot_text(brand: Brand) -> str:
    """The end of a mail in plain text, as a Liquid source."""
    lines = [*_name_and_address(brand), *brand.footer.splitlines()]
    shop = literal("\n".join(["-- ", *(line for line in lines if line.strip())]))
    return (
        f"{shop}\n{{% if unsubscribe_url != blank %}}Unsubscribe: {{{{ unsubscribe_url }}}}\n"
        "{% endif %}{% if preferences_url != blank %}Choose what you get: {{ preferences_url }}\n"
        "{% endif %}"
    )


def html_depth(html: str) -> int:
    """How deep elements stand inside each other, at most."""
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _VOID:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


@lru_cache(maxsize=64)
def _frame(colour: str, has_logo: bool) -> str:
    colours = _COLOURS | {
        "colour": colour,
        "button": ink_on(colour),
        "link": readable(colour, _COLOURS["card"]),
        "dark_link": readable(colour, _COLOURS["dark_card"]),
    }
    logo = (_LOGO if has_logo else _NAME).substitute(_SLOTS)
    words = _SLOTS | colours | {"logo": logo, "style": _STYLE.substitute(colours)}
    return str(mrml.to_html(_FRAME.substitute(words), render_options=_NO_FONTS).content)


def _foot(page: Page, brand: Brand) -> str:
    def tag(source: str) -> str:
        return f"<!--{page.marks.mark(page.marks.add(Piece('tag', source, 1, 0)), COMMENT)}-->"

    def link(variable: str, words: str) -> str:
        index = page.marks.add(Piece("output", f"{{{{ {variable} }}}}", 1, 0, "", variable))
        return f'<a href="{page.marks.mark(index, ADDRESS)}">{words}</a>'

    name = escape(brand.name)
    address = "<br>".join(map(escape, _name_and_address(brand)))
    footer = "".join(f"<p>{escape(line)}</p>" for line in brand.footer.splitlines() if line.strip())
    return (
        f"<p>{address}</p>{footer}"
        + tag("{% if unsubscribe_url != blank %}")
        + f"<p>You get this because you agreed to hear from {name}.<br>"
        + link("unsubscribe_url", "Unsubscribe")
        + tag("{% if preferences_url != blank %}")
        + f" · {link('preferences_url', 'Choose what you get')}"
        + tag("{% endif %}")
        + "</p>"
        + tag("{% else %}")
        + f"<p>You get this message because of your order at {name}.</p>"
        + tag("{% endif %}")
    )


def _name_and_address(brand: Brand) -> list[str]:
    lines = [line for line in brand.address.splitlines() if line.strip()]
    return lines if lines and brand.name in lines[0] else [brand.name, *lines]


def _is_on_the_web(address: str) -> bool:
    return address.startswith(("https://", "http://")) and is_safe_address(address)


def _checked(html: str) -> str:
    if len(html) > LONGEST_HTML:
        raise Malformed(1, f"The mail is longer than {LONGEST_HTML:,} characters.")
    if html_depth(html) > DEEPEST_HTML:
        raise Malformed(1, f"The mail is nested more than {DEEPEST_HTML} deep.")
    return html

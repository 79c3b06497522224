"""A body of Markdown filled in, as HTML and as text, and a strict reader of HTML."""

from html.parser import HTMLParser
from typing import Any

from px.messages.body.markdown import read_body
from px.messages.body.to_html import body_html
from px.messages.body.to_text import body_text
from px.messages.liquid.program import Program

VOID = {"br", "hr", "img", "meta", "link"}


def html_of(body: str, data: dict[str, Any] | None = None) -> str:
    """The body as HTML, without the mail around it."""
    page = read_body(body)
    source = page.marks.in_html(body_html(page.root, page.marks))
    return Program(source, html=True).render(data or {})


def text_of(body: str, data: dict[str, Any] | None = None) -> str:
    """The body as plain text."""
    page = read_body(body)
    return Program(body_text(page.root, page.marks)).render(data or {}).strip()


class Reader(HTMLParser):
    """Reads HTML and refuses what is not closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> is out of order"

    def handle_data(self, data: str) -> None:
        self.words += data


def read(html: str) -> Reader:
    """What is in the HTML, which is well formed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader

"""The links of a template that may be counted, as Liquid that leaves their address to the message.

Only who wrote the template decides where a counted link leads: its host stands in the template's
own words or in an address of the shop. Otherwise whoever gives a link as their name would have one
of ours that leads to it.
"""

import re

from px.messages.body.marks import OUTPUT, TAG, Marks, literal
from px.messages.liquid.pieces import split
from px.messages.liquid.writers import LINK

# Variables that hold a whole address of the shop's own or its carrier's making.
_TRUSTED = {"shop.url", "shipment.tracking_url"}
_HOST = re.compile(r"https?://[^\s/?#@\\]+", re.IGNORECASE)
_BEHIND_HOST = ("/", "?", "#")
_PLAIN = re.compile(r"[^\"\\{}]{1,900}")
_FIXED = re.compile(rf'\{{\{{ "([^"]+)" \| {LINK} \}}\}}')
_LAST = ".,;:!?*_~"

Parts = list[str | tuple[int, str]]


def counted_address(address: str, marks: Marks) -> str | None:
    """Liquid for the address as the message writes it; None for a link that is left as it is."""
    parts = marks.split(address)
    if not parts or not _is_trusted(parts, marks):
        return None
    if len(parts) == 1 and isinstance(parts[0], str) and _PLAIN.fullmatch(parts[0]):
        return f'{{{{ "{parts[0]}" | {LINK} }}}}'
    whole = "".join(
        literal(part) if isinstance(part, str) else marks.pieces[part[0]].source for part in parts
    )
    return f"{{% capture px_href %}}{whole}{{% endcapture %}}{{{{ px_href | {LINK} }}}}"


def counted_text(source: str) -> str:
    """The Liquid source of a text in which every address that may be counted is one."""
    marks = Marks(source, split(source))
    flat = "".join(
        piece.source
        if piece.kind == "text"
        else marks.mark(index, OUTPUT if piece.kind == "output" else TAG)
        for index, piece in enumerate(marks.pieces)
    )
    return _restored(_addresses(marks).sub(lambda found: _counted(found[0], marks), flat), marks)


def fixed_links(source: str) -> list[str]:
    """The addresses of counted links that are the same in every message, in a source made here."""
    return _FIXED.findall(source)


def _is_trusted(parts: Parts, marks: Marks) -> bool:
    first, behind = parts[0], parts[1] if len(parts) > 1 else None
    if isinstance(first, str):
        host = _HOST.match(first)
        return host is not None and (behind is None or host.end() < len(first))
    piece = marks.pieces[first[0]]
    if piece.kind != "output" or piece.inner not in _TRUSTED:
        return False
    return behind is None or (isinstance(behind, str) and behind.startswith(_BEHIND_HOST))


def _addresses(marks: Marks) -> re.Pattern[str]:
    begins = [
        marks.mark(index, OUTPUT)
        for index, piece in enumerate(marks.pieces)
        if piece.kind == "output" and piece.inner in _TRUSTED
    ]
    tag = rf"{marks.prefix}\d+{TAG}"
    return re.compile(
        rf"(?:{'|'.join(['https?://', *begins])})(?:(?!{tag})[^\s<>\"'()\[\]{{}}|\\^`])*",
        re.IGNORECASE,
    )


def _counted(found: str, marks: Marks) -> str:
    address = found.rstrip(_LAST)
    liquid = counted_address(address, marks)
    return found if liquid is None else liquid + found[len(address) :]


def _restored(flat: str, marks: Marks) -> str:
    return marks.pattern.sub(lambda mark: marks.pieces[int(mark[1])].source, flat)

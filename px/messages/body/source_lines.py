"""A body as Markdown should see it: Liquid tags around whole lines stand on lines of their own."""

import re
from dataclasses import dataclass

from px.messages.body.marks import LINE_TAG, OUTPUT, TAG, Marks
from px.messages.liquid.pieces import Piece

_WRAPPED_FROM = 72
_FENCE = re.compile(r"[ \t>]*(?:```|~~~)")
_TAGS = re.compile(r"\{%.*?%\}", re.DOTALL)
_BEFORE = re.compile(r"[ \t>]*")
_DELIMITERS = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_BEGINS_BLOCK = re.compile(r"[ \t]*([-*+] |\d{1,9}[.)] |#{1,6} |\||>)")


def arranged(source: str, pieces: list[Piece], marks: Marks) -> str:
    """The source as Markdown with marks for its Liquid; `pieces` are those of the marks."""
    alone = _tags_around_lines(source, pieces)
    text = ""
    for index, piece in enumerate(pieces):
        if piece.kind == "text":
            text += piece.source
        elif index not in alone:
            text += marks.mark(index, OUTPUT if piece.kind == "output" else TAG)
        else:
            text += _on_its_line(text, marks.mark(index, LINE_TAG), pieces[index + 1 : index + 2])
    return "\n".join(_with_breaks(_with_headers(text.split("\n"), marks), marks))


def _on_its_line(text: str, mark: str, behind: list[Piece]) -> str:
    line = text[text.rfind("\n") + 1 :]
    found = _BEFORE.match(line)
    before = found.group() if found else ""
    begins = "" if not line.strip(" \t>") else "\n" + before
    ends_line = not behind or (behind[0].kind == "text" and behind[0].source.startswith("\n"))
    return begins + mark + ("" if ends_line else "\n" + before)


@dataclass(slots=True)
class _Group:
    """A tag with its branches and end, by the indexes of their pieces."""

    members: list[int]


def _tags_around_lines(source: str, pieces: list[Piece]) -> set[int]:
    alone: set[int] = set()
    for group in _groups(pieces):
        tags = [pieces[index] for index in group.members]
        if tags[0].line != tags[-1].line or len(tags) == 1:
            whole = all(_at_edge(source, tag, both=len(tags) == 1) for tag in tags)
        else:
            whole = _fills_paragraph(source, tags)
        if whole:
            alone.update(group.members)
    return alone


def _groups(pieces: list[Piece]) -> list[_Group]:
    done: list[_Group] = []
    open_groups: list[_Group] = []
    for index, piece in enumerate(pieces):
        if piece.kind != "tag":
            continue
        if piece.opens and piece.name != "capture":
            open_groups.append(_Group([index]))
        elif piece.divides:
            open_groups[-1].members.append(index)
        elif piece.closes:
            open_groups[-1].members.append(index)
            done.append(open_groups.pop())
        else:
            done.append(_Group([index]))
    return done


def _at_edge(source: str, tag: Piece, *, both: bool) -> bool:
    start = source.rfind("\n", 0, tag.start) + 1
    end = source.find("\n", tag.start + len(tag.source))
    begins = not _TAGS.sub("", source[start : tag.start]).strip(" \t>")
    ends = not _TAGS.sub(
        "", source[tag.start + len(tag.source) : end if end >= 0 else None]
    ).strip()
    return (begins and ends) if both else (begins or ends)


def _fills_paragraph(source: str, tags: list[Piece]) -> bool:
    """Whether a block on one line is all of that line, and the line no part of a paragraph."""
    first, last = tags[0], tags[-1]
    start, stop = first.start, last.start + len(last.source)
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", stop)
    line_end = len(source) if line_end < 0 else line_end
    if source[line_start:start].strip(" \t>") or source[stop:line_end].strip():
        return False
    if _BEGINS_BLOCK.match(source, start + len(first.source)):
        return True
    previous = source[:line_start].rstrip(" \t")[-2:]
    following = source[line_end + 1 :].split("\n", 1)[0]
    return previous in ("", "\n", "\n\n") and not following.strip()


def _with_headers(lines: list[str], marks: Marks) -> list[str]:
    # To Markdown rows behind a Liquid tag are no table: they get a header that is dropped again.
    tag_line = re.compile(rf"[ \t>]*({marks.prefix}\d+{LINE_TAG}\s*)+")
    made: list[str] = []
    delimiters, waits = "", False
    for line in lines:
        if _DELIMITERS.fullmatch(line) and made and "|" in made[-1] and "-" in line:
            delimiters, waits = line, False
        elif delimiters and tag_line.fullmatch(line):
            waits = True
        elif delimiters and "|" in line:
            if waits:
                made += [_header(delimiters, marks.continues), delimiters]
            waits = False
        else:
            delimiters = ""
        made.append(line)
    return made


def _with_breaks(lines: list[str], marks: Marks) -> list[str]:
    """A line that ends early was ended on purpose: Markdown breaks after two spaces.

    One into which the next word would not have fitted was only wrapped.
    """
    written = [marks.pattern.sub(lambda found: _source(marks, found), line) for line in lines]
    made: list[str] = []
    in_code = False
    for line, source, following in zip(lines, written, [*written[1:], ""], strict=True):
        in_code ^= bool(_FENCE.match(line))
        word = following.split(maxsplit=1)[0] if following.strip() else ""
        ends_early = bool(word) and len(source.rstrip()) + 1 + len(word) <= _WRAPPED_FROM
        trims = source.rstrip().endswith(("-}}", "-%}", "\\")) or word.startswith(("{{-", "{%-"))
        made.append(line + "  " if ends_early and not (trims or in_code) and line.strip() else line)
    return made


def _source(marks: Marks, found: re.Match[str]) -> str:
    return marks.pieces[int(found[1])].source


def _header(delimiters: str, word: str) -> str:
    return re.sub(r":?-+:?", word, delimiters)

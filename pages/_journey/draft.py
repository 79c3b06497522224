"""What is being drawn: the document in this browser tab, with what was there before each change.

The draft lives in the session, and keeping.py keeps what is not saved. `put` keeps a change, `undo`
takes it back and `redo` makes it again; the timeline, the form and the YAML write the same
document.
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from secrets import randbelow

from pages._journey.following import data_of_yaml, said
from px.core.errors import InvalidInput
from px.journeys import Drawing, Stand, editing

# Numbers that no box of a tab has had in its key. They are not kept in the session: asking it may
# end the run, and a change would be half done.
_REVISIONS = count(randbelow(10**6) * 1_000)


@dataclass
class Draft:
    """A journey while it is being drawn.

    `saved` is the document as it was opened or saved last, at `stand`. A new `revision` makes every
    box of the form anew from the document. `pending` is a YAML text that is not valid yet. `gone`
    is the name of the touchpoint that was deleted last, while undo brings it back. While
    `is_saving`, what is stored may have become what is drawn. `kept` is what is kept of it, and
    over what. `found_at` is when it was drawn before this tab was opened, until it is drawn on.
    """

    key: str
    data: editing.Data
    saved: editing.Data
    stand: Stand
    revision: int = field(default_factory=lambda: next(_REVISIONS))
    chosen: str | None = None
    history: list[editing.Data] = field(default_factory=list)
    future: list[editing.Data] = field(default_factory=list)
    pending: str | None = None
    gone: str | None = None
    is_stale: bool = False
    is_saving: bool = False
    is_merging: bool = False
    kept: tuple[Drawing | None, Stand] | None = None
    found_at: datetime | None = None
    _problems: tuple[editing.Data, editing.Problems] | None = None

    @property
    def version(self) -> int | None:
        """The published version that the draft began from, None for none."""
        return self.stand.version

    @property
    def is_changed(self) -> bool:
        """Whether something is not saved yet."""
        return self.data != self.saved

    @property
    def is_unsaved(self) -> bool:
        """Whether something would be lost: a change, or a text that is not valid yet."""
        return self.is_changed or self.pending is not None

    @property
    def problems(self) -> editing.Problems:
        """What keeps the document from being saved, found once for each change."""
        if self._problems is None or self._problems[0] is not self.data:
            self._problems = (self.data, editing.problems_of(self.data))
        return self._problems[1]

    @property
    def place(self) -> int | None:
        """Where the chosen touchpoint stands in the document."""
        keys = [str(point.get("key")) for point in editing.points_of(self.data)]
        return keys.index(self.chosen) if self.chosen in keys else None

    def put(self, data: editing.Data, *, redraw: bool = False) -> None:
        """The document is this one; the one before can be had back."""
        if data != self.data:
            before = self.history[-1] if self.history and not self.future else None
            if before is None or not editing.is_typed_on(before, self.data, data):
                self.history = [*self.history, self.data][-editing.MOST_UNDONE :]
            self.data, self.future, self.gone, self.found_at = data, [], None, None
        if redraw:
            self.redraw()

    def take_merge(self, data: editing.Data, theirs: editing.Data, stand: Stand) -> None:
        """The document is both people's; what is stored now is theirs, as it stands."""
        self.put(data, redraw=True)
        self.saved, self.stand, self.is_merging = theirs, stand, False

    def undo(self) -> None:
        """The document is as it was before the last change."""
        if self.history:
            self.future.append(self.data)
            self._stands(self.history.pop())

    def redo(self) -> None:
        """The change that was taken back last is made again."""
        if self.future:
            self.history.append(self.data)
            self._stands(self.future.pop())

    def _stands(self, data: editing.Data) -> None:
        self.data, self.gone = data, None
        self.redraw()

    def redraw(self) -> None:
        """Every box of the form is made anew."""
        self.revision = next(_REVISIONS)
        self.is_stale = True

    def choose(self, key: str | None) -> None:
        """This touchpoint is open, or none."""
        self.is_stale = self.is_stale or key != self.chosen
        self.chosen = key

    def take_yaml(self, text: str) -> str | None:
        """The document is what the text says, or the text is pending; what is wrong with it."""
        try:
            data = data_of_yaml(text, self.key)
        except InvalidInput as error:
            if text != self.pending:
                self.pending, self.found_at = text, None
            return said(error)
        self.pending = None
        self.put(data, redraw=True)
        return None

    def drop_yaml(self) -> None:
        """The text that was not valid is gone; the form's document stands."""
        self.pending = None
        self.redraw()

    def drop_changes(self) -> None:
        """The document is what is saved; undo brings the changes back."""
        self.pending = None
        self.put(self.saved, redraw=True)

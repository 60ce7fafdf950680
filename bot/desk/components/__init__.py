"""Parts of pages with a life of their own in the browser: transcript, composer, sections."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui.element import Element

Row = Mapping[str, Any]


class Transcript(Element, component="transcript.js"):
    """The lines of a conversation; emits `recall` with a line's id. Text is only ever text."""

    def __init__(self, conversation_id: str, lines: Sequence[Row]) -> None:
        super().__init__()
        self._props["conversation"] = conversation_id
        self._props["first"] = list(lines)

    def show(self, lines: Sequence[Row]) -> None:
        """Add lines, or replace those shown already."""
        self.run_method("show", list(lines))

    def types(self) -> None:
        """The shopper is typing; the word goes away by itself."""
        self.run_method("types")


class Composer(Element, component="composer.js"):
    """Where a line is written; keeps it until the server has taken it, through reloads too.

    Emits `send` {id, text, gap, reason}, `look` {text} while one writes, `macro` {id, key},
    `canned` {text}, `note` {text}. A picture goes to the route in `photos.py`.
    """

    def __init__(
        self,
        conversation_id: str,
        who: str,
        replies: Sequence[Row],
        macros: Sequence[Row],
        gaps: Row,
        *,
        writable: bool,
    ) -> None:
        super().__init__()
        self._props["conversation"] = conversation_id
        self._props["who"] = who  # another person at this browser must not send what was left here
        self._props["may"] = writable
        self._props["replies"] = list(replies)
        self._props["macros"] = list(macros)
        self._props["gaps"] = dict(gaps)

    def taken(self, line_id: str) -> None:
        """The line is kept: the box may forget it."""
        self.run_method("taken", line_id)

    def refused(self, line_id: str, message: str, claims: Sequence[str] = ()) -> None:
        """The line was not sent; it stays in the box."""
        self.run_method("refused", line_id, message, list(claims))

    def insert(self, text: str) -> None:
        """Put a text into the box."""
        self.run_method("insert", text)

    def stand(self, *, writable: bool, fence: int, meter: str, tone: str, others: str) -> None:
        """Whether one may write and under which fence, what may still be sent, who is here."""
        self.run_method("stand", writable, meter, tone, others, fence)

    def warn(self, claims: Sequence[str]) -> None:
        """What the line claims and nothing holds."""
        self.run_method("warn", list(claims))


class Sections(Element, component="sections.js"):
    """Titled groups of rows."""

    def __init__(self, sections: Sequence[Row]) -> None:
        super().__init__()
        self._props["sections"] = list(sections)

    def show(self, sections: Sequence[Row]) -> None:
        """Show these instead."""
        if self._props["sections"] != list(sections):
            self._props["sections"] = list(sections)
            self.update()


class Side(Element, component="side.js"):
    """One's open conversations beside the one that is shown."""

    def __init__(self, rows: Sequence[Row], active: str) -> None:
        super().__init__()
        self._props["rows"] = list(rows)
        self._props["active"] = active

    def show(self, rows: Sequence[Row]) -> None:
        """Show these instead."""
        if self._props["rows"] != list(rows):
            self._props["rows"] = list(rows)
            self.update()

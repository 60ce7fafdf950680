"""Draws the table of states into docs/cases.md: `python -m bot.tickets.drawing`."""

import re

from bot.settings import ROOT
from bot.tickets.states import diagram

PAGE = ROOT / "docs" / "cases.md"
_BLOCK = re.compile(r"```mermaid\n.*?\n```", re.DOTALL)


def drawn(page: str) -> str:
    """The page with the drawing of now."""
    return _BLOCK.sub(lambda _: f"```mermaid\n{diagram()}\n```", page, count=1)


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text("utf-8")), "utf-8")

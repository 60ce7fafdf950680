"""Canned replies and macros, from `data/canned.yml`, and what is put into their blanks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput
from bot.handoff.models import Resolution
from bot.settings import ROOT

BLANK = re.compile(r"\{([^{}\s]{1,24})\}")
KNOWN = {
    "no": "单号",
    "promise": "答应的时间",
    "name": "您的名字",
    "shop": "店名",
}
AFTER = ("", "end", "give_back")


class UnknownBlank(BadInput):
    """A blank that nothing can be put into; nothing was sent."""

    code = "unknown_blank"


@dataclass(frozen=True)
class Reply:
    """A sentence ready to be sent; a macro also does something `after`, with a tag for reports."""

    id: str
    title: str
    text: str
    keys: str = ""
    after: str = ""
    resolution: Resolution | None = None
    tag: str = ""


@dataclass(frozen=True)
class Canned:
    """Every canned reply and macro, in the order of the file."""

    replies: Sequence[Reply]
    macros: Sequence[Reply]

    @classmethod
    def load(cls, path: Path = ROOT / "data" / "canned.yml") -> "Canned":
        """Read the file. Raises BadInput for a macro that does what there is not."""
        data = yaml.safe_load(path.read_text("utf-8"))
        replies = [_reply(each) for each in data["replies"]]
        return cls(replies, [_reply(each) for each in data["macros"]])

    def macro(self, macro_id: str) -> Reply:
        """The macro of that id. Raises BadInput."""
        for each in self.macros:
            if each.id == macro_id:
                return each
        raise BadInput("没有这个快捷操作，刷新页面再试。")


def filled(text: str, values: Mapping[str, str | None]) -> str:
    """A text with its blanks filled in. Raises UnknownBlank, naming the blank."""

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name not in KNOWN:
            known = "、".join(f"{{{key}}}" for key in KNOWN)
            raise UnknownBlank(f"不认识“{{{name}}}”，没有发送。可以用的有：{known}。", blank=name)
        value = values.get(name)
        if not value:
            raise UnknownBlank(f"这个会话还没有{KNOWN[name]}，没有发送。先补上再发。", blank=name)
        return value

    return BLANK.sub(put, text)


def _reply(data: Mapping[str, Any]) -> Reply:
    after, resolution = data.get("after", ""), data.get("resolution")
    if after not in AFTER or (after == "end") != (resolution is not None):
        raise BadInput(f"快捷操作“{data['id']}”写得不对。", id=data["id"])
    return Reply(
        id=data["id"],
        title=data["title"],
        text=" ".join(str(data["text"]).split()),
        keys=str(data.get("keys", "")),
        after=after,
        resolution=Resolution(resolution) if resolution else None,
        tag=data.get("tag", ""),
    )

"""Expected failures of the policy room: facts that no rule knows, files that cannot be used."""

from collections.abc import Sequence
from pathlib import Path

from bot.errors import BadInput, DeskError, NotFound


class BadFacts(BadInput):
    """Facts with an unknown key or value; `problems` names each with what is allowed."""

    code = "bad_facts"
    message = "有几项内容认不出来，请按允许的值填写。"

    def __init__(self, problems: Sequence[dict[str, object]]) -> None:
        super().__init__(problems=list(problems))


class NoSuchPolicy(NotFound):
    """No policy set of that name is loaded."""

    code = "no_such_policy"
    message = "没有找到这家店的售后规则。"


class BadPolicy(DeskError):
    """A policy file that cannot be used: the whole load is refused and nothing changes.

    `reason` is a stable English code, `line` counts from 1.
    """

    code = "bad_policy"
    status = 422
    permanent = True

    def __init__(self, file: Path | str, line: int, reason: str, problem: str, remedy: str) -> None:
        name = Path(file).name
        message = f"{name} 第 {line} 行：{problem}{remedy}（{reason}）"
        super().__init__(message, file=str(file), line=line, reason=reason, remedy=remedy)
        self.reason = reason
        self.line = line

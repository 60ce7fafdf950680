"""Reads YAML as plain text values that remember their lines, so that an error can point."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.policy.errors import BadPolicy

MAX_BYTES = 512 * 1024
MAX_DEPTH = 20


class Block(dict[str, object]):
    """A mapping that knows its file and the line of each key."""

    def __init__(self, file: Path, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}

    def at(self, key: str | None = None) -> int:
        """The line of a key, or of the mapping."""
        return self.lines.get(key, self.line) if key else self.line

    def wrong(self, key: str | None, reason: str, problem: str, remedy: str) -> BadPolicy:
        """The error that points at a key of this mapping."""
        return BadPolicy(self.file, self.at(key), reason, problem, remedy)

    def only(self, *allowed: str) -> None:
        """Refuse any other key: a misspelt one would silently do nothing."""
        for key in self:
            if key not in allowed:
                known = "、".join(allowed)
                raise self.wrong(key, "unknown_key", f"不认识的项“{key}”。", f"可用的有：{known}。")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        value = self.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "text_expected", f"“{key}”要写一段文字。", "请补上。")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text for a list of one."""
        value = self.get(key, [])
        items = value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, str):
                raise self.wrong(key, "text_expected", f"“{key}”里每一项都要是文字。", "请改过来。")
        return tuple(items)

    def whole(self, key: str) -> int:
        """A whole number, zero or more."""
        value = self.text(key)
        if not value.isdecimal():
            raise self.wrong(key, "number_expected", f"“{key}”要写整数。", "请写 0 或更大的整数。")
        return int(value)

    def block(self, key: str) -> "Block":
        """A mapping under a key; an absent one is empty."""
        value = self.get(key)
        if value is None:
            return Block(self.file, self.at(key))
        if not isinstance(value, Block):
            raise self.wrong(
                key, "mapping_expected", f"“{key}”下面要写成几项。", "请按“名称: 值”写。"
            )
        return value

    def blocks(self, key: str) -> Iterator["Block"]:
        """A list of mappings under a key; an absent one is empty."""
        value = self.get(key, [])
        items = value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, Block):
                raise self.wrong(
                    key, "mapping_expected", f"“{key}”要写成列表。", "请每项以“- ”开头。"
                )
            yield item

    def flag(self, key: str) -> bool:
        """True or false; absent means false."""
        value = self.text(key, "false")
        if value not in ("true", "false"):
            raise self.wrong(key, "flag_expected", f"“{key}”只能写 true 或 false。", "请改过来。")
        return value == "true"


def read(file: Path) -> Block:
    """The file's top mapping. Refuses what is too big, too deep, aliased or not YAML."""
    if not file.is_file():
        raise BadPolicy(file, 1, "no_file", "没有这个文件。", "请检查文件名。")
    if file.stat().st_size > MAX_BYTES:
        raise BadPolicy(file, 1, "too_big", "文件超过 512 KB。", "请拆成几个文件。")
    try:
        text = file.read_text("utf-8")
        _refuse_aliases(file, text)
        node = yaml.compose(text, yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise BadPolicy(file, 1, "not_utf8", "文件不是 UTF-8 编码。", "请另存为 UTF-8。") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadPolicy(file, line, "not_yaml", "格式读不懂。", "请检查缩进和冒号。") from error
    except yaml.YAMLError as error:
        raise BadPolicy(file, 1, "not_yaml", "格式读不懂。", "请检查有没有特殊字符。") from error
    if not isinstance(node, yaml.MappingNode):
        raise BadPolicy(file, 1, "mapping_expected", "文件要由“名称: 值”组成。", "请检查开头。")
    return _block(file, node, 0)


def _refuse_aliases(file: Path, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise BadPolicy(file, line, "alias", "不能用 YAML 引用。", "请把内容写全。")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise BadPolicy(file, line, "too_deep", "层次太深。", "请写得平一些。")


def _block(file: Path, node: yaml.MappingNode, depth: int) -> Block:
    block = Block(file, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise BadPolicy(file, line, "text_expected", "名称要是文字。", "请改过来。")
        key = str(key_node.value)
        if key in block:
            raise BadPolicy(file, line, "twice", f"“{key}”写了两遍。", "请去掉一个。")
        block.lines[key] = line
        block[key] = _value(file, value_node, depth + 1)
    return block


def _value(file: Path, node: yaml.Node, depth: int) -> object:
    if isinstance(node, yaml.MappingNode):
        return _block(file, node, depth)
    if isinstance(node, yaml.SequenceNode):
        return [_value(file, item, depth + 1) for item in node.value]
    # Plain text always: YAML would turn yes and no into truth values and dates into objects.
    empty = isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style
    return None if empty else str(node.value)

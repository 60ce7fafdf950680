"""Reads the conditions of a policy file: facts against values, ranges, and, or, not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from bot.policy.engine.cells import NUMBERS
from bot.policy.engine.words import AllOf, AnyOf, Expr, FactSpec, Is, Kind, NotOf
from bot.policy.reading import Block


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a condition may speak of: facts, and conditions that a file gave a name."""

    facts: Mapping[str, FactSpec]
    named: Mapping[str, Expr] = field(default_factory=dict)


def read_named(block: Block, facts: Mapping[str, FactSpec]) -> Vocabulary:
    """The conditions that a file names under `named`; each may build on those above it."""
    named: dict[str, Expr] = {}
    for name in block:
        named[name] = read_when(block.block(name), Vocabulary(facts, named))
    return Vocabulary(facts, named)


def read_when(block: Block, words: Vocabulary) -> Expr:
    """All the entries of a mapping together; an empty mapping always holds."""
    parts = [_entry(block, key, words) for key in block]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _entry(block: Block, key: str, words: Vocabulary) -> Expr:
    if key == "not":
        return NotOf(read_when(block.block(key), words))
    if key in ("any", "all"):
        parts = tuple(read_when(part, words) for part in block.blocks(key))
        return AnyOf(parts) if key == "any" else AllOf(parts)
    if key == "is":
        return AllOf(tuple(_named(block, name, words) for name in block.texts(key)))
    spec = words.facts.get(key)
    if spec is None:
        raise block.wrong(key, "unknown_fact", f"没有“{key}”这个事实。", "请先写进 facts.yml。")
    return _test(block, key, spec)


def _named(block: Block, name: str, words: Vocabulary) -> Expr:
    if name not in words.named:
        known = "、".join(words.named)
        raise block.wrong("is", "unknown_name", f"没有“{name}”这个条件。", f"可用的有：{known}。")
    return words.named[name]


def _test(block: Block, key: str, spec: FactSpec) -> Expr:
    value = block[key]
    if not isinstance(value, Block):
        return _values(block, key, spec)
    value.only("min", "max", "present", "not")
    if "not" in value:
        inner = value["not"]
        holder = value.block("not") if isinstance(inner, Block) else value
        negated = _test_range(holder, spec) if holder is not value else None
        return NotOf(negated or _values(value, "not", spec))
    if "present" in value:
        return Is(spec.key, present=value.flag("present"))
    return _test_range(value, spec)


def _test_range(block: Block, spec: FactSpec) -> Expr:
    if spec.kind not in NUMBERS:
        raise block.wrong(None, "not_a_number", f"“{spec.key}”不是数字。", "请写它的值。")
    low = _number(block, "min", block.text("min")) if "min" in block else None
    high = _number(block, "max", block.text("max")) if "max" in block else None
    if low is None and high is None:
        raise block.wrong(None, "empty_range", "范围是空的。", "请写 min 或 max。")
    if low is not None and high is not None and low > high:
        raise block.wrong("min", "empty_range", "min 比 max 大。", "请对调。")
    return Is(spec.key, low=low, high=high)


def _values(block: Block, key: str, spec: FactSpec) -> Expr:
    values = block.texts(key)
    if not values:
        raise block.wrong(key, "no_value", f"“{spec.key}”没有写值。", "请写一个值。")
    if spec.kind in NUMBERS:
        numbers = [_number(block, key, value) for value in values]
        return AnyOf(tuple(Is(spec.key, low=number, high=number) for number in numbers))
    for value in values:
        if spec.kind is not Kind.WORD and value not in spec.values:
            allowed = "、".join(spec.values)
            raise block.wrong(
                key, "unknown_value", f"“{spec.key}”没有“{value}”这个值。", f"可用的有：{allowed}。"
            )
    return Is(spec.key, values=values)


def _number(block: Block, key: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise block.wrong(key, "number_expected", f"“{text}”不是数字。", "请写数字。") from error
    if not number.is_finite() or number < 0:
        raise block.wrong(key, "negative", f"“{text}”不能小于零。", "请写 0 或更大的数。")
    return number

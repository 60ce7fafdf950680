"""Reads the rules of a policy file: condition, outcome, remedies and the words for them."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from string import Formatter

from bot.policy.clauses_file import read_in_force
from bot.policy.conditions_file import Vocabulary, read_when
from bot.policy.engine.amounts import FORMULAS, UNITS
from bot.policy.engine.outcomes import DIRECTED, SAFE, TARGETS, WORTH
from bot.policy.engine.words import AllOf, Amount, Is, Remedy, Rule, Stage, Term
from bot.policy.reading import Block

AS_WANTED = "as_wanted"
WISHES = ("refund", "exchange")
WORDS = frozenset({"amount", "days"})
TERM_UNITS = ("minute", "hour", "day", "working_day", "month")
RULE = (
    "id", "clauses", "when", "outcome", "remedies", "escalate_to", "reason", "next_steps", "worth",
    "facts", "effective_from", "effective_to",
)  # fmt: skip


def read_rules(block: Block, stage: Stage, words: Vocabulary) -> list[Rule]:
    """The rule, or one per wish where the outcome is as wanted."""
    block.only(*RULE)
    if block.get("outcome") != AS_WANTED:
        return [_rule(block, stage, words, None)]
    wished = block.block("when").texts("wants") if "when" in block else ()
    if not wished or set(wished) - set(WISHES):
        raise block.wrong("outcome", "no_wish", "as_wanted 要配 wants。", "wants 写退货或换货。")
    return [_rule(block, stage, words, wish) for wish in wished]


def _rule(block: Block, stage: Stage, words: Vocabulary, wish: str | None) -> Rule:
    days = read_in_force(block)
    when = read_when(block.block("when"), words)
    rule = Rule(
        id=block.text("id"),
        stage=stage,
        when=AllOf((Is("wants", (wish,)), when)) if wish else when,
        clauses=_by_wish(block, "clauses", wish),
        outcome=wish or block.text("outcome", "inform" if stage is Stage.ALSO else None),
        reason="".join(_by_wish(block, "reason", wish)),
        remedies=tuple(_remedy(each, wish) for each in block.blocks("remedies")),
        escalate_to=block.text("escalate_to") if "escalate_to" in block else None,
        next_steps=block.texts("next_steps"),
        worth=block.whole("worth") if "worth" in block else None,
        facts=block.texts("facts"),
        effective_from=days.start,
        effective_to=days.end,
    )
    _check(block, rule, words)
    return rule


def _by_wish(block: Block, key: str, wish: str | None) -> tuple[str, ...]:
    if wish and isinstance(block.get(key), Block):
        return block.block(key).texts(wish)
    return block.texts(key)


def _remedy(block: Block, wish: str | None) -> Remedy:
    block.only("type", "amount", "percent", "round", "term")
    kind = block.text("type")
    amount = _amount(block)
    if kind == AS_WANTED:
        kind = wish or kind
        # Money goes back on a refund; an exchange is only reckoned at that price.
        amount = amount if kind == "refund" else None
    return Remedy(kind, amount, _term(block.block("term")) if "term" in block else None)


def _amount(block: Block) -> Amount | None:
    if "amount" not in block:
        return None
    formula, rounding = block.text("amount"), block.text("round", "cents")
    if formula not in FORMULAS:
        allowed = "、".join(FORMULAS)
        raise block.wrong(
            "amount", "unknown_formula", f"没有“{formula}”。", f"可用的有：{allowed}。"
        )
    if rounding not in UNITS:
        raise block.wrong("round", "unknown_rounding", "不认识这种取整。", "可用 cents 或 yuan。")
    return Amount(formula, _percent(block), rounding)


def _percent(block: Block) -> Decimal | None:
    if "percent" not in block:
        return None
    try:
        percent = Decimal(block.text("percent"))
    except InvalidOperation:
        percent = Decimal(-1)
    if not 0 <= percent <= 100:
        raise block.wrong("percent", "negative", "比例要在 0 到 100 之间。", "请改过来。")
    return percent


def _term(block: Block) -> Term:
    block.only("n", "unit", "from_event", "statutory")
    unit = block.text("unit")
    if unit not in TERM_UNITS:
        allowed = "、".join(TERM_UNITS)
        raise block.wrong(
            "unit", "unknown_unit", f"没有“{unit}”这个单位。", f"可用的有：{allowed}。"
        )
    return Term(block.whole("n"), unit, block.text("from_event"), block.flag("statutory"))


def _check(block: Block, rule: Rule, words: Vocabulary) -> None:
    if rule.outcome not in WORTH:
        allowed = "、".join(WORTH)
        raise block.wrong("outcome", "unknown_outcome", "没有这种结果。", f"可用的有：{allowed}。")
    if not rule.clauses:
        raise block.wrong("id", "no_clause", f"“{rule.id}”没有写条款。", "每条规则至少一个条款。")
    if not rule.reason and rule.stage is not Stage.ALSO:
        raise block.wrong("id", "no_reason", f"“{rule.id}”没有写理由。", "请写一句给顾客的话。")
    if rule.outcome in DIRECTED and not rule.escalate_to:
        raise block.wrong("outcome", "no_target", "没有写找谁。", "请写 escalate_to。")
    if rule.stage is Stage.UNSURE and rule.outcome not in SAFE:
        raise block.wrong("outcome", "unsafe", "说不准时只能先看或找人。", "请改结果。")
    for fact in rule.facts:
        if fact not in words.facts:
            raise block.wrong("facts", "unknown_fact", f"没有“{fact}”这个事实。", "请改名。")
    _check_words(block, rule)


def _check_words(block: Block, rule: Rule) -> None:
    try:
        words = {name for _, name, _, _ in Formatter().parse(rule.reason) if name is not None}
    except ValueError as error:
        raise block.wrong("reason", "bad_blank", "花括号不成对。", "请检查。") from error
    for word in sorted(words - WORDS):
        allowed = "、".join(sorted(WORDS))
        raise block.wrong("reason", "bad_blank", f"不认识“{word}”。", f"可用的有：{allowed}。")


def with_people(rule: Rule, block: Block, people: dict[str, str]) -> Rule:
    """The rule with `@top` and the like replaced by the set's own people."""
    target = rule.escalate_to
    if target is None:
        return rule
    named = people.get(target[1:], "") if target.startswith("@") else target
    if named not in TARGETS:
        allowed = "、".join(sorted(TARGETS))
        raise block.wrong(
            "escalate_to", "unknown_target", f"没有“{target}”。", f"可用：{allowed}。"
        )
    return replace(rule, escalate_to=named)

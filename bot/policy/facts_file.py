"""Reads `facts.yml`: the catalogue of facts, their tree of values and what is presumed."""

from dataclasses import replace

from bot.policy.catalogue import DERIVATIONS, Catalogue, Derivation
from bot.policy.conditions_file import Vocabulary, read_when
from bot.policy.engine.cells import tests_in
from bot.policy.engine.outcomes import SAFE
from bot.policy.engine.words import ALWAYS, Expr, FactSpec, Kind, Suppose
from bot.policy.reading import Block

FIELDS = (
    "type", "class", "values", "tree", "like", "label", "because", "if_unknown", "order", "follows",
    "value", "when", "presumed", "absent", "not_applicable", "derive", "evidence",
)  # fmt: skip
Phrases = dict[str, str]


def read_facts(top: Block) -> tuple[Catalogue, Phrases]:
    """The catalogue, and the sentences that belong to single facts."""
    top.only("facts", "derive")
    specs: dict[str, FactSpec] = {}
    phrases: Phrases = {}
    derivations: list[Derivation] = []
    facts = top.block("facts")
    for key in facts:
        block = facts.block(key)
        block.only(*FIELDS)
        specs[key] = _spec(key, block, specs)
        phrases |= fact_phrases(key, block)
        if "derive" in block:
            derivations.append(_derivation(key, block.block("derive")))
    more = top.block("derive")
    derivations += [_derivation(key, more.block(key)) for key in more]
    _check_names(top, specs, derivations)
    return Catalogue(specs.values(), derivations), phrases


def presume_more(spec: FactSpec, block: Block, specs: dict[str, FactSpec]) -> FactSpec:
    """The fact as one set presumes it; what is never asked elsewhere stays unasked here."""
    block.only("value", "when", "presumed")
    value = _checked_value(spec, block, "value")
    when = read_when(block.block("when"), Vocabulary(specs)) if "when" in block else ALWAYS
    given = any(each.standing and each.when == ALWAYS for each in spec.suppose)
    kept = tuple(each for each in spec.suppose if each.standing and each.when != ALWAYS)
    return replace(spec, suppose=(*kept, Suppose(when, value, standing=given)))


def never_asked(spec: FactSpec, block: Block, specs: dict[str, FactSpec]) -> FactSpec:
    """The fact as one set leaves it out where `block` holds: untold, it is not there."""
    absent = Suppose(read_when(block, Vocabulary(specs)), None, standing=True)
    return replace(spec, suppose=(absent, *spec.suppose))


def listed(spec: FactSpec, block: Block) -> FactSpec:
    """The word as one set sorts its values: a list's name matches every value in the list."""
    if spec.kind is not Kind.WORD:
        raise block.wrong(None, "not_a_word", f"“{spec.key}”不能分组。", "只有词可以分组。")
    parents: dict[str, str] = {}
    for name in block:
        for value in block.texts(name):
            if value in parents:
                raise block.wrong(name, "twice", f"“{value}”在两组里。", "请只留一处。")
            parents[value] = name
    return replace(spec, parents=tuple(parents.items()))


def fact_phrases(key: str, block: Block) -> Phrases:
    """Half-sentences: what was presumed, what evidence could still turn a refusal."""
    phrases = {}
    if "presumed" in block:
        phrases[f"presumed.{key}.{block.text('value')}"] = block.text("presumed")
    if "evidence" in block:
        phrases[f"evidence.{key}"] = block.block("evidence").text("say")
    return phrases


def _spec(key: str, block: Block, specs: dict[str, FactSpec]) -> FactSpec:
    if "like" in block:
        twin = specs.get(block.text("like"))
        if twin is None:
            raise block.wrong("like", "unknown_fact", "like 指的事实不存在。", "请写在它后面。")
        kind, values, parents = twin.kind, twin.values, twin.parents
    else:
        kind = _kind(block)
        values = ("yes", "no") if kind is Kind.YES_NO else block.texts("values")
        parents = _tree(block, values)
    if_unknown = block.text("if_unknown", "needs_inspection")
    if if_unknown not in SAFE:
        allowed = "、".join(sorted(SAFE))
        raise block.wrong("if_unknown", "unsafe", "说不准时不能这样定。", f"只能是 {allowed}。")
    spec = FactSpec(
        key=key,
        kind=kind,
        label=block.text("label"),
        values=values,
        parents=parents,
        if_unknown=if_unknown,
        evidence=block.block("evidence").text("value") if "evidence" in block else None,
        because=block.text("because", ""),
        order=block.whole("order") if "order" in block else 0,
        follows=block.texts("follows"),
        least=0,
    )
    return replace(spec, suppose=_suppositions(spec, block, specs))


def _kind(block: Block) -> Kind:
    kind = block.text("type")
    if kind not in list(Kind):
        allowed = "、".join(Kind)
        raise block.wrong(
            "type", "unknown_type", f"没有“{kind}”这种类型。", f"可用的有：{allowed}。"
        )
    return Kind(kind)


def _suppositions(spec: FactSpec, block: Block, specs: dict[str, FactSpec]) -> tuple[Suppose, ...]:
    found: list[Suppose] = []
    if "not_applicable" in block:
        guard = read_when(block.block("not_applicable"), Vocabulary(specs))
        found.append(Suppose(guard, None, standing=True))
    sort = block.text("class")
    if sort == "volunteered":
        value = None if block.text("absent") == "none" else _checked_value(spec, block, "absent")
        found.append(Suppose(ALWAYS, value, standing=True))
    elif sort == "presume":
        when = read_when(block.block("when"), Vocabulary(specs)) if "when" in block else ALWAYS
        found.append(Suppose(when, _checked_value(spec, block, "value")))
    elif sort != "ask":
        raise block.wrong(
            "class",
            "unknown_class",
            f"没有“{sort}”这一类。",
            "可用的有：ask、presume、volunteered。",
        )
    if sort != "volunteered" and not spec.because:
        raise block.wrong("class", "no_because", "会问到的事实要写 because。", "请写为什么要问。")
    return tuple(found)


def _checked_value(spec: FactSpec, block: Block, key: str) -> str:
    value = block.text(key)
    if spec.values and value not in spec.values:
        allowed = "、".join(spec.values)
        raise block.wrong(key, "unknown_value", f"没有“{value}”这个值。", f"可用的有：{allowed}。")
    return value


def _tree(block: Block, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    tree = block.block("tree")
    parents = {child: tree.text(child) for child in tree}
    for child, parent in parents.items():
        for name in (child, parent):
            if name not in values:
                raise tree.wrong(
                    child, "unknown_value", f"没有“{name}”这个值。", "请先列进 values。"
                )
        _refuse_cycle(tree, child, parents)
    return tuple(parents.items())


def _refuse_cycle(tree: Block, child: str, parents: dict[str, str]) -> None:
    seen = {child}
    here = parents.get(child)
    while here is not None:
        if here in seen:
            raise tree.wrong(child, "cycle", f"“{child}”绕了一圈又回到自己。", "请去掉一层。")
        seen.add(here)
        here = parents.get(here)


def _derivation(key: str, block: Block) -> Derivation:
    block.only(*DERIVATIONS, "value")
    how = next(name for name in block if name != "value")
    value = block.text("value") if "value" in block else None
    return Derivation(key, how, block.texts(how), value)


def _check_names(top: Block, specs: dict[str, FactSpec], derivations: list[Derivation]) -> None:
    facts = top.block("facts")
    for derivation in derivations:
        for name in (derivation.fact, *derivation.of):
            if name not in specs:
                raise facts.wrong(
                    derivation.fact, "unknown_fact", f"没有“{name}”这个事实。", "请先写进 facts。"
                )
    for spec in specs.values():
        for name in (*spec.follows, *guards(spec)):
            if name not in specs:
                raise facts.wrong(spec.key, "unknown_fact", f"没有“{name}”这个事实。", "请改名。")


def guards(spec: FactSpec) -> set[str]:
    """The facts on which the fact's own presumptions hang."""
    exprs: list[Expr] = [suppose.when for suppose in spec.suppose]
    return {test.fact for expr in exprs for test in tests_in(expr)}

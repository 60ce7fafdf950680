"""The defect, the problem and the cause of one line, brought into agreement."""

import re
from dataclasses import replace
from functools import cache

from bot.language.reading import Clause, Found
from bot.language.rules import stated

# A more exact defect outdoes the general ones its words include.
INCLUDES = {
    "lining_seam_open": {"seam_open"},
    "lining_hidden_seam": {"seam_open", "lining_seam_open", "thread_broken"},
    "ironing_shine": {"burn", "stain"},
    "removable_stain": {"stain"},
    "overwear": {"hole"},
    "small_hole": {"hole"},
    "pinhole": {"hole", "small_hole"},
    "small_tear": {"hole"},
    "cigarette_hole": {"hole", "burn", "small_hole"},
    "burn": {"hole"},
    "slight_fading": {"fading"},
    "down_leaks_not_at_seam": {"down_leak"},
    "lipstick": {"stain"},
    "oil_stain": {"stain"},
    "pair_sizes_differ": {"wrong_item"},
    "surface_cracked": {"upper_broken"},
    "crease": {"upper_broken"},
    "button_loose": {"button_lost"},
}
BROKEN = frozenset(
    "hole small_hole small_tear seam_open lining_seam_open thread_broken knife_cut burn cigarette_hole "
    "surface_cracked sole_broken upper_broken side_broken heel_broken zipper_broken obvious_damage "
    "glue_open button_lost".split()
)
STAINED = frozenset("stain oil_stain lipstick dirty removable_stain dyed_in_wash".split())
PAPERS = r"吊牌|标签?|商标|票|包装|盒|线头|袋子"
# A fault of the goods weighs more than a feeling said with it.
WEIGHT = (
    "dislike", "price", "fabric", "size", "size+service", "color", "service",
    "facility", "odour", "packaging", "leak", "quality", "network",
)  # fmt: skip


def faults(clauses: tuple[Clause, ...]) -> list[Found]:
    """States of the goods, with the defect, problem, cause and reason of a special price.

    A defect makes the problem one of quality, unless the shopper says it was their own doing.
    """
    states = [one for clause in clauses for one in _states(clause)]
    defects = _exact([one for clause in clauses for one in stated("defects", clause)])
    problems = [one for clause in clauses for one in stated("problems", clause)]
    causes = [one for clause in clauses for one in _causes(clause)]
    problems, defects = _mistaken_by_staff(problems, defects)
    reason = _written_on_the_slip(clauses) or _reason_of_special_price(defects, states)
    told = [one for one in defects if reason is None or one.value != reason.value]
    if any(one.key == "cause" and one.value == "human" for one in causes):
        problems = [one for one in problems if one.value != "quality"]
    elif told:
        problems = [*_outside_packing(problems, told[-1]), _problem_of(told[-1])]
    found = [*states, *causes, *told[-1:], *([reason] if reason else [])]
    return [*found, _weightiest(problems)] if problems else found


def _states(clause: Clause) -> list[Found]:
    """Who cut off a tag has not damaged the goods: 吊牌被我剪了."""
    return [
        one
        for one in stated("states", clause)
        if one.key != "damaged"
        or not re.search(
            PAPERS, clause.text[max(0, one.start - clause.start - 4) : one.end - clause.start + 4]
        )
    ]


def _causes(clause: Clause) -> list[Found]:
    """Who tore off a tag or lost a slip has not harmed the goods."""
    papers = re.search(r"吊牌|标签|商标|小票|发票|包装|盒", clause.text) is not None
    return [
        one
        for one in stated("causes", clause)
        if not (papers and one.key == "cause" and one.value == "human")
    ]


def by_defect(facts: dict[str, Found], asking: str) -> dict[str, Found]:
    """What a defect told in reply (`有个小洞`) answers to whether the goods are damaged or clean.

    It does not change what the shopper is unhappy about, and dirt is no defect then.
    """
    defect = facts.get("defect")
    if defect is None or asking in facts:
        return facts
    if asking == "damaged" and defect.value in BROKEN:
        told = replace(defect, key=asking, value="yes")
        return {key: one for key, one in facts.items() if key != "problem"} | {asking: told}
    if asking == "clean" and defect.value in STAINED:
        told = replace(defect, key=asking, value="no")
        facts = {key: one for key, one in facts.items() if key not in ("problem", "defect")}
        return facts | {asking: told}
    return facts


def _mistaken_by_staff(
    problems: list[Found], defects: list[Found]
) -> tuple[list[Found], list[Found]]:
    """A wrong size handed out by staff is a matter of size and service, not of wrong goods."""
    slip = [one for one in problems if one.value == "size+service"]
    if slip and any(one.value == "size" for one in problems):
        return problems, [one for one in defects if one.value != "wrong_item"]
    return [one for one in problems if one not in slip], defects


def _outside_packing(problems: list[Found], defect: Found) -> list[Found]:
    """A box that is broken (盒子坏了) says nothing of the goods in it."""
    if defect.value != "packing_broken":
        return problems
    return [one for one in problems if one.end <= defect.start or one.start >= defect.end]


def _problem_of(defect: Found) -> Found:
    value = "packaging" if defect.value == "packing_broken" else "quality"
    return Found("problem", value, defect.start, defect.end)


def _exact(defects: list[Found]) -> list[Found]:
    values = {str(one.value) for one in defects}
    general = {slug for value in values for slug in INCLUDES.get(value, ())}
    kept = (one for one in defects if one.value not in general)
    return sorted(kept, key=lambda one: one.start)


def _reason_of_special_price(defects: list[Found], states: list[Found]) -> Found | None:
    """The defect told before the special price (`写了有污渍特价`) is why it was cheap."""
    special = [one for one in states if one.key == "special_price" and one.value == "yes"]
    if not special or not defects or defects[0].start >= special[-1].end:
        return None
    return Found("special_reason", defects[0].value, defects[0].start, defects[0].end)


def _written_on_the_slip(clauses: tuple[Clause, ...]) -> Found | None:
    """`小票写了有污渍`: the reason, wherever in the line the special price is told."""
    if not any(one.value == "yes" for one in _special(clauses)):
        return None
    for clause in clauses:
        for one in _exact(list(stated("defects", clause))):
            if _slip_says().search(clause.text[: one.start - clause.start]):
                return Found("special_reason", one.value, one.start, one.end)
    return None


def _special(clauses: tuple[Clause, ...]) -> list[Found]:
    told = (one for clause in clauses for one in stated("states", clause))
    return [one for one in told if one.key == "special_price"]


@cache
def _slip_says() -> re.Pattern[str]:
    return re.compile(r"(?:小票|单子|票)(?:上面?|背面)?(?:也|都|是)?(?:写|标|注明|印)[^,]{0,5}$")


def _weightiest(problems: list[Found]) -> Found:
    return max(problems, key=lambda one: (WEIGHT.index(str(one.value)), one.start))

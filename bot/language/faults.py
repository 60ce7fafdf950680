"""The defect, the problem and the cause of one line, brought into agreement."""

from bot.language.reading import Clause, Found
from bot.language.rules import stated

# A more exact defect outdoes the general ones its words include.
INCLUDES = {
    "lining_seam_open": {"seam_open"},
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
# A fault of the goods weighs more than a feeling said with it.
WEIGHT = (
    "dislike", "price", "fabric", "size", "color", "service",
    "facility", "odour", "packaging", "leak", "quality",
)  # fmt: skip


def faults(clauses: tuple[Clause, ...]) -> list[Found]:
    """States of the goods, with the defect, problem, cause and reason of a special price.

    A defect makes the problem one of quality, unless the shopper says it was their own doing.
    """
    states = [one for clause in clauses for one in stated("states", clause)]
    defects = _exact([one for clause in clauses for one in stated("defects", clause)])
    problems = [one for clause in clauses for one in stated("problems", clause)]
    causes = [one for clause in clauses for one in stated("causes", clause)]
    reason = _reason_of_special_price(defects, states)
    told = [one for one in defects if reason is None or one.value != reason.value]
    if any(one.key == "cause" and one.value == "human" for one in causes):
        problems = [one for one in problems if one.value != "quality"]
    elif told:
        problems.append(Found("problem", "quality", told[-1].start, told[-1].end))
    found = [*states, *causes, *told[-1:], *([reason] if reason else [])]
    return [*found, _weightiest(problems)] if problems else found


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


def _weightiest(problems: list[Found]) -> Found:
    return max(problems, key=lambda one: (WEIGHT.index(str(one.value)), one.start))

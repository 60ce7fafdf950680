"""The care files say what they must, and a wrong one is refused with file and line."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.knowledge.care_file import CARE, CareFiles, load
from bot.policy.errors import BadPolicy
from tests.test_never_said import NEVER

# What a shop of clothes, shoes, jewellery and things for the house is asked about.
GOODS = (
    "cotton linen wool cashmere silk down leather suede denim synthetic viscose membrane lace "
    "swimwear suit leather-shoes boots sneakers sandals leather-bag fabric-bag gold silver platinum "
    "diamond jade pearl gem watch cosmetics bedding quilt cooker washer instrument"
).split()
STAINS = "blood oil ink wine mould lipstick coffee sweat dye".split()
RASA = {
    "version", "nlu", "rules", "stories", "intents", "entities", "slots", "responses", "forms",
    "actions", "session_config", "e2e_actions", "lookup", "synonym", "regex",
}  # fmt: skip


def test_everything_that_is_asked_about_has_its_entry(files: CareFiles) -> None:
    assert set(GOODS) <= set(files.entries)
    assert set(STAINS) <= set(files.stains)


def test_every_cloth_says_how_to_wash_and_dry_it(files: CareFiles) -> None:
    for entry in files.entries.values():
        if entry.symbols:
            assert {"wash", "never"} <= set(entry.told), entry.id


def test_nothing_is_said_that_a_desk_never_says(files: CareFiles) -> None:
    said = [text for entry in files.entries.values() for text in entry.told.values()]
    said += [text for stain in files.stains.values() for text in (stain.first, stain.then)]
    said += [symbol.means for symbol in files.symbols.values()]
    assert [text for text in said for never in NEVER if re.search(never, text)] == []


def test_rasa_finds_nothing_of_its_own_in_the_care_files() -> None:
    for path in CARE.glob("*.yml"):
        assert set(yaml.safe_load(path.read_text("utf-8"))).isdisjoint(RASA), path.name


Change = Callable[[str], str]


def put(old: str, new: str) -> Change:
    """The file with one thing replaced."""

    def changed(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return changed


@pytest.mark.parametrize(
    ("file", "change", "reason", "at"),
    [
        ("fabrics.yml", put("    name: 棉\n", "    nam: 棉\n"), "unknown_key", "nam:"),
        ("fabrics.yml", put("id: linen", "id: cotton"), "twice", "id: cotton"),
        ("fabrics.yml", put("亚麻, 苎麻", "亚麻, 纯棉"), "shared_word", "亚麻, 纯棉"),
        ("fabrics.yml", put("wash-40, bleach-oxygen", "wash-41"), "unknown_name", "wash-41"),
        ("fabrics.yml", put("起毛断丝。", "起毛断丝"), "not_a_sentence", "起毛断丝"),
        ("fabrics.yml", put("    delicate: true", "    delicate: maybe"), "flag_expected", "maybe"),
        ("fabrics.yml", put("like: leather", "like: lether"), "unknown_entry", "lether"),
        ("fabrics.yml", put("entries:", "nlu:"), "unknown_key", "nlu:"),
        ("stains.yml", put("    first:", "    frist:"), "unknown_key", "frist"),
        ("stains.yml", put("      leather:", "      lether:"), "unknown_entry", "lether:"),
        ("stains.yml", lambda text: text + "\n - [", "not_yaml", ""),
        ("symbols.yml", put("tub: M4", "tub: <script>"), "not_a_path", "<script>"),
        ("symbols.yml", put("draw: [tub]", "draw: [tube]"), "unknown_name", "tube"),
        ("symbols.yml", put("family: wash,", "family: wish,"), "unknown_family", "wish"),
        ("symbols.yml", put('letters: "95"', "letters: 九五"), "bad_letters", "九五"),
        ("symbols.yml", put("marks: {number:", "marks: {numbr:"), "unknown_key", "numbr"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    tmp_path: Path, file: str, change: Change, reason: str, at: str
) -> None:
    folder = tmp_path / "care"
    shutil.copytree(CARE, folder)
    wrong = change((folder / file).read_text("utf-8"))
    (folder / file).write_text(wrong, "utf-8")

    with pytest.raises(BadPolicy) as refused:
        load(folder)

    assert refused.value.reason == reason
    assert file in refused.value.message
    if at:
        assert at in wrong.splitlines()[refused.value.line - 1]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match=r"symbols\.yml"):
        load(tmp_path)

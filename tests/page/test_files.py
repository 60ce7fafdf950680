"""What the page's files promise without a browser: small, strict and never parsing text as markup."""

from __future__ import annotations

import re

import pytest

from tests.page.routes import PAGE

FILES = sorted(PAGE.iterdir())
SCRIPTS = [file for file in FILES if file.suffix == ".js"]
PARSING = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc"
)


EMBED = PAGE / "embed.js"
IMPORT = re.compile(r"^import [^;]*from '\./([a-z]+\.js)'", re.MULTILINE)

# What a browser of 2021 has not, nor its copy inside WeChat (Safari 15.0, Chromium 89).
TOO_NEW = re.compile(
    r"\.at\(|structuredClone|Object\.hasOwn|\.findLast|\.toSorted|\.toReversed|\.showModal|<dialog|"
    r"\.inert\b|static \{|^await |AbortSignal\.(any|timeout)|Array\.fromAsync|Promise\.withResolvers|"
    r"\(\?<[=!]|\.replaceAll\(.*matchAll|\.groupBy",
    re.MULTILINE,
)
TOO_NEW_STYLE = re.compile(
    r":has\(|@layer|@container|color-mix|\boklch\(|dvh|svh|subgrid|@starting-style|^\s*&",
    re.MULTILINE,
)


def loaded_at_once() -> set[str]:
    """The document, what it links to, and what its script imports before it starts."""
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    found = {"index.html"} | set(re.findall(r"/page/([a-z]+\.[a-z]+)", html))
    while True:
        scripts = [(PAGE / name).read_text(encoding="utf-8") for name in found if ".js" in name]
        more = {name for text in scripts for name in IMPORT.findall(text)} - found
        if not more:
            return found
        found |= more


def weight(names: set[str]) -> int:
    """Bytes as they lie on disk, before any compression."""
    return sum((PAGE / name).stat().st_size for name in names)


def test_the_page_opens_with_less_than_sixty_kilobytes() -> None:
    assert weight(loaded_at_once()) <= 60_000


def test_everything_a_shopper_could_ever_need_is_less_than_a_photo() -> None:
    assert weight({file.name for file in FILES} - {"embed.js"}) <= 108_000


def test_the_launcher_is_less_than_six_kilobytes() -> None:
    assert weight({"embed.js"}) <= 6_000


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_needs_a_browser_younger_than_2021(file) -> None:
    assert not TOO_NEW.search(file.read_text(encoding="utf-8"))


def test_no_style_needs_a_browser_younger_than_2021() -> None:
    for file in PAGE.glob("*.css"):
        assert not TOO_NEW_STYLE.search(file.read_text(encoding="utf-8")), file.name


def test_an_id_is_made_where_the_browser_makes_none() -> None:
    for file in SCRIPTS:
        text = file.read_text(encoding="utf-8")
        assert "randomUUID(" not in text, file.name


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_can_turn_text_into_markup_or_code(file) -> None:
    assert not PARSING.search(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_every_import_is_a_file_of_the_page(file) -> None:
    imported = re.findall(r"from '\./([^']+)'", file.read_text(encoding="utf-8"))
    assert all((PAGE / name).is_file() for name in imported)


def test_the_document_holds_no_inline_script_style_or_handler() -> None:
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert all(
        re.search(r"src=\"/page/[a-z]+\.js\"", tag) for tag in re.findall(r"<script[^>]*>", html)
    )


def test_nothing_is_fetched_from_another_server() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        text = text.replace('<script src="https://desk.example/page/embed.js"', "")  # how to use it
        assert not re.search(r"https?://|\bsrc=\"//", text), file.name


def test_every_icon_that_is_named_exists() -> None:
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    sheets = html + (PAGE / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r"<symbol id=\"i-([a-z]+)\"", sheets))
    named = set(re.findall(r"#i-([a-z]+)\"", html))
    named |= set(
        re.findall(r"icon\('([a-z]+)'\)", "".join(f.read_text(encoding="utf-8") for f in SCRIPTS))
    )
    named |= set(
        re.findall(
            r"'(?:good|mind|no|calm)', '([a-z]+)'", (PAGE / "words.js").read_text(encoding="utf-8")
        )
    )
    assert named == drawn

"""What the page's files promise without a browser: small, strict and never parsing text as markup."""

from __future__ import annotations

import re

import pytest

from tests.page.twin import PAGE

FILES = sorted(PAGE.iterdir())
SCRIPTS = [file for file in FILES if file.suffix == ".js"]
PARSING = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc"
)


def test_the_whole_page_stays_under_sixty_kilobytes() -> None:
    assert sum(file.stat().st_size for file in FILES) <= 60_000


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
        assert not re.search(r"https?://|\bsrc=\"//", text), file.name


def test_every_icon_that_is_named_exists() -> None:
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    drawn = set(re.findall(r"<symbol id=\"i-([a-z]+)\"", html))
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

"""What a shop says of itself is a sentence for each matter, and samples are plainly samples."""

import re

import pytest

from bot.shops.about import About, Store
from bot.shops.service import Shops
from tests.test_never_said import NEVER


def test_the_first_matter_that_the_shop_speaks_of_is_told() -> None:
    about = About.read({"invoice": "凭小票开。", "points": "小程序里查。"})
    assert about.says("invoice_change", "invoice") == "凭小票开。"
    assert about.says(None, "points") == "小程序里查。"
    assert about.says("coupons", None) is None
    assert About().says("invoice") is None


@pytest.mark.parametrize(
    "wrong",
    [{"invoice": "没有句号"}, {"invoice": 3}, {"In Voice": "凭小票开。"}, {"x": "凭小票开。"}],
)
def test_what_is_no_sentence_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="about"):
        About.read(wrong)


def test_a_place_without_its_address_is_refused() -> None:
    with pytest.raises(TypeError):
        About.read({"stores": [{"name": "一店", "phone": "400-000-0001", "hours": "全天"}]})


def test_a_place_is_shown_with_what_is_known_of_it() -> None:
    store = Store("一店", "样例路 1 号", "400-000-0001", "10:00–21:00")
    assert store.shown() == {
        "title": "一店",
        "route": "",
        "地址": "样例路 1 号",
        "电话": "400-000-0001",
        "时间": "10:00–21:00",
    }


def test_every_shop_says_where_it_is_in_samples_nobody_could_call() -> None:
    for shop in Shops.load("dept_fashion").all():
        assert shop.about.stores, shop.slug
        for store in shop.about.stores:
            assert re.fullmatch(r"400-000-\d{4}", store.phone)
            assert store.route.startswith("https://map.example.com/")


def test_nothing_a_shop_says_is_what_a_desk_never_says() -> None:
    said = [
        sentence
        for shop in Shops.load("dept_fashion").all()
        for sentence in shop.about.sentences.values()
    ]
    assert [text for text in said for never in NEVER if re.search(never, text)] == []

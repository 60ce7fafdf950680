"""A shop is one file; an unknown one is a plain refusal."""

from datetime import date, time
from pathlib import Path

import pytest

from bot.shops.service import Shops, Term, UnknownShop

FILE = """
slug: {slug}
name: 试衣间
policy_set: dept_fashion
presume: {{remote_purchase: "no"}}
hours: {{opens: "09:30", closes: "22:00"}}
call_back: {{n: 2, unit: working_day}}
desk: 服务台
"""


def test_a_new_shop_is_a_new_file(tmp_path: Path) -> None:
    for slug in ("b_shop", "a_shop"):
        (tmp_path / f"{slug}.yml").write_text(FILE.format(slug=slug), "utf-8")

    shops = Shops.load("a_shop", tmp_path)

    assert [shop.slug for shop in shops.all()] == ["a_shop", "b_shop"]
    shop = shops.get("b_shop")
    assert (shop.opens, shop.closes) == (time(9, 30), time(22))
    assert shop.call_back == Term(2, "working_day")
    assert shop.presume == {"remote_purchase": "no"}


def test_a_shopper_who_names_no_shop_is_served_by_the_default_one() -> None:
    assert Shops.load("dept_fashion").get(None).slug == "dept_fashion"


@pytest.mark.parametrize("slug", ["", "nowhere", "../../etc/passwd", "DEPT_FASHION", "\x00"])
def test_an_unknown_shop_is_refused(slug: str) -> None:
    with pytest.raises(UnknownShop):
        Shops.load("dept_fashion").get(slug)


def test_every_shipped_shop_has_a_policy_and_opens_before_it_closes() -> None:
    from bot.policy.service import PolicyService

    sets = PolicyService.load().sets
    for shop in Shops.load("dept_fashion").all():
        assert shop.policy_set in sets
        assert shop.opens < shop.closes


def test_what_a_shop_sells_is_named_by_values_that_the_rules_know() -> None:
    from bot.policy.service import PolicyService

    policy = PolicyService.load()
    for shop in Shops.load("dept_fashion").all():
        for value in shop.sells:
            policy.facts.read({"category": value}, date(2026, 1, 1))

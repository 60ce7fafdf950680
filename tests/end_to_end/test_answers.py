"""What is looked up arrives at the shopper's side as it was told: text, card and case."""

import pytest

from tests.end_to_end.conftest import Shopper

pytestmark = pytest.mark.rasa


def test_a_care_symbol_arrives_with_its_drawing(shopper: Shopper) -> None:
    (line,) = shopper.says("这个三角形是什么意思")
    assert "漂白" in line["text"]
    symbols = line["card"]["symbols"]
    assert [symbol["id"] for symbol in symbols] == ["bleach", "bleach-oxygen", "bleach-no"]
    assert all(stroke.startswith("M") for symbol in symbols for stroke in symbol["strokes"])


def test_care_arrives_with_all_that_is_known(shopper: Shopper) -> None:
    lines = shopper.says("羊绒衫可以机洗吗")
    assert lines[-1]["card"]["kind"] == "care"
    assert "羊绒洗涤剂" in lines[-1]["text"]


def test_an_invoice_is_told_offered_and_registered_over_the_wire(shopper: Shopper) -> None:
    told = shopper.says("发票怎么开")
    assert [button["payload"] for button in told[-1]["buttons"]] == ["yes", "no", "human"]
    opened = shopper.says(payload="yes")
    assert opened[0]["ticket"]["state"] == "submitted"
    assert opened[0]["ticket"]["due"]


def test_where_the_shop_is_arrives_with_address_and_phone(shopper: Shopper) -> None:
    (line,) = shopper.says("河滨店的地址在哪里")
    assert [place["电话"] for place in line["card"]["places"]] == ["400-000-0102"]
    assert "400-000-0102" in line["text"]

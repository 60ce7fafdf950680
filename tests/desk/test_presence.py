"""How somebody stands at the desk, and the code that a phone reads their second factor from."""

import re
from urllib.parse import quote

import pytest
import segno

from bot.desk.code import qr
from bot.errors import BadInput
from bot.handoff.people import NotAtDesk
from tests.desk.house import House

STROKE = re.compile(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?")


def test_who_chose_to_be_given_shoppers_is_after_coming_back(each_house: House) -> None:
    lin, presence = each_house.at_desk("lin", "林晓"), each_house.all.presence
    assert not each_house.all.board.queue(lin).auto
    presence.take_unasked(lin, on=True)
    presence.go(lin)
    presence.come(lin, 5)
    assert each_house.all.board.queue(lin).auto


def test_nothing_can_be_chosen_before_the_first_time_at_the_desk(house: House) -> None:
    new, presence = house.hire("new", "新人"), house.all.presence
    assert presence.skills(new) is None
    for refused in (
        lambda: presence.take_unasked(new, on=True),
        lambda: presence.be_good_at(new, ["quality"]),
    ):
        with pytest.raises(NotAtDesk):
            refused()


def test_only_kinds_of_complaints_that_there_are_can_be_chosen(house: House) -> None:
    lin, presence = house.at_desk("lin", "林晓"), house.all.presence
    with pytest.raises(BadInput):
        presence.be_good_at(lin, ["quality", "weather"])
    assert presence.skills(lin) == []
    presence.be_good_at(lin, ["quality", "conduct"])
    assert presence.skills(lin) == ["conduct", "quality"]


def test_the_code_holds_the_address_of_the_second_factor(house: House) -> None:
    lin = house.hire("lin", "林晓")
    address, secret = house.all.staff.begin_factor(lin)
    issuer = quote("售后服务台")
    wanted = f"otpauth://totp/{issuer}:lin?secret={secret}&issuer={issuer}"
    assert dark(qr(address)) == {
        (x, y)
        for y, row in enumerate(segno.make(wanted, error="m").matrix_iter(border=4))
        for x, module in enumerate(row)
        if module
    }


def dark(svg: str) -> set[tuple[int, int]]:
    """The dark modules of a code, by following its pen."""
    (path,) = re.findall(r'class="qrline"[^>]* d="([^"]+)"', svg)
    found, x, y = set(), 0.0, 0.0
    for stroke, first, second in STROKE.findall(path):
        if stroke == "h":
            found |= {(int(x) + step, int(y)) for step in range(int(first))}
            x += float(first)
        else:
            x, y = (0.0, 0.0) if stroke == "M" else (x, y)
            x, y = x + float(first), y + float(second)
    return found

"""What would find a person is hidden, what would not is left alone."""

import io
import logging

import pytest

from bot.privacy import logs
from bot.privacy.masking import masked, masked_text
from bot.settings import ROOT

PERSONAL = [
    "13912345678",
    "+86 139-1234-5678",
    "139 1234 5678",
    "010-82345678",
    "11010119900307803X",
    "440524188001010014",
    "6222021234567890123",
    "6222 0212 3456 7890",
    "zhang.san@example.com",
    "幸福路18号",
    "浦东新区张江镇科苑路88号3号楼502室",
    "阳光小区5栋2单元301室",
]


@pytest.mark.parametrize("secret", PERSONAL)
@pytest.mark.parametrize("line", ["{}", "我的是{}，谢谢", "phone={} ok"])
def test_what_finds_a_person_is_hidden(secret: str, line: str) -> None:
    assert secret not in masked_text(line.format(secret))
    assert masked_text(line.format(secret)) != line.format(secret)


@pytest.mark.parametrize(
    "line",
    [
        "26112300013",
        "订单 2026112300001 已登记",
        "退 399.00 元，3 天前买的",
        "2026-11-23 10:00:01.123456 INFO worker: case-clocks",
        "3f2b8c1e-0000-4000-8000-123456789012",
        "127.0.0.1:8000",
        "三号楼的店员态度好",
        "",
    ],
)
def test_what_finds_nobody_is_left_alone(line: str) -> None:
    assert masked_text(line) == line


@pytest.fixture
def written() -> object:
    """A log of a process in which the filter is installed."""
    before = logging.getLogRecordFactory()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    log = logging.getLogger("tests.private")
    log.addHandler(handler)
    log.propagate = False
    logs.install()
    yield log, stream
    logging.setLogRecordFactory(before)
    log.removeHandler(handler)


def test_logs_hide_what_is_in_messages_arguments_and_tracebacks(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    log, stream = written
    log.warning("call %s", "13912345678")
    log.warning("call 13912345678")
    log.warning("%(phone)s", {"phone": "13912345678"})
    try:
        int("call 13912345678")
    except ValueError:
        log.exception("failed")

    assert "13912345678" not in stream.getvalue()
    assert stream.getvalue().count("139****5678") == 5  # a traceback shows its line as well
    assert "Traceback" in stream.getvalue()


@pytest.mark.parametrize("file", ["bot/cli.py", "actions/__main__.py"])
def test_every_process_installs_it_before_it_logs(file: str) -> None:
    main = (ROOT / file).read_text("utf-8").partition("def main(")[2]
    assert 0 < main.index("private_logs.install()") < main.index("logging.basicConfig(")


def test_data_is_masked_in_depth_and_keeps_its_shape() -> None:
    told = {"rows": [{"value": "打 13912345678", "n": 3, "none": None}], "title": "经过"}
    assert masked(told) == {
        "rows": [{"value": "打 139****5678", "n": 3, "none": None}],
        "title": "经过",
    }

"""Whole numbers and amounts as shoppers write them, in digits or in Chinese."""

from decimal import Decimal

DIGITS = "零一二两三四五六七八九"
UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
CHINESE = f"[{DIGITS}十百千万]"
WHOLE = rf"(?:\d{{1,5}}|{CHINESE}{{1,9}})"
# A number that goes on to the left (几十, 3.5, 第一百) is not read from its middle.
FRESH = rf"(?<![几数多余\d.{DIGITS}十百千万])"

_VALUES = dict(zip(DIGITS, (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))


def whole(text: str) -> int | None:
    """`18`, `十八`, `一百零三`, `三百二` (320), `一万五` (15,000); None for a range such as 三四 or a malformed number."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    if not any(unit in text for unit in UNITS):
        return _plain_digits(text)
    return _with_units(text)


def amount(text: str) -> Decimal | None:
    """`399`, `1,299.5`, `1.2k`, `1.2万`, `三百二`; None when it is no number."""
    digits = text.replace(",", "")
    scale = {"k": 1_000, "千": 1_000, "w": 10_000, "万": 10_000}.get(digits[-1:], 1)
    if digits[:1].isascii() and digits[:1].isdigit():
        return _trimmed(Decimal(digits[:-1] if scale > 1 else digits) * scale)
    number = whole(digits)
    return None if number is None else Decimal(number)


def _trimmed(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _plain_digits(text: str) -> int | None:
    """One digit is itself, three and more spell a number out (二零二四); two are a range (三四天)."""
    if len(text) == 2 and text[0] != "零":
        return None
    return int("".join(str(_VALUES[digit]) for digit in text))


def _with_units(text: str) -> int | None:
    if text[0] in "百千万":
        return None
    total, digit, last = 0, -1, 100_000
    for character in text:
        unit = UNITS.get(character)
        if unit is None:
            if digit > 0:
                return None
            digit = _VALUES[character]
            last = 0 if digit == 0 else last
        elif unit == 10_000:
            total, digit, last = (total + max(digit, 0)) * unit, -1, unit
        elif 0 < last <= unit:
            return None
        else:
            total, digit, last = total + (digit if digit >= 0 else 1) * unit, -1, unit
    if digit > 0 and 100 <= last <= 10_000:
        return total + digit * last // 10
    return total + max(digit, 0)

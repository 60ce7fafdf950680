"""A case number: the day, a running number and a check digit that catches a slip of the tongue.

The check digit is ISO 7064 MOD 11,10: it finds every single wrong digit and nearly every
swap of neighbours.
"""

from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10


def make(day: date, sequence: int) -> str:
    """`YYMMDD` + at least four digits of `sequence` + check digit: 26112300013."""
    body = f"{day:%y%m%d}{sequence:04d}"
    return body + mod_11_10.calc_check_digit(body)


def is_valid(number: str) -> bool:
    """Whether a number as typed can be a case number; spaces and dashes do not matter."""
    digits = number.replace(" ", "").replace("-", "")
    if len(digits) < 11 or not (digits.isascii() and digits.isdigit()):
        return False
    try:
        mod_11_10.validate(digits)
    except ValidationError:
        return False
    return True


def spoken(number: str) -> str:
    """The number in groups that can be read aloud: 261123 0001 3."""
    return f"{number[:6]} {number[6:-1]} {number[-1]}"

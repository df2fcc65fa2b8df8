"""Resident identity numbers (GB 11643): reading what people type, and the age it tells."""

import re
import unicodedata
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from backend.identity.errors import InvalidIdNumber

FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
ADULT_AGE = 18
LONGEST_LIFE_YEARS = 130


def read_id_number(typed: str, *, today: date) -> str:
    """The 18 characters in canonical form; full-width digits, spaces and a small x are forgiven.

    Raises InvalidIdNumber, which names the field.
    """
    text = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if not FORM.fullmatch(text) or ric.calc_check_digit(text) != text[-1]:
        raise InvalidIdNumber(errors={"id_number": [InvalidIdNumber.detail]})
    # Not `ric.validate`: it also wants the district to have existed in the year of birth, and so
    # refuses genuine cards whose code was given later.
    try:
        born: date = ric.get_birth_date(text)
    except ValidationError:
        raise InvalidIdNumber(errors={"id_number": ["出生日期不正确，请核对。"]}) from None
    if not today.year - LONGEST_LIFE_YEARS <= born.year or born > today:
        raise InvalidIdNumber(errors={"id_number": ["出生日期不合理，请核对。"]})
    return text


def born_on(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def is_adult(number: str, *, today: date) -> bool:
    """Whether the 18th birthday has come."""
    return age_on(number, today) >= ADULT_AGE


def age_on(number: str, day: date) -> int:
    """Whole years that day. Someone born on 29 February is a year older on 1 March."""
    born = born_on(number)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def sex_of(number: str) -> str:
    """`male` or `female`, which the last digit before the check digit tells."""
    return "male" if int(number[16]) % 2 else "female"


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳娜娜 → 欧**娜, 阿依古丽·买买提 → 阿****提: enough to recognise oneself."""
    if len(name) <= 2:
        return name[:1] + "*"
    return f"{name[0]}{'*' * min(len(name) - 2, 4)}{name[-1]}"


def mask_id_number(number: str) -> str:
    """420202198505201234 → 420202********1234."""
    return f"{number[:6]}{'*' * 8}{number[-4:]}"

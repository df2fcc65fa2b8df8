"""Codes that people read out and type: eight letters and digits, none of which looks like another."""

import re
import secrets
import unicodedata

CHARACTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8

_CODE = re.compile(f"[{CHARACTERS}]{{{LENGTH}}}")
_BETWEEN_GROUPS = re.compile(r"[\s‐-―_-]")


def draw_code() -> str:
    return "".join(secrets.choice(CHARACTERS) for _ in range(LENGTH))


def read_code(typed: str) -> str | None:
    """The code however it was typed: small, full-width, in groups. None for what cannot be one."""
    text = _BETWEEN_GROUPS.sub("", unicodedata.normalize("NFKC", typed)).upper()
    return text if _CODE.fullmatch(text) else None

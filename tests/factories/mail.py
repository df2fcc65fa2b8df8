"""Letters that were sent, as the folder of a trial holds them."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

LINK = re.compile(r"(\S+)#/(\S+)\?token=(\S+)")


def letters_to(folder: Path, address: str) -> list[EmailMessage]:
    """In the order in which they were sent."""
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))
    ]
    return [letter for letter in found if letter["To"] == address]  # type: ignore[misc]


def link_in(letter: EmailMessage) -> tuple[str, str]:
    """The page and the token of the one link."""
    ((address, page, token),) = LINK.findall(letter.get_content())
    assert address.endswith("/admin/")
    return page, token

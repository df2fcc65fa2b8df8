"""Mail to people of the console: by SMTP, or in a trial into a folder."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from backend.core.console import ConsoleAddress
from backend.core.ids import new_id

TIMEOUT_S = 20


class Mailer(Protocol):
    def send(self, letter: EmailMessage) -> None:
        """Hand the letter over, or raise."""


@dataclass(frozen=True)
class MailFolder:
    """Letters as files, for a trial: anybody who may read the folder may open their links."""

    folder: Path

    def send(self, letter: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{new_id()}.eml"
        path.touch(mode=0o600)
        path.write_bytes(letter.as_bytes())


@dataclass(frozen=True)
class SmtpServer:
    """`url` is smtps://user:password@host:port, or smtp:// for a server that offers STARTTLS."""

    url: str

    def send(self, letter: EmailMessage) -> None:
        parts = urlsplit(self.url)
        host, trust = parts.hostname or "", ssl.create_default_context()
        with self._connect(host, parts.port, trust) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(letter)

    def _connect(self, host: str, port: int | None, trust: ssl.SSLContext) -> smtplib.SMTP:
        if self.url.startswith("smtps:"):
            return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=trust)
        server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_S)
        server.starttls(context=trust)
        return server


@dataclass(frozen=True)
class PostDesk:
    """What the jobs that send mail need: the way out, the sender, and where the console is."""

    mailer: Mailer
    sender: str
    address: ConsoleAddress
    city_name: str

    def write(self, *, to: str, subject: str, paragraphs: list[str]) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, to
        letter["Subject"] = f"【{self.city_name}信用分】{subject}"
        letter.set_content("\n\n".join(paragraphs) + "\n")
        self.mailer.send(letter)


class _Process:
    desk: PostDesk | None = None


def open_post_desk(desk: PostDesk) -> None:
    _Process.desk = desk


def post_desk() -> PostDesk:
    if _Process.desk is None:
        raise RuntimeError("no post desk was opened; call open_post_desk at start")
    return _Process.desk

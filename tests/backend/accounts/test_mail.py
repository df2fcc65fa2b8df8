"""Letters leave by SMTP over TLS, to a server whose certificate is trusted; in a trial into a folder."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from backend.accounts.mail import MailFolder, PostDesk, SmtpServer
from backend.core.console import ConsoleAddress
from tests.factories.mail import letters_to, link_in

DESK_ADDRESS = ConsoleAddress("https://credit.example.cn/admin/")


class MailServer:
    """Takes letters by SMTP, over TLS from the start or after STARTTLS, as far as smtplib asks."""

    def __init__(self, certificate: Path, *, tls_at_once: bool) -> None:
        self.heard: list[str] = []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.tls_at_once = tls_at_once
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def serve(self) -> None:
        connection, _address = self.listening.accept()
        connection.settimeout(20)
        try:
            if self.tls_at_once:
                connection = self.tls.wrap_socket(connection, server_side=True)
            while again := self.talk(connection):
                connection = again
        except (OSError, ssl.SSLError) as error:
            self.heard.append(f"ended: {type(error).__name__}")
        finally:
            connection.close()

    def talk(self, connection: socket.socket) -> socket.socket | None:
        """Until the end, or until it goes on over TLS."""
        if not isinstance(connection, ssl.SSLSocket) or self.tls_at_once:
            connection.sendall(b"220 here\r\n")
        while line := self.line(connection):
            self.heard.append(line)
            match line.split()[0].upper():
                case "EHLO":
                    connection.sendall(b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n")
                case "STARTTLS":
                    connection.sendall(b"220 go\r\n")
                    return self.tls.wrap_socket(connection, server_side=True)
                case "AUTH":
                    connection.sendall(b"235 welcome\r\n")
                case "DATA":
                    connection.sendall(b"354 go on\r\n")
                    while (part := self.line(connection)) != ".":
                        self.heard.append(part)
                    connection.sendall(b"250 taken\r\n")
                case "QUIT":
                    connection.sendall(b"221 bye\r\n")
                    return None
                case _:
                    connection.sendall(b"250 well\r\n")
        return None

    def line(self, connection: socket.socket) -> str:
        read = bytearray()
        while not read.endswith(b"\r\n"):
            byte = connection.recv(1)
            if not byte:
                return ""
            read += byte
        return read[:-2].decode()


@contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    thread.join(20)
    server.listening.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For localhost, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("mail") / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


def write_by(mailer: MailFolder | SmtpServer) -> None:
    desk = PostDesk(mailer, "office@credit.example.cn", DESK_ADDRESS, "黄石市")
    link = DESK_ADDRESS.link("invitation", "a-token")
    desk.write(to="new@example.cn", subject="邀请", paragraphs=["您好：", link])


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_letter_leaves_over_tls_with_user_and_password(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(MailServer(certificate, tls_at_once=scheme == "smtps")) as server:
        write_by(SmtpServer(f"{scheme}://office:p%40ss@localhost:{server.port}"))
    told = [line.partition(" ")[0].upper() for line in server.heard]
    assert ("STARTTLS" in told) is (scheme == "smtp")
    assert "AUTH PLAIN AG9mZmljZQBwQHNz" in server.heard, "office and p@ss"
    assert "RCPT TO:<new@example.cn>" in [line.replace("rcpt", "RCPT") for line in server.heard]
    assert any("token=" in line for line in server.heard)


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_server_that_nobody_vouches_for_gets_no_letter(certificate: Path, scheme: str) -> None:
    with (
        running(MailServer(certificate, tls_at_once=scheme == "smtps")) as server,
        pytest.raises((ssl.SSLCertVerificationError, smtplib.SMTPException)),
    ):
        write_by(SmtpServer(f"{scheme}://office:p%40ss@localhost:{server.port}"))
    assert not any(line.startswith(("AUTH", "mail", "MAIL")) for line in server.heard)


def test_a_trials_letter_lies_in_the_folder_for_its_owner_alone(tmp_path: Path) -> None:
    write_by(MailFolder(tmp_path / "mail"))
    (path,) = (tmp_path / "mail").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    (letter,) = letters_to(tmp_path / "mail", "new@example.cn")
    assert (letter["From"], letter["Subject"]) == ("office@credit.example.cn", "【黄石市信用分】邀请")
    assert link_in(letter) == ("invitation", "a-token")

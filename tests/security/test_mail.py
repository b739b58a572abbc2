"""Mails: by SMTP with the certificate checked, else to files that only their owner reads."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from ramsess.config import Settings
from ramsess.mail import deliver, deliver_later, write_mail


def settings(folder: Path, smtp_url: str | None = None) -> Settings:
    return Settings(instance=folder, database_url=None, secure_cookies=False, smtp_url=smtp_url)


def test_without_server_a_mail_is_a_private_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = settings(tmp_path)
    deliver(made, write_mail(made, "ana@demo.example", "Objet été", "Bonjour Zoé,\n"))
    [path] = (tmp_path / "mail").glob("*.eml")
    assert path.stat().st_mode & 0o077 == 0
    assert str(path) in capsys.readouterr().err


def test_a_line_break_in_an_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"(?i)linefeed|newline|header"):
        write_mail(settings(tmp_path), "ana@demo.example\nBcc: x@y.example", "Objet", "texte")


def test_an_address_that_is_no_server_is_told(tmp_path: Path) -> None:
    made = settings(tmp_path, "http://hote")
    with pytest.raises(ValueError, match="RAMSESS_SMTP_URL"):
        deliver(made, write_mail(made, "ana@demo.example", "Objet", "texte"))


def test_a_server_that_does_not_answer_stops_nobody(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        made = settings(tmp_path, f"smtp://127.0.0.1:{unused.getsockname()[1]}")
        thread = deliver_later(made, write_mail(made, "ana@demo.example", "Objet", "texte"))
        thread.join(30)
    assert not thread.is_alive()
    assert not (tmp_path / "mail").exists()


def test_a_server_gets_the_message(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=_answer, args=(listening, said))
        server.start()
        made = settings(tmp_path, f"smtp://127.0.0.1:{listening.getsockname()[1]}")
        deliver(made, write_mail(made, "ana@demo.example", "Objet", "Bonjour"))
        server.join(30)
    text = "\n".join(said)
    assert "rcpt to:<ana@demo.example>" in text.lower()
    assert "Bonjour" in text


def _answer(listening: socket.socket, said: list[str]) -> None:
    connection, _ = listening.accept()
    with connection, connection.makefile("rwb", buffering=0) as stream:
        stream.write(b"220 essai\r\n")
        body = False
        for raw in stream:
            line = raw.decode().rstrip("\r\n")
            said.append(line)
            if body:
                if line == ".":
                    body = False
                    stream.write(b"250 ok\r\n")
            elif line.upper() == "DATA":
                body = True
                stream.write(b"354 go\r\n")
            elif line.upper() == "QUIT":
                stream.write(b"221 bye\r\n")
                return
            else:
                stream.write(b"250 essai\r\n")

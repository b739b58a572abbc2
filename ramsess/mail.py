"""Plain-text mails: by SMTP when an address is set, else to files in the instance folder."""

from __future__ import annotations

import os
import smtplib
import ssl
import sys
import threading
import uuid
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

import structlog

from ramsess.config import Settings

PATIENCE = 15  # seconds
_log = structlog.get_logger("ramsess.mail")


def write_mail(settings: Settings, to: str, subject: str, body: str) -> EmailMessage:
    """The message, dated and numbered; ValueError when a line break hides in an address."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain="ramsess.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    return message


def deliver(settings: Settings, message: EmailMessage) -> None:
    """Send *message*, or keep it as a file that only its owner may read and say so."""
    if settings.smtp_url:
        _send(settings.smtp_url, message)
        return
    folder = settings.instance / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.eml"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(bytes(message))
    print(f"Un message est écrit dans {path}.", file=sys.stderr)


def deliver_later(settings: Settings, message: EmailMessage) -> threading.Thread:
    """Deliver from another thread: how long it takes must tell nobody whether an account exists."""

    def work() -> None:
        try:
            deliver(settings, message)
        except (OSError, smtplib.SMTPException) as fault:
            _log.error("mail_not_sent", fault=type(fault).__name__)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def _send(address: str, message: EmailMessage) -> None:
    url = urlsplit(address)
    context = ssl.create_default_context()
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise ValueError("RAMSESS_SMTP_URL doit ressembler à smtps://nom:secret@hote:465.")
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(url.hostname, url.port or 465, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(url.hostname, url.port or 587, timeout=PATIENCE)
    with server:
        if url.scheme == "smtp" and url.hostname not in ("localhost", "127.0.0.1", "::1"):
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)

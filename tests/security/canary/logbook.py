"""All that the application writes beside its answers: logs in both forms, and mails."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path

from flask import Flask

from ramsess.config import Settings
from ramsess.logs import init_logs
from tests.security.canary.words import Word, Words


@dataclass
class Logbook:
    """What was written on the screen, as sentences and as JSON, and in the folder."""

    screen: io.StringIO
    folder: Path

    def text(self) -> str:
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return self.screen.getvalue() + "".join(path.read_text() for path in files)

    def words(self, words: Words) -> list[Word]:
        """The canaries that were written."""
        return [words.known[text] for text in words.found(self.text())]


@contextmanager
def keep_logs(app: Flask, folder: Path) -> Iterator[Logbook]:
    """Everything that is logged meanwhile, by the application and by its libraries."""
    settings: Settings = app.config["SETTINGS"]
    elsewhere = replace(settings, instance=folder)
    root = logging.getLogger()
    with redirect_stderr(io.StringIO()) as screen:
        init_logs(replace(elsewhere, json_logs=True))
        as_json = next(one for one in root.handlers if type(one).__name__ == "_Screen")
        init_logs(elsewhere)
        root.addHandler(as_json)
        try:
            yield Logbook(screen, folder)
        finally:
            root.removeHandler(as_json)
            init_logs(settings)


def mails_of(app: Flask) -> list[tuple[str, str]]:
    """The mails written, as (to, whole text); then they are taken away."""
    found = []
    for path in (app.config["SETTINGS"].instance / "mail").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body()
        said = body.get_content() if body else ""
        found.append((str(message["To"]), f"{message}\n{said}"))
        path.unlink()
    return found

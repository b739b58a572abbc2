"""Logs: what happened, never to whom nor what was typed; security events apart.

A line holds only fields of an allow-list, without control characters. A fault is told by its class
and its places: messages quote values. Of what libraries log, only the place is kept, and the
template when its values are apart.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
import unicodedata
from collections.abc import Iterable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from ramsess.config import Settings
from ramsess.database import acting

# Everything that a line may hold: identifiers, codes and measures. A name, an address, a text or
# a path is none of them.
ALLOWED = frozenset(
    {
        "account",
        "account_id",
        "action",
        "attempt",
        "code",
        "constraint",
        "count",
        "current_structure_id",
        "event",
        "factor",
        "field",
        "frames",
        "kind",
        "level",
        "logger",
        "method",
        "ms",
        "person_id",
        "place",
        "reason",
        "record",
        "request",
        "role",
        "role_name",
        "route",
        "security",
        "session_id",
        "setting",
        "sign_in_id",
        "status",
        "structure",
        "structure_id",
        "timestamp",
        "wait_seconds",
    }
)
LONGEST = 200
SECURITY_FILE_BYTES = 5 * 1024 * 1024
SECURITY_FILES = 20
HERE = Path(__file__).parent.parent

_security = structlog.stdlib.get_logger("ramsess.security")
_faults = structlog.stdlib.get_logger("ramsess.faults")


def security_event(name: str, **fields: str | int | None) -> None:
    """Log a security event: a name, and fields that hold no personal data (ids and codes only)."""
    _security.warning(name, security=True, **fields)


def log_fault(error: BaseException) -> None:
    """Log an unexpected fault: classes, constraint and places; never its message."""
    constraint = getattr(
        getattr(getattr(error, "orig", None), "diag", None), "constraint_name", None
    )
    known = {} if constraint is None else {"constraint": constraint}
    _faults.error("fault", kind=_kinds(error), frames=_frames(error), **known)


def init_logs(settings: Settings) -> None:
    """Send every log of the process through here; called again, it replaces what it had set up."""
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    console = structlog.dev.ConsoleRenderer(colors=False)
    screen = _Screen()
    screen.setFormatter(_formatter(as_json if settings.json_logs else console))
    _replace(logging.getLogger(), screen)
    kept = _SecurityFile(settings.instance / "logs" / "security.jsonl")
    kept.setFormatter(_formatter(as_json))
    _replace(logging.getLogger("ramsess.security"), kept)
    logging.getLogger("ramsess").setLevel(logging.INFO)
    logging.captureWarnings(True)


def _replace(logger: logging.Logger, handler: logging.Handler) -> None:
    for old in [old for old in logger.handlers if isinstance(old, _Ours)]:
        logger.removeHandler(old)
        old.close()
    logger.addHandler(handler)


class _Formatter(ProcessorFormatter):
    """structlog's, which forgets whether a sentence had its values apart."""

    def format(self, record: logging.LogRecord) -> str:
        record.__dict__["had_values"] = bool(record.args)
        return super().format(record)


def _formatter(renderer: Processor) -> ProcessorFormatter:
    return _Formatter(
        foreign_pre_chain=[structlog.contextvars.merge_contextvars, _tell_place_only],
        processors=[
            _say_who_acts,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _keep_allowed,
            renderer,
        ],
    )


def _say_who_acts(_logger: Any, _method: str, event: EventDict) -> EventDict:
    if (account := acting.get().account_id) is not None:
        event.setdefault("account", account)
    return event


def _tell_place_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """What a library logs: its sentence may quote anything, unless its values are apart."""
    record: logging.LogRecord = event["_record"]
    event["event"] = str(record.msg) if record.__dict__.get("had_values") else "library"
    event["place"] = f"{_short(record.pathname)}:{record.lineno}:{record.funcName}"
    event.pop("exc_info", None)
    if record.exc_info and record.exc_info[1]:
        event["kind"] = _kinds(record.exc_info[1])
        event["frames"] = _frames(record.exc_info[1])
    return event


def _keep_allowed(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {name: _harmless(value) for name, value in event.items() if name in ALLOWED}


def _harmless(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_harmless(item) for item in value]
    text = str(value)[:LONGEST]
    return "".join(
        f"\\u{ord(letter):04x}" if unicodedata.category(letter)[0] in "CZ" and letter != " "
        else letter
        for letter in text
    )  # fmt: skip


def _kinds(error: BaseException | None) -> str:
    """The classes of a fault and of its causes: ``IntegrityError < UniqueViolation``."""
    found: list[str] = []
    while error is not None and len(found) < 5:
        found.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    return " < ".join(found)


def _frames(error: BaseException) -> list[str]:
    return [
        f"{_short(frame.filename)}:{frame.lineno}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-25:]
    ]


def _short(filename: str) -> str:
    """A file's place in its package, without the machine's folders."""
    path = Path(filename)
    bases: Iterable[Path] = (Path(base) for base in sorted(filter(None, sys.path), key=len)[::-1])
    for base in (HERE, *bases):
        if path.is_relative_to(base) and ".venv" not in path.relative_to(base).parts:
            return path.relative_to(base).as_posix()
    return path.name


class _Ours(logging.Handler):
    """A handler set up here; one that cannot write says so, and nothing of what it had to write."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        print(f"RAMSESS : journal illisible ou plein ({type(self).__name__}).", file=sys.stderr)


class _Screen(_Ours, logging.StreamHandler[TextIO]):
    """The standard error of the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _SecurityFile(_Ours, RotatingFileHandler):
    """Read by its owner only; made at the first event, and by size from then on."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            maxBytes=SECURITY_FILE_BYTES,
            backupCount=SECURITY_FILES,
            encoding="utf-8",
            delay=True,
        )

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(self.baseFilename, flags, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")

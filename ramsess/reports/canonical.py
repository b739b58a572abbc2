"""The canonical data of a report: one way of writing it as bytes, and back to an equal report.

JSON in UTF-8, keys sorted, no space, dates as ISO 8601, a whole number without decimals, any
other as the shortest that reads back the same (RFC 8785 without its exponents, which no figure
needs). Every field of the report is there by its own name, so that a field added later is sealed
without being thought of, and one that is missing in older data takes its default.

Left out: what leads from a table's figures to records, which its ``repr`` leaves out too, and the
digest, which is that of these very bytes.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import types
import typing
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any

from ramsess.reports.method import method
from ramsess.reports.report import Detail, DetailColumn, Report
from ramsess.reports.table import Table

FORMAT = 1
OF_RECORDS = tuple(field for field in dataclasses.fields(Table) if not field.repr)
LEFT_OUT = {(Table, field.name) for field in OF_RECORDS} | {(Report, "digest")}


class UnreadableError(ValueError):
    """These bytes are no canonical data that we can read; the message is a French sentence."""


def without_records(report: Report) -> Report:
    """*report* without what leads from its figures to records: what its canonical data holds."""
    return dataclasses.replace(
        report,
        tables=tuple(_plain(table) for table in report.tables),
        beside={key: _plain(table) for key, table in report.beside.items()},
    )


def _plain(table: Table) -> Table:
    nothing: dict[str, Any] = {
        field.name: field.default
        if field.default_factory is dataclasses.MISSING
        else field.default_factory()
        for field in OF_RECORDS
    }
    return dataclasses.replace(table, **nothing)


def canonical_bytes(report: Report, salt: str = "") -> bytes:
    """The canonical data of *report*.

    *salt*, drawn at random when a report is sealed, keeps who guesses the figures from knowing by
    the digest that the guess is right.
    """
    version = method_version(report)
    return as_bytes({"format": FORMAT, "method": version, "salt": salt, "report": _written(report)})


def as_bytes(data: Any) -> bytes:
    """*data* as canonical JSON."""
    return json.dumps(
        data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def method_version(report: Report) -> str:
    """What tells one wording of the method from another."""
    return hashlib.sha256(as_bytes(method(report))).hexdigest()[:16]


def digest_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def report_from(content: bytes) -> Report:
    """The report that was written as *content*; a sealed one bears the digest of these bytes.

    Raises UnreadableError.
    """
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise UnreadableError("Ces données scellées sont d’un format inconnu.")
        report: Report = _read(Report, data["report"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("Ces données ne sont pas celles d’un bilan.") from error
    if report.sealed_on is None:
        return report
    return dataclasses.replace(report, digest=digest_of(content))


def _written(value: Any) -> Any:
    """*value* as JSON knows it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            name: _cells(getattr(value, name)) if is_cells else _written(getattr(value, name))
            for name, _, is_cells in _fields(type(value))
        }
    if isinstance(value, Mapping):
        return {key: _written(item) for key, item in value.items()}
    if isinstance(value, Sequence | frozenset) and not isinstance(value, str):
        items = [_written(item) for item in value]
        return sorted(items) if isinstance(value, frozenset) else items
    return value.isoformat() if isinstance(value, dt.date) else _number(value)


def _number(value: Any) -> Any:
    """One way of writing a number: whole when it is, whatever it was counted with."""
    if value is None or isinstance(value, str | bool | int):
        return value
    plain = value.item() if hasattr(value, "item") else float(value)
    return int(plain) if plain == int(plain) else plain


def _cells(values: Mapping[tuple[str, str], Any]) -> dict[str, dict[str, Any]]:
    """Figures by row, then by column."""
    found: dict[str, dict[str, Any]] = {}
    for (row, column), value in values.items():
        found.setdefault(row, {})[column] = _number(value)
    return found


@cache
def _fields(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """The fields of a dataclass that are written: name, type, whether it holds figures by cell."""
    hints = typing.get_type_hints(kind)
    return tuple(
        (field.name, hints[field.name], (kind, field.name) == (Table, "values"))
        for field in dataclasses.fields(kind)
        if (kind, field.name) not in LEFT_OUT
    )


def _read(hint: Any, data: Any) -> Any:
    """What *data* is, as the type *hint* says."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _read_one_of(inside, data)
    if isinstance(origin, type):
        return _read_many(origin, inside, data)
    if dataclasses.is_dataclass(hint):
        return _read_fields(hint, data)
    if hint is dt.date:
        return dt.date.fromisoformat(data)
    return hint(data) if isinstance(hint, type) and issubclass(hint, Enum) else data


def _read_many(origin: type, inside: Sequence[Any], data: Any) -> Any:
    if issubclass(origin, Mapping):
        return {key: _read(inside[1], item) for key, item in data.items()}
    if origin is frozenset:
        return frozenset(_read(inside[0], item) for item in data)
    if origin is not tuple:
        return data
    kinds = [inside[0]] * len(data) if inside[-1] is ... else inside
    return tuple(_read(kind, item) for kind, item in zip(kinds, data, strict=True))


def _read_one_of(kinds: Sequence[Any], data: Any) -> Any:
    """An absence, or what the one other type says; words and numbers are what they are."""
    others = [kind for kind in kinds if kind is not type(None)]
    return _read(others[0], data) if data is not None and len(others) == 1 else data


def _read_fields(kind: Any, data: dict[str, Any]) -> Any:
    known = {
        name: (
            {
                (row, column): item
                for row, line in data[name].items()
                for column, item in line.items()
            }
            if is_cells
            else _read(hint, data[name])
        )
        for name, hint, is_cells in _fields(kind)
        if name in data
    }
    made = kind(**known)
    if isinstance(made, Detail):
        return dataclasses.replace(made, rows=_read_rows(made.columns, made.rows))
    return made


def _read_rows(
    columns: Sequence[DetailColumn], rows: Sequence[Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """The lines of a list: in its columns of dates, text is a date."""
    dates = [number for number, column in enumerate(columns) if column.kind == "date"]
    found = []
    for row in rows:
        line = list(row)
        for number in dates:
            if isinstance(line[number], str):
                line[number] = dt.date.fromisoformat(line[number])
        found.append(tuple(line))
    return found

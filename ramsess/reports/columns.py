"""Fetch narrow columns fast: PostgreSQL's binary arrays read straight into NumPy.

Every column is a number of fixed width and never NULL, so each is one array whose elements have
all the same length in the binary format: the answer is one row, and no value passes through Python.
Codes travel as their place in their code list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from psycopg import Connection

#: The day of what has not happened: later than any date, so that comparisons need no special case.
NEVER = 2**31 - 1
#: The id of what is absent (an act without parcours).
NONE = -1

_HEADER_BYTES = 20  # dimensions, flags, element type, size, lower bound
_CASTS = {
    "id": f"coalesce({{}}, {NONE})::int8",
    "int": "coalesce({}, -1)::int4",
    "day": f"coalesce({{}} - date '1970-01-01', {NEVER})::int4",
    "flag": "coalesce(({})::int, -1)::int4",
    "moment": "{}",
}
# A moment travels as microseconds since then, in UTC.
_MOMENTS_SINCE = np.datetime64("2000-01-01", "us")

#: Column name → SQL expression, and what it is: ``id``, ``int``, ``day``, ``flag``, ``moment``, or
#: the table of the code list that its code belongs to.
Columns = dict[str, tuple[str, str]]


def fetch(
    connection: Connection[Any],
    columns: Columns,
    source: str,
    parameters: Sequence[Any] = (),
    *,
    order: Sequence[str] = (),
) -> pd.DataFrame:
    """Return a frame of *columns* from *source* (the SQL's FROM on), sorted by *order*.

    Ids and whole numbers are integers (−1 when absent), days are days since 1970-01-01 (``NEVER``
    when absent), flags are 1, 0 or −1 for unknown, codes are categories (missing when absent),
    moments are never absent, in UTC.
    """
    arrays, raw, joins = [], [], []
    for n, (sql, kind) in enumerate(columns.values()):
        if kind in _CASTS:
            raw.append(f"{_CASTS[kind].format(sql)} AS c{n}")
            arrays.append(f"array_agg(c{n})")
        else:
            raw.append(f"{sql} AS c{n}")
            arrays.append(f"array_agg(coalesce(k{n}.place, -1))")
            joins.append(
                "LEFT JOIN (SELECT code, (row_number() OVER (ORDER BY code) - 1)::int4 AS place "
                f"FROM {kind}) k{n} ON k{n}.code = r.c{n}"
            )
    query = (
        f"SELECT {', '.join(arrays)} FROM (SELECT {', '.join(raw)} {source}) r {' '.join(joins)}"
    )
    with connection.cursor(binary=True) as cursor:
        cursor.execute(query, parameters)
        result = cursor.pgresult
        assert result is not None
        answers = [result.get_value(0, n) for n in range(len(columns))]
    frame: dict[str, Any] = {}
    for answer, (name, (_, kind)) in zip(answers, columns.items(), strict=True):
        values = _integers(answer, 8 if kind in ("id", "moment") else 4)
        if kind == "moment":
            frame[name] = _MOMENTS_SINCE + values.astype("timedelta64[us]")
        else:
            frame[name] = values if kind in _CASTS else _codes(connection, kind, values)
    found = pd.DataFrame(frame)
    return found.sort_values(list(order), ignore_index=True) if order else found


def _integers(array: bytes | None, width: int) -> npt.NDArray[Any]:
    """The elements of a binary array of integers; none for NULL, the answer over no row."""
    native: npt.DTypeLike = np.int64 if width == 8 else np.int32
    if array is None:
        return np.empty(0, native)
    layout = np.dtype([("length", ">i4"), ("value", f">i{width}")])
    return np.frombuffer(array, layout, offset=_HEADER_BYTES)["value"].astype(native)


def _codes(connection: Connection[Any], table: str, places: npt.NDArray[Any]) -> pd.Categorical:
    codes = connection.execute(f"SELECT trim(code) FROM {table} ORDER BY code").fetchall()
    return pd.Categorical.from_codes(
        places, categories=pd.Index([c for (c,) in codes], dtype=object)
    )


def or_nr(codes: pd.Series) -> pd.Categorical:
    """The codes of *codes* with ``NR`` where none is known: unknown is a value (Rule 9)."""
    values = codes.array
    if "NR" not in values.categories:
        values = values.add_categories(["NR"])
    return pd.Categorical(values.fillna("NR"))


def look_up(codes: pd.Series, names: Mapping[str, str], missing: str) -> pd.Categorical:
    """Translate codes by *names* (commune → EPCI); a code it does not hold reads *missing*.

    An absent code stays absent.
    """
    values = codes.array
    wanted = [names.get(code, missing) for code in values.categories]
    distinct = list(dict.fromkeys(wanted))
    position = np.array([distinct.index(name) for name in wanted] + [-1], dtype=np.int64)
    return pd.Categorical.from_codes(
        position[values.codes], categories=pd.Index(distinct, dtype=object)
    )

"""When acts were entered on a page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from psycopg import Connection as Driver

from ramsess.reports.columns import fetch
from ramsess.reports.fact_columns import HANDED_IN


def with_delays(driver: Driver[Any], acts: pd.DataFrame) -> pd.DataFrame:
    """*acts* with ``delay``: the days from the act to its entry on a page, 0 for an act to come.

    −1 for what came in a workbook: all its acts are entered on the day when it is handed in.
    """
    handed_in = fetch(
        driver, HANDED_IN, "FROM exchange_keys k WHERE k.sheet IN ('Actes', 'Séances')"
    )
    moments = pd.DatetimeIndex(acts["recorded"], tz="UTC").tz_convert("Europe/Paris")
    days = moments.tz_localize(None).to_numpy().astype("datetime64[D]").astype(np.int64)
    delay = np.maximum(days - acts["day"].to_numpy(), 0)
    by_hand = ~np.isin(acts["id"].to_numpy(), handed_in["act"].to_numpy())
    return acts.drop(columns="recorded").assign(delay=np.where(by_hand, delay, -1))

"""The independent recount: every table of the report, from the workbooks, in plain Python.

Nothing here comes from `ramsess`: it is written from domain.md alone, to be read beside it, one
function a table, slowly and obviously. A figure of RAMSESS that differs is wrong, or this is.

    recount(workbooks, first, last, scheme=None, structure=None)
        -> {"B08": {("CSL1", "TOTAL"): 12, …}, …}        a cell that is absent is 0

First the workbooks are read into parcours and acts (`reading`), then the network is limited to
what the report is about (`views`), then each table is counted (`persons`, `parcours`, `activity`).
"""

from tests.counting.recount.report import recount

__all__ = ["recount"]

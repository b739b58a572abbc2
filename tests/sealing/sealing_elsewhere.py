"""Seal the reports made by hand, as another machine would: run as a command of its own.

Given: a folder to write to, and the mask of new files.
"""

from __future__ import annotations

import locale
import os
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    os.umask(int(sys.argv[2], 8))
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        locale.setlocale(locale.LC_ALL, "C")
    time.tzset()
    shift = float(os.environ.get("SHIFT", "0"))
    if shift:
        # Another day: whatever asks for the time is told a later one.
        real = time.time
        time.time = lambda: real() + shift
        real_local, real_utc = time.localtime, time.gmtime
        time.localtime = lambda at=None: real_local(real() + shift if at is None else at)
        time.gmtime = lambda at=None: real_utc(real() + shift if at is None else at)

    from tests.sealing.made import made

    files, proof = made()
    folder = Path(sys.argv[1])
    folder.mkdir()
    for edition, contents in files.items():
        for suffix, content in contents.items():
            (folder / f"{edition}.{suffix}").write_bytes(content)
    (folder / "manifest").write_bytes(proof.manifest)
    (folder / "signature").write_bytes(proof.signature)

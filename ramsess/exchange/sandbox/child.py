"""The child process that opens or writes a spreadsheet: bytes on its input, bytes on its output.

Run by its path, isolated. It takes its own limits before it reads anything (a 1.4 kB file can ask
openpyxl for 1.6 GB). Arguments: the task (a module beside this one), then what it is told.
"""

from __future__ import annotations

import importlib
import json
import sys
import types
from pathlib import Path

FOLDER = Path(__file__).parents[2]
MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
# What the marked copy is written to on its way out; reading writes nothing.
WRITTEN_BYTES = {"mark": 64 << 20}


def take_limits(task: str) -> None:  # pragma: no cover - in the child only
    """Limit memory, processor time and written files; where the system has no such limits
    (Windows) the parent's clock is the only one."""
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        return
    written = WRITTEN_BYTES.get(task, 0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(task: str, told: list[str]) -> None:  # pragma: no cover - in the child only
    """Answer what the task makes, or {"refused": sentence}; any other fault is an exit code."""
    take_limits(task)
    # openpyxl would load NumPy, for nothing here: 0.2 s and much address space.
    sys.modules["numpy"] = None  # type: ignore[assignment]  # so that importing it fails
    # Our packages by their folders alone: to import them would load the whole application.
    for name, folder in (("ramsess", FOLDER), ("ramsess.exchange", FOLDER / "exchange")):
        package = sys.modules[name] = types.ModuleType(name)
        package.__path__ = [str(folder)]
    module = importlib.import_module(f"ramsess.exchange.sandbox.{task}")
    refusal_of = importlib.import_module("ramsess.exchange.sandbox.parse").RefusedError
    try:
        answer: bytes = module.answer(sys.stdin.buffer.read(), told)
    except refusal_of as refusal:
        answer = json.dumps({"refused": str(refusal)}).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":  # pragma: no cover - in the child only
    main(sys.argv[1], sys.argv[2:])

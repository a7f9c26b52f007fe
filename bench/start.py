"""How long a start takes, beside bare Python with the two modules that nothing of ours does without, and which imports
it goes to. Judges nothing.

Processor seconds of the process, since wall time is the machine's mood; `run` counts until its page says it is ready.
"""

import asyncio
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from tests.forks import ROOT
from tests.process import Running

ROUNDS = 7
MOST_IMPORTS = 8
FLOOR = "python, asyncio and sqlite3"
IMPORT = re.compile(r"^import time: +(\d+) \| +\d+ \| +([\w.]+)$", re.MULTILINE)  # microseconds of its own
TRACED = {"PYTHONPROFILEIMPORTTIME": "1"}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        cases: dict[str, Callable[[], object]] = {
            FLOOR: partial(_python, folder, "-c", "import asyncio, sqlite3"),
            "--help": partial(_python, folder, "-m", "bot", "--help"),
            "check": partial(_python, folder, "-m", "bot", "check"),
            "run, the first time": lambda: asyncio.run(_run(Path(tempfile.mkdtemp(dir=folder)))),
            "run, again": lambda: asyncio.run(_run(folder)),
        }
        asyncio.run(_run(folder))  # makes the database, and what Python compiles
        took: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(ROUNDS):  # interleaved, so that a noisy minute falls on all
            for name, start in cases.items():
                took[name].append(_cost(start))
        _print({name: median(found) for name, found in took.items()})
        _print_imports(asyncio.run(_run(folder, **TRACED)))


def _cost(start: Callable[[], object]) -> float:
    """Processor seconds of the process that it starts and ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _python(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)


async def _run(folder: Path, **environment: str) -> str:
    """Until it is ready; what it wrote to its log."""
    running = await Running.start_anew(folder, "run", **environment)
    await running.kill()
    return running.log.read_text(encoding="utf-8")


def _print(took: dict[str, float]) -> None:
    print(f"{'a start':32}{'CPU ms':>10}{'beside bare Python':>20}")
    for name, found in took.items():
        print(f"{name:32}{found * 1e3:>10.0f}{found / took[FLOOR]:>20.1f}")


def _print_imports(log: str) -> None:
    """By top-level package: its own modules, and not those of others that it imports."""
    own: Counter[str] = Counter()
    for microseconds, name in IMPORT.findall(log):
        package = name.partition(".")[0]
        own["Python's own" if package in sys.stdlib_module_names else package] += int(microseconds)
    print(f"{'imports of run':32}{'ms':>10}{'share':>10}")
    for package, microseconds in own.most_common(MOST_IMPORTS):
        print(f"{package:32}{microseconds / 1e3:>10.0f}{microseconds / own.total():>10.0%}")


if __name__ == "__main__":
    main()

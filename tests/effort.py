"""How much work something is, without a clock on the wall: calls that are counted, processor time as a ratio."""

import sys
import time
from collections.abc import Callable
from types import FrameType

ROUNDS = 5


def calls(work: Callable[[], object]) -> int:
    """Of functions, Python's own included."""
    count = 0

    def note(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth(work: Callable[[int], object], size: int, times: int = 4) -> float:
    """How many times as long it takes for so many times the size: about `times` when it is linear, its square when it
    is not."""
    small, large = (min(_timed(work, n) for _ in range(ROUNDS)) for n in (size, size * times))
    return large / small


def _timed(work: Callable[[int], object], size: int) -> float:
    began = time.thread_time()
    work(size)
    return time.thread_time() - began

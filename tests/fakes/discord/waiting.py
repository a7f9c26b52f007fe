"""Waits for what must come true: whoever waits looks again at each change of the fake, and now and then."""

import asyncio
from collections.abc import Callable

NOW_AND_THEN = 0.02  # seconds; what a bot does inside itself is no change of the fake


class NeverHappened(AssertionError):
    """What a test waited for."""


class Pulse:
    def __init__(self) -> None:
        self._beat = asyncio.Event()

    def beat(self) -> None:
        self._beat.set()
        self._beat = asyncio.Event()

    async def until(self, condition: Callable[[], object], timeout: float, what: str = "") -> None:  # noqa: ASYNC109
        """Raises NeverHappened, which says `what`, after that many real seconds."""
        end = asyncio.get_running_loop().time() + timeout
        while not condition():
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise NeverHappened(what or f"not within {timeout:g} s")
            await self._next(min(left, NOW_AND_THEN))

    async def _next(self, most: float) -> None:
        try:
            async with asyncio.timeout(most):
                await self._beat.wait()
        except TimeoutError:
            return

"""Carries private answers to Discord's interaction endpoints. Knows nothing of what they say.

Not discord.py's: it repeats a lost answer only after a second, of three that there are, and lets these requests wait
when others met the global rate limit, which does not hold for them.
"""

import asyncio
import json
from typing import Any

import aiohttp

PAUSES = (0.2, 0.5, 1.0)  # seconds before each repetition
PATIENCE = 10.0  # seconds for one request
LONGEST_WAIT = 5.0  # seconds that a member may be kept waiting by a rate limit
ALREADY_ANSWERED = 40060


class CarrierRefused(Exception):
    """Discord did not take an answer, or may not have."""

    def __init__(self, text: str, status: int = 0, code: int = 0) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


class Carrier:
    def __init__(self, base: str, user_agent: str) -> None:
        self._base = base
        self._headers = {"User-Agent": user_agent}
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def send(self, method: str, path: str, body: Any) -> None:
        """Repeats what may not have arrived; only for what does no harm when it comes twice. Raises Refused."""
        for pause in PAUSES:
            try:
                return await self.send_once(method, path, body)
            except CarrierRefused as refused:
                if 400 <= refused.status < 500:
                    raise
            await asyncio.sleep(pause)
        return await self.send_once(method, path, body)

    async def send_once(self, method: str, path: str, body: Any) -> None:
        """Waits out one rate limit. Raises Refused."""
        wait = await self._request(method, path, body)
        if wait is not None:
            await asyncio.sleep(wait)
            if await self._request(method, path, body) is not None:
                raise CarrierRefused("rate limited twice", 429)

    async def _request(self, method: str, path: str, body: Any) -> float | None:
        """Seconds to wait when it was not taken because of a rate limit. Raises Refused."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=PATIENCE),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        try:
            async with self._session.request(method, self._base + path, json=body) as answer:
                if answer.status < 300:
                    return None
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise CarrierRefused(f"no answer ({type(error).__name__})") from error
        code, wait = _read(text)
        if code == ALREADY_ANSWERED:
            return None  # an earlier attempt arrived
        if answer.status == 429 and wait is not None and wait <= LONGEST_WAIT:
            return wait
        raise CarrierRefused(f"{answer.status}: {text[:200]}", answer.status, code)


def _read(text: str) -> tuple[int, float | None]:
    """Code and retry_after of an error, if it is one of Discord's own."""
    try:
        error = json.loads(text)
        wait = error.get("retry_after")
        return int(error.get("code", 0)), None if wait is None else float(wait)
    except (ValueError, TypeError, AttributeError):
        return 0, None

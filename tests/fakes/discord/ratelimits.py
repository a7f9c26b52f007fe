"""Discord's rate limits: a bucket per route and channel, one for all, and one for edits of old messages."""

from __future__ import annotations

import hashlib
import math
from collections import deque
from dataclasses import dataclass, field

from tests.fakes.discord.clock import Clock
from tests.fakes.discord.refusals import Json, Refused

EXEMPT = ("/interactions/", "/webhooks/")
TEXT = "You are being rate limited."
FOR_ALL = ("", "")  # the key of the limit for all routes
ON_ITS_WAY = 0.1  # seconds
OLD_EDITS = "Maximum number of edits to messages older than 1 hour reached. Try again later"


@dataclass(slots=True)
class Bucket:
    most: int
    per: float
    used: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until there is room; 0 if there is."""
        while self.used and self.used[0] <= now - self.per:
            self.used.popleft()
        return max(0.0, self.used[0] + self.per - now) if len(self.used) >= self.most else 0.0


@dataclass(frozen=True, slots=True)
class Toll:
    """What a request cost, for the headers of its answer."""

    name: str
    bucket: Bucket
    now: float

    @property
    def headers(self) -> dict[str, str]:
        left = max(0, self.bucket.most - len(self.bucket.used))
        reset = self.bucket.used[0] + self.bucket.per if self.bucket.used else self.now
        return {
            "X-RateLimit-Limit": str(self.bucket.most),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{reset:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, reset - self.now):.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(self.name.encode()).hexdigest()[:32],
        }


class RateLimits:
    """`per_route` is (requests, seconds) by method and path template; `scaled` shortens every window alike."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scale = 1.0
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._all = Bucket(50, 1.0)
        self._old_edits: dict[int, Bucket] = {}
        self._come_back: dict[tuple[str, str], tuple[float, float]] = {}  # key: told at, not before
        self.is_on = True
        self.is_global_on = True
        self.old_edits = (5, 60.0)
        self.default = (50, 1.0)
        self.per_route: dict[str, tuple[int, float]] = {
            "POST /channels/{channel_id}/messages": (5, 5.0),
            "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
            "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
            "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": (1, 0.25),
            "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}": (1, 0.25),
            "PATCH /channels/{channel_id}": (5, 10.0),
            "POST /guilds/{guild_id}/scheduled-events": (5, 60.0),
        }

    def off(self) -> None:
        self.is_on = self.is_global_on = False

    def scaled(self, factor: float) -> None:
        self._scale = factor

    def take(self, method: str, template: str, major: str) -> Toll:
        """Counts the request, or raises a 429."""
        now = self._clock.seconds
        if self.is_global_on and not template.startswith(EXEMPT):
            self._spend(self._all, now, scope="global")
        name = f"{method} {template}"
        toll = Toll(name, self._bucket(name, major), now)
        if self.is_on and not template.startswith("/interactions/"):
            self._spend(toll.bucket, now, scope="user", toll=toll, key=(name, major))
        return toll

    def take_old_edit(self, channel_id: int) -> None:
        if not self.is_on:
            return
        most, per = self.old_edits
        bucket = self._old_edits.setdefault(channel_id, Bucket(most, per * self._scale))
        wait = bucket.wait(self._clock.seconds)
        if wait:
            raise limited(wait, code=30046, text=OLD_EDITS)
        bucket.used.append(self._clock.seconds)

    def _bucket(self, name: str, major: str) -> Bucket:
        most, per = self.per_route.get(name, self.default)
        return self._buckets.setdefault((name, major), Bucket(most, per * self._scale))

    def _spend(
        self, bucket: Bucket, now: float, *, scope: str, toll: Toll | None = None, key: tuple[str, str] = FOR_ALL
    ) -> None:
        wait = bucket.wait(now)
        if wait:
            self.told(key, wait)
            raise limited(wait, scope=scope, headers=toll.headers if toll else {})
        bucket.used.append(now)

    # who was told to wait

    def told(self, key: tuple[str, str], wait: float) -> None:
        now = self._clock.seconds
        self._come_back[key] = (now, now + wait)

    def is_impatient(self, method: str, template: str, major: str) -> bool:
        """Whether it comes although it was told to wait longer, and not just now, when it was already on its way."""
        keys = [(f"{method} {template}", major)]
        if not template.startswith(EXEMPT):
            keys.append(FOR_ALL)
        now = self._clock.seconds
        told = [self._come_back.get(key, (0.0, 0.0)) for key in keys]
        return any(at + ON_ITS_WAY < now < until - 0.02 for at, until in told)


def limited(
    wait: float,
    *,
    scope: str = "user",
    code: int = 0,
    text: str = TEXT,
    headers: dict[str, str] | None = None,
) -> Refused:
    extra: Json = {"retry_after": round(wait, 3), "global": scope == "global"}
    found = {
        **(headers or {}),
        "Retry-After": str(math.ceil(wait)),
        "X-RateLimit-Scope": scope,
        "Via": "1.1 google",
        **({"X-RateLimit-Global": "true"} if scope == "global" else {}),
    }
    return Refused(429, code, text, headers=found, extra=extra)

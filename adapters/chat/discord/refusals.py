"""What Discord's refusals mean for us: a DeliveryError that says what to do. Asks nothing itself."""

import aiohttp
import discord

from bot.errors import DeliveryError

FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError)  # that a request may meet; a timeout is an OSError

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10004, 10007, 10008, 10013
UNKNOWN_EMOJI, OLD_EDITS, NO_ACCESS, NO_DIRECT_MESSAGES, NO_PERMISSION = 10014, 30046, 50001, 50007, 50013
WRONG_CHANNEL_TYPE, ARCHIVED, HAS_THREAD, LOCKED, TOO_MANY_THREADS = 50024, 50083, 160004, 160005, 160006
TOO_MANY_PINS, TOO_MANY_EVENTS, SYSTEM_MESSAGE, INVALID_FORM = 30003, 30038, 50021, 50035
UNKNOWN_EVENT, FINISHED_EVENT = 10070, 180000
NO_FREE_TAG = 40067  # of a forum that requires one
STOPPED_BY_AUTOMOD = (200000, 200001)

TAGS_ADVICE = "add a tag that everybody may use, or give it Manage Threads there"
SHORT_WAIT, LONG_WAIT = 60.0, 3600.0  # seconds
ADVICE = {
    UNKNOWN_CHANNEL: "{place} is not there any more: where the group shall meet, type `/paper-admin move`",
    UNKNOWN_GUILD: "Paperclub is not on this server any more: invite it again",
    NO_ACCESS: "Paperclub can't see {place}: give it View Channel there, or invite it again",
    NO_PERMISSION: "Discord refuses it in {place}, though Paperclub has there all that it asks for",
    NO_DIRECT_MESSAGES: "this member takes no direct messages from Paperclub",
    WRONG_CHANNEL_TYPE: "{place} takes no messages: type `/paper-admin move` in a text channel, or name a forum there",
    NO_FREE_TAG: "{place} wants a tag on each post, and has none that Paperclub may use: " + TAGS_ADVICE,
    LOCKED: "a thread in {place} is locked: unlock it, or give Paperclub Manage Threads",
    **dict.fromkeys(STOPPED_BY_AUTOMOD, "AutoMod stopped a message in {place}: except Paperclub's role from that rule"),
}
CLOSED = (UNKNOWN_CHANNEL, UNKNOWN_GUILD, NO_ACCESS, NO_PERMISSION, NO_FREE_TAG)
WAITS = {OLD_EDITS: SHORT_WAIT, TOO_MANY_THREADS: LONG_WAIT}


def code_of(error: BaseException) -> int:
    return error.code if isinstance(error, discord.HTTPException) else 0


def is_unauthorised(error: BaseException) -> bool:
    return isinstance(error, discord.HTTPException) and error.status == 401


def ban_of(error: discord.HTTPException) -> float:
    """Seconds for which nothing at all may be asked: when Cloudflare refuses us and not Discord, which says Via."""
    is_ban = error.status == 429 and not error.code and not error.response.headers.get("Via")
    return _retry_after(error, SHORT_WAIT) if is_ban else 0.0


def explain(error: Exception, place: str, missing: str = "") -> DeliveryError:
    """`place` as an admin reads it. `missing`: what a look at the place says that we lack there."""
    if isinstance(error, discord.RateLimited):
        return DeliveryError("Discord asks us to wait", retry_after=error.retry_after)
    if not isinstance(error, discord.HTTPException):
        return DeliveryError(f"Discord does not answer ({type(error).__name__})")
    if error.code in WAITS:
        wait = max(WAITS[error.code], _retry_after(error, 0.0))
        return DeliveryError(f"Discord asks us to wait: {_said(error)}", retry_after=wait)
    if error.status == 429:
        return DeliveryError("Discord asks us to wait", retry_after=_retry_after(error, SHORT_WAIT))
    if error.status == 401:
        return DeliveryError("Discord does not take DISCORD_TOKEN any more", retry_after=SHORT_WAIT)
    if error.status >= 500:
        return DeliveryError(f"Discord fails ({error.status})")
    advice = ADVICE.get(error.code, f"Discord refuses it in {{place}}: {_said(error)}")
    is_gone, is_closed = error.code == UNKNOWN_MESSAGE, error.code in CLOSED
    return DeliveryError(missing or advice.format(place=place), hopeless=True, gone=is_gone, closed=is_closed)


def _said(error: discord.HTTPException) -> str:
    return " ".join(error.text.split())[:200] or f"{error.status}, code {error.code}"


def _retry_after(error: discord.HTTPException, otherwise: float) -> float:
    """A page of Cloudflare says it in a header, if at all."""
    said = error.response.headers.get("Retry-After", "")
    try:
        return max(float(said), 1.0)
    except ValueError:
        return otherwise

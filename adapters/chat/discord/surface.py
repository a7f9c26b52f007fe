"""Discord as a surface: one connection at a time, made when it is needed. The parts are in the modules beside it."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

import discord

from adapters.chat.discord import check, sdk
from adapters.chat.discord.inbound.drafts import Drafts
from adapters.chat.discord.inbound.gateway import HEARTBEAT_PATIENCE, Listener
from adapters.chat.discord.inbound.reactions import emoji_numbers
from adapters.chat.discord.outbound.delivery import Deliverer
from adapters.chat.discord.outbound.escape import paragraphs
from adapters.chat.discord.outbound.events import Events
from adapters.chat.discord.outbound.render import MOST_CONTENT, NOBODY
from adapters.chat.discord.places import SURFACE, Spot, read_account, read_place, read_ref
from adapters.chat.discord.refusals import (
    FAILURES,
    NO_ACCESS,
    NO_PERMISSION,
    UNKNOWN_MEMBER,
    UNKNOWN_USER,
    code_of,
    explain,
    is_unauthorised,
)
from adapters.chat.discord.rest import RATE, Pacer, Rest
from bot.cards import Message
from bot.errors import DeliveryError, StartError
from bot.model import DiscordSettings, Emoji, GroupSettings
from bot.ports import Core, Delivery

log = logging.getLogger(__name__)

WHERE = "discord.com/developers → your application → Bot → Reset Token"
NO_TOKEN = f"Discord needs DISCORD_TOKEN (or DISCORD_TOKEN_FILE): copy it from {WHERE}"
BAD_TOKEN = f"Discord does not take DISCORD_TOKEN: copy a new one from {WHERE}"
INTENTS = "Discord refuses the intents Paperclub asks for (guilds, reactions, events), none of which is privileged"
REFUSED = 60.0  # seconds for which a token that was refused is not tried again; thousands of tries get a bot banned
CLOSING = 3.0  # seconds for a farewell
FATAL_CLOSES = {4004: BAD_TOKEN, 4013: INTENTS, 4014: INTENTS}


class Discord:
    """discord.py keeps the address for the whole process, so there is one of these in it."""

    name = SURFACE
    edit_pause = 2.0
    late_edit_pause = 60.0  # Discord limits edits of messages older than an hour
    lanes = 25
    calendar = True
    heartbeat_patience: ClassVar[float] = HEARTBEAT_PATIENCE
    rate: ClassVar[float] = RATE

    def __init__(self, settings: DiscordSettings, token: str, groups: Sequence[GroupSettings] = ()) -> None:
        self._settings = settings
        self._token = token.strip()
        self._groups = groups
        self._pacer = Pacer(self.rate)
        self._deliverer = Deliverer()
        self._events = Events()
        self._drafts = Drafts()
        self._client: Listener | None = None  # logged in; it may not listen
        self._logging_in = asyncio.Lock()
        self._refused_until = 0.0
        self._heard = asyncio.Event()
        self._trouble = "Discord is not connected yet"

    # --- its life

    async def run(self, core: Core) -> None:
        """Raises StartError for a token or intents that Discord refuses."""
        self._trouble = "Discord is not connected yet"
        try:
            client = await self._logged_in()
            telling = asyncio.create_task(self._tell_when_heard(client))
            try:
                await client.listen(core)
            finally:
                telling.cancel()
            raise ConnectionError("Discord closed the connection")
        except (StartError, *FAILURES) as error:
            raise self._as_trouble(error) from error
        finally:
            await self.close()

    async def _tell_when_heard(self, client: Listener) -> None:
        await client.heard.wait()
        self._trouble = ""
        self._heard.set()
        log.info("Discord is connected (servers: %d)", len(client.guilds))

    def _as_trouble(self, error: Exception) -> Exception:
        if isinstance(error, discord.PrivilegedIntentsRequired):
            error = StartError(INTENTS)
        elif isinstance(error, discord.ConnectionClosed) and error.code in FATAL_CLOSES:
            error = StartError(FATAL_CLOSES[error.code])
        self._trouble = f"Discord is not connected: {error}"
        return error

    async def ready(self) -> None:
        await self._heard.wait()

    @property
    def trouble(self) -> str:
        if asyncio.get_running_loop().time() < self._refused_until:
            return f"Discord is not connected: {BAD_TOKEN}"
        if self._trouble or self._client is None or self._client.is_connected:
            return self._trouble
        return "Discord is connecting again"

    async def close(self) -> None:
        """Idempotent; what is asked afterwards logs in anew."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                await client.close()
        await sdk.hang_up(client)

    async def _logged_in(self) -> Listener:
        """Raises StartError for a token that is refused, else what a request raises."""
        async with self._logging_in:
            if self._client is None:
                self._client = await self._log_in()
            return self._client

    async def _log_in(self) -> Listener:
        sdk.never_speak()
        sdk.require_known()
        if not self._token:
            raise StartError(NO_TOKEN)
        now = asyncio.get_running_loop().time()
        if now < self._refused_until:
            raise StartError(BAD_TOKEN)
        sdk.ask_at(self._settings.api_base.rstrip("/"))
        logging.getLogger("discord.gateway").setLevel(logging.INFO)  # else it tells the tokens of interactions
        client = Listener(self._settings, self._pacer, self._drafts, self.heartbeat_patience)
        try:
            await client.login(self._token)
        except discord.LoginFailure as error:
            self._refused_until = now + REFUSED
            await client.close()
            raise StartError(BAD_TOKEN) from error
        except BaseException:
            await client.close()
            raise
        return client

    async def check(self) -> None:
        try:
            client = await self._logged_in()
            faults = [fault async for fault in check.faults(client, self._groups)]
        except FAILURES as error:
            raise StartError(f"Discord does not answer: {error}") from error
        finally:
            await self.close()
        if faults:
            raise StartError("; ".join(faults))

    # --- what the core asks

    async def post(self, delivery: Delivery, message: Message) -> str:
        async with self._asking(delivery.place) as (rest, spot):
            if message.card.kind == "event":
                return await self._post_event(rest, delivery, spot, message)
            ref = await self._deliverer.post(rest, delivery, spot, message)
        if (numbers := emoji_numbers(message)) and self._client:
            self._client.reactions.invite(ref, *numbers)
            if delivery.again:
                self._client.look_again(str(ref))
        return str(ref)

    async def _post_event(self, rest: Rest, delivery: Delivery, spot: Spot, message: Message) -> str:
        ref = await self._events.post(rest, delivery, spot, message)
        if delivery.again and self._client:
            self._client.look_again(ref)
        return ref

    async def post_directly(self, delivery: Delivery, message: Message) -> str:
        users = [user for account in message.mentions if (user := read_account(account))]
        async with self._asking(delivery.place) as (rest, spot):
            for user in users:
                try:
                    channel = await _direct_channel(rest, user)
                    return str(await self._deliverer.post_directly(rest, delivery, spot, message, channel))
                except (discord.Forbidden, discord.NotFound) as error:
                    log.info("account %d can't be asked directly (%d)", user, code_of(error))
        raise DeliveryError("none of those whom it asks takes direct messages", hopeless=True)

    async def edit(self, delivery: Delivery, message: Message) -> None:
        async with self._asking(delivery.place) as (rest, spot):
            if message.card.kind == "event":
                await self._events.edit(rest, delivery, spot, message)
                return
            shown = await self._deliverer.edit(rest, delivery, spot, message)
        ref = read_ref(delivery.ref)
        if message.parts and ref and self._client:  # some may have joined it
            self._client.reactions.invite_missing(ref, emoji_numbers(message), shown)

    async def remove(self, delivery: Delivery) -> None:
        async with self._asking(delivery.place) as (rest, _):
            await self._deliverer.remove(rest, delivery)

    async def unreact(self, emoji: Emoji) -> None:
        message, user = read_ref(emoji.ref), read_account(emoji.account)
        if message and user:
            async with self._asking(emoji.place):
                if self._client:
                    await self._client.reactions.take_away(message, emoji.number, user)

    def name_of(self, place: str) -> str:
        spot = read_place(place)
        channel = self._client.get_channel(spot.channel) if self._client and spot else None
        return f"#{channel.name}" if isinstance(channel, discord.abc.GuildChannel) else ""

    async def fault(self, place: str) -> str:
        async with self._asking(place) as (_, spot):
            return await check.fault(await self._logged_in(), spot)

    async def is_here(self, place: str, account: str) -> bool:
        user = read_account(account)
        if user is None:
            return True
        async with self._asking(place) as (rest, spot):
            try:
                await rest.call("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=spot.guild, user_id=user)
            except discord.NotFound as error:
                if error.code not in (UNKNOWN_MEMBER, UNKNOWN_USER):
                    raise
                return False
        return True

    async def tell(self, place: str, accounts: Sequence[str], text: str) -> None:
        users = [user for account in accounts if (user := read_account(account))]
        async with self._asking(place) as (rest, spot):
            reached = [user for user in users if await self._tell(rest, user, text)]
            if reached:
                return
            guild = await rest.call("GET", "/guilds/{guild_id}", guild_id=spot.guild)
            if not await self._tell(rest, int(guild["owner_id"]), text):
                raise DeliveryError("none of those who look after the place takes direct messages", hopeless=True)

    async def _tell(self, rest: Rest, user: int, text: str) -> bool:
        """False when this one can't be reached."""
        once = {"nonce": secrets.token_hex(8), "enforce_nonce": True}  # discord.py repeats a request on its own
        body = {"content": paragraphs(text, MOST_CONTENT), "allowed_mentions": NOBODY, **once}
        try:
            channel = await _direct_channel(rest, user)
            await rest.call("POST", "/channels/{channel_id}/messages", body, channel_id=channel)
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("account %d can't be told (%d)", user, code_of(error))
            return False
        return True

    @asynccontextmanager
    async def _asking(self, place: str) -> AsyncIterator[tuple[Rest, Spot]]:
        """Raises DeliveryError and nothing else."""
        spot = read_place(place)
        if spot is None:
            raise DeliveryError(f'"{place}" is no place of Discord; write "discord:<server>/<channel>"', hopeless=True)
        try:
            yield (await self._logged_in()).rest, spot
        except StartError as error:
            raise DeliveryError(str(error), retry_after=REFUSED) from error
        except FAILURES as error:
            if is_unauthorised(error):
                self._refused_until = asyncio.get_running_loop().time() + REFUSED
            raise explain(error, self._read(spot), await self._missing(error, spot)) from error

    async def _missing(self, error: Exception, spot: Spot) -> str:
        """What we have to be given there, when Discord says no more than that something is missing."""
        look = {NO_PERMISSION: check.fault, NO_ACCESS: check.fault_where_seen}.get(code_of(error))
        if look:
            with suppress(StartError, *FAILURES):
                return await look(await self._logged_in(), spot)
        return ""

    def _read(self, spot: Spot) -> str:
        """A place as an admin reads it."""
        channel = self._client.get_channel(spot.channel) if self._client else None
        return f"#{channel.name}" if isinstance(channel, discord.abc.GuildChannel) else f"channel {spot.channel}"


async def _direct_channel(rest: Rest, user: int) -> int:
    channel = await rest.call("POST", "/users/@me/channels", {"recipient_id": str(user)})
    return int(channel["id"])

"""Hears Discord's gateway and hands what members do to the core. Renders nothing, posts nothing.

Buttons and menus need no registration here: their ids say what they do, so those of any earlier run work.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

import discord
import yarl
from discord import InteractionType

from adapters.chat.discord import commands, sdk
from adapters.chat.discord.inbound import requests
from adapters.chat.discord.inbound.attendance import Attending
from adapters.chat.discord.inbound.drafts import Drafts, is_draft
from adapters.chat.discord.inbound.reactions import Reactions
from adapters.chat.discord.outbound import render
from adapters.chat.discord.outbound.answers import Answer, Asked, completions
from adapters.chat.discord.outbound.carrier import Carrier
from adapters.chat.discord.outbound.delivery import ONE_MESSAGE
from adapters.chat.discord.places import SURFACE, Ref, account_of
from adapters.chat.discord.refusals import FAILURES
from adapters.chat.discord.rest import LONGEST_RATE_LIMIT, Pacer, Rest
from bot.cards import Choice
from bot.errors import PortError
from bot.model import DiscordSettings, OpenCard, Reaction, Request
from bot.ports import Core

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

HEARTBEAT_PATIENCE = 60.0  # seconds of silence after which a connection is taken for dead
COMPLETING = 0.9  # seconds; members type on
SYNC_AGAIN, SYNC_RARELY = 60.0, 3600.0  # seconds before commands are sent again after a failure, doubled
CARDS_AGAIN = 10.0  # seconds
LOOK_AGAIN = (1.0, 4.0, 15.0, 60.0)  # seconds, each after the one before
LAST_WORDS = 2.0  # seconds for answers that are under way when we close


class Listener(discord.AutoShardedClient):
    """One connection, from login to close. Asks /gateway/bot where the gateway is, unlike the plain Client."""

    def __init__(
        self,
        settings: DiscordSettings,
        pacer: Pacer,
        drafts: Drafts,
        heartbeat_patience: float = HEARTBEAT_PATIENCE,
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_reactions=True, guild_scheduled_events=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_RATE_LIMIT,
            heartbeat_timeout=heartbeat_patience,
        )
        self.core: Core | None = None  # from when it listens
        self.rest = Rest(self, pacer)
        self.reactions = Reactions(self.rest, settings.vote_emoji)
        self.attending = Attending(self.rest, self.look_again)
        self.heard = asyncio.Event()  # the first time that every shard is connected
        self._carrier = Carrier(settings.api_base.rstrip("/"), sdk.user_agent(self))
        self._drafts = drafts
        self._too_new: set[str] = set()  # refs of messages and events on which members may have reacted before we knew
        self._renewing: set[Ref] = set()  # messages whose menus are about to be renewed
        self._shards: set[int] = set()  # that are connected
        self._slow: frozenset[str] = frozenset()
        self._command_ids: Mapping[str, str] = {}
        self._numbers: frozenset[tuple[str, str]] = frozenset()
        self._running: set[asyncio.Task[Any]] = set()
        self._background: set[asyncio.Task[None]] = set()
        self._reconciling: asyncio.Task[None] | None = None

    async def listen(self, core: Core) -> None:
        """Until the connection can't be kept. Raises what discord.py does."""
        self.core = core
        named = [(name, command) for command in core.commands for name in commands.names(command)]
        self._slow = frozenset(name for name, command in named if command.slow)
        self._numbers = frozenset((name, p.name) for name, c in named for p in c.parameters if p.kind == "number")
        self._hear_attending()
        self._keep(self.attending.run(core))
        self._keep(self.reactions.run())
        self._keep(self._sync_commands(core))
        await self.connect()

    def _hear_attending(self) -> None:
        """discord.py drops these for users whom it does not know, and it knows nobody without a privileged intent."""
        sdk.hear(self, sdk.USER_ADDED, partial(self.attending.heard, on=True))
        sdk.hear(self, sdk.USER_REMOVED, partial(self.attending.heard, on=False))

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """A session that has to begin anew stays where /gateway/bot sent us, instead of going to discord.gg."""
        sdk.begin_anew_at(gateway)
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def close(self) -> None:
        for task in self._background:
            task.cancel()
        if answering := self._running - {asyncio.current_task()}:
            await asyncio.wait(answering, timeout=LAST_WORDS)
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._carrier.close()
        sdk.forget_ready(self)
        await super().close()

    @property
    def is_connected(self) -> bool:
        return bool(self._shards) and len(self._shards) == (self.shard_count or 0)

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """The loop itself holds tasks only weakly."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    # --- connection

    async def on_shard_connect(self, shard: int) -> None:
        """A new session: what happened before it, nobody tells us."""
        self._is_connected(shard)
        if self._reconciling:
            self._reconciling.cancel()  # what it has read already may have changed since
        if self.core:
            self._reconciling = self._keep(self._reconcile(self.core))

    async def on_shard_resumed(self, shard: int) -> None:
        self._is_connected(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        self._shards.discard(shard)

    def _is_connected(self, shard: int) -> None:
        self._shards.add(shard)
        if self.is_connected:
            self.heard.set()

    async def _reconcile(self, core: Core) -> None:
        cards = await self._open_cards(core)
        self.attending.reconcile(cards)
        alike = await self.reactions.reconcile(core, cards)
        await self.reactions.before_close(core, alike)

    async def _open_cards(self, core: Core) -> Sequence[OpenCard]:
        """Waits for a database that fails."""
        while True:
            try:
                return await core.open_cards(SURFACE)
            except PortError as error:
                log.warning("which cards stand can't be read: %s", error)
                await asyncio.sleep(CARDS_AGAIN)

    async def _sync_commands(self, core: Core) -> None:
        wait = SYNC_AGAIN
        while True:
            try:
                self._command_ids = await commands.sync(self.rest, core, self.application_id or self.rest.me)
            except (PortError, *FAILURES) as error:
                log.warning("Discord did not take the commands: %s; again in %.0f s", error, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, SYNC_RARELY)
            else:
                return

    # --- what members do

    async def on_interaction(self, interaction: Interaction) -> None:
        if self.core is None:
            return
        task = asyncio.current_task()
        if task:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        match interaction.type:
            case InteractionType.application_command:
                await self._answer(interaction, requests.read_command(interaction), self.core)
            case InteractionType.component if is_draft(button := requests.pressed(interaction.data or {})):
                form = self._drafts.draft(interaction.user.id, button)
                await Answer(self._asked(interaction, "a form"), self._carrier, self._drafts).open(form)
            case InteractionType.component:
                await self._answer(interaction, requests.read_component(interaction), self.core)
                self._renew_menus(interaction)
            case InteractionType.modal_submit:
                await self._answer(interaction, requests.read_modal(interaction), self.core)
            case InteractionType.autocomplete:
                await self._complete(interaction, self.core)

    async def _answer(self, interaction: Interaction, request: Request, core: Core) -> None:
        answer = Answer(self._asked(interaction, request.command), self._carrier, self._drafts)
        give = answer.give_later if request.command in self._slow else answer.give
        await give(core.handle(request))

    def _renew_menus(self, interaction: Interaction) -> None:
        """In a message of a channel. Discord sends nothing when the same is chosen again."""
        data: Any = interaction.data or {}
        message = interaction.message
        if data["component_type"] != requests.BUTTON and message and not message.flags.ephemeral:
            ref = Ref(message.channel.id, message.id)
            if ref not in self._renewing:
                self._renewing.add(ref)
                self._keep(self._renew(ref))

    async def _renew(self, ref: Ref) -> None:
        """As the message stands then: it may have changed since something was chosen."""
        names = {"channel_id": ref.channel, "message_id": ref.message}
        try:
            shown = await self.rest.call("GET", ONE_MESSAGE, **names)
            body = {"components": render.renewed(shown["components"])}
            await self.rest.call("PATCH", ONE_MESSAGE, body, **names)
        except FAILURES as error:
            log.info("the menus of %s stay as they are: %s", ref, error)
        finally:
            self._renewing.discard(ref)

    async def _complete(self, interaction: Interaction, core: Core) -> None:
        request, typing = requests.read_typing(interaction)
        choices: list[Choice] = []
        try:
            async with asyncio.timeout(COMPLETING):
                choices = list(await core.complete(request, typing.name, typing.text))
        except TimeoutError:
            log.warning("values for %s %s took too long", request.command, typing.name)
        are_numbers = (request.command, typing.name) in self._numbers
        answer = Answer(self._asked(interaction, request.command), self._carrier, self._drafts)
        await answer.complete(completions(choices, are_numbers=are_numbers))

    def _asked(self, interaction: Interaction, command: str) -> Asked:
        message = interaction.message
        data: Any = interaction.data or {}
        is_form = interaction.type is InteractionType.modal_submit
        return Asked(
            id=interaction.id,
            token=interaction.token,
            application=interaction.application_id,
            what=f"{command} by {account_of(interaction.user.id)}",
            spot=requests.spot_of(interaction),
            user=interaction.user.id,
            sent=(data["custom_id"], requests.typed(data)) if is_form else None,
            on_private=message is not None and message.flags.ephemeral,
            commands=self._command_ids,
        )

    # --- reactions

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        await self._reacted(event, on=True)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        await self._reacted(event, on=False)

    async def _reacted(self, event: discord.RawReactionActionEvent, *, on: bool) -> None:
        is_bot = event.user_id == self.rest.me or (event.member is not None and event.member.bot)
        is_elsewhere = event.message_author_id not in (None, self.rest.me)
        number = self.reactions.number_of(event.emoji)
        if self.core is None or is_bot or is_elsewhere or number is None:
            return
        name = event.member.display_name if event.member else ""
        ref = Ref(event.channel_id, event.message_id)
        self.reactions.changed(ref)
        reaction = Reaction(account_of(event.user_id), str(ref), on=on, display_name=name, number=number)
        is_known = await self.core.reacted(SURFACE, reaction)
        if not is_known and event.message_author_id == self.rest.me:
            self.look_again(str(ref))

    def look_again(self, ref: str) -> None:
        """A card or event on which members may have reacted before we knew it: they were faster than the answer to our
        own post, or that answer was lost."""
        if self.core and ref not in self._too_new:
            self._too_new.add(ref)
            self._keep(self._look_again(self.core, ref))

    async def _look_again(self, core: Core, ref: str) -> None:
        for pause in LOOK_AGAIN:
            await asyncio.sleep(pause)
            if cards := [card for card in await self._open_cards(core) if card.ref == ref]:
                self.attending.reconcile(cards)
                await self.reactions.read(core, cards)
                break
        self._too_new.discard(ref)

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        await self._cleared(Ref(event.channel_id, event.message_id))

    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        if (number := self.reactions.number_of(event.emoji)) is not None:
            await self._cleared(Ref(event.channel_id, event.message_id), number)

    async def _cleared(self, ref: Ref, only: int | None = None) -> None:
        """A moderator took all of them away, or all of one number."""
        self.reactions.changed(ref)
        if self.core:
            for card in await self._open_cards(self.core):
                for number in card.numbers if card.ref == str(ref) else ():
                    if only in (None, number):
                        await self.core.reconcile(card, {}, number)

"""The people of a test: they type, press, choose, submit and react, and read what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import client_ui, payloads, permissions
from tests.fakes.discord.client_ui import ClientRefusal
from tests.fakes.discord.command_rules import MESSAGE, USER
from tests.fakes.discord.forms import modal_data
from tests.fakes.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Answer, Choice, Interaction
from tests.fakes.discord.interactions import Modal as Modal
from tests.fakes.discord.model import Channel, Message, Role, ScheduledEvent, User
from tests.fakes.discord.refusals import Json
from tests.fakes.discord.waiting import NeverHappened

if TYPE_CHECKING:
    from tests.fakes.discord.guilds import Guild
    from tests.fakes.discord.world import World

TYPING_WAIT = 10.0  # seconds that a test gives a deferred answer


class NoAnswer(AssertionError):
    """What the member sees when the bot does not answer in time."""


class Member:
    """`within` is in real seconds and for the first answer; `first_only` does not wait for a deferred one."""

    def __init__(
        self,
        world: World,
        guild: Guild,
        user: User,
        joined: datetime,
        locale: str,
        roles: Iterable[Role] = (),
        nick: str | None = None,
    ) -> None:
        self.world = world
        self.guild = guild
        self.user = user
        self.joined = joined
        self.locale = locale
        self.roles = list(roles)
        self.nick = nick

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.nick or self.user.name

    @property
    def base_permissions(self) -> int:
        if self is self.guild.owner:
            return permissions.ALL
        held = self.guild.everyone.permissions
        for role in self.roles:
            held |= role.permissions
        return held

    @property
    def dms(self) -> Channel:
        """The direct conversation with the bot."""
        return self.world.direct_channel(self.user)

    def blocks_bot(self, blocks: bool = True) -> None:
        self.user.blocks_bot = blocks

    # interactions

    async def types(
        self, channel: Channel, command: str, /, *, within: float = 3.0, first_only: bool = False, **options: Any
    ) -> Answer:
        """A slash command, "/paper search", with its options by name."""
        self._must_see(channel)
        data = client_ui.command_data(self, channel, command, options)
        return await self._ask(self._new(COMMAND, channel, data), within, first_only=first_only)

    async def completes(
        self, channel: Channel, command: str, /, *, within: float = 3.0, **options: Any
    ) -> list[Choice]:
        """What is offered while the last of the options is being typed."""
        self._must_see(channel)
        data = client_ui.command_data(self, channel, command, options, focused=list(options)[-1])
        return (await self._ask(self._new(AUTOCOMPLETE, channel, data), within, first_only=True)).choices

    async def uses(
        self, command: str, target: Message | Member, /, *, within: float = 3.0, first_only: bool = False
    ) -> Answer:
        """A command in the context menu of a message or, in the guild's first channel, of a member."""
        if isinstance(target, Message):
            channel = target.channel
            self._must_see(channel)
            resolved = {"messages": {str(target.id): payloads.message(target, self.world.bot)}}
            kind = MESSAGE
        else:
            channel = next(iter(self.guild.channels.values()))
            resolved = {}
            client_ui.resolve(target, channel, resolved, self.user)
            kind = USER
        found = client_ui.find_command(self, channel, command, kind)
        data = {
            "id": found["id"],
            "name": found["name"],
            "type": kind,
            "target_id": str(target.id),
            "resolved": resolved,
        }
        return await self._ask(self._new(COMMAND, channel, data), within, first_only=first_only)

    async def presses(
        self,
        on: Message | Answer,
        label: str,
        /,
        *,
        nth: int | None = None,
        within: float = 3.0,
        first_only: bool = False,
    ) -> Answer:
        """The button whose label begins so."""
        message = self._visible(on)
        button = client_ui.find_button(message, label, nth)
        data = {"component_type": 2, "custom_id": button["custom_id"], "id": button["id"]}
        asked = self._new(COMPONENT, message.channel, data, source=message)
        return await self._ask(asked, within, first_only=first_only)

    async def chooses(
        self, on: Message | Answer, menu: str, /, *values: Any, within: float = 3.0, first_only: bool = False
    ) -> Answer:
        """Values or labels in the menu whose placeholder or custom_id begins so."""
        message = self._visible(on)
        select = client_ui.find_select(message, menu)
        resolved: Json = {}
        picked = client_ui.chosen(select, values, message.channel, resolved, self.user)
        data = {
            "component_type": select["type"],
            "custom_id": select["custom_id"],
            "id": select["id"],
            "values": picked,
            **({"resolved": resolved} if resolved else {}),
        }
        asked = self._new(COMPONENT, message.channel, data, source=message)
        return await self._ask(asked, within, first_only=first_only)

    async def submits(
        self,
        form: Modal | Answer | None,
        values: Mapping[str, Any],
        /,
        *,
        within: float = 3.0,
        first_only: bool = False,
    ) -> Answer:
        modal = form.modal if isinstance(form, Answer) else form
        if modal is None:
            raise ClientRefusal("no form is open")
        opener = modal.interaction
        data = modal_data(modal, values, opener.channel, self.user)
        asked = self._new(MODAL, opener.channel, data, source=opener.source, parent=opener)
        return await self._ask(asked, within, first_only=first_only)

    def _new(
        self,
        kind: int,
        channel: Channel,
        data: Json,
        *,
        source: Message | None = None,
        parent: Interaction | None = None,
    ) -> Interaction:
        return Interaction(self.world, self.world.ids(), kind, self, channel, data, source, parent)

    async def _ask(self, asked: Interaction, within: float, *, first_only: bool) -> Answer:
        asked.start()
        await self._wait_first(asked, within)
        if not first_only:
            await self.finishes(Answer(asked))
        return Answer(asked)

    async def _wait_first(self, asked: Interaction, within: float) -> None:
        try:
            await self.world.until(lambda: asked.is_answered, within)
        except NeverHappened:
            heard = "" if self.world.gateway.listeners else "; no bot is connected"
            refused = f"; it was refused: {' | '.join(asked.refusals)}" if asked.refusals else ""
            text = f"no answer within {within:g} s: the member sees 'The application did not respond'"
            raise NoAnswer(text + heard + refused) from None

    async def finishes(self, answer: Answer, *, within: float = TYPING_WAIT) -> Answer:
        """Waits for what a deferred answer promised."""
        asked = answer.interaction
        refused = f"; it was refused: {' | '.join(asked.refusals)}" if asked.refusals else ""
        what = f"after {within:g} s the member still sees 'is thinking …'{refused}"
        await self.world.until(lambda: asked.is_settled, within, what)
        return answer

    # in channels

    async def says(self, channel: Channel, text: str, *, reply_to: Message | None = None) -> Message:
        self._must_see(channel)
        speaks = "send_messages_in_threads" if channel.is_thread else "send_messages"
        if not channel.may(self.user, speaks):
            raise ClientRefusal(f"{self.name} may not write in {channel.name}")
        message = Message(self.world.ids(), channel, self.user, self.world.clock(), text)
        if reply_to:
            message.kind, message.replies_to = 19, reply_to
            message.reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(reply_to.id)}
        return self.world.posts.post(message)

    async def reacts(self, message: Message, emoji: str) -> None:
        self._visible(message)
        if emoji not in message.reacted and not message.channel.may(self.user, "add_reactions"):
            raise ClientRefusal(f"{self.name} may not add reactions in {message.channel.name}")
        if message.channel.is_archived:
            raise ClientRefusal("the thread is archived")
        if emoji not in message.reacted and len(message.reacted) >= 20:
            raise ClientRefusal("there are 20 different reactions already")
        self.world.posts.react(message, self.user, emoji)

    async def super_reacts(self, message: Message, emoji: str) -> None:
        self._visible(message)
        self.world.posts.super_react(message, self.user, emoji)

    async def unreacts(self, message: Message, emoji: str) -> None:
        self.world.posts.unreact(message, self.user, emoji)

    def deletes(self, message: Message) -> None:
        if message.author is not self.user and not message.channel.may(self.user, "manage_messages"):
            raise ClientRefusal(f"{self.name} may not delete the messages of others")
        self.world.posts.delete(message)

    def dismisses(self, answer: Answer) -> None:
        """A private answer vanishes from the member's screen; the bot is not told."""
        if answer.message:
            self.world.posts.delete(answer.message)

    def subscribes(self, event: ScheduledEvent) -> None:
        self.world.subscribes(event, self.user, added=True)

    def unsubscribes(self, event: ScheduledEvent) -> None:
        self.world.subscribes(event, self.user, added=False)

    def leaves(self) -> None:
        self.world.member_leaves(self)

    def _must_see(self, channel: Channel) -> None:
        if channel.is_deleted or (channel.guild and not channel.may(self.user, "view_channel")):
            raise ClientRefusal(f"{self.name} does not see {channel.name}")

    def _visible(self, on: Message | Answer) -> Message:
        message = on.message if isinstance(on, Answer) else on
        if message is None or message.is_deleted:
            raise ClientRefusal("there is no message any more")
        if message.only_for not in (None, self.user):
            raise ClientRefusal(f"the message is private to {message.only_for.name if message.only_for else ''}")
        if not message.is_private:
            self._must_see(message.channel)
        return message

    def __repr__(self) -> str:
        return f"<Member {self.name} of {self.guild.name}>"

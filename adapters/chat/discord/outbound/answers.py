"""One private answer to one interaction, in time: Discord takes exactly one first answer, within three seconds."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.chat.discord.inbound.drafts import AGAIN, GONE, OPEN, Drafts
from adapters.chat.discord.outbound import render, replies
from adapters.chat.discord.outbound.carrier import Carrier, CarrierRefused
from adapters.chat.discord.outbound.escape import plain, units
from adapters.chat.discord.places import Spot
from bot.cards import Choice, Face, Form, Reply

log = logging.getLogger(__name__)

Json = dict[str, Any]

MESSAGE, DEFERRED, UPDATE, COMPLETIONS, MODAL = 4, 5, 7, 8, 9
GUARD = 1.5  # seconds after which we say that it takes a while; the clock started at Discord
TOO_LATE = (10062, 10015, 50027)  # unknown interaction, unknown webhook, invalid webhook token
MOST_COMPLETIONS = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """What has to be known of an interaction to answer it."""

    id: int
    token: str = field(repr=False)
    application: int
    what: str  # for the log
    spot: Spot
    user: int
    on_private: bool  # a button or menu of a private answer of ours
    sent: tuple[str, Mapping[str, str]] | None = field(repr=False)  # a form's id and what stands in it, when one was
    commands: Mapping[str, str] = field(default_factory=dict)  # Discord's ids of ours, by name


class Answer:
    """Never raises, and answers once."""

    def __init__(self, asked: Asked, carrier: Carrier, drafts: Drafts) -> None:
        self._asked = asked
        self._carrier = carrier
        self._drafts = drafts
        self._deferring: asyncio.Task[bool] | None = None

    async def give(self, work: Awaitable[Reply]) -> None:
        guard = asyncio.get_running_loop().call_later(GUARD, self._start_deferring)
        try:
            reply = await work
        finally:
            guard.cancel()
        if self._deferring is None:
            await self._first(reply)
        elif await self._deferring:
            await self._later(reply)

    async def give_later(self, work: Awaitable[Reply]) -> None:
        """For what is slow: the member sees at once that it is coming."""
        self._start_deferring()
        reply = await work
        if self._deferring and await self._deferring:
            await self._later(reply)

    async def open(self, form: Form | None) -> None:
        """A form that the member had begun to fill in."""
        await self._first(Reply("", form=form) if form else Reply(GONE, ok=False))

    async def complete(self, choices: list[Json]) -> None:
        await self._callback(COMPLETIONS, {"choices": choices})

    def _start_deferring(self) -> None:
        self._deferring = asyncio.ensure_future(self._callback(DEFERRED, {"flags": replies.EPHEMERAL}))

    async def _first(self, reply: Reply) -> None:
        if reply.form and not self._asked.sent:  # Discord opens none when one was just sent
            self._drafts.opened(self._asked.user, reply.form)
            await self._callback(MODAL, render.modal(reply.form))
            return
        if reply.face and not self._asked.on_private and await self._show(reply.face):
            return
        first, *others = replies.bodies(self._with_form(reply), self._asked.spot, self._asked.commands)
        kind = UPDATE if reply.replaces and self._asked.on_private else MESSAGE
        if await self._callback(kind, first):
            await self._follow(others)

    async def _show(self, face: Face) -> bool:
        """The pressed message as it is now. False when it can't be shown: then the member is told in words."""
        shown = render.marked_message(face.message, self._asked.spot, face.message_id)
        return await self._callback(UPDATE, shown)

    async def _later(self, reply: Reply) -> None:
        first, *others = replies.bodies(self._with_form(reply), self._asked.spot, self._asked.commands)
        first.pop("flags")
        if await self._send("PATCH", f"{self._webhook}/messages/@original", first):
            await self._follow(others)

    def _with_form(self, reply: Reply) -> Reply:
        """What was typed is not lost with an error; a form that can't be opened now is one press away."""
        user, sent, form = self._asked.user, self._asked.sent, reply.form
        if sent and reply.ok:
            self._drafts.done(user, sent[0])
        elif sent and form is None:
            form = self._drafts.filled(user, *sent)
        return self._drafts.offered(reply, user, form, AGAIN if sent else OPEN) if form else reply

    async def _follow(self, bodies: list[Json]) -> None:
        for body in bodies:
            try:
                await self._carrier.send_once("POST", self._webhook, body)
            except CarrierRefused as refused:
                log.warning("a part of the answer to %s is lost: %s", self._asked.what, refused)
                return

    async def _callback(self, kind: int, data: Json) -> bool:
        path = f"/interactions/{self._asked.id}/{self._asked.token}/callback"
        return await self._send("POST", path, {"type": kind, "data": data})

    async def _send(self, method: str, path: str, body: Json) -> bool:
        """Whether it arrived, as far as we know."""
        try:
            await self._carrier.send(method, path, body)
        except CarrierRefused as refused:
            late = refused.code in TOO_LATE
            log.log(
                logging.WARNING if late else logging.ERROR,
                "the answer to %s %s: %s",
                self._asked.what,
                "came too late" if late else "is lost",
                refused,
            )
            return False
        return True

    @property
    def _webhook(self) -> str:
        return f"/webhooks/{self._asked.application}/{self._asked.token}"


def completions(choices: list[Choice], *, are_numbers: bool) -> list[Json]:
    return [
        {
            "name": plain(choice.label, render.MOST_CHOICE) or "…",
            "value": int(choice.value) if are_numbers else choice.value,
        }
        for choice in choices[:MOST_COMPLETIONS]
        if units(choice.value) <= render.MOST_CHOICE
    ]

"""A surface that writes down what is posted and edited, and fails when the test says so."""

import asyncio

from bot.cards import Message
from bot.errors import DeliveryError
from bot.ports import Core, Delivery


class RecordingSurface:
    edit_pause = 2.0
    trouble = ""

    def __init__(self, name: str = "web") -> None:
        self.name = name
        self.posts: list[tuple[str, Message]] = []  # (place, message)
        self.edits: list[Message] = []
        self.fail_with: list[Exception] = []  # one for each of the next calls
        self.called = asyncio.Event()
        self.refuse = ""  # titles that hold this are refused every time
        self.deliveries: list[Delivery] = []

    async def run(self, core: Core) -> None:
        raise AssertionError("a recording surface is not run")

    async def ready(self) -> None:
        pass

    async def check(self) -> None:
        pass

    async def post(self, delivery: Delivery, message: Message) -> str:
        self._meet_failure(delivery, message)
        self.posts.append((delivery.place, message))
        return f"ref-{len(self.posts)}"

    async def edit(self, delivery: Delivery, message: Message) -> None:
        self._meet_failure(delivery, message)
        self.edits.append(message)

    @property
    def titles(self) -> list[str]:
        return [message.card.title for _, message in self.posts]

    def _meet_failure(self, delivery: Delivery, message: Message) -> None:
        self.deliveries.append(delivery)
        self.called.set()
        if self.refuse and self.refuse in message.card.title:
            raise DeliveryError("refused")
        if self.fail_with:
            raise self.fail_with.pop(0)

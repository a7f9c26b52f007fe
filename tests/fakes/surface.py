"""A surface that writes down what is posted and edited, and fails when the test says so."""

import asyncio
from collections.abc import Sequence

from bot.cards import Message
from bot.errors import DeliveryError
from bot.model import Emoji
from bot.ports import Core, Delivery
from tests.spoken import as_spoken


class RecordingSurface:
    edit_pause = late_edit_pause = 2.0
    lanes = 1
    calendar = False
    trouble = ""

    def __init__(self, name: str = "web") -> None:
        self.name = name
        self.posts: list[tuple[str, Message]] = []  # (place, message)
        self.edits: list[Message] = []
        self.direct: list[tuple[str, Message]] = []
        self.unreachable: set[str] = set()  # accounts that take no direct messages
        self.removed: list[str] = []  # refs
        self.fail_with: list[Exception] = []  # one for each of the next calls
        self.called = asyncio.Event()
        self.refuse = ""  # titles that hold this are refused every time
        self.hung: dict[str, asyncio.Event] = {}  # places that answer once the event is set
        self.busy: list[str] = []  # places that are being served
        self.busiest = 0
        self.deliveries: list[Delivery] = []
        self.unreacted: list[Emoji] = []
        self.left: set[str] = set()
        self.names: dict[str, str] = {}  # of places
        self.faults: dict[str, str] = {}  # by place
        self.told: list[tuple[str, tuple[str, ...], str]] = []

    async def run(self, core: Core) -> None:
        raise AssertionError("a recording surface is not run")

    async def ready(self) -> None:
        pass

    async def check(self) -> None:
        pass

    async def post(self, delivery: Delivery, message: Message) -> str:
        await self._take_time(delivery)
        self._meet_failure(delivery, message)
        self.posts.append((delivery.place, as_spoken(message)))
        return f"ref-{len(self.posts)}"

    async def post_directly(self, delivery: Delivery, message: Message) -> str:
        if not {*message.mentions} - self.unreachable:
            raise DeliveryError("they take no direct messages", hopeless=True)
        self.direct.append((delivery.place, message))
        return f"direct-{len(self.direct)}"

    async def edit(self, delivery: Delivery, message: Message) -> None:
        await self._take_time(delivery)
        self._meet_failure(delivery, message)
        self.edits.append(as_spoken(message))

    async def remove(self, delivery: Delivery) -> None:
        await self._take_time(delivery)
        self.removed.append(delivery.ref)

    async def unreact(self, emoji: Emoji) -> None:
        self.unreacted.append(emoji)

    def name_of(self, place: str) -> str:
        return self.names.get(place, "")

    async def fault(self, place: str) -> str:
        return self.faults.get(place, "")

    async def is_here(self, place: str, account: str) -> bool:
        return account not in self.left

    async def tell(self, place: str, accounts: Sequence[str], text: str) -> None:
        self.told.append((place, tuple(accounts), text))

    async def close(self) -> None:
        pass

    @property
    def titles(self) -> list[str]:
        return [message.card.title for _, message in self.posts]

    async def _take_time(self, delivery: Delivery) -> None:
        assert delivery.place not in self.busy, "one message of a place at a time"
        self.busy.append(delivery.place)
        self.busiest = max(self.busiest, len(self.busy))
        try:
            if delivery.place in self.hung:
                await self.hung[delivery.place].wait()
            await asyncio.sleep(0)
        finally:
            self.busy.remove(delivery.place)

    def _meet_failure(self, delivery: Delivery, message: Message) -> None:
        self.deliveries.append(delivery)
        self.called.set()
        if self.refuse and self.refuse in message.card.title:
            raise DeliveryError("refused")
        if self.fail_with:
            raise self.fail_with.pop(0)

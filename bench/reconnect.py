"""How many requests it takes to know after a reconnect who reacted: by counts, and card by card. Judges nothing."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from adapters.chat.discord.inbound.reactions import MESSAGES, Reactions
from adapters.chat.discord.rest import Rest
from bot.model import OpenCard
from bot.ports import Core

GROUPS, DAYS, CARDS = 100, 14, 5
BETWEEN = 4  # other messages of ours and of members for each card


class Counted:
    """A platform on which nothing has changed."""

    def __init__(self) -> None:
        self.me = 1
        self.asked = 0

    async def call_when_idle(self, method: str, path: str, **names: Any) -> list[Mapping[str, Any]]:
        self.asked += 1
        if not path.startswith(f"{MESSAGES}?"):
            return []
        newest = int(path.rpartition("=")[2]) - 1
        return [{"id": str(message)} for message in range(newest, max(newest - 100, 0), -1)]


def main() -> None:
    asyncio.run(_measure())


async def _measure() -> None:
    cards = [
        OpenCard(0, f"discord:1/{group}", f"{group}/{number * BETWEEN}", takes_emoji=False)
        for group in range(1, GROUPS + 1)
        for number in range(1, DAYS * CARDS + 1)
    ]
    rest = Counted()
    reactions = Reactions(cast("Rest", rest), "👍")
    await reactions.reconcile(cast("Core", None), cards)
    by_counts, rest.asked = rest.asked, 0
    await reactions.read(cast("Core", Nobody()), cards)
    print(f"{'after a reconnect':40}{'requests':>10}{'a card':>10}")
    for name, asked in (("by counts", by_counts), ("card by card", rest.asked)):
        print(f"{f'{len(cards)} cards, {name}':40}{asked:>10}{asked / len(cards):>10.3f}")


class Nobody:
    async def reconcile(self, card: OpenCard, reacting: Mapping[str, str], number: int = 0) -> None:
        """Nobody reacted."""

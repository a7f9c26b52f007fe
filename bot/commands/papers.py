"""What several commands do with papers that they answer with. Answers nothing itself."""

from collections.abc import Iterable

from bot.cards import Card
from bot.commands.table import Context
from bot.views.standing import link_papers


async def linked(context: Context, cards: Iterable[Card]) -> tuple[Card, ...]:
    """With where each one's living card and discussion stand."""
    return await context.store.read(link_papers, context.group, context.here, list(cards))

"""Opening the discussion of a paper, where the surface has threads."""

from bot.actions.discussions import open_discussion
from bot.cards import Reply
from bot.commands.parameters import PAPER
from bot.commands.table import Context, Policy, command
from bot.errors import Refused
from bot.groups import channel_of
from bot.languages import say
from bot.model import Entry
from bot.views.papers import quoted
from bot.views.standing import paper_links


@command(
    "discuss",
    "open a thread for a paper, under its card",
    Policy.MEMBER,
    PAPER,
    only_on=("discord", "slack"),
    de=("besprechen", "einen Thread zu einem Paper öffnen, unter seiner Karte"),
)
async def discuss(context: Context, paper: Entry) -> Reply:
    group, place, title = context.group, _channel(context), quoted(paper.paper.title)
    if await context.store.act(open_discussion, context.act(), paper.id, place):
        return Reply(
            say(group, "A thread for {title} opens in a moment; its card then leads there.", title=title),
            messages=await context.store.read(paper_links, group, place, paper.id),
        )
    there = await context.store.read(paper_links, group, place, paper.id)
    return Reply(say(group, "{title} has its thread already.", title=title), messages=there)


def _channel(context: Context) -> str:
    """A thread belongs to its channel. Raises Refused: no channel."""
    channel = channel_of(context.request.place)
    if channel not in context.group.channels:
        raise Refused("no channel")
    return channel

"""How the bot is doing."""

from bot.cards import Reply
from bot.commands.sections import BOT
from bot.commands.table import Context, Policy, command


@command(
    "status",
    "how the bot is doing: posts, sources, what could not be delivered",
    Policy.ANYONE,
    de=("status", "wie es dem Bot geht: Posts, Quellen, was nicht zugestellt werden konnte"),
    section=BOT,
)
async def status(context: Context) -> Reply:
    return Reply("\n".join(await context.report()))

"""How the bot is doing."""

from bot.actions.day import latest_digests
from bot.cards import Reply
from bot.commands.sections import BOT
from bot.commands.table import Context, Policy, command
from bot.ports import Reads
from bot.views.standing import Links, day_links


@command(
    "status",
    "how the bot is doing: posts, sources, what could not be delivered",
    Policy.ANYONE,
    de=("status", "wie es dem Bot geht: Posts, Quellen, was nicht zugestellt werden konnte"),
    section=BOT,
)
async def status(context: Context) -> Reply:
    return Reply("\n".join(await context.report()), messages=await context.store.read(_last_post, context))


def _last_post(rows: Reads, context: Context) -> Links:
    last = latest_digests(rows, context.group.id, context.now())
    return day_links(rows, context.group, context.here, last[0].posted_on) if last else ()

"""What moderators can do, for who is one."""

from bot.cards import Reply
from bot.commands.help import tell_topic
from bot.commands.sections import DESK
from bot.commands.table import Context, Policy, command


@command(
    "admin help",
    "what moderators can do",
    Policy.MODERATOR,
    de=("hilfe", "was die Moderation tun kann"),
)
async def admin_help(context: Context) -> Reply:
    return tell_topic(context, DESK)

"""Who did what."""

from bot.cards import Reply
from bot.commands.admin.audit_words import say_logged
from bot.commands.admin.replies import undo_button
from bot.commands.table import Context, Policy, command
from bot.languages import say

LOGGED = 10


@command(
    "audit",
    "who did what: the last ten steps of moderators and of Paperclub itself",
    Policy.MODERATOR,
    de=("protokoll", "wer was getan hat: die letzten zehn Schritte von Moderatoren und Paperclub"),
)
async def audit(context: Context) -> Reply:
    steps = await context.store.read(lambda rows: rows.audit.steps(context.group.id, LOGGED))
    if not steps:
        return Reply(say(context.group, "No moderator has done anything yet."))
    said = [await say_logged(context, step) for step in steps]
    return Reply("\n".join(said), choices=(undo_button(context.group),))

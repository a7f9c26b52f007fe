"""Taking back the last step."""

from bot.actions.undo import undo_step
from bot.cards import Reply
from bot.commands.admin.audit_words import say_step
from bot.commands.admin.replies import done
from bot.commands.admin.settings import show_settings
from bot.commands.table import Context, Policy, command
from bot.errors import UserError


@command(
    "undo",
    "take back the last step: a setting, a claim, a pick, a skipped week …",
    Policy.MODERATOR,
    de=("rückgängig", "den letzten Schritt zurücknehmen: Einstellung, Zusage, Wahl, Ausfall"),
)
async def undo(context: Context) -> Reply:
    step = await context.store.act(undo_step, context.act())
    await context.groups.load(context.store)
    if step is None:
        raise UserError("There is nothing to take back.")
    said = f"Took back what {step.by or 'Paperclub'} did: {await say_step(context, step)}."
    if not step.action.startswith("set "):
        return done(said, "The cards show it." if step.session or step.entry else "")
    return await show_settings(context, {*step.action.removeprefix("set ").split(", ")}, said)

"""Taking back a step: one's own newest at once, every other once it was shown."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.actions.undo import Undoable, undo_step, undoable_steps
from bot.cards import Button, Reply
from bot.commands.admin.audit_words import PROGRAM, say_logged, say_step
from bot.commands.admin.replies import done
from bot.commands.admin.settings import show_settings
from bot.commands.table import Context, Policy, command
from bot.errors import UserError
from bot.languages import say
from bot.model import LogEntry

AT_ONCE = timedelta(minutes=10)  # after one's own step
OFFERED = 3
STEP = re.compile(r"([0-9]{1,18})/([0-9]{1,18})")  # a step, and the newest that was shown with it
LEAVE = "none"


@command(
    "undo",
    "take back the last step: a setting, a claim, a pick, a skipped week …; another's is shown first",
    Policy.MODERATOR,
    de=("rückgängig", "den letzten Schritt zurücknehmen, etwa Einstellung, Wahl, Ausfall; fremde zeigt es zuerst"),
)
async def undo(context: Context) -> Reply:
    asked, act = context.request.args.get("step", ""), context.act()
    if asked == LEAVE:
        return Reply(say(context.group, "Nothing was taken back."), replaces=context.request.pressed)
    if named := STEP.fullmatch(asked):
        return await _take_back(context, int(named[1]), int(named[2]))
    if await context.store.peek(lambda rows: rows.requests.knows(act)):
        return await _tell(context, await context.store.act(undo_step, act))
    found = await context.store.read(undoable_steps, act, OFFERED)
    if not found:
        raise UserError("There is nothing to take back.")
    newest = found[0]
    if newest.by == act.member and act.at - newest.step.at <= AT_ONCE:
        return await _take_back(context, newest.step.id, newest.step.id)
    return await _ask(context, found)


async def _ask(context: Context, found: Sequence[Undoable]) -> Reply:
    group = context.group
    newest, *older = [await say_logged(context, one.step) for one in found]
    lines = [say(group, "Take this back? {step}", step=newest)]
    if older:
        lines += [say(group, "Or, before it:"), *(f"{number}. {said}" for number, said in enumerate(older, 2))]
    others = (say(group, "Undo {number}.", number=number) for number in range(2, len(found) + 1))
    labels = (say(group, "Undo it"), *others, say(group, "No"))
    steps = [f"{one.step.id}/{found[0].step.id}" for one in found]
    choices = [_button(context, label, step) for label, step in zip(labels, (*steps, LEAVE), strict=True)]
    return Reply("\n".join(lines), choices=tuple(choices), replaces=context.request.pressed)


def _button(context: Context, label: str, step: str) -> Button:
    """About the channel that was named, too."""
    channel = context.request.args.get("channel", "")
    return Button(label, "undo", arguments=(("step", step), *((("channel", channel),) if channel else ())))


async def _take_back(context: Context, step: int, seen: int) -> Reply:
    """That one and no other, whatever happened meanwhile, which is said."""
    taken_back = await context.store.act(undo_step, context.act(), step)
    if taken_back is None:
        raise UserError(
            "That can't be taken back any more: it was already, or things are not as it left them. /paper-admin undo "
            "shows what can be."
        )
    newer = await context.store.read(undoable_steps, context.act(), 1)
    stays = [one.step for one in newer if one.step.id > seen]
    if not stays:
        return await _tell(context, taken_back)
    newest = await say_logged(context, stays[0])
    return await _tell(context, taken_back, say(context.group, "Meanwhile {step}. That stays.", step=newest))


async def _tell(context: Context, step: LogEntry | None, meanwhile: str = "") -> Reply:
    await context.groups.load(context.store)
    if step is None:
        raise UserError("There is nothing to take back.")
    group, name, undone = context.group, step.by or PROGRAM, await say_step(context, step)
    said = f"{say(group, 'Took back what {name} did: {step}.', name=name, step=undone)} {meanwhile}".strip()
    if not step.action.startswith("set "):
        return done(group, said, say(group, "The cards show it.") if step.session or step.entry else "")
    return await show_settings(context, {*step.action.removeprefix("set ").split(", ")}, said)

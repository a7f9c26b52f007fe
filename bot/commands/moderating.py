"""Commands by which moderators set a group up, look ahead, and take steps back: `/paper-admin …`."""

from dataclasses import replace

from bot import views
from bot.cards import Reply
from bot.commands.panel import ask_zone, say_next, show_panel
from bot.commands.settings import BY_NAME, BY_WORD, CHANNEL, SETTING, SETTINGS, VALUES, Setting
from bot.commands.steps import say_change, say_logged, say_step
from bot.commands.table import Context, Policy, command
from bot.dates import spoken
from bot.errors import UserError
from bot.groups import target, with_setting
from bot.model import GroupSettings

LOGGED = 10
AS_IT_IS = "That is how it is already."


@command(
    "setup",
    "set this channel's group up: without anything, a panel with all its settings",
    Policy.MODERATOR,
    *VALUES,
    CHANNEL,
    founds=True,
)
async def setup(context: Context, channel: str = "", **chosen: str) -> Reply:
    if "ask" in context.request.args:
        return ask_zone(context.group)
    _require_no_other(context, "type it there")
    return await show_panel(context, await _change(context, chosen))


async def _change(context: Context, chosen: dict[str, str]) -> str:
    """In words. All of it or, when one value is wrong, nothing."""
    if not chosen:
        return ""
    before = context.group
    values = {BY_WORD[word].name: value for word, value in chosen.items()}
    new = {name: value for name, value in values.items() if not _holds(before, name, value)}
    if not new:
        return AS_IT_IS
    await context.groups.change(context.store, context.act(), new)
    after = context.groups.by_id[before.id]
    return " ".join(say_change(BY_NAME[name], before, after) for name in new) or AS_IT_IS


def _holds(group: GroupSettings, name: str, value: str) -> bool:
    try:
        return with_setting(group, name, value) == group
    except ValueError:
        return False


def _require_no_other(context: Context, hint: str) -> None:
    """Who names a channel of another group does not mean their own. Two that share a channel are both at home there."""
    meeting = context.groups.at(target(context.request))
    if meeting and context.group not in meeting:
        raise UserError(f"{meeting[0].name} meets in that channel; {hint}.")


@command("start", "post this group's papers in this channel from now on", Policy.MODERATOR, CHANNEL)
async def start(context: Context, channel: str = "") -> Reply:
    group, place = context.group, target(context.request)
    if place in group.channels:
        return await show_panel(context, f"{group.name} meets here already.")
    _require_no_other(context, "/paper-admin stop there makes room")
    if "/" not in place:
        raise UserError("A group meets in channels of a server: type it there.")
    if fault := await context.surfaces.fault(place):
        raise UserError(f"Nothing can be posted there yet. {fault}; then start again.")
    await context.groups.bind(context.store, context.act(), place)
    return await show_panel(context, "Started.")


@command("stop", "post nothing more in this channel; votes and claims stay", Policy.MODERATOR, CHANNEL)
async def stop(context: Context, channel: str = "") -> Reply:
    place = target(context.request)
    _require_no_other(context, "type it there")
    if place in context.groups.given(context.group.id).channels:
        raise UserError("This channel stands in the configuration; the operator can take it out there.")
    if place not in context.group.channels:
        return await show_panel(context, "Nothing is posted in this channel.")
    await context.groups.unbind(context.store, context.act(), place)
    said = "Stopped; all votes and claims stay."
    if context.groups.seat(context.request).id == context.group.id:
        return await show_panel(context, said)
    again = f"To start it again, type /paper-admin start in another channel of {context.group.name} and name this one."
    return Reply(f"{said} {again}", replaces=context.request.pressed)


@command("settings", "every setting, where it comes from, and how it is reset", Policy.MODERATOR)
async def settings(context: Context) -> Reply:
    lines = [f"{setting.label}: {_describe(context, setting)}" for setting in SETTINGS]
    return Reply("\n".join((*lines, await say_next(context, context.group))))


def _describe(context: Context, setting: Setting) -> str:
    group, value = context.group, setting.say(context.group)
    override = context.groups.overrides(group.id).get(setting.name)
    if override:
        on = spoken(override.at.astimezone(group.zone).date())
        return f"{value}, changed by {override.by} on {on}; /paper-admin reset {setting.word}"
    is_default = value == setting.say(GroupSettings(id=group.id))
    return f"{value}, {'the default' if is_default else 'from the configuration'}"


@command("reset", "a setting back to what the configuration says", Policy.MODERATOR, SETTING)
async def reset(context: Context, setting: Setting) -> Reply:
    before = context.group
    await context.groups.change(context.store, context.act(), {setting.name: None})
    after = context.groups.by_id[before.id]
    return await show_panel(context, say_change(setting, before, after) or "It is as configured.")


@command("preview", "the next post as members would see it; posts nothing", Policy.MODERATOR, slow=True)
async def preview(context: Context) -> Reply:
    group = context.group
    on = await context.daily.next_post(group, context.groups.due(group, context.now()))
    digest, entries = await context.daily.preview(group, on)
    cards = (views.digest_card(digest, group), *map(views.paper_card, entries[: digest.cards]))
    seen = tuple(replace(card, buttons=(), entry=None) for card in cards)
    return Reply(f"The post of {spoken(on)} as things stand now. Only you see it.", seen)


@command("undo", "take back the last change of a setting, channel or claim", Policy.MODERATOR)
async def undo(context: Context) -> Reply:
    step = await context.groups.undo(context.store, context.act())
    if step is None:
        raise UserError("There is nothing to take back.")
    return await show_panel(context, f"Took back what {step.by or 'Paperclub'} did: {await say_step(context, step)}.")


@command("audit", "what moderators did: the last ten steps", Policy.MODERATOR)
async def audit(context: Context) -> Reply:
    steps = await context.store.steps(context.group.id, LOGGED)
    if not steps:
        return Reply("No moderator has done anything yet.")
    return Reply("\n".join([await say_logged(context, step) for step in steps]))

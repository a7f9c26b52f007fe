"""Every setting as it is, and back to the configuration."""

from bot.cards import Reply
from bot.commands.admin.change import ROWS, SETTING, put, renewed, say_change
from bot.commands.admin.panel import SHOWN, say_next, show_panel
from bot.commands.admin.replan import preview_of
from bot.commands.admin.schedule import show_schedule
from bot.commands.admin.week import show_week
from bot.commands.table import Context, Policy, command
from bot.groups import SETTINGS
from bot.groups.post_times import local_date
from bot.groups.words import say_setting
from bot.languages import say
from bot.model import Setting
from bot.views.dates import spoken


@command(
    "settings",
    "every setting, where it comes from, and how it is reset",
    Policy.MODERATOR,
    de=("einstellungen", "jede Einstellung, woher sie kommt und wie man sie zurücksetzt"),
)
async def settings(context: Context) -> Reply:
    of_week = [row for row in ROWS if row not in SHOWN]
    rest = [row for row in of_week if _is_default(context, row)]
    lines = [f"{say(context.group, row.label)}: {_describe(context, row)}" for row in ROWS if row not in rest]
    by_default = "; ".join(f"{say(context.group, row.label)} {say_setting(row, context.group)}" for row in rest)
    lines.append(say(context.group, "Of the week by default: {settings}.", settings=by_default))
    return Reply("\n".join((*lines, await say_next(context, context.group))))


def _describe(context: Context, setting: Setting) -> str:
    group, value = context.group, say_setting(setting, context.group)
    override = context.groups.overrides(group.id).get(setting.name)
    if override:
        on = spoken(local_date(override.at, group), group)
        return say(
            group,
            "{value}, changed by {name} on {day}; /paper-admin reset {word}",
            value=value,
            name=override.by,
            day=on,
            word=setting.word,
        )
    if _is_default(context, setting):
        return say(group, "{value}, the default", value=value)
    return say(group, "{value}, from the configuration", value=value)


def _is_default(context: Context, setting: Setting) -> bool:
    if setting.name in context.groups.overrides(context.group.id):
        return False
    return bool(setting.of(context.group) == setting.default)


@command(
    "reset",
    "a setting back to what the configuration says",
    Policy.MODERATOR,
    SETTING,
    de=("zurücksetzen", "eine Einstellung wieder wie in der Konfiguration"),
)
async def reset(context: Context, setting: Setting) -> Reply:
    before = context.group
    if moving := await preview_of(context, {setting.name: None}):
        return moving
    await put(context, {setting.name: None})
    said = say_change(setting, before, renewed(context)) or say(before, "It is as configured.")
    return await show_settings(context, {setting.name}, said)


async def show_settings(context: Context, names: set[str], said: str) -> Reply:
    """The card that has them."""
    if all(name in SETTINGS and SETTINGS[name].command == "schedule" for name in names):
        return await show_schedule(context, said)
    if all(name.startswith("week.") for name in names):
        return show_week(context, said)
    return await show_panel(context, said)

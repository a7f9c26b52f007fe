"""The one way in which commands change settings, and how a moderator names one."""

from collections.abc import Mapping, Sequence

from bot.actions.settings import change_settings
from bot.cards import Choice
from bot.commands.parameters import MOST_CHOICES
from bot.commands.table import Context, Parameter
from bot.errors import UserError
from bot.groups import SETTINGS, Values, with_setting
from bot.groups.words import say_setting
from bot.languages import joined, msgid, say
from bot.model import GroupSettings, Setting, addressed

ROWS = tuple(SETTINGS.values())
BY_WORD = {row.word: row for row in ROWS}
AS_IT_IS = msgid("That is how it is already.")


async def change(context: Context, chosen: Mapping[str, str]) -> str:
    """Values by the settings' words, as they are stored. In words what changed; all of it or, when one value is wrong,
    nothing."""
    if not chosen:
        return ""
    new = named(context, chosen)
    return await save(context, new) if new else say(context.group, AS_IT_IS)


def named(context: Context, chosen: Mapping[str, str]) -> dict[str, str | None]:
    """Those that are not so already, by the settings' names."""
    values = {BY_WORD[word].name: value for word, value in chosen.items()}
    return {name: value for name, value in values.items() if not _holds(context.group, name, value)}


async def save(context: Context, new: Values) -> str:
    """By the settings' names; None resets one."""
    before = context.group
    await put(context, new)
    after = renewed(context)
    told = " ".join(said for name in new if (said := say_change(SETTINGS[name], before, after)))
    return told or say(before, AS_IT_IS)


def renewed(context: Context) -> GroupSettings:
    """The group as it is after a change, which speaks the reader's language still."""
    return addressed(context.groups.by_id[context.group.id], context.group.tongue)


async def put(context: Context, values: Values) -> None:
    """By the settings' names."""
    await context.store.act(change_settings, context.act(), values)
    await context.groups.load(context.store)


def _holds(group: GroupSettings, name: str, value: str) -> bool:
    try:
        return with_setting(group, name, value) == group
    except ValueError:
        return False


def say_change(setting: Setting, before: GroupSettings, after: GroupSettings) -> str:
    """`Cards a day: 5 → 7.`, "" when nothing changed."""
    was, now = say_setting(setting, before), say_setting(setting, after)
    return f"{say(after, setting.label)}: {was} → {now}." if was != now else ""


async def read_setting(context: Context, typed: str) -> Setting:
    """By its word or its name, those of today or older ones."""
    asked = typed.lower()
    found = BY_WORD.get(asked) or SETTINGS.get(asked) or next((row for row in ROWS if asked in _once(row)), None)
    if found is None:
        words = joined(context.group, list(BY_WORD))
        raise UserError('There is no setting "{typed:.40}"; there are {words}.', typed=typed, words=words)
    return found


def _once(setting: Setting) -> Sequence[str]:
    return (*setting.words, setting.old_name) if setting.once else setting.words


async def complete_setting(context: Context, typed: str) -> Sequence[Choice]:
    """Those that were changed come first."""
    changed = context.groups.overrides(context.group.id)
    labels = {row: say(context.group, row.label) for row in ROWS}
    fitting = [row for row in ROWS if typed.lower() in f"{labels[row]} {row.name} {' '.join(row.words)}".lower()]
    fitting.sort(key=lambda row: row.name not in changed)
    return [Choice(labels[row], row.word) for row in fitting[:MOST_CHOICES]]


SETTING = Parameter(
    "setting", "which setting", read_setting, complete=complete_setting, de=("einstellung", "welche Einstellung")
)

"""Every setting that moderators may change, by its word, and the one way in which commands change them."""

from collections.abc import Mapping, Sequence

from bot.actions.settings import change_settings
from bot.cards import Choice
from bot.commands.parameters import MOST_CHOICES
from bot.commands.settings import DAY_SETTINGS, Setting
from bot.commands.table import Context, Parameter
from bot.commands.weekvalues import WEEK_SETTINGS
from bot.errors import UserError
from bot.groups import SettingError, Values, with_setting
from bot.model import GroupSettings
from bot.wording import join_words, sentence

SETTINGS = (*DAY_SETTINGS, *WEEK_SETTINGS)
BY_NAME = {setting.name: setting for setting in SETTINGS}
BY_WORD = {setting.word: setting for setting in SETTINGS}
LENGTHS = [setting for setting in SETTINGS if setting.name.startswith("week.timeline.")]
AS_IT_IS = "That is how it is already."


async def change(context: Context, chosen: Mapping[str, str]) -> str:
    """Values by the settings' words. In words what changed; all of it or, when one value is wrong, nothing."""
    if not chosen:
        return ""
    before = context.group
    values = {BY_WORD[word].name: value for word, value in chosen.items()}
    new = {name: value for name, value in values.items() if not _holds(before, name, value)}
    if not new:
        return AS_IT_IS
    await put(context, new)
    after = context.groups.by_id[before.id]
    return " ".join(said for name in new if (said := say_change(BY_NAME[name], before, after))) or AS_IT_IS


async def put(context: Context, values: Values) -> None:
    """By the settings' names. Raises UserError in the words that moderators type."""
    try:
        await context.store.act(change_settings, context.act(), values)
    except SettingError as error:
        raise UserError(_as_typed(BY_NAME[error.setting], error.fault)) from None
    await context.groups.load(context.store)


def _as_typed(changed: Setting, fault: str) -> str:
    """A fault with the words that moderators type in the place of the configuration's names."""
    words = {setting.field: setting.word for setting in (*LENGTHS, changed)}
    return sentence("; ".join(_worded(part, words) for part in fault.split("; ")))


def _worded(fault: str, words: Mapping[str, str]) -> str:
    """It begins with a setting's name; one between two lengths of time ends with the other's."""
    parts = fault.split(" ")
    for place in (0, -1):
        name = parts[place].removesuffix(":")
        parts[place] = parts[place].replace(name, words.get(name, name), 1)
    return " ".join(parts)


def _holds(group: GroupSettings, name: str, value: str) -> bool:
    try:
        return with_setting(group, name, value) == group
    except ValueError:
        return False


def say_change(setting: Setting, before: GroupSettings, after: GroupSettings) -> str:
    """`Cards a day: 5 → 7.`, "" when nothing changed."""
    was, now = setting.say(before), setting.say(after)
    return f"{setting.label}: {was} → {now}." if was != now else ""


async def read_setting(context: Context, typed: str) -> Setting:
    found = BY_WORD.get(typed.lower()) or BY_NAME.get(typed.lower())
    if found is None:
        raise UserError(f'There is no setting "{typed[:40]}"; there are {join_words(list(BY_WORD))}.')
    return found


async def complete_setting(context: Context, typed: str) -> Sequence[Choice]:
    """Those that were changed come first."""
    changed = context.groups.overrides(context.group.id)
    fitting = [row for row in SETTINGS if typed.lower() in f"{row.label} {row.word} {row.name}".lower()]
    fitting.sort(key=lambda row: row.name not in changed)
    return [Choice(row.label, row.word) for row in fitting[:MOST_CHOICES]]


SETTING = Parameter(
    "setting", "which setting", read_setting, complete=complete_setting, de=("einstellung", "welche Einstellung")
)

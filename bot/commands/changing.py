"""Every setting that moderators may change, by its word, and the one way in which commands change them."""

import re
from collections.abc import Mapping, Sequence

from bot.cards import Choice
from bot.commands.parameters import MOST_CHOICES
from bot.commands.settings import DAY_SETTINGS, Setting
from bot.commands.table import Context, Parameter
from bot.commands.weekvalues import WEEK_SETTINGS
from bot.errors import UserError
from bot.groups import with_setting
from bot.model import GroupSettings
from bot.wording import capitalised, join_words

SETTINGS = (*DAY_SETTINGS, *WEEK_SETTINGS)
BY_NAME = {setting.name: setting for setting in SETTINGS}
BY_WORD = {setting.word: setting for setting in SETTINGS}
LENGTHS = {"shortlist": "shortlisted", "paper": "bring", "headcount": "counted"}
LENGTH = re.compile(rf"\b({'|'.join(LENGTHS)})\b", re.IGNORECASE)
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
    try:
        await context.groups.change(context.store, context.act(), new)
    except UserError as fault:
        raise UserError(_as_typed(str(fault))) from None
    after = context.groups.by_id[before.id]
    return " ".join(said for name in new if (said := say_change(BY_NAME[name], before, after))) or AS_IT_IS


def _as_typed(fault: str) -> str:
    """Lengths of time by their words, where those are not their names."""
    if " longer time before " not in fault and "must be set" not in fault:
        return fault
    return capitalised(LENGTH.sub(lambda found: LENGTHS[found[1].lower()], fault))


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


SETTING = Parameter("setting", "which setting", read_setting, complete=complete_setting)

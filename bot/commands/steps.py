"""The audit log in words: who did what, from what to what. Reads the rows of the store and changes nothing."""

import json

from bot.commands.settings import BY_NAME, Setting
from bot.commands.table import Context
from bot.dates import spoken_time
from bot.model import GroupSettings, Step


async def say_logged(context: Context, step: Step) -> str:
    """`Monday 23 November, 09:05, Ann: Cards a day 5 → 7`"""
    when = spoken_time(step.at, context.group)
    taken_back = " (taken back since)" if step.undone else ""
    return f"{when}, {step.by or 'Paperclub'}: {await say_step(context, step)}{taken_back}"


async def say_step(context: Context, step: Step) -> str:
    action = step.action.removeprefix("undo ")
    taken_back = "took back: " if action != step.action else ""
    if action.startswith("set "):
        return f"{taken_back}{_say_settings(step)}"
    if action in ("assign", "release"):
        return f"{taken_back}{await _title(context, step)}: {step.before or 'nobody'} → {step.after or 'nobody'}"
    if action == "found":
        return f"made the group “{step.after}”"
    if action == "role":
        return f"became a {step.after} by {step.reason}"
    return " ".join(part for part in (f"{action}: {step.before} → {step.after}", step.reason) if part)


def say_change(setting: Setting, before: GroupSettings, after: GroupSettings) -> str:
    """`Cards a day: 5 → 7.`, "" when nothing changed."""
    was, now = setting.say(before), setting.say(after)
    return f"{setting.label}: {was} → {now}." if was != now else ""


def _say_settings(step: Step) -> str:
    before, after = json.loads(step.before), json.loads(step.after)
    return "; ".join(f"{_label(name)} {_value(before[name])} → {_value(after[name])}" for name in sorted(after))


def _label(name: str) -> str:
    return BY_NAME[name].label if name in BY_NAME else name


def _value(value: str | None) -> str:
    return "as configured" if value is None else value or "none"


async def _title(context: Context, step: Step) -> str:
    entry = await context.store.entry(context.group.id, step.entry) if step.entry else None
    return f"claim of “{entry.paper.title}”" if entry else "claim"

"""The audit log in words: who did what, from what to what. Reads the rows of the store and changes nothing."""

import json
import re

from bot.commands.admin.replies import title_of
from bot.commands.table import Context
from bot.groups import SETTINGS
from bot.groups.words import say_stored
from bot.model import LogEntry
from bot.views import say_move
from bot.views.dates import day_of, spoken_time
from bot.views.papers import quoted

CURATED = {
    "choose": "put {title} first on the list to come",
    "hide": "keeps {title} off the lists to come",
    "leave to ranking": "leaves {title} to the ranking",
}
TAKEN_BACK = re.compile("step ([0-9]{1,18})")  # the reason of an undo


async def say_logged(context: Context, step: LogEntry) -> str:
    """`Monday 23 November, 09:05, Ann: Cards a day 5 → 7`"""
    when = spoken_time(step.at, context.group)
    taken_back = " (taken back since)" if step.undone else ""
    return f"{when}, {step.by or 'Paperclub'}: {await say_step(context, step)}{taken_back}"


async def say_step(context: Context, step: LogEntry) -> str:
    action = step.action.removeprefix("undo ")
    taken_back = "took back: " if action != step.action else ""
    if step.session:
        return f"{taken_back}{await _say_move(context, step)}"
    if action.startswith("set "):
        return f"{taken_back}{_say_settings(step)}"
    if action in ("assign", "release"):
        return (
            f"{taken_back}claim of {await _title(context, step)}: {step.before or 'nobody'} → {step.after or 'nobody'}"
        )
    if action in ("drop", "put back"):
        return f"{taken_back}{await _say_drop(context, step, action)}"
    if action in CURATED:
        return f"{taken_back}{await _say_curation(context, step, action)}"
    if action == "link":
        return f"{step.before} and {step.after} are one person, as both said"
    if action == "unlink":
        return f"took apart again: {step.before} and {step.after}"
    if action == "invite":
        return f"gave out a code by which {step.after} may choose a name, until {step.reason}"
    if action == "end invitation":
        return "ended the code by which names are chosen"
    if action == "found":
        return f"made the group “{step.after}”"
    if action == "role":
        return f"became a {step.after} by {step.reason}"
    return " ".join(part for part in (f"{action}: {step.before} → {step.after}", step.reason) if part)


async def _say_move(context: Context, step: LogEntry) -> str:
    """Of one that was taken back, what it had done."""
    group, taken_back = context.group, TAKEN_BACK.fullmatch(step.reason)
    is_undo = step.action.startswith("undo ") and taken_back
    number = int(taken_back[1]) if is_undo and taken_back else step.id
    logged = await context.store.read(lambda rows: rows.audit.logged(group.id, number))
    session = await context.store.peek(lambda rows: rows.sessions.session(group.id, step.session or 0))
    said = say_move(logged, group) if logged else step.action
    return f"{day_of(session, group)}: {said}" if session else said


async def _say_drop(context: Context, step: LogEntry, action: str) -> str:
    what = "was dropped" if action == "drop" else "was put back"
    why = f" ({step.reason})" if step.reason and not TAKEN_BACK.fullmatch(step.reason) else ""
    return f"{await _title(context, step)} {what}{why}"


async def _say_curation(context: Context, step: LogEntry, action: str) -> str:
    key = (step.before or step.after).partition(" ")[2]
    paper = await context.store.peek(lambda rows: rows.papers.paper(key))
    return CURATED[action].format(title=quoted(paper.title) if paper else "a paper")


def _say_settings(step: LogEntry) -> str:
    before, after = json.loads(step.before), json.loads(step.after)
    return "; ".join(
        f"{_label(name)} {_value(name, before[name])} → {_value(name, after[name])}" for name in sorted(after)
    )


def _label(name: str) -> str:
    return SETTINGS[name].label if name in SETTINGS else name


def _value(name: str, value: str | None) -> str:
    if value is None:
        return "as configured"
    return say_stored(SETTINGS[name], value) if name in SETTINGS else value or "none"


async def _title(context: Context, step: LogEntry) -> str:
    return await title_of(context, step.entry) or "a paper"

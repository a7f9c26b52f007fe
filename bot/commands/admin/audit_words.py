"""The audit log in words: who did what, from what to what. Reads the rows of the store and changes nothing."""

import json
import re

from bot.commands.admin.replies import title_of
from bot.commands.table import Context
from bot.groups import SETTINGS
from bot.groups.words import say_stored
from bot.languages import msgid, say
from bot.model import GroupSettings, LogEntry
from bot.views import say_move
from bot.views.dates import day_of, spoken_time
from bot.views.papers import quoted

CURATED = {
    "choose": msgid("put {title} first on the list to come"),
    "hide": msgid("keeps {title} off the lists to come"),
    "leave to ranking": msgid("leaves {title} to the ranking"),
}
DROPPED, PUT_BACK = msgid("{title} was dropped"), msgid("{title} was put back")
MEMBERS = {
    "link": msgid("{before} and {after} are one person, as both said"),
    "unlink": msgid("took apart again: {before} and {after}"),
    "invite": msgid("gave out a code by which {after} may choose a name, until {reason}"),
    "end invitation": msgid("ended the code by which names are chosen"),
    "found": msgid("made the group “{after}”"),
    "role": msgid("became a moderator by the one-time code"),
}
PROGRAM = "Paperclub"  # who did what nobody told it to
TAKEN_BACK = re.compile("step ([0-9]{1,18})")  # the reason of an undo


async def say_logged(context: Context, step: LogEntry) -> str:
    """`Monday 23 November, 09:05, Ann: Cards a day 5 → 7`"""
    when = spoken_time(step.at, context.group)
    said = await say_step(context, step)
    if step.undone:
        said = say(context.group, "{step} (taken back since)", step=said)
    return f"{when}, {step.by or PROGRAM}: {said}"


async def say_step(context: Context, step: LogEntry) -> str:
    action = step.action.removeprefix("undo ")
    said = await _say_change(context, step, action)
    if said and action != step.action:
        return say(context.group, "took back: {step}", step=said)
    return said or _say_member(context, step, action)


async def _say_change(context: Context, step: LogEntry, action: str) -> str:
    """Of what can be taken back; else ""."""
    if step.session:
        return await _say_move(context, step)
    if action.startswith("set "):
        return _say_settings(context, step)
    if action in ("assign", "release"):
        return await _say_claim(context, step)
    if action in ("drop", "put back"):
        return await _say_drop(context, step, action)
    return await _say_curation(context, step, action) if action in CURATED else ""


def _say_member(context: Context, step: LogEntry, action: str) -> str:
    """Of who is in the group, and the group itself."""
    if sentence := MEMBERS.get(action):
        values = {"before": step.before, "after": step.after, "reason": step.reason}
        return say(context.group, sentence, **values)
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
    sentence = DROPPED if action == "drop" else PUT_BACK
    why = f" ({step.reason})" if step.reason and not TAKEN_BACK.fullmatch(step.reason) else ""
    return f"{say(context.group, sentence, title=await _title(context, step))}{why}"


async def _say_claim(context: Context, step: LogEntry) -> str:
    nobody = say(context.group, "nobody")
    before, after = step.before or nobody, step.after or nobody
    title = await _title(context, step)
    return say(context.group, "claim of {title}: {before} → {after}", title=title, before=before, after=after)


async def _say_curation(context: Context, step: LogEntry, action: str) -> str:
    key = (step.before or step.after).partition(" ")[2]
    paper = await context.store.peek(lambda rows: rows.papers.paper(key))
    title = quoted(paper.title) if paper else say(context.group, "a paper")
    return say(context.group, CURATED[action], title=title)


def _say_settings(context: Context, step: LogEntry) -> str:
    group, before, after = context.group, json.loads(step.before), json.loads(step.after)
    return "; ".join(
        f"{_label(group, name)} {_value(group, name, before[name])} → {_value(group, name, after[name])}"
        for name in sorted(after)
    )


def _label(group: GroupSettings, name: str) -> str:
    return say(group, SETTINGS[name].label) if name in SETTINGS else name


def _value(group: GroupSettings, name: str, value: str | None) -> str:
    if value is None:
        return say(group, "as configured")
    return say_stored(SETTINGS[name], value) if name in SETTINGS else value or say(group, "none")


async def _title(context: Context, step: LogEntry) -> str:
    return await title_of(context, step.entry) or say(context.group, "a paper")

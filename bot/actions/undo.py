"""Taking back a step of the audit log that can be: what a moderator, a member or the clock did."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from bot.actions.claims import give_back, is_held_by
from bot.actions.curations import CURATIONS, is_curated, take_back_curation
from bot.actions.entries import put_drop
from bot.actions.moves import is_as_left, undo_moves
from bot.actions.settings import are_as_left, take_back_settings
from bot.model import Act, Done, LogEntry
from bot.ports import Reads, Rows, answered_by

TAKEN_BACK = "step "  # before the step's id, as the reason of the step that took it back
PAGE = 20
ABOUT_PAPERS = ("assign", "release", "drop", "put back", *CURATIONS)
# What followed from settings goes with them, and would follow again.
FOLLOWING = ("move", "cancel")
LOOKED_AT = 60  # steps, for those that can be taken back


@dataclass(frozen=True, slots=True)
class Undoable:
    step: LogEntry
    by: int | None  # member; None: the program itself


def undoable_steps(rows: Reads, act: Act, limit: int) -> Sequence[Undoable]:
    """Those that can be taken back as things are, the newest first."""
    newest = islice(_standing(rows, act.group), LOOKED_AT)
    found = islice((done for done in newest if is_undoable(done) and _is_as_left(rows, act, done)), limit)
    logged = ((rows.audit.step(act.group, done.id), done.by) for done in found)
    return [Undoable(step, by) for step, by in logged if step]


def last_undone(rows: Reads, act: Act, *_: object) -> LogEntry | None:
    """The step that this member took back last."""
    newest = rows.audit.newest_of(act.group, act.member, "undo ")
    return rows.audit.step(act.group, int(newest.reason.removeprefix(TAKEN_BACK))) if newest else None


@answered_by(last_undone)
def undo_step(rows: Rows, act: Act, step: int | None = None) -> LogEntry | None:
    """Takes back this step, or the newest that can be and was not yet; returns it, None when there is none."""
    for done in _standing(rows, act.group) if step is None else _one(rows, act.group, step):
        if is_undoable(done) and _take_back(rows, act, done):
            _note(rows, act, done)
            return rows.audit.step(act.group, done.id)
    return None


def _standing(rows: Reads, group: str) -> Iterator[Done]:
    """The newest first, as far as they are looked at."""
    page = rows.audit.standing(group, None, PAGE)
    while page:
        yield from page
        page = rows.audit.standing(group, page[-1].id, PAGE)


def _one(rows: Reads, group: str, step: int) -> Sequence[Done]:
    return [done for done in rows.audit.standing(group, step + 1, 1) if done.id == step]


def is_undoable(done: Done) -> bool:
    if done.action.startswith("undo ") or (done.by is None and done.action in FOLLOWING):
        return False
    return done.session is not None or done.action.startswith("set ") or done.action in ABOUT_PAPERS


def _take_back(rows: Rows, act: Act, done: Done) -> bool:
    """False, and nothing changed, when things are not any more as the step left them."""
    if done.session is not None:
        trace = rows.audit.trace(act.group, done.id)
        return trace is not None and undo_moves(rows, act, done.id, trace)
    if done.action in CURATIONS:
        return take_back_curation(rows, act, done.before, done.after)
    if done.entry is None:
        return _take_back_settings(rows, act, done)
    if done.action in ("drop", "put back"):
        return put_drop(rows, act, done.entry, dropped=done.action == "put back")
    return give_back(rows, act, done.entry, done.before, done.after)


def _note(rows: Rows, act: Act, done: Done) -> None:
    rows.audit.mark_undone(act.group, done.id, act.at)
    rows.audit.add(
        act.group,
        act.at,
        act.member,
        f"undo {done.action}",
        entry=done.entry,
        session=done.session,
        before=done.after,
        after=done.before,
        reason=f"{TAKEN_BACK}{done.id}",
    )


def _is_as_left(rows: Reads, act: Act, done: Done) -> bool:
    """Whether it could be taken back now."""
    if done.session is not None:
        trace = rows.audit.trace(act.group, done.id)
        return trace is not None and is_as_left(rows, act, trace)
    if done.action in CURATIONS:
        return is_curated(rows, act, done.before, done.after)
    if done.entry is None:
        return are_as_left(rows, act, json.loads(done.before), json.loads(done.after))
    if done.action in ("drop", "put back"):
        entry = rows.entries.entry(act.group, done.entry)
        return entry is not None and entry.dropped == (done.action == "drop")
    return is_held_by(rows, act, done.entry, done.after.partition(" ")[0])


def _take_back_settings(rows: Rows, act: Act, done: Done) -> bool:
    """With what followed from them: a meeting that they moved is again where it was, with the yes of its presenter and
    the times that it had."""
    before, after = json.loads(done.before), json.loads(done.after)
    if not are_as_left(rows, act, before, after):
        return False
    for step in _followed(rows, act, done):
        trace = rows.audit.trace(act.group, step.id)
        if trace and undo_moves(rows, act, step.id, trace):
            rows.audit.mark_undone(act.group, step.id, act.at)
    return take_back_settings(rows, act, before, after)


def _followed(rows: Reads, act: Act, done: Done) -> Sequence[Done]:
    """Nothing, where other settings came behind them: then it may have followed from those."""
    since = list(takewhile(lambda step: step.id > done.id, _standing(rows, act.group)))
    if any(step.action.startswith("set ") for step in since):
        return ()
    return [step for step in since if step.by is None and step.action in FOLLOWING]

"""Taking back the newest step of the audit log that can be: what a moderator, or the clock, did."""

import json
from collections.abc import Iterator

from bot.actions.claims import give_back
from bot.actions.curations import CURATIONS, take_back_curation
from bot.actions.entries import put_drop
from bot.actions.moves import undo_moves
from bot.actions.settings import take_back_settings
from bot.model import Act, Done, LogEntry
from bot.ports import Reads, Rows, answered_by

TAKEN_BACK = "step "  # before the step's id, as the reason of the step that took it back
PAGE = 20
ABOUT_PAPERS = ("assign", "release", "drop", "put back", *CURATIONS)
# What followed from settings would follow again.
FOLLOWING = ("move", "cancel")


def last_undone(rows: Reads, act: Act) -> LogEntry | None:
    """The step that this member took back last."""
    newest = rows.audit.newest_of(act.group, act.member, "undo ")
    return rows.audit.step(act.group, int(newest.reason.removeprefix(TAKEN_BACK))) if newest else None


@answered_by(last_undone)
def undo_step(rows: Rows, act: Act) -> LogEntry | None:
    """Takes back the newest step that can be and was not yet, which it returns; None when there is none."""
    for done in _standing(rows, act.group):
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
        return take_back_settings(rows, act, json.loads(done.before), json.loads(done.after))
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

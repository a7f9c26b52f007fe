"""A Move: one step of a meeting with all that belongs to it, its line in the audit log and its messages; and back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.actions.hearing import hear
from bot.actions.messages import show_claims, show_counts, show_entry, show_session, show_tallies, want
from bot.errors import Refused
from bot.model import Act, Claim, ClaimMove, ClaimState, Move, Session, SessionChanges, Trace
from bot.ports import Reads, Rows
from bot.week import wishes
from bot.week.electorate import coming_window
from bot.week.sessions import revision
from bot.week.succession import holder_of, own_of

IN_CALENDARS = frozenset(  # what they show of a session
    {"starts", "minutes", "place", "status", "why", "entry", "settled", "presenter", "confirmed_at", "open_discussion"}
    | {"slides"}
)
COUNTED = frozenset({"entry", "closed_at", "status"})  # of which other sessions' windows and nominees depend


def carry_out(rows: Rows, act: Act, session: int, *moves: Move) -> Session:
    """The session as it is afterwards. `act.member` is 0 for the program itself."""
    make_moves(rows, act, moves)
    return _session(rows, act, session)


def make_moves(rows: Rows, act: Act, moves: Sequence[Move]) -> None:
    """Steps that have an action stand in the audit log as one row for all moves, of the first one's action and reason.
    With `follows` go that session's near-winners and copies of the ballots that stand there. Raises Refused: no
    meeting."""
    for move in moves:
        _session(rows, act, move.session)
    trace = Trace(near_before=tuple(_near(rows, act, moves)))
    ballots = _take_along(rows, act, moves, trace)
    picks = [pick for move in moves for pick in _make(rows, act, move, trace)]
    trace = replace(trace, picks=tuple(picks), ballots=tuple(ballots), near_after=tuple(_near(rows, act, moves)))
    _count_anew(rows, act, trace)
    logged = _log(rows, act, moves, trace)
    for wish in (wish for move in moves for wish in move.wishes):
        want(rows, act.group, wish, act.at)
    if logged and (first := _named(moves)) and any(move.tells for move in moves):
        want(rows, act.group, wishes.notice(logged), act.at, str(first.session))


def _make(rows: Rows, act: Act, move: Move, trace: Trace) -> list[int]:
    """The ids of the picks that it brought."""
    session = _session(rows, act, move.session)
    trace.before[session.id] = {name: field_of(session, name) for name in move.sets}  # type: ignore[assignment]
    trace.after[session.id] = move.sets
    _set_fields(rows, act, session, move.sets)
    _move_claims(rows, act, move.claims, trace)
    picks = _put_pick(rows, act, move)
    rows.sessions.unmark(act.group, session.id, move.undone)
    rows.sessions.mark(act.group, session.id, move.done, act.at)
    if move.sets or move.claims or move.pick:
        _show(rows, act, session.id, trace)
    if any(key.startswith("recap") for key in move.done):
        _show_read(rows, act, session.id)  # its card says from now on that it was discussed
        steps = [str(step) for step in rows.audit.of_session(act.group, session.id)]
        rows.messages.show_each(act.group, ("step",), steps, act.at)  # they may still look for a presenter
    if any(key.startswith(("recap", "remind")) for key in move.done):
        show_session(rows, act.group, session.id, act.at)  # nothing is to be pressed any more; older reminders go
    return picks


def _set_fields(rows: Rows, act: Act, session: Session, sets: SessionChanges) -> None:
    """With what calendars show the sequence grows."""
    shows = any(name in IN_CALENDARS and field_of(session, name) != value for name, value in sets.items())
    stays: SessionChanges = {"sequence": session.sequence, "revised_at": session.revised_at}
    rows.sessions.change(act.group, session.id, {**sets, **(revision(session, act.at) if shows else stays)})
    if "asked_at" in sets:
        hear(rows, _session(rows, act, session.id), act.at)


def field_of(session: Session, name: str) -> Any:
    """As a Move sets it: of the presenter the member's id."""
    if name == "presenter":
        return session.presenter.id if session.presenter else None
    return getattr(session, name)


def _put_pick(rows: Rows, act: Act, move: Move) -> list[int]:
    """A newer pick of a session says anew which near-winners come back, until they are shown."""
    picks = [rows.picks.add(act.group, move.session, move.pick)] if move.pick else []
    if (move.pick and not move.follows) or move.carried:
        rows.picks.drop_near(act.group, move.session)
    for near in move.carried:
        rows.picks.carry(act.group, near)
    return picks


def _near(rows: Reads, act: Act, moves: Sequence[Move]) -> Sequence[Any]:
    ids = sorted({move.session for move in moves})
    return [near for id in ids for near in rows.picks.near(act.group, id)]


def _take_along(rows: Rows, act: Act, moves: Sequence[Move], trace: Trace) -> list[int]:
    """All is read before any is written: of a row of sessions each gives to the next one."""
    takers = {move.follows: move.session for move in moves if move.follows}
    standing = {taker: rows.picks.standing_ballots(act.group, giver) for giver, taker in takers.items()}
    for near in trace.near_before:
        if near.session in takers:
            rows.picks.put_near(act.group, replace(near, session=takers[near.session]))
    return [rows.picks.add_ballot(act.group, taker, slip) for taker, slips in standing.items() for slip in slips]


def _named(moves: Sequence[Move]) -> Move | None:
    """The one by which the log calls them all."""
    return next((move for move in moves if move.action), None)


def _log(rows: Rows, act: Act, moves: Sequence[Move], trace: Trace) -> int | None:
    first = _named(moves)
    if first is None:
        return None
    return rows.audit.add_move(act, first.session, first.action, first.reason, trace)


# --- claims


def _move_claims(rows: Rows, act: Act, steps: Sequence[ClaimMove], trace: Trace) -> None:
    entries = {entry for step in steps if (entry := _entry_of(rows, act, step))}
    before = {entry: _states(rows, act, entry) for entry in entries}
    for step in steps:
        _move_claim(rows, act, step)
    for entry in entries:
        for id, state in _states(rows, act, entry).items():
            if state != before[entry].get(id):
                trace.claims_before.setdefault(id, before[entry].get(id))
                trace.claims_after[id] = state
        show_claims(rows, act.group, entry, act.at)


def _entry_of(rows: Reads, act: Act, step: ClaimMove) -> int | None:
    if step.what == "give":
        return step.entry
    found = rows.claims.find(act.group, step.claim)
    return found.entry if found else None


def _states(rows: Reads, act: Act, entry: int) -> Mapping[int, ClaimState]:
    return {claim.id: claim.state for claim in rows.claims.history(act.group, entry)}


def _move_claim(rows: Rows, act: Act, step: ClaimMove) -> None:
    """Where it can't be any more, what stands there stays."""
    if step.what == "give":
        give_claim(rows, act, step.entry, step.member)
        return
    found = rows.claims.claim_by_id(act.group, step.claim)
    if found is None:
        return
    match step.what:
        case "release":
            end_claim(rows, act, found)
        case "step back":  # still asleep: it follows once it is woken
            rows.claims.change(found.id, {"kind": "backup"})
        case "promote":
            promote_claim(rows, act, found)


def give_claim(rows: Rows, act: Act, entry: int, member: int) -> None:
    """Unless somebody holds it; the member may have another part in it."""
    claims = rows.claims.claims(act.group, entry)
    if holder_of(claims):
        return
    if own := own_of(claims, member):
        promote_claim(rows, act, own)
    else:
        rows.claims.begin(act.group, entry, member, "holder", act.at)


def promote_claim(rows: Rows, act: Act, claim: Claim) -> None:
    """It keeps its age; its holder has it from now on, so that it does not fall asleep at once."""
    others = [one for one in rows.claims.claims(act.group, claim.entry) if one.id != claim.id]
    if claim.kind != "holder" and holder_of(others) is None:
        rows.claims.change(claim.id, {"kind": "holder", "kept_at": act.at, "slept_at": None})


def end_claim(rows: Rows, act: Act, claim: Claim) -> None:
    rows.claims.change(claim.id, {"released_at": act.at})


# --- and back


def undo_moves(rows: Rows, act: Act, step: int, trace: Trace) -> bool:
    """False, and nothing changed, when a session is not as the Move left it, or is over; slides may still come and go
    until the next one begins. Claims that members have changed since stay as they are."""
    if not is_as_left(rows, act, trace):
        return False
    for id, fields in trace.before.items():
        _set_fields(rows, act, _session(rows, act, id), fields)
    _restore_claims(rows, act, trace)
    for pick in trace.picks:
        rows.picks.take_back(act.group, pick, act.at)
    rows.picks.drop_ballots(act.group, trace.ballots)
    _restore_near(rows, act, trace)
    for id in trace.after:
        _show(rows, act, id, trace)
    _count_anew(rows, act, trace)
    rows.messages.show_again(act.group, ("step",), (str(step),), act.at)
    return True


def is_as_left(rows: Reads, act: Act, trace: Trace) -> bool:
    return all(_stands(rows, act, id, fields) for id, fields in trace.after.items())


def _stands(rows: Reads, act: Act, id: int, fields: SessionChanges) -> bool:
    session = rows.sessions.session(act.group, id)
    if session is None or any(field_of(session, name) != value for name, value in fields.items()):
        return False
    return session.ends > act.at or (fields.keys() == {"slides"} and _was_last(rows, act, id))


def _was_last(rows: Reads, act: Act, id: int) -> bool:
    last = rows.sessions.last_session(act.group, act.at)
    return last is not None and last.id == id


def _restore_near(rows: Rows, act: Act, trace: Trace) -> None:
    if trace.near_before == trace.near_after:
        return
    for id in trace.after:
        rows.picks.drop_near(act.group, id)
    for near in trace.near_before:
        rows.picks.put_near(act.group, near)


def _restore_claims(rows: Rows, act: Act, trace: Trace) -> None:
    """As far as they still are as the Move left them and nobody else's is in the way. One that was not there before
    ends."""
    found = [claim for id in trace.claims_after if (claim := rows.claims.find(act.group, id))]
    undone = [claim for claim in found if claim.state == trace.claims_after[claim.id]]
    entries = set[int]()
    for claim in sorted(undone, key=lambda one: _holds(trace.claims_before.get(one.id))):  # who steps back makes room
        state = trace.claims_before.get(claim.id) or ClaimState(claim.kind, act.at)
        if state.released_at is None and _is_in_the_way(rows, act, claim, state):
            continue
        rows.claims.change(claim.id, {"kind": state.kind, "released_at": state.released_at})
        entries.add(claim.entry)
    for entry in entries:
        show_claims(rows, act.group, entry, act.at)


def _holds(state: ClaimState | None) -> bool:
    return state == ClaimState("holder", None)


def _is_in_the_way(rows: Reads, act: Act, claim: Claim, state: ClaimState) -> bool:
    """Whether somebody else holds the paper now, or the member has another claim of it."""
    others = [one for one in rows.claims.claims(act.group, claim.entry) if one.id != claim.id]
    return bool(own_of(others, claim.member.id) or (state.kind == "holder" and holder_of(others)))


# --- what tells of it


def _show(rows: Rows, act: Act, id: int, trace: Trace) -> None:
    before, after = trace.before[id], trace.after[id]
    show_session(rows, act.group, id, act.at)
    for entry in {fields["entry"] for fields in (before, after) if fields.get("entry")}:
        show_entry(rows, act.group, entry or 0, act.at)
    if "status" in after and "entry" not in after:
        _show_read(rows, act, id)
    if not after.keys().isdisjoint(COUNTED):
        show_counts(rows, act.group, 0, act.at)


def _count_anew(rows: Rows, act: Act, trace: Trace) -> None:
    """Where other votes count now, or are carried along, papers have another count."""
    changed = {name for fields in trace.after.values() for name in fields}
    if changed.isdisjoint(COUNTED) and trace.near_before == trace.near_after:
        return
    before, now = rows.votes.window(act.group), coming_window(rows, act.group, act.at)
    rows.votes.begin_window(act.group, now)
    entries = {near.entry for near in (*trace.near_before, *trace.near_after)}
    if before != now:
        entries |= _counted(rows, act, before) | _counted(rows, act, now)
    show_tallies(rows, act.group, entries, act.at)


def _counted(rows: Reads, act: Act, since: datetime | None) -> set[int]:
    return {one.entry for one in rows.votes.backed(act.group, since, None)}


def _show_read(rows: Rows, act: Act, id: int) -> None:
    entry = _session(rows, act, id).entry
    if entry is not None:
        show_entry(rows, act.group, entry, act.at)


def _session(rows: Reads, act: Act, id: int) -> Session:
    """Raises Refused: no meeting."""
    found = rows.sessions.session(act.group, id)
    if found is None:
        raise Refused("no meeting")
    return found

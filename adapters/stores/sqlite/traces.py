"""What a Move changed, as the columns `before` and `after` of its row in the audit log hold it: JSON by ids."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.stores.sqlite.columns import moment, stamp
from adapters.stores.sqlite.sessions import fields, to_column
from bot.model import ClaimState, NearWinner, SessionChanges, Trace

Data = dict[str, Any]


def write_trace(trace: Trace) -> tuple[str, str]:
    """`before` and `after`."""
    before = {
        "sessions": {str(id): _columns(changes) for id, changes in trace.before.items()},
        "claims": {str(id): state and _state(state) for id, state in trace.claims_before.items()},
        "near": [_near(near) for near in trace.near_before],
    }
    after = {
        "sessions": {str(id): _columns(changes) for id, changes in trace.after.items()},
        "claims": {str(id): _state(state) for id, state in trace.claims_after.items()},
        "picks": list(trace.picks),
        "ballots": list(trace.ballots),
        "near": [_near(near) for near in trace.near_after],
    }
    return json.dumps(before, ensure_ascii=False), json.dumps(after, ensure_ascii=False)


def read_trace(before: str, after: str) -> Trace:
    old, new = json.loads(before), json.loads(after)
    return Trace(
        before=_sessions(old),
        after=_sessions(new),
        claims_before={int(id): state and _read_state(state) for id, state in old["claims"].items()},
        claims_after={int(id): _read_state(state) for id, state in new["claims"].items()},
        picks=tuple(new["picks"]),
        ballots=tuple(new.get("ballots", ())),
        near_before=tuple(_read_near(near) for near in old.get("near", ())),
        near_after=tuple(_read_near(near) for near in new.get("near", ())),
    )


def read_changes(text: str, session: int) -> Mapping[str, Any]:
    """Of one session, in `before` or `after`."""
    return fields(json.loads(text)["sessions"].get(str(session), {}))


def renamed(text: str, old: int, new: int, *, of_moves: bool) -> str:
    """`before` or `after` with another member; of a claim it is a member's id, maybe with a word after it."""
    if of_moves:
        return _renamed_in_moves(text, old, new)
    member, space, kind = text.partition(" ")
    return f"{new}{space}{kind}" if member == str(old) else text


def _renamed_in_moves(text: str, old: int, new: int) -> str:
    data = json.loads(text)
    for columns in data["sessions"].values():
        if columns.get("presenter") == old:
            columns["presenter"] = new
        if columns.get("tried"):
            tried = [new if member == old else member for member in json.loads(columns["tried"])]
            columns["tried"] = json.dumps(list(dict.fromkeys(tried)))
    return json.dumps(data, ensure_ascii=False)


def _sessions(data: Data) -> dict[int, SessionChanges]:
    return {int(id): fields(columns) for id, columns in data["sessions"].items()}  # type: ignore[misc]


def _columns(changes: SessionChanges) -> Data:
    return {name: to_column(name, value) for name, value in changes.items()}


def _state(state: ClaimState) -> list[Any]:
    return [state.kind, None if state.released_at is None else stamp(state.released_at)]


def _read_state(data: list[Any]) -> ClaimState:
    return ClaimState(data[0], None if data[1] is None else moment(data[1]))


def _near(near: NearWinner) -> list[Any]:
    times = [None if at is None else stamp(at) for at in (near.shown_at, near.since)]
    return [near.entry, near.session, near.carried, *times]


def _read_near(data: list[Any]) -> NearWinner:
    """Older ones don't say since when votes were given."""
    entry, session, carried, *times = data
    return NearWinner(entry, session, carried, *(None if at is None else moment(at) for at in times))

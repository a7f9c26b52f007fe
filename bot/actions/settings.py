"""What holds for a group: founding one, where it meets, and its settings, which moderators change. A change and all
that follows from it are one transaction: no vote is ever closed by a time that passed before it was set."""

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.actions.messages import show_session, show_settings
from bot.actions.people import enrol
from bot.actions.standing import move_along
from bot.errors import Refused
from bot.groups import Values
from bot.groups.stored import as_stored, parse, require_valid, stored_of
from bot.groups.values import left_to
from bot.model import Act, GroupSettings, listed
from bot.ports import Reads, Rows, answered_with
from bot.ports.rows.groups import Stored
from bot.week.closes import closings
from bot.week.plan import is_open, to_come
from bot.week.timeline import StepKind

# --- by moderators


@answered_with(False)
def change_settings(rows: Rows, act: Act, values: Values) -> bool:
    """All of them or none, by name; None resets one to the configuration. False when nothing changed. Raises
    SettingError for a value that the configuration could not have, beside the others that hold; Refused: taken."""
    return _change(rows, act, stored_of(rows, act.group), values)


@answered_with(False)
def bind_channel(rows: Rows, act: Act, place: str) -> bool:
    """The group meets there from now on. Raises SettingError, Refused: taken."""
    stored = stored_of(rows, act.group)
    return _change(rows, act, stored, _channels([*_bound(rows, stored), place]))


@answered_with(False)
def unbind_channel(rows: Rows, act: Act, place: str) -> bool:
    """A channel that was bound from chat."""
    stored = stored_of(rows, act.group)
    return _change(rows, act, stored, _channels([bound for bound in _bound(rows, stored) if bound != place]))


@answered_with(False)
def move_channel(rows: Rows, act: Act, old: str, new: str) -> bool:
    """The group leaves a channel that was bound from chat for another, with all that it has. False where it does not
    meet there. Raises SettingError, Refused: taken."""
    stored = stored_of(rows, act.group)
    bound = _bound(rows, stored)
    return old in bound and _change(rows, act, stored, _channels([new if one == old else one for one in bound]))


def take_back_settings(rows: Rows, act: Act, before: Values, after: Values) -> bool:
    """What a change of settings did. False, and nothing changed, when things are not any more as it left them, or
    another group meets now where this one would again."""
    stored = stored_of(rows, act.group)
    if _standing(stored, after) != after:
        return False
    try:
        _put(rows, act, stored, before)
    except Refused:  # before anything is written
        return False
    return True


def are_as_left(rows: Reads, act: Act, before: Values, after: Values) -> bool:
    """Whether `take_back_settings` could."""
    stored = stored_of(rows, act.group)
    if _standing(stored, after) != after:
        return False
    if "channels" not in before:
        return True
    channels = set(parse(_with_values(stored, before)).settings.channels) - {*parse(stored).settings.channels}
    return not rows.groups.neighbours(act.group, channels)


def _change(rows: Rows, act: Act, stored: Stored, values: Values) -> bool:
    require_valid(stored, values)
    standing = _standing(stored, values)
    before = {name: value for name, value in standing.items() if value != values[name]}
    if not before:
        return False
    after = {name: values[name] for name in before}
    _put(rows, act, stored, after)
    action = f"set {', '.join(sorted(after))}"
    rows.audit.add(act.group, act.at, act.member, action, before=_as_logged(before), after=_as_logged(after))
    return True


def _standing(stored: Stored, names: Collection[str]) -> Values:
    held = dict(stored.overrides)
    return {name: held.get(name) for name in names}


def _put(rows: Rows, act: Act, stored: Stored, values: Values) -> None:
    """Raises Refused: taken, before anything is written."""
    before, after = parse(stored).settings, parse(_with_values(stored, values)).settings
    come, gone = {*after.channels} - {*before.channels}, {*before.channels} - {*after.channels}
    if neighbours := rows.groups.neighbours(act.group, come):
        raise Refused("taken", group=min(neighbours.values()))
    rows.groups.override(act.group, values, act.member, act.at)
    rows.groups.bind(act.group, come)
    rows.groups.unbind(act.group, gone)
    follow(rows, before, after, act.at)
    if come and gone:
        move_along(rows, act.group, min(gone), min(come), act.at)


def _with_values(stored: Stored, values: Values) -> Stored:
    held: dict[str, str | None] = {**dict(stored.overrides), **values}
    return replace(stored, overrides=tuple(sorted((name, value) for name, value in held.items() if value is not None)))


def _bound(rows: Reads, stored: Stored) -> Sequence[str]:
    """From chat, without those that are another group's by now."""
    if "channels" in parse(stored).faults:
        return ()
    bound = listed(dict(stored.overrides).get("channels", ""))
    taken = rows.groups.neighbours(stored.id, bound)
    return [place for place in bound if place not in taken]


def _channels(places: Sequence[str]) -> Values:
    return {"channels": ", ".join(dict.fromkeys(places)) or None}


def _as_logged(values: Values) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False)


# --- what follows from it


def follow(rows: Rows, before: GroupSettings, after: GroupSettings, at: datetime) -> None:
    """What is shown by settings, open votes, and what the clock brings."""
    rows.groups.put(after)
    rows.looks.hasten(after.id, at)
    show_settings(rows, after.id, at)
    _keep_votes_open(rows, before, after, at)


def _keep_votes_open(rows: Rows, before: GroupSettings, after: GroupSettings, at: datetime) -> None:
    group = after.id
    sessions = [session for session in to_come(rows.sessions.sessions(group, at), at) if is_open(session)]
    set_apart = [session.id for session in sessions if session.closes_at]
    closed = [id for id in set_apart if str(StepKind.CLOSE) in rows.sessions.done_steps(group, id)]
    for session, closes in closings(sessions, before, after, at, closed):
        rows.sessions.change(group, session.id, {"closes_at": closes})
        show_session(rows, group, session.id, at)


# --- which groups there are


def found_group(rows: Rows, group: GroupSettings, account: str, name: str, at: datetime) -> None:
    """A group that is made from chat, without a channel yet; who made it becomes its first member. Does nothing when
    there is one of that id. Raises Refused for a name that the founder can't have."""
    if rows.groups.found(group, at):
        founder = enrol(rows, group.id, account, name, at)
        rows.audit.add(group.id, at, founder.id, "found", after=group.name)


def configure(rows: Rows, configured: Sequence[GroupSettings], sources: Collection[str], at: datetime) -> None:
    """At the start: the groups that there are, from the configuration and from chat, with all sources by name. Where
    the configuration says something else than before, that is a change of settings like any other. What is no group any
    more meets nowhere."""
    founded = rows.groups.founded()
    groups = {group.id: group for group in (*founded, *configured)}
    said = {group.id: as_stored(group) for group in configured}
    before = {id: _as_it_stood(rows, id, [group.id for group in founded]) for id in groups}
    rows.groups.put_sources(sources)
    rows.groups.unbind_all()
    for id, group in groups.items():
        rows.groups.configure(group, said.get(id, ""))
        _begin(rows, id, before[id], configured, at)
    rows.looks.hasten_all(at)


def _as_it_stood(rows: Reads, group: str, founded: Collection[str]) -> GroupSettings | None:
    """None for a new one, and where another version of the program did not store it, or otherwise."""
    stored = rows.groups.stored(group)
    if stored is None or not (stored.settings or group in founded):
        return None
    with suppress(ValueError):
        return parse(stored).settings
    return None


def _begin(
    rows: Rows, group: str, before: GroupSettings | None, configured: Sequence[GroupSettings], at: datetime
) -> None:
    parsed = parse(stored_of(rows, group))
    given, after = parsed.given, parsed.settings
    bound = [place for place in after.channels if place not in given.channels]
    rows.groups.put(after)
    rows.groups.bind(group, (*given.channels, *left_to(group, bound, configured)))
    came, went = {*after.channels} - {*(before or after).channels}, {*(before or after).channels} - {*after.channels}
    if came and went:
        move_along(rows, group, min(went), min(came), at)
    if before and (before.week, before.timezone) != (after.week, after.timezone):
        follow(rows, before, after, at)

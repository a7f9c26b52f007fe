"""Rows of groups, their channels, and settings that moderators changed. See `bot.ports.rows.groups`."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from adapters.stores.sqlite.columns import moment, stamp
from adapters.stores.sqlite.export import export
from bot.model import GroupSettings, Override
from bot.ports.rows.groups import Stored

Values = Mapping[str, str | None]  # by name; None: as configured

FOUNDED = "SELECT id, name, language FROM groups WHERE founded_at IS NOT NULL ORDER BY founded_at, id"

OVERRIDES = """
SELECT override.group_id, override.name, override.value, membership.name AS by, override.at
FROM override JOIN membership USING (group_id, member_id) ORDER BY override.group_id, override.name
"""

NEIGHBOURS = """
SELECT channel.place, groups.name FROM channel JOIN groups ON groups.id = channel.group_id
WHERE channel.place IN (SELECT value FROM json_each(:places)) AND channel.bound AND channel.group_id <> :group
"""
FOUND = "INSERT INTO groups (id, name, language, founded_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
PUT_SOURCES = """
INSERT INTO kept (key, value) VALUES ('sources', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
STORED = """
SELECT name, language, settings, (
    SELECT json_group_array(json_array(name, value)) FROM override WHERE group_id = groups.id) AS overrides,
    coalesce((SELECT value FROM kept WHERE key = 'sources'), '[]') AS sources
FROM groups WHERE id = ?
"""
CONFIGURE = """
INSERT INTO groups (id, name, language, settings) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET settings = excluded.settings
"""
PUT = """
INSERT INTO groups (id, name, language, hides_votes, vote_budget) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language,
    hides_votes = excluded.hides_votes, vote_budget = excluded.vote_budget
"""
BIND = """
INSERT INTO channel (group_id, place, bound) VALUES (?, ?, 1)
ON CONFLICT (group_id, place) DO UPDATE SET bound = 1
"""
UNBIND = "UPDATE channel SET bound = 0 WHERE group_id = ? AND place = ?"
OVERRIDE = """
INSERT INTO override (group_id, name, value, member_id, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET value = excluded.value, member_id = excluded.member_id, at = excluded.at
"""
RESET = "DELETE FROM override WHERE group_id = ? AND name = ?"


class Groups:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def export(self, group: str) -> Mapping[str, Any]:
        return export(self._connection, group)

    def stored(self, group: str) -> Stored | None:
        row = self._connection.execute(STORED, (group,)).fetchone()
        if row is None:
            return None
        name, language, settings, overrides, sources = row
        return Stored(group, name, language, settings, _read_pairs(overrides), _read_names(sources))

    def neighbours(self, group: str, places: Collection[str]) -> Mapping[str, str]:
        rows = self._connection.execute(NEIGHBOURS, {"group": group, "places": json.dumps([*places])})
        return dict(rows.fetchall())

    def found(self, group: GroupSettings, at: datetime) -> bool:
        values = (group.id, group.name, group.language, stamp(at))
        return self._connection.execute(FOUND, values).rowcount == 1

    def configure(self, group: GroupSettings, settings: str) -> None:
        self._connection.execute(CONFIGURE, (group.id, group.name, group.language, settings))

    def put_sources(self, sources: Collection[str]) -> None:
        self._connection.execute(PUT_SOURCES, (json.dumps(sorted(sources)),))

    def override(self, group: str, values: Mapping[str, str | None], member: int, at: datetime) -> None:
        for name, value in values.items():
            if value is None:
                self._connection.execute(RESET, (group, name))
            else:
                self._connection.execute(OVERRIDE, (group, name, value, member, stamp(at)))

    def put(self, group: GroupSettings) -> None:
        values = (group.id, group.name, group.language, group.week.hidden, group.week.budget)
        self._connection.execute(PUT, values)

    def unbind_all(self) -> None:
        self._connection.execute("UPDATE channel SET bound = 0")

    def bind(self, group: str, places: Collection[str]) -> None:
        self._connection.executemany(BIND, [(group, place) for place in places])

    def unbind(self, group: str, places: Collection[str]) -> None:
        self._connection.executemany(UNBIND, [(group, place) for place in places])

    def founded(self) -> Sequence[GroupSettings]:
        return [
            GroupSettings(id=id, name=name, language=language)
            for id, name, language in self._connection.execute(FOUNDED)
        ]

    def overrides(self) -> Sequence[Override]:
        return [
            Override(row["group_id"], row["name"], row["value"], row["by"], moment(row["at"]))
            for row in self._connection.execute(OVERRIDES)
        ]


@lru_cache  # asked with every vote, and seldom another one
def _read_pairs(overrides: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in json.loads(overrides)))


@lru_cache
def _read_names(sources: str) -> tuple[str, ...]:
    return tuple(json.loads(sources))

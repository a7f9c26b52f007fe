"""Groups made from chat, and settings that moderators changed there. Knows no rule of what a value may be."""

import json
import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.stores.sqlite.columns import moment, stamp
from adapters.stores.sqlite.export import export
from adapters.stores.sqlite.people import enrol, is_new
from bot.errors import UserError
from bot.model import Act, GroupSettings, Override
from bot.ports.rows.groups import Stored

Values = Mapping[str, str | None]  # by name; None: as configured

FOUNDED = "SELECT id, name, language FROM groups WHERE founded_at IS NOT NULL ORDER BY founded_at, id"

OVERRIDES = """
SELECT override.group_id, override.name, override.value, membership.name AS by, override.at
FROM override JOIN membership USING (group_id, member_id) ORDER BY override.group_id, override.name
"""

NEIGHBOUR = """
SELECT groups.name FROM channel JOIN groups ON groups.id = channel.group_id
WHERE channel.place = ? AND channel.bound AND channel.group_id <> ?
"""


def found_group(connection: sqlite3.Connection, group: GroupSettings, account: str, name: str, at: datetime) -> None:
    made = connection.execute(
        "INSERT INTO groups (id, name, language, founded_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (group.id, group.name, group.language, stamp(at)),
    )
    if made.rowcount:
        founder = enrol(connection, group.id, account, name, at)
        connection.execute(
            "INSERT INTO audit (group_id, at, member_id, action, after) VALUES (?, ?, ?, 'found', ?)",
            (group.id, stamp(at), founder.id, group.name),
        )


STORED = """
SELECT name, language, settings, (
    SELECT json_group_array(json_array(name, value)) FROM override WHERE group_id = groups.id) AS overrides
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


class Groups:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def export(self, group: str) -> Mapping[str, Any]:
        return export(self._connection, group)

    def stored(self, group: str) -> Stored | None:
        row = self._connection.execute(STORED, (group,)).fetchone()
        if row is None:
            return None
        overrides = json.loads(row["overrides"])
        return Stored(group, row["name"], row["language"], row["settings"], tuple(sorted(map(tuple, overrides))))

    def configure(self, group: GroupSettings, settings: str) -> None:
        self._connection.execute(CONFIGURE, (group.id, group.name, group.language, settings))

    def put(self, group: GroupSettings) -> None:
        values = (group.id, group.name, group.language, group.week.hidden, group.week.budget)
        self._connection.execute(PUT, values)

    def unbind_all(self) -> None:
        self._connection.execute("UPDATE channel SET bound = 0")

    def bind(self, group: str, places: Collection[str]) -> None:
        self._connection.executemany(BIND, [(group, place) for place in places])

    def take_back(self, act: Act, before: str, after: str) -> bool:
        old, new = json.loads(before), json.loads(after)
        if standing(self._connection, act.group, new) != new:
            return False
        try:
            put(self._connection, act, old)
        except UserError:  # another group meets in that channel now; refused before anything is written
            return False
        return True

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


def override(connection: sqlite3.Connection, act: Act, values: Values) -> bool:
    before = {name: value for name, value in standing(connection, act.group, values).items() if value != values[name]}
    after = {name: values[name] for name in before}
    if not is_new(connection, act) or not after:
        return False
    put(connection, act, after)
    connection.execute(
        "INSERT INTO audit (group_id, at, member_id, action, before, after) VALUES (?, ?, ?, ?, ?, ?)",
        (act.group, stamp(act.at), act.member, f"set {', '.join(sorted(after))}", *map(_json, (before, after))),
    )
    return True


def standing(connection: sqlite3.Connection, group: str, names: Values) -> dict[str, str | None]:
    """The overrides of these names as they stand."""
    rows = connection.execute("SELECT name, value FROM override WHERE group_id = ?", (group,))
    held = {row["name"]: row["value"] for row in rows}
    return {name: held.get(name) for name in names}


def put(connection: sqlite3.Connection, act: Act, values: Values) -> None:
    """Raises UserError when another group meets in a channel that would be bound."""
    if "channels" in values:
        _bind(connection, act.group, standing(connection, act.group, values)["channels"], values["channels"])
    for name, value in values.items():
        if value is None:
            connection.execute("DELETE FROM override WHERE group_id = ? AND name = ?", (act.group, name))
        else:
            connection.execute(
                """INSERT INTO override (group_id, name, value, member_id, at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET value = excluded.value, member_id = excluded.member_id, at = excluded.at""",
                (act.group, name, value, act.member, stamp(act.at)),
            )


def _bind(connection: sqlite3.Connection, group: str, before: str | None, after: str | None) -> None:
    old, new = _places(before), _places(after)
    for place in new - old:
        if neighbour := connection.execute(NEIGHBOUR, (place, group)).fetchone():
            raise UserError(f"{neighbour['name']} meets in that channel; /paper-admin stop there makes room.")
    connection.executemany(
        """INSERT INTO channel (group_id, place, bound) VALUES (?, ?, 1)
        ON CONFLICT (group_id, place) DO UPDATE SET bound = 1""",
        [(group, place) for place in new - old],
    )
    connection.executemany(
        "UPDATE channel SET bound = 0 WHERE group_id = ? AND place = ?", [(group, place) for place in old - new]
    )


def _places(value: str | None) -> set[str]:
    return set(re.findall(r"[^,\s]+", value or ""))


def _json(values: Values) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False)

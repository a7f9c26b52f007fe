"""Requests that were handled already."""

import sqlite3
from datetime import datetime

from adapters.stores.sqlite.columns import stamp
from bot.model import Act

REMEMBER = "INSERT INTO request (group_id, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

KNOWS = "SELECT 1 FROM request WHERE group_id = ? AND id = ?"


class Requests:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def knows(self, act: Act) -> bool:
        if not act.request:
            return False
        return self._connection.execute(KNOWS, (act.group, act.request)).fetchone() is not None

    def remember(self, act: Act) -> bool:
        if not act.request:
            return True
        return self._connection.execute(REMEMBER, (act.group, act.request, stamp(act.at))).rowcount == 1

    def drop_old(self, before: datetime) -> None:
        self._connection.execute("DELETE FROM request WHERE at < ?", (stamp(before),))

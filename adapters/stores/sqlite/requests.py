"""Requests that were handled already. Kept for a week; see `changes` for the tidying."""

import sqlite3

from adapters.stores.sqlite.columns import stamp
from bot.model import Act

REMEMBER = "INSERT INTO request (group_id, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


class Requests:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def remember(self, act: Act) -> bool:
        if not act.request:
            return True
        return self._connection.execute(REMEMBER, (act.group, act.request, stamp(act.at))).rowcount == 1

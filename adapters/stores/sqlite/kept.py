"""Values that the program keeps for itself, by name."""

import sqlite3


class Kept:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def recall(self, key: str) -> str:
        row = self._connection.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        return str(row["value"]) if row else ""

    def keep(self, key: str, value: str) -> str:
        self._connection.execute("INSERT INTO kept (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, value))
        return self.recall(key)

    def remember(self, key: str, value: str) -> None:
        self._connection.execute(
            "INSERT INTO kept (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

"""Brings a file's schema up to date, step by step. Knows no verb of the store."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

from adapters.stores.sqlite.schema import STEPS_OF_SCHEMA

APPLICATION_ID = 0x50434C42  # "PCLB"


def _step(name: str, script: str) -> Callable[["Database"], None]:
    def run(db: "Database") -> None:
        for statement in statements(script):
            db.execute(statement)

    run.__name__ = name
    return run


STEPS: tuple[Callable[["Database"], None], ...] = tuple(_step(name, script) for name, script in STEPS_OF_SCHEMA.items())
NAMES = tuple(step.__name__ for step in STEPS)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the file up to date, or leaves it as it was. Two processes may try at once."""
    # Imported here: 0.1 to 0.5 s, and most starts have nothing to migrate.
    from sqlite_utils import Database, Migrations

    migrations = Migrations("paperclub")
    for step in STEPS:
        migrations(name=step.__name__)(step)
    connection.execute("BEGIN IMMEDIATE")  # sqlite-utils alone begins deferred, and the second process would fail
    try:
        migrations.apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def applied(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Names of the steps that the file has had."""
    table = "SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'"
    if connection.execute(table).fetchone() is None:
        return ()
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'paperclub' ORDER BY id")
    return tuple(name for (name,) in rows)


def statements(script: str) -> Iterator[str]:
    """One by one, since `executescript` would commit the transaction that it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""

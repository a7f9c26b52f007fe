"""Brings a file's schema up to date, step by step. Knows no verb of the store."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

from adapters.stores.sqlite.schema import (
    CHAT_SCHEMA,
    FIRST_SCHEMA,
    GROWTH_SCHEMA,
    INDEXES_SCHEMA,
    INVITATIONS_SCHEMA,
    LINKS_SCHEMA,
    LOOKS_SCHEMA,
    NAMES_SCHEMA,
    SETTINGS_SCHEMA,
    WEEK_SCHEMA,
)

APPLICATION_ID = 0x50434C42  # "PCLB"


def m001_first(db: "Database") -> None:
    for statement in statements(FIRST_SCHEMA):
        db.execute(statement)


def m002_chat(db: "Database") -> None:
    for statement in statements(CHAT_SCHEMA):
        db.execute(statement)


def m003_week(db: "Database") -> None:
    for statement in statements(WEEK_SCHEMA):
        db.execute(statement)


def m004_indexes(db: "Database") -> None:
    for statement in statements(INDEXES_SCHEMA):
        db.execute(statement)


def m005_settings(db: "Database") -> None:
    for statement in statements(SETTINGS_SCHEMA):
        db.execute(statement)


def m006_growth(db: "Database") -> None:
    for statement in statements(GROWTH_SCHEMA):
        db.execute(statement)


def m007_names(db: "Database") -> None:
    for statement in statements(NAMES_SCHEMA):
        db.execute(statement)


def m008_looks(db: "Database") -> None:
    for statement in statements(LOOKS_SCHEMA):
        db.execute(statement)


def m009_links(db: "Database") -> None:
    for statement in statements(LINKS_SCHEMA):
        db.execute(statement)


def m010_invitations(db: "Database") -> None:
    for statement in statements(INVITATIONS_SCHEMA):
        db.execute(statement)


STEPS: tuple[Callable[["Database"], None], ...] = (
    m001_first,
    m002_chat,
    m003_week,
    m004_indexes,
    m005_settings,
    m006_growth,
    m007_names,
    m008_looks,
    m009_links,
    m010_invitations,
)
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

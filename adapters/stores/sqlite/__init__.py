"""The Store in one SQLite file. Knows no surface, no source, no rule of the week.

files       opens, checks and copies the file; hold: locks it, and sees that it is still the one at its path
migrations  the schema
writer      the one thread that writes; reader: the connections that read
store       the class, which runs functions of rows
rows        the rows of one connection; a module for each topic of `bot.ports.rows`, its SQL in it
"""

from adapters.stores.sqlite.files import copy_database
from adapters.stores.sqlite.hold import require_not_rescued
from adapters.stores.sqlite.store import SqliteStore, open_store

__all__ = ["SqliteStore", "copy_database", "open_store", "require_not_rescued"]

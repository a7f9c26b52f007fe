"""What is the same in every test is made once for all that a process runs: the tables of a new database, and the code
of the templates."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from types import CodeType

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from adapters.chat.web import pages
from adapters.stores.sqlite import files, migrations


class Compiled(BytecodeCache):
    """In memory, by name and content."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._codes[bucket.key, bucket.checksum] = bucket.code


@cache
def migrated() -> sqlite3.Connection:
    template = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrations.migrate(template)
    return template


def migrate(connection: sqlite3.Connection) -> None:
    """An empty file becomes a copy of one that was migrated; any other is migrated."""
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if objects:
        migrations.migrate(connection)
    else:
        migrated().backup(connection)


@contextmanager
def made_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "migrate", migrate)
        patch.setattr(pages, "Environment", partial(Environment, bytecode_cache=Compiled()))
        yield

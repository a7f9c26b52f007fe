"""The schema, a module for each step of it. None is ever edited once released.

Conventions: a time is INTEGER microseconds since 1970 UTC (`datetime(at / 1000000, 'unixepoch')` reads it); a date is
ISO text; a list is JSON text. Every row of a group carries `group_id`, and refers to the group's other rows by it, so
that no row can point into another group.
"""

from adapters.stores.sqlite.schema.chat import CHAT_SCHEMA
from adapters.stores.sqlite.schema.first import FIRST_SCHEMA
from adapters.stores.sqlite.schema.growth import GROWTH_SCHEMA
from adapters.stores.sqlite.schema.indexes import INDEXES_SCHEMA
from adapters.stores.sqlite.schema.invitations import INVITATIONS_SCHEMA
from adapters.stores.sqlite.schema.links import LINKS_SCHEMA
from adapters.stores.sqlite.schema.looks import LOOKS_SCHEMA
from adapters.stores.sqlite.schema.names import NAMES_SCHEMA
from adapters.stores.sqlite.schema.settings import SETTINGS_SCHEMA
from adapters.stores.sqlite.schema.week import WEEK_SCHEMA

__all__ = [
    "CHAT_SCHEMA",
    "FIRST_SCHEMA",
    "GROWTH_SCHEMA",
    "INDEXES_SCHEMA",
    "INVITATIONS_SCHEMA",
    "LINKS_SCHEMA",
    "LOOKS_SCHEMA",
    "NAMES_SCHEMA",
    "SETTINGS_SCHEMA",
    "WEEK_SCHEMA",
]

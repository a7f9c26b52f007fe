"""The schema, a module for each step of it. None is ever edited once released; a new one gets its line below.

Conventions: a time is INTEGER microseconds since 1970 UTC (`datetime(at / 1000000, 'unixepoch')` reads it); a date is
ISO text; a list is JSON text. Every row of a group carries `group_id`, and refers to the group's other rows by it, so
that no row can point into another group.
"""

from collections.abc import Mapping

from adapters.stores.sqlite.schema.calendars import CALENDARS_SCHEMA
from adapters.stores.sqlite.schema.chat import CHAT_SCHEMA
from adapters.stores.sqlite.schema.counts import COUNTS_SCHEMA
from adapters.stores.sqlite.schema.curation import CURATION_SCHEMA
from adapters.stores.sqlite.schema.first import FIRST_SCHEMA
from adapters.stores.sqlite.schema.growth import GROWTH_SCHEMA
from adapters.stores.sqlite.schema.hearing import HEARING_SCHEMA
from adapters.stores.sqlite.schema.indexes import INDEXES_SCHEMA
from adapters.stores.sqlite.schema.invitations import INVITATIONS_SCHEMA
from adapters.stores.sqlite.schema.links import LINKS_SCHEMA
from adapters.stores.sqlite.schema.looks import LOOKS_SCHEMA
from adapters.stores.sqlite.schema.names import NAMES_SCHEMA
from adapters.stores.sqlite.schema.saved import SAVED_SCHEMA
from adapters.stores.sqlite.schema.settings import SETTINGS_SCHEMA
from adapters.stores.sqlite.schema.sheets import SHEETS_SCHEMA
from adapters.stores.sqlite.schema.week import WEEK_SCHEMA
from adapters.stores.sqlite.schema.withdrawals import WITHDRAWALS_SCHEMA

STEPS_OF_SCHEMA: Mapping[str, str] = {  # in their order, by the name that the file keeps of each
    "m001_first": FIRST_SCHEMA,
    "m002_chat": CHAT_SCHEMA,
    "m003_week": WEEK_SCHEMA,
    "m004_indexes": INDEXES_SCHEMA,
    "m005_settings": SETTINGS_SCHEMA,
    "m006_growth": GROWTH_SCHEMA,
    "m007_names": NAMES_SCHEMA,
    "m008_looks": LOOKS_SCHEMA,
    "m009_links": LINKS_SCHEMA,
    "m010_invitations": INVITATIONS_SCHEMA,
    "m011_saved": SAVED_SCHEMA,
    "m012_sheets": SHEETS_SCHEMA,
    "m013_hearing": HEARING_SCHEMA,
    "m014_curation": CURATION_SCHEMA,
    "m015_counts": COUNTS_SCHEMA,
    "m016_calendars": CALENDARS_SCHEMA,
    "m017_withdrawals": WITHDRAWALS_SCHEMA,
}

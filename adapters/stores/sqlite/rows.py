"""The rows of one connection, by topic. See `bot.ports.rows`."""

import sqlite3

from adapters.stores.sqlite.attendance import Attendance
from adapters.stores.sqlite.audit import Audit
from adapters.stores.sqlite.changes import Changes
from adapters.stores.sqlite.claims import Claims
from adapters.stores.sqlite.curations import Curations
from adapters.stores.sqlite.days import Days
from adapters.stores.sqlite.entries import Entries
from adapters.stores.sqlite.groups import Groups
from adapters.stores.sqlite.kept import Kept
from adapters.stores.sqlite.links import Links
from adapters.stores.sqlite.looks import Looks
from adapters.stores.sqlite.messages import Messages
from adapters.stores.sqlite.papers import Papers
from adapters.stores.sqlite.people import People
from adapters.stores.sqlite.picks import Picks
from adapters.stores.sqlite.requests import Requests
from adapters.stores.sqlite.saved import SavedPapers
from adapters.stores.sqlite.sessions import Sessions
from adapters.stores.sqlite.votes import Votes


class SqliteRows:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.attendance = Attendance(connection)
        self.audit = Audit(connection)
        self.changes = Changes(connection)
        self.claims = Claims(connection)
        self.curations = Curations(connection)
        self.days = Days(connection)
        self.entries = Entries(connection)
        self.groups = Groups(connection)
        self.kept = Kept(connection)
        self.links = Links(connection)
        self.looks = Looks(connection)
        self.messages = Messages(connection)
        self.papers = Papers(connection)
        self.people = People(connection)
        self.picks = Picks(connection)
        self.requests = Requests(connection)
        self.saved = SavedPapers(connection)
        self.sessions = Sessions(connection)
        self.votes = Votes(connection)

"""The nouns of the product: papers, entries, members, sessions, settings. Plain frozen data, by topic.

Times are UTC-aware datetimes. A `day` is an announcement date of a source, in that source's zone; a `date` of a
digest and the `on` of a session are dates in the group's zone.
"""

from bot.model.acts import Act, ClaimResult, Emoji, OpenCard, Reaction, Stance, Tally
from bot.model.attendance import MeetingRole, Participation, Question, Reading, Recap, RsvpAnswer
from bot.model.audit import Done, LogEntry, Override
from bot.model.claims import Claim, ClaimChanges, ClaimKind, ClaimMove, ClaimState
from bot.model.curation import Curation
from bot.model.electorate import Backing, BallotSlip, Electorate, Nominee, VoteSpan
from bot.model.entries import Digest, Entry, Found, Layout, Listing, Part, Titled
from bot.model.messages import (
    Change,
    SourceReport,
    Trouble,
    Wanted,
)
from bot.model.moves import Logged, Move, NearWinner, Pick, Trace, Wish
from bot.model.papers import (
    Batch,
    Covered,
    Paper,
    RawPaper,
    SourceInfo,
    Summary,
)
from bot.model.people import Member, Role, Turn
from bot.model.recurrence import WEEKDAYS
from bot.model.requests import (
    Request,
)
from bot.model.saved import Saved
from bot.model.sessions import Effort, Planned, Session, SessionChanges, SessionStatus
from bot.model.settings import (
    MEETING_ROLES,
    DaySettings,
    DiscordSettings,
    GroupSettings,
    HuggingFaceSettings,
    InvalidSettings,
    Mode,
    PickBy,
    Rule,
    Setting,
    Settings,
    Shape,
    SourcesSettings,
    SummarizerSettings,
    TimelineSettings,
    WebSettings,
    WeekSettings,
    addressed,
    listed,
    read_weekdays,
    rows_of,
    time_zones,
)

__all__ = [
    "MEETING_ROLES",
    "WEEKDAYS",
    "Act",
    "Backing",
    "BallotSlip",
    "Batch",
    "Change",
    "Claim",
    "ClaimChanges",
    "ClaimKind",
    "ClaimMove",
    "ClaimResult",
    "ClaimState",
    "Covered",
    "Curation",
    "DaySettings",
    "Digest",
    "DiscordSettings",
    "Done",
    "Effort",
    "Electorate",
    "Emoji",
    "Entry",
    "Found",
    "GroupSettings",
    "HuggingFaceSettings",
    "InvalidSettings",
    "Layout",
    "Listing",
    "LogEntry",
    "Logged",
    "MeetingRole",
    "Member",
    "Mode",
    "Move",
    "NearWinner",
    "Nominee",
    "OpenCard",
    "Override",
    "Paper",
    "Part",
    "Participation",
    "Pick",
    "PickBy",
    "Planned",
    "Question",
    "RawPaper",
    "Reaction",
    "Reading",
    "Recap",
    "Request",
    "Role",
    "RsvpAnswer",
    "Rule",
    "Saved",
    "Session",
    "SessionChanges",
    "SessionStatus",
    "Setting",
    "Settings",
    "Shape",
    "SourceInfo",
    "SourceReport",
    "SourcesSettings",
    "Stance",
    "SummarizerSettings",
    "Summary",
    "Tally",
    "TimelineSettings",
    "Titled",
    "Trace",
    "Trouble",
    "Turn",
    "VoteSpan",
    "Wanted",
    "WebSettings",
    "WeekSettings",
    "Wish",
    "addressed",
    "listed",
    "read_weekdays",
    "rows_of",
    "time_zones",
]

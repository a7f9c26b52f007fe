"""What a group needed its moderators for, and who they are, as the log has it. Names nobody's share."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from bot.model import Effort, Session
from bot.ports import Reads
from bot.ports.rows.audit import Deed

PRESENTING = frozenset({"confirm", "decline", "volunteer", "bring", "slides"})  # what members do for themselves
OWN = PRESENTING | {"hand over", "link", "unlink"}
NO_WORK = PRESENTING | {"role", "found", "link", "unlink"}
WORK = frozenset(
    {
        "assign",
        "release",
        "pick",
        "accept",
        "next",
        "reopen",
        "skip",
        "unskip",
        "move",
        "cancel",
        "drop",
        "put back",
        "assign session",
        "release session",
    }
)
MOST_TOLD = 5  # accounts


def moderating(rows: Reads, group: str) -> Sequence[str]:
    """Accounts of those who took a step for the group, the latest first."""
    return rows.audit.actors(group, besides=OWN, limit=MOST_TOLD)


def efforts_of(rows: Reads, group: str, now: datetime, limit: int) -> Sequence[Effort]:
    """Of sessions that are over or next, the newest first."""
    held = rows.attendance.held(group, now, limit + 1)  # with the one before the last
    ahead = [session for session in rows.sessions.sessions(group, now) if session.status == "planned"]
    listed = [*ahead[:1], *held][:limit]
    if not listed:
        return []
    starts = sorted({session.starts for session in (*ahead, *held)})
    before = {later: earlier for earlier, later in pairwise(starts)}
    told = sorted(session.starts for session in listed)
    works = [deed.at for deed in rows.audit.deeds(group, before.get(told[0]), told[-1]) if is_work(deed)]
    return [Effort(session, _count(works, before.get(session.starts), session)) for session in listed]


def _count(works: Sequence[datetime], since: datetime | None, session: Session) -> int:
    """From the session before on."""
    return sum(1 for at in works if (since is None or since <= at) and at < session.starts)


def is_work(deed: Deed) -> bool:
    """What members do for themselves is none, though it stands in the log and though they may be moderators."""
    is_moderator = deed.role == "moderator"
    if deed.action in NO_WORK or (deed.action == "accept" and deed.has_seconded):
        return False
    if deed.action == "hand over":
        return is_moderator and deed.presenter_before != deed.member
    return is_moderator or deed.action in WORK or deed.action.startswith(("set ", "undo "))

"""What a pick is made from: the window of a vote, what was nominated in it, and who votes. Counts by no rule.

Votes count from close to close. The window of a session begins with the close of the newest ballot before its own, of
all other sessions, whatever became of them: their votes were counted. A ballot that was opened again goes on in its own
window, also where that of a later meeting closed since.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from operator import itemgetter

from bot.model import Backing, Electorate, Member, Nominee, Session
from bot.ports import Reads
from bot.ports.rows.picks import Close, Nominable
from bot.week.sessions import require_session

ATTENDED = 4  # sessions before this one


def electorate_of(rows: Reads, group: str, session: int) -> Electorate:
    """As it stands. Raises Refused: no meeting."""
    about = require_session(rows, group, session)
    window = _window(rows, about)
    spans = rows.votes.spans(group, window.since)
    nominees = _nominees(rows, about, window)
    last = rows.picks.over(group, about.starts, ATTENDED)
    attended = rows.attendance.attended(group, {session, *(one.id for one in last)})
    joined = {one: _who(done.answers, "join") for one, done in attended.items()}
    entries = {nominee.entry for nominee in nominees}
    return Electorate(
        since=window.since,
        nominees=nominees,
        votes=tuple(span for span in spans if span.entry in entries),
        slips=tuple(rows.picks.slips(group, session)),
        coming=joined[session],
        skipping=_who(attended[session].answers, "skip"),
        came=_came(rows.picks.voters(group), last, joined) if last else {},
    )


def nominees_of(rows: Reads, about: Session) -> tuple[Nominee, ...]:
    """Entries that no session reads or has read, with a vote in the window, a submission in it, an awake claim, or
    votes carried along; of a session with a short list only those, whatever became of them; and always what a moderator
    chose (`entry`). Those with the most votes first."""
    return _nominees(rows, about, _window(rows, about))


# --- the window


@dataclass(frozen=True, slots=True)
class Window:
    """Votes count from `since` on and before `until`; None: from the beginning, or it is still open."""

    since: datetime | None
    until: datetime | None


def _window(rows: Reads, about: Session) -> Window:
    since = window_begins(about, rows.picks.closes(about.group), rows.picks.first_counted(about.group, about.id))
    return Window(since, about.closed_at)


def coming_window(rows: Reads, group: str, now: datetime) -> datetime | None:
    """From when on votes count for the first meeting to come whose ballot is open. None: from the beginning."""
    closes = rows.picks.closes(group)
    for one in rows.sessions.sessions(group, now):
        if one.status == "planned" and one.closed_at is None and one.starts > now:
            return window_begins(one, closes, rows.picks.first_counted(group, one.id))
    return max((close.at for close in closes), default=None)


def window_begins(about: Session, closes: Iterable[Close], counted_at: datetime | None) -> datetime | None:
    """None: nothing was closed before. `counted_at`: when the session's own votes were counted first."""
    before = [
        close.at
        for close in closes
        if close.session != about.id
        and (about.closed_at is None or close.at < about.closed_at)
        and (close.starts <= about.starts or counted_at is None or close.at <= counted_at)
    ]
    return max(before, default=None)


# --- nominees


def _nominees(rows: Reads, about: Session, window: Window) -> tuple[Nominee, ...]:
    group = about.group
    backed = {one.entry: one for one in rows.votes.backed(group, window.since, window.until)}
    backing = defaultdict(Backing, {one.entry: one.backing for one in backed.values()})
    held = {one.entry: one for one in rows.picks.holders(group, window.until)}
    nominated = [
        *((one.entry, one.first_at) for one in backed.values() if one.first_at),
        *rows.picks.submitted(group, window.since, window.until).items(),
        *((one.entry, one.at) for one in held.values()),
        *((entry, window.since) for entry, one in backing.items() if one.most and one.votes and window.since),
    ]
    first = dict(sorted(nominated, key=itemgetter(1), reverse=True))  # the earliest stands
    found = [
        Nominee(
            entry=paper.entry,
            key=paper.key,
            title=paper.title,
            nominated_at=first.get(paper.entry, _listed(paper.posted_on)),
            claimed_at=held[paper.entry].at if paper.entry in held else None,
            claimer=held[paper.entry].member if paper.entry in held else None,
            dropped=paper.dropped,
            carried=backing[paper.entry].carried,
            votes=backing[paper.entry].given,
        )
        for paper in _on_the_list(rows, about, first)
    ]
    return tuple(sorted(found, key=lambda one: (-one.votes, one.nominated_at, one.entry)))


def _on_the_list(rows: Reads, about: Session, nominated: Mapping[int, object]) -> Sequence[Nominable]:
    chosen = set() if about.entry is None else {about.entry}
    open_ = {*about.shortlist} or nominated.keys() - rows.picks.reading(about.group, about.id)
    return [paper for paper in rows.picks.papers(about.group, open_ | chosen) if not paper.withdrawn]


def _listed(posted_on: date) -> datetime:
    """Of a paper that nobody nominated: a moderator chose it."""
    return datetime.combine(posted_on, time(), UTC)


# --- who votes


def _who(answers: Iterable[tuple[str, Member]], answer: str) -> tuple[int, ...]:
    return tuple(member.id for said, member in answers if said == answer)


def _came(
    voters: Sequence[int], last: Sequence[Session], joined: Mapping[int, Sequence[int]]
) -> Mapping[int, tuple[bool, ...]]:
    """Who said so came, and who presented."""
    there = [{*joined[one.id], one.presenter.id if one.presenter else 0} for one in last]
    return {member: tuple(member in some for some in there) for member in voters}

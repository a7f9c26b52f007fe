"""Entries as a group sees them, each with its paper, counts, claimer and summary in one query."""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import islice

from adapters.stores.sqlite.backing import BACKING, NEAR, read_backing
from adapters.stores.sqlite.columns import is_row_id, stamp
from adapters.stores.sqlite.ends import IS_OVER
from adapters.stores.sqlite.papers import COLUMNS, read_paper
from bot.model import Entry, Found, Listing, Member, Part, Summary, Titled

# What the receipt of its pick says; the newest of a session counts.
PICKED_WITH = """
(SELECT json_extract(line.value, '$.votes') FROM pick JOIN json_each(pick.receipt, '$.standings') AS line
WHERE pick.id = (
        SELECT max(id) FROM pick AS newest
        WHERE newest.group_id = session.group_id AND newest.session_id = session.id AND newest.taken_back_at IS NULL)
    AND json_extract(pick.receipt, '$.counted_by') = 'votes' AND json_extract(line.value, '$.entry') = entry.id)
"""
ENTRIES = f"""
SELECT entry.id, entry.group_id, entry.posted_on, entry.rank, entry.day, entry.source, entry.reason, entry.late,
    entry.dropped, entry.withdrawn_at, entry.sheet, {COLUMNS},
    {BACKING},
    (SELECT count(*) FROM pass WHERE pass.group_id = entry.group_id AND pass.entry_id = entry.id) AS passes,
    groups.hides_votes AND session.id IS NULL AS hides_votes, session."on" AS reads_on, {IS_OVER} AS discussed,
    {PICKED_WITH} AS picked_with,
    (SELECT json_group_array(json_array(member_id, name, role)) FROM (
        SELECT waits.member_id, waiting.name, waiting.role
        FROM claim AS waits JOIN membership AS waiting USING (group_id, member_id)
        WHERE waits.group_id = entry.group_id AND waits.entry_id = entry.id AND waits.released_at IS NULL
            AND waits.kind = 'backup'
        ORDER BY waits.at, waits.id)) AS backups,
    claimer.member_id AS claimer_id, claimer.name AS claimer_name, claimer.role AS claimer_role,
    chooser.member_id AS chooser_id, chooser.name AS chooser_name, chooser.role AS chooser_role,
    submitter.member_id AS submitter_id, submitter.name AS submitter_name, submitter.role AS submitter_role,
    summary.text AS summary_text, summary.label AS summary_label, summary."by" AS summary_by,
    summary.language AS summary_language
FROM entry
JOIN paper ON paper.id = entry.paper_id
JOIN groups ON groups.id = entry.group_id
{NEAR}
LEFT JOIN claim ON claim.group_id = entry.group_id AND claim.entry_id = entry.id AND claim.released_at IS NULL
    AND claim.kind = 'holder'
LEFT JOIN session ON session.id = (
    SELECT id FROM session AS reads
    WHERE reads.group_id = entry.group_id AND reads.entry = entry.id AND reads.status = 'planned'
    ORDER BY +reads.starts DESC LIMIT 1)  -- with the plus it is found by its entry, not by its start
LEFT JOIN membership AS claimer ON claimer.group_id = claim.group_id AND claimer.member_id = claim.member_id
LEFT JOIN membership AS chooser ON chooser.group_id = entry.group_id AND chooser.member_id = entry.chosen_by
LEFT JOIN membership AS submitter
    ON submitter.group_id = entry.group_id AND submitter.member_id = entry.submitted_by
LEFT JOIN summary ON summary.id = coalesce(
    (SELECT id FROM summary AS ours WHERE ours.paper_id = entry.paper_id AND ours.language = groups.language
        ORDER BY at DESC, id DESC LIMIT 1),
    (SELECT id FROM summary AS other WHERE other.paper_id = entry.paper_id ORDER BY at DESC, id DESC LIMIT 1))
"""  # noqa: S608 - a constant
BY_ID = ENTRIES + "WHERE entry.group_id = ? AND entry.id = ?"
BY_KEY = ENTRIES + "WHERE entry.group_id = ? AND paper.key = ?"
BY_DATE = ENTRIES + "WHERE entry.group_id = ? AND entry.posted_on = ? ORDER BY entry.rank"
ON_SHEET = ENTRIES + "WHERE entry.group_id = ? AND entry.posted_on = ? AND entry.sheet = ? ORDER BY entry.rank"
SOME = ENTRIES + "JOIN json_each(?) AS wish ON wish.value = entry.id WHERE entry.group_id = ? ORDER BY wish.key"

PARTS = """
SELECT entry.id, entry.posted_on, entry.sheet, entry.rank
FROM json_each(?) AS wish CROSS JOIN entry ON entry.group_id = ? AND entry.id = wish.value
WHERE entry.sheet IS NOT NULL
"""
COUNT_PARTS = "SELECT count(sheet) FROM entry WHERE group_id = ? AND posted_on = ?"
NUMBERED = "SELECT id FROM entry WHERE group_id = ? AND posted_on = ? AND rank = ? AND sheet = ?"
PUT_SHEET = "UPDATE entry SET sheet = ? WHERE group_id = ? AND id = ?"
PUT_DROPPED = "UPDATE entry SET dropped = ? WHERE group_id = ? AND id = ? AND dropped <> ?"
PUT_WITHDRAWN = "UPDATE entry SET withdrawn_at = ? WHERE group_id = ? AND id = ?"
# Every side of it is reached by the entry.
IS_TAKEN_UP = """
SELECT EXISTS (SELECT 1 FROM vote_source WHERE group_id = :group AND entry_id = :entry AND member_id <> :besides)
    OR EXISTS (SELECT 1 FROM claim
        WHERE group_id = :group AND entry_id = :entry AND released_at IS NULL AND member_id <> :besides)
    OR EXISTS (SELECT 1 FROM message WHERE group_id = :group AND kind = :talk AND key = CAST(:entry AS TEXT))
"""
# CROSS: each paper is looked up by its key; without statistics the planner would go through the group.
IDS = """
SELECT paper.key, entry.id
FROM json_each(?) AS wish CROSS JOIN paper ON paper.key = wish.value
CROSS JOIN entry ON entry.group_id = ? AND entry.paper_id = paper.id
"""
OF_PAPERS = """
SELECT entry.group_id, entry.id
FROM json_each(?) AS wish CROSS JOIN paper ON paper.key = wish.value
CROSS JOIN entry INDEXED BY entry_paper ON entry.paper_id = paper.id
ORDER BY wish.key, entry.id
"""
LAST_RANK = "SELECT coalesce(max(rank), 0) FROM entry WHERE group_id = ? AND posted_on = ?"
ADD = """
INSERT INTO entry
    (group_id, paper_id, posted_on, rank, day, source, reason, late, chosen_by, submitted_by, submitted_at)
VALUES
    (:group, (SELECT id FROM paper WHERE key = :key), :on, :rank, :day, :source, :reason, :late, :chosen, :by, :at)
"""
ADD_AGAIN = """
UPDATE entry SET sheet = iif(posted_on = :on, sheet, NULL), posted_on = :on, rank = :rank, day = :day, source = :source,
    reason = :reason, late = :late, chosen_by = :chosen, submitted_by = :by, submitted_at = :at, withdrawn_at = NULL
WHERE group_id = :group AND paper_id = (SELECT id FROM paper WHERE key = :key)
"""
SET_PAPER = "UPDATE entry SET paper_id = (SELECT id FROM paper WHERE key = ?) WHERE group_id = ? AND id = ?"

# CROSS: the index answers once, and each match is looked up. The planner, which knows no sizes, would as soon ask the
# index anew for every entry of the group.
MATCHES = """
FROM paper_fts CROSS JOIN entry ON entry.paper_id = paper_fts.rowid AND entry.group_id = ?
WHERE paper_fts MATCH ?
"""
COUNT_MATCHES = "SELECT count(*)" + MATCHES
BEST_MATCHES = "SELECT entry.id" + MATCHES + "ORDER BY bm25(paper_fts, 10, 4, 1), entry.id DESC LIMIT ?"
MOST_WORDS = 16
# UNION: what is both is one.
DEALT_WITH = """
SELECT entry.id, paper.title
FROM (
    SELECT entry AS id FROM session WHERE group_id = :group AND status = 'planned' AND entry IS NOT NULL
    UNION SELECT entry_id FROM claim WHERE group_id = :group AND released_at IS NULL) AS dealt
CROSS JOIN entry ON entry.group_id = :group AND entry.id = dealt.id CROSS JOIN paper ON paper.id = entry.paper_id
"""

STEM = 3  # letters; no stem that the index makes of a longer word begins with others
MOST_CANDIDATES = 500
NOTHING = '""'  # what no paper matches
TITLE = """
entry.id, paper.title,
iif(entry.posted_on = (SELECT max(posted_on) FROM entry WHERE group_id = :group), entry.rank, NULL) AS number
"""
NEWEST_TITLES = f"""
SELECT {TITLE} FROM entry CROSS JOIN paper ON paper.id = entry.paper_id
WHERE entry.group_id = :group ORDER BY entry.posted_on DESC, entry.rank LIMIT :limit
"""  # noqa: S608 - a constant
# Papers are numbered as they come, so that the index can give the newest first and stop.
WITH_TITLE = """
SELECT * FROM (
    SELECT entry.id, {fits}
    FROM paper_fts CROSS JOIN entry ON entry.paper_id = paper_fts.rowid AND entry.group_id = :group
    WHERE paper_fts MATCH {words} ORDER BY paper_fts.rowid DESC LIMIT :limit)
"""
# "~" comes after whatever stands in an arXiv id.
FITTING_TITLES = f"""
WITH fitting (id, fits) AS (
    SELECT id, 2 FROM entry
    WHERE group_id = :group AND rank = :number
        AND posted_on = (SELECT max(posted_on) FROM entry WHERE group_id = :group)
    UNION ALL SELECT * FROM (
        SELECT entry.id, 1
        FROM paper CROSS JOIN entry ON entry.paper_id = paper.id AND entry.group_id = :group
        WHERE length(:id) > 4 AND paper.key >= 'arxiv:' || :id AND paper.key < 'arxiv:' || :id || '~'
        ORDER BY paper.key DESC LIMIT :limit)
    UNION ALL {WITH_TITLE.format(fits=1, words=":exact")}
    UNION ALL {WITH_TITLE.format(fits=0, words=":wide")})
SELECT {TITLE}, max(fitting.fits) AS fits
FROM fitting CROSS JOIN entry ON entry.id = fitting.id CROSS JOIN paper ON paper.id = entry.paper_id
GROUP BY entry.id ORDER BY max(fitting.fits) = 2 DESC, entry.posted_on DESC, entry.rank
"""  # noqa: S608 - constants

# Said by name: without statistics the planner takes all that the group did for no more than what a member did.
HELD = {
    "voted": """SELECT entry_id FROM vote_source INDEXED BY vote_source_member WHERE group_id = ? AND member_id = ?
        GROUP BY entry_id ORDER BY min(at) DESC, entry_id DESC""",
    "passed": """SELECT entry_id FROM pass INDEXED BY pass_member WHERE group_id = ? AND member_id = ?
        ORDER BY at DESC, entry_id DESC""",
    "read": """SELECT session.entry FROM reading INDEXED BY reading_member
        JOIN session ON session.id = reading.session_id
        WHERE reading.group_id = ? AND reading.member_id = ? AND reading.state = 'read' AND session.entry IS NOT NULL
        GROUP BY session.entry ORDER BY max(reading.at) DESC, session.entry DESC""",
    "claimed": """SELECT entry_id FROM claim WHERE group_id = ? AND member_id = ? AND released_at IS NULL
        ORDER BY at DESC, entry_id DESC""",
    "handed in": """SELECT id FROM entry INDEXED BY entry_handed_in WHERE group_id = ? AND submitted_by = ?
        ORDER BY submitted_at DESC, id DESC""",
}
SUBMITTED = "SELECT id FROM entry WHERE group_id = ? AND submitted_by = ?"


class Entries:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def entry(self, group: str, entry: int) -> Entry | None:
        row = self._connection.execute(BY_ID, (group, entry)).fetchone() if is_row_id(entry) else None
        return _read_entry(row) if row else None

    def entry_by_key(self, group: str, key: str) -> Entry | None:
        row = self._connection.execute(BY_KEY, (group, key)).fetchone()
        return _read_entry(row) if row else None

    def entries(self, group: str, posted_on: date) -> Sequence[Entry]:
        return [_read_entry(row) for row in self._connection.execute(BY_DATE, (group, posted_on.isoformat()))]

    def on_sheet(self, group: str, posted_on: date, sheet: int) -> Sequence[Entry]:
        rows = self._connection.execute(ON_SHEET, (group, posted_on.isoformat(), sheet))
        return [_read_entry(row) for row in rows]

    def parts(self, group: str, entries: Sequence[int]) -> Mapping[int, Part]:
        rows = self._connection.execute(PARTS, (json.dumps(list(entries)), group))
        return {entry: Part(date.fromisoformat(on), sheet, number) for entry, on, sheet, number in rows}

    def numbered(self, group: str, posted_on: date, sheet: int, number: int) -> int | None:
        row = self._connection.execute(NUMBERED, (group, posted_on.isoformat(), number, sheet)).fetchone()
        return int(row["id"]) if row else None

    def count_parts(self, group: str, posted_on: date) -> int:
        (count,) = self._connection.execute(COUNT_PARTS, (group, posted_on.isoformat())).fetchone()
        return int(count)

    def known(self, group: str, keys: Sequence[str]) -> frozenset[str]:
        rows = self._connection.execute(
            """SELECT paper.key FROM paper CROSS JOIN entry ON entry.paper_id = paper.id AND entry.group_id = ?
            WHERE paper.key IN (SELECT value FROM json_each(?))""",
            (group, json.dumps(list(keys))),
        )
        return frozenset(row["key"] for row in rows)

    def ids(self, group: str, keys: Sequence[str]) -> Mapping[str, int]:
        return dict(self._connection.execute(IDS, (json.dumps(list(keys)), group)).fetchall())

    def of_papers(self, keys: Sequence[str]) -> Sequence[tuple[str, int]]:
        return [(group, entry) for group, entry in self._connection.execute(OF_PAPERS, (json.dumps(list(keys)),))]

    def last_rank(self, group: str, posted_on: date) -> int:
        (rank,) = self._connection.execute(LAST_RANK, (group, posted_on.isoformat())).fetchone()
        return int(rank)

    def search(self, group: str, query: str, *, limit: int, titles_only: bool = False) -> Found:
        match = read_query(query)
        if not match:
            return Found((), 0)
        if titles_only:
            match = f"{{title}} : ({match})"
        (total,) = self._connection.execute(COUNT_MATCHES, (group, match)).fetchone()
        best = self._connection.execute(BEST_MATCHES, (group, match, limit)).fetchall()
        return Found(tuple(self.some(group, [entry for (entry,) in best])), total)

    def dealt_with(self, group: str) -> Mapping[int, str]:
        return dict(self._connection.execute(DEALT_WITH, {"group": group}).fetchall())

    def titles(self, group: str, typed: str, limit: int) -> Sequence[Titled]:
        words = re.findall(r"[^\W_]+", typed)[:MOST_WORDS]
        if typed.strip() and not words:
            return []
        found = _newest_titles(self._connection, group, typed, words, limit)
        if words and len(found) < limit:
            found = _fitting_titles(self._connection, group, typed, words, limit)
        return [Titled(row["id"], row["title"], row["number"]) for row in found]

    def held_by(self, group: str, member: int, what: str) -> Sequence[Entry]:
        """Raises KeyError when `what` is none of them."""
        held = self._connection.execute(HELD[what], (group, member))
        return self.some(group, [entry for (entry,) in held])

    def put_dropped(self, group: str, entry: int, *, dropped: bool) -> bool:
        return self._connection.execute(PUT_DROPPED, (dropped, group, entry, dropped)).rowcount == 1

    def add(
        self,
        group: str,
        posted_on: date,
        ranked: Sequence[tuple[int, Listing]],
        submitted: tuple[int, datetime] | None = None,
    ) -> None:
        by, at = submitted or (None, None)
        stands = {"group": group, "on": posted_on.isoformat(), "by": by, "at": stamp(at) if at else None}
        self._connection.executemany(ADD, [{**stands, "rank": rank, **_columns(item)} for rank, item in ranked])

    def add_again(
        self, group: str, posted_on: date, rank: int, listing: Listing, submitted: tuple[int, datetime]
    ) -> None:
        by, at = submitted
        stands = {"group": group, "on": posted_on.isoformat(), "rank": rank, "by": by, "at": stamp(at)}
        self._connection.execute(ADD_AGAIN, {**stands, **_columns(listing)})

    def put_withdrawn(self, group: str, entry: int, at: datetime) -> None:
        self._connection.execute(PUT_WITHDRAWN, (stamp(at), group, entry))

    def is_taken_up(self, group: str, entry: int, besides: int, talk: str) -> bool:
        key = {"group": group, "entry": entry, "besides": besides, "talk": talk}
        (found,) = self._connection.execute(IS_TAKEN_UP, key).fetchone()
        return bool(found)

    def put_sheet(self, group: str, entry: int, sheet: int) -> None:
        self._connection.execute(PUT_SHEET, (sheet, group, entry))

    def set_paper(self, group: str, entry: int, key: str) -> None:
        self._connection.execute(SET_PAPER, (key, group, entry))

    def submitted(self, group: str, member: int) -> Sequence[int]:
        return [entry for (entry,) in self._connection.execute(SUBMITTED, (group, member))]

    def some(self, group: str, ids: Sequence[int]) -> Sequence[Entry]:
        rows = self._connection.execute(SOME, (json.dumps(list(ids)), group))
        return [_read_entry(row) for row in rows]


def read_query(text: str) -> str:
    """Its words in FTS5's language, each quoted so that none is an operator; "" when there are none. The last one may
    be the beginning of a word."""
    words = [f'"{word}"' for word in re.findall(r"[^\W_]+", text)[:MOST_WORDS]]
    return " ".join(words) + "*" if words else ""


def _newest_titles(
    connection: sqlite3.Connection, group: str, typed: str, words: Sequence[str], limit: int
) -> Sequence[sqlite3.Row]:
    """Those of the newest that go on from a single word. Few letters stand in nearly every paper: there they are found
    in a millisecond, while the index collects all of them first."""
    if len(words) > 1 or _number(typed):
        return []
    begins = _beginning(*words)
    rows = connection.execute(NEWEST_TITLES, {"group": group, "limit": MOST_CANDIDATES})
    return list(islice((row for row in rows if begins(row["title"])), limit))


def _fitting_titles(
    connection: sqlite3.Connection, group: str, typed: str, words: Sequence[str], limit: int
) -> Sequence[sqlite3.Row]:
    begins = _beginning(words[-1])
    key = {"group": group, "limit": MOST_CANDIDATES, **_fitting(typed, words)}
    rows = connection.execute(FITTING_TITLES, key)
    return list(islice((row for row in rows if row["fits"] or begins(row["title"])), limit))


def _fitting(typed: str, words: Sequence[str]) -> dict[str, str | int]:
    last = words[-1]
    return {
        "exact": _titles_with(words),
        "wide": _titles_with([*words[:-1], last[:STEM]]) if len(last) > STEM else NOTHING,
        "number": _number(typed),
        "id": typed.lower().removeprefix("arxiv:").strip(),
    }


def _number(typed: str) -> int:
    """In the newest list; 0: it is none."""
    number = typed.strip("# .")
    return int(number) if number.isdecimal() and len(number) < 10 else 0


def _titles_with(words: Sequence[str]) -> str:
    return f"{{title}} : ({read_query(' '.join(words))})"


def _beginning(word: str = "") -> Callable[[str], object]:
    """Tells whether a word of a title begins with it as typed: the index holds stems, and `attentio` is none."""
    start = re.compile(rf"(?<![^\W_]){re.escape(folded(word))}")
    return lambda title: start.search(folded(title))


def folded(word: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def _columns(listing: Listing) -> dict[str, str | bool | int | None]:
    return {
        "key": listing.paper.key,
        "day": listing.day.isoformat(),
        "source": listing.source,
        "reason": listing.reason,
        "late": listing.late,
        "chosen": listing.chosen_by.id if listing.chosen_by else None,
    }


def _read_entry(row: sqlite3.Row) -> Entry:
    return Entry(
        id=row["id"],
        group=row["group_id"],
        paper=read_paper(row),
        posted_on=date.fromisoformat(row["posted_on"]),
        rank=row["rank"],
        day=date.fromisoformat(row["day"]),
        source=row["source"],
        reason=row["reason"],
        late=bool(row["late"]),
        dropped=bool(row["dropped"]),
        withdrawn=row["withdrawn_at"] is not None,
        votes=read_backing(row).votes,
        passes=row["passes"],
        claimer=_read_member(row, "claimer"),
        backups=tuple(Member(*backup) for backup in json.loads(row["backups"])),
        chooser=_read_member(row, "chooser"),
        submitter=_read_member(row, "submitter"),
        summary=_read_summary(row),
        sheet=row["sheet"],
        hides_votes=bool(row["hides_votes"]),
        reads_on=date.fromisoformat(row["reads_on"]) if row["reads_on"] else None,
        discussed=bool(row["discussed"]),
        picked_with=None if row["picked_with"] is None else Fraction(row["picked_with"]),
    )


def _read_member(row: sqlite3.Row, who: str) -> Member | None:
    if row[f"{who}_id"] is None:
        return None
    return Member(row[f"{who}_id"], row[f"{who}_name"], row[f"{who}_role"])


def _read_summary(row: sqlite3.Row) -> Summary | None:
    if row["summary_text"] is None:
        return None
    return Summary(row["summary_text"], row["summary_label"], row["summary_by"], row["summary_language"])

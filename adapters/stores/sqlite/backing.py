"""Who is behind an entry, in SQL: for whatever reads `entry`, `groups` and NEAR. See `bot.model.Backing`."""

import sqlite3

from bot.model import Backing

# Of the vote that closed when the votes that count now began. With the plus it is found by its id, not by its close.
NEAR = """
LEFT JOIN second_chance AS near ON near.group_id = entry.group_id AND near.entry_id = entry.id AND EXISTS (
    SELECT 1 FROM session AS lost
    WHERE lost.group_id = near.group_id AND lost.id = near.session_id AND +lost.closed_at = groups.counts_from)
"""
# Of the votes that stand each member has one: which window it is in says whether it was given again.
STANDS = """
SELECT count(*) FROM vote_span
WHERE vote_span.group_id = entry.group_id AND vote_span.entry_id = entry.id AND vote_span.retracted_at IS NULL
"""
BACKING = f"""
({STANDS} AND vote_span.at >= groups.counts_from) AS given,
iif(near.entry_id IS NULL, 0, ({STANDS} AND vote_span.at >= near.since AND vote_span.at < groups.counts_from))
    AS waiting,
coalesce(near.carried, 0) AS most
"""


def read_backing(row: sqlite3.Row) -> Backing:
    return Backing(row["given"], row["waiting"], row["most"])

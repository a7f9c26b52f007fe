"""Papers that members keep to read, and the question which ones they have read."""

SAVED_SCHEMA = """
CREATE TABLE saved (            -- a member's own list, which nobody else sees
    group_id TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    key TEXT NOT NULL,          -- a paper's, which need be in no list and no `paper`
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, member_id, key),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

CREATE INDEX reading_member ON reading (group_id, member_id);
"""

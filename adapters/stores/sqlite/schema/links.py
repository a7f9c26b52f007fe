"""Two members who are asked whether they are one, and what a link moved, to be taken apart again."""

LINKS_SCHEMA = """
CREATE TABLE link (
    id INTEGER PRIMARY KEY,
    stays INTEGER NOT NULL REFERENCES member,
    goes INTEGER NOT NULL REFERENCES member,
    stays_agreed INTEGER NOT NULL DEFAULT 0,
    goes_agreed INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER,                    -- NULL: they are asked
    until INTEGER NOT NULL,             -- can be agreed to; once it is made, taken apart
    brought TEXT NOT NULL DEFAULT ''    -- JSON: what either had before
) STRICT;

CREATE INDEX link_stays ON link (stays);
CREATE INDEX link_goes ON link (goes);
"""

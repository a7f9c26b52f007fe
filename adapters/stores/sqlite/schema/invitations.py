"""Codes by which people choose a name on a page that is open to all."""

INVITATIONS_SCHEMA = """
CREATE TABLE invitation (       -- the one of a group; moderators give it out
    group_id TEXT PRIMARY KEY REFERENCES groups,
    hash TEXT NOT NULL,
    seats INTEGER NOT NULL,     -- people who may still join by it
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

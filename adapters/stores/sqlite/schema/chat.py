"""Groups set up from chat, reactions as votes, papers handed in by members."""

CHAT_SCHEMA = """
ALTER TABLE groups ADD COLUMN founded_at INTEGER;   -- made from chat; NULL: from the configuration

CREATE TABLE override (
    group_id TEXT NOT NULL REFERENCES groups,
    name TEXT NOT NULL,         -- timezone, day.cards
    value TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, name),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

ALTER TABLE audit ADD COLUMN undone_at INTEGER;

ALTER TABLE entry ADD COLUMN submitted_by INTEGER REFERENCES member;   -- NULL: a source announced it

CREATE TABLE reaction (         -- what stands on the platform, as we last knew; `vote_source` has what it came to
    message_id INTEGER NOT NULL REFERENCES message,
    account_id TEXT NOT NULL REFERENCES account,
    at INTEGER NOT NULL,
    PRIMARY KEY (message_id, account_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE digest ADD COLUMN threaded INTEGER NOT NULL DEFAULT 0;     -- its cards stand in a thread under it

CREATE TABLE alert (            -- a moderator was told of this trouble
    place TEXT NOT NULL,
    error TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (place, error)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_ref ON message (ref) WHERE ref <> '';
"""

"""The whole day in one message, or in several: what stands in which, and which emoji on it means what."""

SHEETS_SCHEMA = """
ALTER TABLE digest ADD COLUMN layout TEXT NOT NULL DEFAULT 'channel';
UPDATE digest SET layout = 'thread' WHERE threaded;
ALTER TABLE digest DROP COLUMN threaded;

ALTER TABLE entry ADD COLUMN sheet INTEGER;     -- the message of its day that it is a part of, from 1; NULL: of none

ALTER TABLE reaction RENAME TO old_reaction;
CREATE TABLE reaction (         -- what stands on the platform, as we last knew; `vote_source` has what it came to
    message_id INTEGER NOT NULL REFERENCES message,
    number INTEGER NOT NULL,    -- of the paper that the emoji stands for; 0: the one that the message is about
    account_id TEXT NOT NULL REFERENCES account,
    at INTEGER NOT NULL,
    PRIMARY KEY (message_id, number, account_id)
) STRICT, WITHOUT ROWID;
INSERT INTO reaction (message_id, number, account_id, at) SELECT message_id, 0, account_id, at FROM old_reaction;
DROP TABLE old_reaction;
"""

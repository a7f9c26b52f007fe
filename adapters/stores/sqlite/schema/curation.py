"""What moderators chose for the lists to come, and on an entry who chose it."""

CURATION_SCHEMA = """
CREATE TABLE curation (
    group_id TEXT NOT NULL REFERENCES groups,
    paper_id INTEGER NOT NULL REFERENCES paper,
    member_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    hidden INTEGER NOT NULL,        -- on no list; otherwise it comes first
    PRIMARY KEY (group_id, paper_id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

CREATE INDEX curation_at ON curation (at);

ALTER TABLE entry ADD COLUMN chosen_by INTEGER REFERENCES member;
"""

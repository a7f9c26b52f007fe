"""Groups, people, papers, days, votes, claims, messages."""

FIRST_SCHEMA = """
CREATE TABLE groups (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL      -- of the summaries it is shown
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    group_id TEXT NOT NULL REFERENCES groups,
    place TEXT NOT NULL,
    bound INTEGER NOT NULL,     -- 0: no longer configured; what was shown there stays known
    PRIMARY KEY (group_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- People. Accounts and members are global, what they are in a group is not.

CREATE TABLE member (
    id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE account (
    id TEXT PRIMARY KEY,        -- discord:<user>
    member_id INTEGER NOT NULL REFERENCES member,
    name TEXT NOT NULL          -- as the surface last said
) STRICT, WITHOUT ROWID;

CREATE INDEX account_member ON account (member_id);

CREATE TABLE membership (
    group_id TEXT NOT NULL REFERENCES groups,
    member_id INTEGER NOT NULL REFERENCES member,
    role TEXT NOT NULL CHECK (role IN ('member', 'moderator')),
    name TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (group_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE code (
    group_id TEXT PRIMARY KEY REFERENCES groups,
    hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL REFERENCES groups,
    at INTEGER NOT NULL,
    member_id INTEGER REFERENCES member,
    action TEXT NOT NULL,
    entry_id INTEGER,
    before TEXT NOT NULL DEFAULT '',
    after TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    FOREIGN KEY (group_id, entry_id) REFERENCES entry (group_id, id)
) STRICT;

CREATE INDEX audit_group ON audit (group_id, at);

-- Papers, one row each whichever groups and sources have them.

CREATE TABLE paper (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    version INTEGER,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    authors TEXT NOT NULL,      -- JSON, not escaped to ASCII: the search index reads it as it stands
    published TEXT,
    url TEXT NOT NULL,
    upvotes INTEGER,            -- NULL: no source counts them
    links TEXT NOT NULL,
    origin TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE paper_fts USING fts5 (
    title, authors, abstract,
    content = 'paper', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE TRIGGER paper_inserted AFTER INSERT ON paper BEGIN
    INSERT INTO paper_fts (rowid, title, authors, abstract)
    VALUES (new.id, new.title, new.authors, new.abstract);
END;

-- An index over outside content forgets a row only when told the very text that it was given.
CREATE TRIGGER paper_deleted AFTER DELETE ON paper BEGIN
    INSERT INTO paper_fts (paper_fts, rowid, title, authors, abstract)
    VALUES ('delete', old.id, old.title, old.authors, old.abstract);
END;

CREATE TRIGGER paper_updated AFTER UPDATE OF title, authors, abstract ON paper BEGIN
    INSERT INTO paper_fts (paper_fts, rowid, title, authors, abstract)
    VALUES ('delete', old.id, old.title, old.authors, old.abstract);
    INSERT INTO paper_fts (rowid, title, authors, abstract)
    VALUES (new.id, new.title, new.authors, new.abstract);
END;

CREATE TABLE announced (
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    paper_id INTEGER NOT NULL REFERENCES paper,
    position INTEGER NOT NULL,  -- in the source's list, when it was last there
    PRIMARY KEY (source, day, paper_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_day (
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    at INTEGER NOT NULL,
    papers INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    problem TEXT NOT NULL,      -- '': it went well
    note TEXT NOT NULL,         -- what the source says of its list
    read_at INTEGER,            -- when it last went well
    PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE summary (
    id INTEGER PRIMARY KEY,
    paper_id INTEGER NOT NULL REFERENCES paper,
    language TEXT NOT NULL,
    "by" TEXT NOT NULL,
    text TEXT NOT NULL,
    label TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (paper_id, language, "by")
) STRICT;

-- A group's days.

CREATE TABLE digest (
    group_id TEXT NOT NULL REFERENCES groups,
    posted_on TEXT NOT NULL,
    why TEXT NOT NULL,          -- '' unless it was empty
    covers TEXT NOT NULL,       -- JSON: the (source, day) pairs it is about; `had` has those that are done
    cards INTEGER NOT NULL,     -- papers that got a card
    next_due INTEGER,
    missing TEXT NOT NULL,
    PRIMARY KEY (group_id, posted_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE had (
    group_id TEXT NOT NULL,
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    posted_on TEXT NOT NULL,
    PRIMARY KEY (group_id, source, day),
    FOREIGN KEY (group_id, posted_on) REFERENCES digest
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    paper_id INTEGER NOT NULL REFERENCES paper,
    posted_on TEXT NOT NULL,
    rank INTEGER NOT NULL,
    day TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    late INTEGER NOT NULL,
    dropped INTEGER NOT NULL DEFAULT 0,
    UNIQUE (group_id, id),
    UNIQUE (group_id, paper_id),
    UNIQUE (group_id, posted_on, rank),
    FOREIGN KEY (group_id, posted_on) REFERENCES digest
) STRICT;

CREATE INDEX entry_paper ON entry (paper_id);

-- What members do.

CREATE TABLE request (          -- handled already; kept for a week
    group_id TEXT NOT NULL REFERENCES groups,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE vote_source (
    group_id TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    via TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, entry_id, member_id, via),
    FOREIGN KEY (group_id, entry_id) REFERENCES entry (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

CREATE INDEX vote_source_member ON vote_source (group_id, member_id);

CREATE VIEW vote AS             -- however often and wherever they pressed
SELECT group_id, entry_id, member_id, min(at) AS at
FROM vote_source
GROUP BY group_id, entry_id, member_id;

CREATE TABLE pass (
    group_id TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, entry_id, member_id),
    FOREIGN KEY (group_id, entry_id) REFERENCES entry (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

CREATE INDEX pass_member ON pass (group_id, member_id);

CREATE TABLE claim (
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    released_at INTEGER,
    FOREIGN KEY (group_id, entry_id) REFERENCES entry (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT;

CREATE UNIQUE INDEX claim_held ON claim (group_id, entry_id) WHERE released_at IS NULL;
CREATE INDEX claim_member ON claim (group_id, member_id) WHERE released_at IS NULL;

-- What is shown.

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,         -- digest, paper
    key TEXT NOT NULL,          -- the digest's date, the entry's id
    round INTEGER NOT NULL DEFAULT 1,
    parent_id INTEGER REFERENCES message,
    ref TEXT NOT NULL DEFAULT '',
    wanted INTEGER NOT NULL DEFAULT 1,
    wanted_at INTEGER NOT NULL, -- of the oldest wish that is not shown yet
    shown INTEGER NOT NULL DEFAULT 0,
    hash TEXT NOT NULL DEFAULT '',
    lease_until INTEGER,
    due_at INTEGER,             -- not before, after a failure
    attempts INTEGER NOT NULL DEFAULT 0,    -- leases since it was last shown; a crash while sending counts too
    error TEXT NOT NULL DEFAULT '',
    given_up_at INTEGER,
    shown_at INTEGER,
    posted_at INTEGER,          -- first of all; a new round keeps it
    UNIQUE (group_id, kind, key, place, round),
    FOREIGN KEY (group_id, place) REFERENCES channel
) STRICT;

CREATE INDEX message_due ON message (place) WHERE shown < wanted;
CREATE INDEX message_place ON message (group_id, place);

-- Without an index of its own: it is short, and read from its end.
CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id TEXT NOT NULL REFERENCES groups,
    what TEXT NOT NULL
) STRICT;
"""

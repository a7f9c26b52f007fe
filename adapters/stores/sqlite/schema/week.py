"""The week: sessions, picks, claims with backups, who comes."""

WEEK_SCHEMA = """
ALTER TABLE groups ADD COLUMN hides_votes INTEGER NOT NULL DEFAULT 0;    -- until the ballot closes
ALTER TABLE groups ADD COLUMN vote_budget INTEGER NOT NULL DEFAULT 0;    -- votes of a member in a window; 0: any number

ALTER TABLE membership ADD COLUMN on_rota INTEGER NOT NULL DEFAULT 0;
ALTER TABLE membership ADD COLUMN away_from TEXT;       -- on leave, dates in the group's zone, both included
ALTER TABLE membership ADD COLUMN away_until TEXT;      -- NULL: until further

ALTER TABLE entry ADD COLUMN submitted_at INTEGER;
UPDATE entry SET submitted_at = coalesce(
    (SELECT min(coalesce(posted_at, wanted_at)) FROM message
        WHERE message.group_id = entry.group_id AND message.kind = 'paper' AND message.key = CAST(entry.id AS TEXT)),
    CAST(strftime('%s', posted_on) AS INTEGER) * 1000000)
WHERE submitted_by IS NOT NULL;

CREATE TABLE link_code (        -- makes another account's member one with this one, once
    member_id INTEGER PRIMARY KEY REFERENCES member,
    hash TEXT NOT NULL UNIQUE,
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL REFERENCES groups,
    "on" TEXT NOT NULL,         -- the date that the recurrence names; `starts` may have moved
    starts INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    place TEXT NOT NULL DEFAULT '',
    scheduled_at INTEGER NOT NULL,
    moved INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'skipped', 'cancelled')),
    why TEXT NOT NULL DEFAULT '',
    sequence INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 1,
    closes_at INTEGER,          -- the ballot was opened again until then
    closed_at INTEGER,          -- the end of its window of votes, and the beginning of the next one's
    shortlist TEXT NOT NULL DEFAULT '[]',
    entry INTEGER,
    settled INTEGER NOT NULL DEFAULT 0,
    presenter INTEGER,
    asked_at INTEGER,
    confirmed_at INTEGER,
    tried TEXT NOT NULL DEFAULT '[]',
    open_discussion INTEGER NOT NULL DEFAULT 0,
    slides TEXT NOT NULL DEFAULT '',
    UNIQUE (group_id, id),
    UNIQUE (group_id, "on"),
    FOREIGN KEY (group_id, entry) REFERENCES entry (group_id, id),
    FOREIGN KEY (group_id, presenter) REFERENCES membership
) STRICT;

CREATE INDEX session_starts ON session (group_id, starts);
CREATE INDEX session_entry ON session (group_id, entry) WHERE entry IS NOT NULL;

CREATE TABLE session_step (     -- of the timeline, done or passed over
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, session_id, key),
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_step_at ON session_step (group_id, at);

CREATE TABLE pick (             -- facts fixed at the time; a later one of the session wins
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    member_id INTEGER,          -- NULL: the program, at the close
    election TEXT NOT NULL,
    receipt TEXT NOT NULL,
    taken_back_at INTEGER,      -- by an undo
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT;

CREATE INDEX pick_session ON pick (group_id, session_id);

-- The log of votes: what `vote_source` holds is how a vote stands, this is when. Nothing is ever taken out.
CREATE TABLE vote_span (
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    retracted_at INTEGER,
    FOREIGN KEY (group_id, entry_id) REFERENCES entry (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT;

CREATE UNIQUE INDEX vote_span_open ON vote_span (group_id, entry_id, member_id) WHERE retracted_at IS NULL;
CREATE INDEX vote_span_at ON vote_span (group_id, at);

INSERT INTO vote_span (group_id, entry_id, member_id, at) SELECT group_id, entry_id, member_id, at FROM vote;

CREATE TABLE ballot (           -- the newest of a member counts; an empty one takes it back
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    ranking TEXT NOT NULL,
    at INTEGER NOT NULL,
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT;

CREATE INDEX ballot_session ON ballot (group_id, session_id);

CREATE TABLE seconding (
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, session_id, entry_id, member_id),
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id),
    FOREIGN KEY (group_id, entry_id) REFERENCES entry (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

CREATE TABLE second_chance (    -- a near-winner comes back once
    group_id TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,        -- in whose vote it came near
    carried INTEGER NOT NULL,           -- votes that it brings along to the next window
    shown_at INTEGER,
    PRIMARY KEY (group_id, entry_id),
    FOREIGN KEY (group_id, entry_id) REFERENCES entry (group_id, id),
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rsvp (
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('join', 'skip')),
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, session_id, member_id),
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

CREATE TABLE reading (
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('read', 'skimmed', 'not yet')),
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, session_id, member_id),
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

CREATE TABLE meeting_role (
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, session_id, role),
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

CREATE TABLE question (
    id INTEGER PRIMARY KEY,
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT;

CREATE INDEX question_session ON question (group_id, session_id);

CREATE TABLE recap (
    group_id TEXT NOT NULL,
    session_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    takeaways TEXT NOT NULL,
    rating INTEGER CHECK (rating BETWEEN 1 AND 5),
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, session_id, member_id),
    FOREIGN KEY (group_id, session_id) REFERENCES session (group_id, id),
    FOREIGN KEY (group_id, member_id) REFERENCES membership
) STRICT, WITHOUT ROWID;

ALTER TABLE claim ADD COLUMN kind TEXT NOT NULL DEFAULT 'holder'
    CHECK (kind IN ('holder', 'co', 'backup', 'fallback'));
ALTER TABLE claim ADD COLUMN kept_at INTEGER;   -- when its holder last said that they keep it
ALTER TABLE claim ADD COLUMN slept_at INTEGER;  -- never picked for weeks: does not count until it is woken

DROP INDEX claim_held;
CREATE UNIQUE INDEX claim_held ON claim (group_id, entry_id) WHERE released_at IS NULL AND kind = 'holder';
CREATE UNIQUE INDEX claim_once ON claim (group_id, entry_id, member_id) WHERE released_at IS NULL;

ALTER TABLE audit ADD COLUMN session_id INTEGER REFERENCES session;     -- of a Move; `before` and `after` are JSON then
CREATE INDEX audit_session ON audit (session_id) WHERE session_id IS NOT NULL;
"""

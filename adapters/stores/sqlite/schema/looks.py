"""When the schedule looks at a group next, so that a tick asks for those alone whose time has come."""

LOOKS_SCHEMA = """
ALTER TABLE groups ADD COLUMN look_at INTEGER NOT NULL DEFAULT 0;   -- a hint, never too late; 0: at once
CREATE INDEX groups_look ON groups (look_at);
"""

"""When what calendars show of a session last changed; NULL until it first does."""

CALENDARS_SCHEMA = """
ALTER TABLE session ADD COLUMN revised_at INTEGER;
"""

"""When what asks a presenter was delivered."""

HEARING_SCHEMA = """
ALTER TABLE session ADD COLUMN heard_at INTEGER;     -- NULL: it was not yet
UPDATE session SET heard_at = asked_at WHERE asked_at IS NOT NULL;  -- nobody kept that: as it was taken to be
"""

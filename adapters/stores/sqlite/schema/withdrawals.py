"""Papers that were handed in and are not any more."""

WITHDRAWALS_SCHEMA = """
ALTER TABLE entry ADD COLUMN withdrawn_at INTEGER;  -- by who handed it in; NULL: it stands

CREATE INDEX entry_handed_in ON entry (group_id, submitted_by) WHERE submitted_by IS NOT NULL;
"""

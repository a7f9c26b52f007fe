"""From when on votes count for the coming close, and from when on a near-winner's were given: one count everywhere."""

COUNTS_SCHEMA = """
ALTER TABLE groups ADD COLUMN counts_from INTEGER NOT NULL DEFAULT 0;   -- 0: from the beginning
UPDATE groups SET counts_from = coalesce((SELECT max(closed_at) FROM session WHERE group_id = groups.id), 0);
ALTER TABLE second_chance ADD COLUMN since INTEGER NOT NULL DEFAULT 0;  -- votes that it came near with begin there
"""

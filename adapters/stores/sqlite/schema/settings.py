"""The configuration's half of a group's settings, so that a transaction reads them as it reads all else."""

SETTINGS_SCHEMA = """
ALTER TABLE groups ADD COLUMN settings TEXT NOT NULL DEFAULT '';    -- JSON; '': made from chat
"""

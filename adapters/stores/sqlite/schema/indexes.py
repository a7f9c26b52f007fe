"""Ways to the rows that a vote, a press, a tick or a completion asks for, so that none reads all of a group."""

INDEXES_SCHEMA = """
CREATE INDEX claim_entry ON claim (entry_id);   -- those that have ended too; without the group, which has better ones
CREATE INDEX session_closed ON session (group_id, closed_at);
CREATE INDEX entry_submitted ON entry (group_id, submitted_at) WHERE submitted_by IS NOT NULL;
CREATE INDEX had_day ON had (group_id, day);
CREATE INDEX rsvp_member ON rsvp (group_id, member_id, answer);
CREATE INDEX message_kind ON message (kind, posted_at);
"""

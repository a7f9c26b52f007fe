"""Ways to what grows for years: the newest rows of the log, and the votes of a week, of which the index holds all."""

GROWTH_SCHEMA = """
CREATE INDEX audit_newest ON audit (group_id, id);
CREATE INDEX audit_member ON audit (group_id, member_id, id);
DROP INDEX vote_span_at;
CREATE INDEX vote_span_at ON vote_span (group_id, at, entry_id, member_id, retracted_at);
"""

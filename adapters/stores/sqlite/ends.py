"""When a session ends, in SQL."""

from adapters.stores.sqlite.columns import SECOND

MINUTE = 60 * SECOND
ENDS = f"session.starts + session.minutes * {MINUTE}"

# The newest time at which the group's timeline is known to have run: a read has no clock of its own.
KNOWN = "(SELECT max(at) FROM session_step WHERE session_step.group_id = session.group_id)"
IS_OVER = f"({ENDS} <= {KNOWN})"

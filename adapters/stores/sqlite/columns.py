"""How numbers stand in the columns: times as whole microseconds since 1970 UTC, ids that fit. Knows no table."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR


def stamp(moment: datetime) -> int:
    """Raises TypeError for a time without a zone."""
    return (moment - EPOCH) // MICROSECOND


def moment(stamp: int) -> datetime:
    return EPOCH + timedelta(microseconds=stamp)


def is_row_id(number: int) -> bool:
    """False for what SQLite could not even look up: an id is typed by members."""
    return 0 < number < 2**63

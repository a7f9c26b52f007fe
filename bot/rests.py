"""How long something rests or is old, by a clock that may be set while it does. Pure arithmetic.

A time that was written by a wrong clock must not hold anything up until it comes: whatever rests "until" is believed
only as far ahead as anybody ever sets it, and nothing is younger than new.
"""

from datetime import datetime, timedelta

NEW = timedelta(0)


def has_passed(until: datetime, now: datetime, longest: timedelta) -> bool:
    """Also where `until` is further away than the `longest` rest that there is."""
    return until <= now or until - now > longest


def age(since: datetime, now: datetime) -> timedelta:
    """Never negative."""
    return max(now - since, NEW)


def is_within(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether it was less than that long ago; False where it is said to be still to come, which nothing that has
    happened is."""
    return NEW <= now - since < span

"""What people type about when they meet, and how we say it back. `bot.model.recurrence` knows what it means."""

from bot.parsing.numbers import is_like_number, read_number
from bot.parsing.schedules import Doubt, read_schedule
from bot.parsing.spoken import describe, is_near

__all__ = ["Doubt", "describe", "is_like_number", "is_near", "read_number", "read_schedule"]

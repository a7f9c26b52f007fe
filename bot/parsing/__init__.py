"""What people type about when they meet, and how we say it back. `bot.model.recurrence` knows what it means."""

from bot.parsing.numbers import is_like_number, read_number
from bot.parsing.schedules import Doubt, read_schedule
from bot.parsing.spoken import day_in_words, describe

__all__ = ["Doubt", "day_in_words", "describe", "is_like_number", "read_number", "read_schedule"]

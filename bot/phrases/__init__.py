"""What people type about when they meet, and how we say it back. `recurrence.py` knows what it means."""

from bot.phrases.reading import Question, read_schedule
from bot.phrases.saying import day_in_words, describe

__all__ = ["Question", "day_in_words", "describe", "read_schedule"]

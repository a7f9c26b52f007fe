"""The week around a group's papers: meetings, votes, picks, who presents. It decides; store keeps, views word it."""

from bot.week.running import Weekly

__all__ = ["Weekly"]

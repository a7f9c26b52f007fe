"""Who writes a paper's one sentence. For a post, which must go out on time, that is always the fallback."""

import logging

from bot.errors import SummaryError
from bot.model import Paper, Summary
from bot.ports import Summarizer

log = logging.getLogger(__name__)


class Summaries:
    """`first` is asked, then `fallback`, which needs neither network nor key."""

    def __init__(self, first: Summarizer, fallback: Summarizer) -> None:
        self._first = first
        self._fallback = fallback

    async def at_once(self, paper: Paper, language: str) -> Summary | None:
        """For a post that must go out on time."""
        return await self._fallback.summarise(paper, language)

    async def best(self, paper: Paper, language: str) -> Summary | None:
        try:
            return await self._first.summarise(paper, language)
        except SummaryError as error:
            log.warning("no summary of %s by %s: %s", paper.key, self._first.name, error)
            return await self.at_once(paper, language)

"""What can be known of a paper that a member handed in: from our own library, a finder, or their words."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.errors import SourceError
from bot.model import Paper, RawPaper
from bot.papers.normalise import to_paper
from bot.ports import Finder, Store

log = logging.getLogger(__name__)


class Lookup:
    def __init__(self, store: Store, finders: Sequence[Finder]) -> None:
        self._store = store
        self._finders = finders

    async def find(self, key: str) -> Paper | None:
        """None when nobody knows it, or none of those who might can be asked now."""
        if known := await self._store.read(lambda rows: rows.papers.paper(key)):
            return known
        for finder in self._finders:
            try:
                raw = await finder.find(key)
                if raw and (paper := await asyncio.to_thread(to_paper, raw)).key == key:
                    return paper
            except (SourceError, ValueError) as error:
                log.warning("%s was handed in: %s", key, error)
        return None


def as_told(group: str, key: str, link: str, title: str) -> Paper | None:
    """By its title alone, None when that is empty once it is cleaned. Its row is the group's own: what its members
    call a paper is no other group's business."""
    kind, _, name = key.partition(":")
    arxiv_id, doi = (name if kind == "arxiv" else ""), (name if kind == "doi" else "")
    try:
        paper = to_paper(RawPaper(title, arxiv_id=arxiv_id, doi=doi, url=link))
    except ValueError:
        return None
    return replace(paper, key=told_key(group, key))


def told_key(group: str, key: str) -> str:
    return f"title:{hashlib.sha256(f'{group} {key}'.encode()).hexdigest()}"

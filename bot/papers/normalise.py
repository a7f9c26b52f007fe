"""Turns what a source gave into a Paper: key, clean text, safe links. Pure; fetches nothing."""

from collections.abc import Iterable
from contextlib import suppress

from bot.model import Paper, RawPaper
from bot.papers.ids import paper_key, version_of, web_link
from bot.papers.text import clean

MAX_TITLE = 500  # characters; the longest real title seen has 350
MAX_ABSTRACT = 5_000  # arXiv takes 1,920; of 168,699 abstracts, conferences' included, the longest sound one has 4,650
MAX_SOURCE = 6_000  # of an abstract; TeX is longer than what it shows
MAX_AUTHORS = 2_000


def to_papers(raws: Iterable[RawPaper]) -> list[Paper]:
    """Without those that have no title."""
    papers = []
    for raw in raws:
        with suppress(ValueError):
            papers.append(to_paper(raw))
    return papers


def to_paper(raw: RawPaper) -> Paper:
    """Raises ValueError for a paper that has no title. Cut before it is cleaned too: cleaning takes time."""
    title = clean(raw.title[: 2 * MAX_TITLE])[:MAX_TITLE]
    if not title:
        raise ValueError("a paper without a title")
    key = paper_key(raw.arxiv_id, raw.doi, raw.url, title)
    return Paper(
        key=key,
        title=title,
        abstract=clean(raw.abstract[:MAX_SOURCE])[:MAX_ABSTRACT],
        authors=tuple(name for author in raw.authors[:MAX_AUTHORS] if (name := clean(author[:400])[:200])),
        published=raw.published,
        version=version_of(raw.arxiv_id),
        url=web_link(key, raw.url),
        upvotes=raw.upvotes,
        links=tuple((clean(what)[:40], url) for what, url in raw.links if _is_web(url)),
        origin=raw.origin,
    )


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not any(c.isspace() for c in url)

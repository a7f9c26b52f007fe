"""Reads Hugging Face's Daily Papers, and single papers by their arXiv id. Cleans no text, ranks nothing.

The API as seen in 369 recorded days: keys are missing rather than null; upvotes stand at `paper.upvotes` only; a
weekend is `[]`; 50 items unless `limit` says otherwise, and it may say 100.
"""

import re
from collections.abc import Mapping
from datetime import date, time

from adapters.net import Net, NotFound
from bot.errors import SourceError
from bot.model import Batch, HuggingFaceSettings, RawPaper

SITE = "https://huggingface.co"
MOST_PAPERS = 100
MOST_BYTES = 5_000_000  # the longest recorded day is 350 kB; 20 MB of "[]," would take 400 MB as objects
MOST_UPVOTES = 2**31
ARXIV_ID = re.compile(r"(?P<base>[0-9]{4}\.[0-9]{4,5}|[a-z-]+(\.[A-Z]{2})?/[0-9]{7})(v[0-9]{1,3})?")
ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


class HuggingFace:
    name = "huggingface"
    label = "Hugging Face"
    zone = "UTC"
    backlog: tuple[date, ...] = ()

    def __init__(self, settings: HuggingFaceSettings, net: Net) -> None:
        self.settles: time = settings.settles
        self._site = settings.base_url.rstrip("/")
        self._net = net

    async def fetch(self, day: date) -> Batch:
        if day > self._net.clock.now().date():
            return Batch(())  # nothing is announced for a day that has not come
        params = {"date": day.isoformat(), "limit": str(MOST_PAPERS)}
        answer = await self._net.get(f"{self._site}/api/daily_papers", params, limit_bytes=MOST_BYTES)
        return parse_daily(answer.json(), self._site)

    async def find(self, key: str) -> RawPaper | None:
        kind, _, arxiv_id = key.partition(":")
        if kind != "arxiv":
            return None
        try:
            answer = await self._net.get(f"{self._site}/api/papers/{arxiv_id}", limit_bytes=MOST_BYTES)
        except NotFound:
            return None
        return parse_paper(answer.json(), arxiv_id, self._site)


def parse_paper(data: object, arxiv_id: str, site: str = SITE) -> RawPaper:
    """Raises SourceError when `data` is not that paper."""
    paper = _parse_item({"paper": data}, site)
    if paper is None or _base_id(paper.arxiv_id) != arxiv_id:
        raise SourceError(f"Hugging Face sent something else than the paper {arxiv_id}")
    return paper


def parse_daily(data: object, site: str = SITE) -> Batch:
    """Raises SourceError when `data` is no list, or one in which nothing can be read. One bad item is skipped."""
    if not isinstance(data, list):
        raise SourceError(f"Hugging Face sent {_kind(data)} where a list of papers was expected")
    if not data:
        return Batch(())
    read = [paper for paper in (_parse_item(item, site) for item in data) if paper is not None]
    if not read:
        raise SourceError(f"Hugging Face sent {len(data)} items, and none of them can be read as a paper")
    return Batch(_without_repeats(read), skipped=len(data) - len(read), partial=_what_misses(len(data)))


def _kind(data: object) -> str:
    if isinstance(data, dict):
        return "an object"
    return "a text" if isinstance(data, str) else "a single value"


def _what_misses(items: int) -> str:
    return f"Hugging Face shows at most {MOST_PAPERS} papers of a day" if items >= MOST_PAPERS else ""


def _without_repeats(papers: list[RawPaper]) -> tuple[RawPaper, ...]:
    first: dict[str, RawPaper] = {}
    for paper in papers:
        first.setdefault(_base_id(paper.arxiv_id), paper)
    return tuple(first.values())


def _base_id(text: str) -> str:
    """The arXiv id without its version, "" when it is none."""
    match = ARXIV_ID.fullmatch(text)
    return match["base"] if match else ""


def _parse_item(item: object, site: str) -> RawPaper | None:
    outer = _as_object(item)
    inner = _as_object(outer.get("paper"))
    arxiv_id = _text(inner, "id").strip()
    title = _text(inner, "title") or _text(outer, "title")
    if not title or not _base_id(arxiv_id):
        return None
    return RawPaper(
        title=title,
        abstract=_text(inner, "summary") or _text(outer, "summary"),
        arxiv_id=arxiv_id,
        authors=_authors(inner.get("authors")),
        published=_date(_text(inner, "publishedAt") or _text(outer, "publishedAt")),
        upvotes=_count(inner.get("upvotes")),
        links=_links(inner, f"{site}/papers/{arxiv_id}"),
    )


def _as_object(data: object) -> Mapping[str, object]:
    return data if isinstance(data, dict) else {}


def _text(data: Mapping[str, object], key: str) -> str:
    """As it came; "" when it is missing, blank or no text."""
    value = data.get(key)
    return value if isinstance(value, str) and value.strip() else ""


def _authors(data: object) -> tuple[str, ...]:
    names = (_text(_as_object(author), "name") for author in (data if isinstance(data, list) else ()))
    return tuple(name for name in names if name)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _count(data: object) -> int | None:
    is_number = isinstance(data, int) and not isinstance(data, bool)
    return data if is_number and isinstance(data, int) and 0 <= data < MOST_UPVOTES else None


def _links(paper: Mapping[str, object], page: str) -> tuple[tuple[str, str], ...]:
    found = (("code", _address(_text(paper, "githubRepo"))), ("project", _address(_text(paper, "projectPage"))))
    return (*((what, address) for what, address in found if address), ("Hugging Face", page))


def _address(text: str) -> str:
    """An http(s) address, "" for anything else; some come with a blank in front."""
    text = text.strip()
    return text if ADDRESS.fullmatch(text) and text.isprintable() and len(text) <= 2000 else ""

"""Papers, as a source gave them and as we keep them. Plain frozen data; no behaviour beyond reading itself."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class RawPaper:
    """A paper as a source gave it: nothing cleaned, anything but the title may be empty."""

    title: str
    abstract: str = ""
    arxiv_id: str = ""
    doi: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    upvotes: int | None = None  # None: this source counts none
    links: tuple[tuple[str, str], ...] = ()  # (what, http(s) address): ("code", "https://…")
    origin: str = "the abstract"  # what `abstract` is: "the abstract" or "our description"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, cleaned; one row in the database whichever sources and groups have it.

    `key` is `arxiv:…` (base id), `doi:…`, `url:<sha256>` or `title:<sha256>`.
    """

    key: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    version: int | None = None
    url: str = ""  # the best link to open; "" when none is known
    upvotes: int | None = None
    links: tuple[tuple[str, str], ...] = ()
    origin: str = "the abstract"


@dataclass(frozen=True, slots=True)
class Summary:
    text: str
    label: str  # where it comes from, as shown: "from the abstract"
    by: str  # name of the summarizer
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source answered for one day. `skipped` items could not be read; `partial` says why papers are missing."""

    papers: tuple[RawPaper, ...]
    skipped: int = 0
    partial: str = ""
    note: str = ""  # why the list is empty, where the source knows


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source without asking it; see `bot.ports.Source`."""

    name: str
    label: str
    zone: str
    settles: time


Covered = tuple[str, date]  # (name of a source, announcement day)

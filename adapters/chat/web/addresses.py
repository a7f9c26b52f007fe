"""The addresses of the site, written in one place. Knows no request and no page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Self
from urllib.parse import parse_qs, urlencode

LONGEST_QUERY = 300  # characters of a search that survive into an address
LONGEST_LINE = 500  # of a typed command, as the page's field has it
LONGEST_BUTTON = 100
LONGEST_NONCE = 80
LARGEST_ID = 2**63 - 1  # what a database integer holds


def read_id(text: str) -> int | None:
    """A database id, or None for anything else."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    return number if 0 < number <= LARGEST_ID else None


def read_nonce(text: str) -> str:
    """What marks a form, "" when it could not be ours."""
    is_fit = 8 <= len(text) <= LONGEST_NONCE and text.isascii() and text.replace("-", "").isalnum()
    return text if is_fit else ""


def page(group: str, *path: str | int) -> str:
    return "/".join(("/g", group, *map(str, path)))


def search(group: str, query: str) -> str:
    return f"{page(group, 'search')}?{urlencode({'q': query})}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor pressed (a button's id) or typed. The core counts a nonce once, so that asking again under the
    same one changes nothing and answers with things as they are."""

    button: str = ""
    line: str = ""
    nonce: str = ""

    @classmethod
    def read(cls, parts: Mapping[str, str]) -> Self:
        """Nothing when it could not be asked again under its nonce."""
        nonce = read_nonce(parts.get("nonce", ""))
        asked = cls(parts.get("button", "")[:LONGEST_BUTTON], parts.get("line", "")[:LONGEST_LINE], nonce)
        return asked if nonce else cls()

    @property
    def is_something(self) -> bool:
        return bool(self.button or self.line)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on a group's pages a visitor is, and with which private list open. It travels in forms as text that only
    this class writes and reads, and an address is rebuilt from its parts: text from outside never becomes a redirect.
    """

    message: int | None = None
    before: int | None = None
    paper: int | None = None
    query: str | None = None
    card: int | None = None
    asked: Asked = field(default_factory=Asked)  # what the list answers

    @classmethod
    def read(cls, text: str) -> Self:
        try:
            parts = {
                name: values[0] for name, values in parse_qs(text, keep_blank_values=True, max_num_fields=8).items()
            }
        except ValueError:
            return cls()
        return cls(
            message=read_id(parts.get("message", "")),
            before=read_id(parts.get("before", "")),
            paper=read_id(parts.get("paper", "")),
            query=parts["query"][:LONGEST_QUERY] if "query" in parts else None,
            card=read_id(parts.get("card", "")),
            asked=Asked.read(parts),
        )

    def __str__(self) -> str:
        parts = {name: value for name, value in asdict(self).items() if value is not None and name != "asked"}
        return urlencode({**parts, **{name: value for name, value in asdict(self.asked).items() if value}})

    def at(self, message: int) -> Self:
        """The same page, at one of its messages."""
        return replace(self, message=message)

    def at_card(self, entry: int | None) -> Self:
        return replace(self, card=entry)

    def with_list(self, asked: Asked) -> Self:
        return replace(self, asked=asked)

    def address(self, group: str, **extra: str) -> str:
        """`extra` goes into the query of the address."""
        path = ("paper", self.paper) if self.paper else ("search",) if self.query is not None else ()
        query = {"q": self.query} if path == ("search",) else {"before": self.before} if self.before else {}
        asked = urlencode({**query, **extra})
        anchor = f"#message-{self.message}" if self.message else f"#card-{self.card}" if self.card else ""
        return page(group, *path) + (f"?{asked}" if asked else "") + anchor

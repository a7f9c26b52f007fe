"""The addresses of the site, written in one place. Knows no request and no page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import parse_qs, urlencode

LONGEST_QUERY = 300  # characters of a search that survive into an address
LONGEST_LINE = 500  # of a typed command, as the page's field has it
LONGEST_BUTTON = 100
LONGEST_NONCE = 80
LONGEST_NAME = 40  # of an argument
LONGEST_FORM = 8000  # as text in the page
MOST_ARGUMENTS = 8
ARGUMENT = "arg."  # before the name of a field that holds an argument
PAGES = ("next", "archive")  # beside the stream, a paper and the search
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


def message(group: str, ref: str) -> str:
    """Of a message by our name for it; "" for one of another surface. It is the newest on the page that shows it."""
    known = read_id(ref.removeprefix("web-")) if ref.startswith("web-") else None
    return f"{page(group)}?before={known + 1}#message-{known}" if known else ""


def messages(group: str, named: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What leads to messages of the page."""
    return [(what, address) for what, ref in named if (address := message(group, ref))]


def calendar(group: str, ticket: str = "") -> str:
    """The group's own, or with a ticket a member's."""
    return page(group, *(["calendar"] if ticket else []), f"{ticket or 'calendar'}.ics")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor pressed (a button's id), typed, or filled in beside it. The core counts a nonce once, so that
    asking again under the same one changes nothing and answers with things as they are."""

    button: str = ""
    line: str = ""
    nonce: str = ""
    args: tuple[tuple[str, str], ...] = ()
    form: str = ""  # what was filled in, as text, to be shown again

    @classmethod
    def read(cls, parts: Mapping[str, str]) -> Self:
        """What could be asked again under its nonce: nothing without one. A form is not asked again, only shown."""
        nonce = read_nonce(parts.get("nonce", ""))
        line = parts.get("line", "")[:LONGEST_LINE]
        asked = cls(parts.get("button", "")[:LONGEST_BUTTON], line, nonce, read_args(parts))
        return asked if nonce else cls()

    @property
    def is_something(self) -> bool:
        return bool(self.button or self.line)

    @property
    def is_short(self) -> bool:
        """Fit to travel in every form of a page."""
        return not self.form and sum(len(value) for _, value in self.args) <= LONGEST_LINE

    @property
    def fields(self) -> Mapping[str, str]:
        """As a form or a spot carries it; its nonce apart."""
        named = {"button": self.button, "line": self.line, "form": self.form}
        args = {f"{ARGUMENT}{name}": value for name, value in self.args}
        return {**{name: value for name, value in named.items() if value}, **args}


def read_args(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What was filled in, with lines that end as everywhere but in browsers."""
    named = [(name.removeprefix(ARGUMENT), value) for name, value in fields.items() if name.startswith(ARGUMENT)]
    return tuple((name[:LONGEST_NAME], re.sub("\r\n?", "\n", value)) for name, value in named[:MOST_ARGUMENTS])


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on a group's pages a visitor is, and with which private list open. It travels in forms as text that only
    this class writes and reads, and an address is rebuilt from its parts: text from outside never becomes a redirect.
    """

    message: int | None = None
    before: int | None = None
    paper: int | None = None
    page: str = ""  # one of PAGES
    query: str | None = None
    card: int | None = None
    asked: Asked = field(default_factory=Asked)  # what the list answers

    @classmethod
    def read(cls, text: str) -> Self:
        try:
            parts = {
                name: values[0] for name, values in parse_qs(text, keep_blank_values=True, max_num_fields=20).items()
            }
        except ValueError:
            return cls()
        return cls(
            message=read_id(parts.get("message", "")),
            before=read_id(parts.get("before", "")),
            paper=read_id(parts.get("paper", "")),
            page=parts["page"] if parts.get("page") in PAGES else "",
            query=parts["query"][:LONGEST_QUERY] if "query" in parts else None,
            card=read_id(parts.get("card", "")),
            asked=Asked.read(parts),
        )

    def __str__(self) -> str:
        numbers = {"message": self.message, "before": self.before, "paper": self.paper, "card": self.card}
        parts = {name: str(value) for name, value in numbers.items() if value is not None}
        parts |= {"page": self.page} if self.page else {}
        parts |= {"query": self.query} if self.query is not None else {}
        nonce = {"nonce": self.asked.nonce} if self.asked.nonce else {}
        return urlencode({**parts, **self.asked.fields, **nonce})

    @property
    def searched(self) -> str:
        """What was typed into the search for papers."""
        return "" if self.page else self.query or ""

    def at(self, message: int) -> Self:
        """The same page, at one of its messages; there, `at_card` says at which of its papers."""
        return replace(self, message=message)

    def at_card(self, entry: int | None) -> Self:
        return replace(self, card=entry)

    def with_list(self, asked: Asked) -> Self:
        return replace(self, asked=asked if asked.is_short else Asked())

    def address(self, group: str, **extra: str) -> str:
        """`extra` goes into the query of the address."""
        path = self._path
        before = {"before": str(self.before)} if self.before and not path else {}
        query = {"q": self.query} if self.query and not self.paper else {}
        asked = urlencode({**query, **before, **extra})
        anchor = f"#card-{self.card}" if self.card else f"#message-{self.message}" if self.message else ""
        return page(group, *path) + (f"?{asked}" if asked else "") + anchor

    @property
    def _path(self) -> tuple[str | int, ...]:
        if self.paper:
            return ("paper", self.paper)
        if self.page:
            return (self.page,)
        return () if self.query is None else ("search",)

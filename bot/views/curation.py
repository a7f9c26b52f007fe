"""The list to come as a moderator sees it, who may put papers first, hide and add them."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.cards import Button, Card, Choice, Field, Select
from bot.languages import count, say
from bot.model import Curation, GroupSettings, Listing
from bot.papers.text import cut
from bot.views.dates import spoken
from bot.views.papers import shortened_title

SHOWN = 25  # papers; what a platform takes as choices
LONGEST_LABEL, LONGEST_VALUE = 100, 100


def curation_card(
    listings: Sequence[Listing], hidden: Sequence[Curation], posted_on: date, group: GroupSettings
) -> Card:
    lines = [*_lines(listings[:SHOWN], group)]
    if (more := len(listings) - SHOWN) > 0:
        lines.append(count(group, "and {n} more by its rank", "and {n} more by their rank", more))
    return Card(
        "notice",
        say(group, "The list of {day}", day=spoken(posted_on, group)),
        body="\n".join(lines) or say(group, "Nothing is on it yet."),
        fields=_hidden(hidden, group),
        selects=tuple(select for select in _selects(listings, hidden, group) if select.choices),
        buttons=(Button(say(group, "Add a paper"), "curate", argument=("add", "?")),),
    )


def _lines(listings: Sequence[Listing], group: GroupSettings) -> Iterator[str]:
    for number, listing in enumerate(listings, 1):
        title = f"{number}. {shortened_title(listing.paper.title)}"
        by = listing.chosen_by
        yield say(group, "{title} (chosen by {name})", title=title, name=by.name) if by else title


def _hidden(hidden: Sequence[Curation], group: GroupSettings) -> tuple[Field, ...]:
    lines = [
        say(group, "{title} (by {name})", title=shortened_title(choice.title), name=choice.by.name)
        for choice in hidden[:SHOWN]
    ]
    return (Field(say(group, "Hidden"), "\n".join(lines)),) if lines else ()


def _selects(listings: Sequence[Listing], hidden: Sequence[Curation], group: GroupSettings) -> Iterator[Select]:
    numbered = [(f"{number}. {item.paper.title}", item.paper.key) for number, item in enumerate(listings, 1)]
    chosen = [(item.paper.title, item.paper.key) for item in listings if item.chosen_by]
    back = [*chosen, *((choice.title, choice.key) for choice in hidden)]
    yield Select(say(group, "Put first…"), "curate", "first", _choices(numbered))
    yield Select(say(group, "Hide…"), "curate", "hide", _choices(numbered))
    yield Select(say(group, "Leave to the ranking…"), "curate", "leave", _choices(back))


def _choices(papers: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    fitting = [(title, key) for title, key in papers if len(key.encode()) <= LONGEST_VALUE]
    return tuple(Choice(cut(title, LONGEST_LABEL), key) for title, key in fitting[:SHOWN])

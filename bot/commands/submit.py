"""Handing papers in: a link, an id, or a message with several. Nothing is voted for by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot import views
from bot.actions.saved import saved_as
from bot.actions.submissions import submit as put_on_list
from bot.cards import Reply
from bot.commands.papers import linked
from bot.commands.parameters import read_text
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.languages import count, joined, msgid, msgids, say
from bot.model import Entry, GroupSettings, Listing, Paper
from bot.papers.ids import read_references
from bot.papers.lookup import as_told, told_key
from bot.papers.text import cut
from bot.ports import Reads
from bot.views.papers import revocable_card

MOST_LINKS = 5
LONGEST_SHOWN = 200  # characters of a link
SOURCE = "members"
SAVED = "saved:"  # before the name of a paper on the reading list of who hands it in

THERE = msgids("{papers} is on the list already.", "{papers} are on the list already.")
LEFT_OUT = msgids("{n} more link left out: {most} at a time.", "{n} more links left out: {most} at a time.")

LINK = Parameter(
    "link", "a link, an arXiv id or a DOI", read_text, de=("link", "ein Link oder eine Id, wie 2411.01234")
)
TITLE = Parameter(
    "title",
    "its title, for a paper that I can't look up",
    read_text,
    required=False,
    de=("titel", "sein Titel, wenn der Link ihn nicht verrät"),
)


@dataclass(slots=True)
class Submitted:
    """What became of the links of one text."""

    saved: list[Entry] = field(default_factory=list)
    there: list[Entry] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@command(
    "submit",
    "hand in a paper: it joins the newest list, with a card",
    Policy.MEMBER,
    LINK,
    TITLE,
    slow=True,
    de=("einreichen", "ein Paper vorschlagen: es kommt mit einer Karte auf die neueste Liste"),
)
async def submit(context: Context, link: str, title: str = "") -> Reply:
    if link.startswith(SAVED):
        link, title = await _saved(context, link.removeprefix(SAVED))
    references = read_references(link)
    if not references:
        raise UserError("There is no link in that. Give a link, an arXiv id such as 2412.01234, or a DOI.")
    outcome = Submitted()
    for key, written in list(references.items())[:MOST_LINKS]:
        await _submit(context, outcome, key, written, title if len(references) == 1 else "")
    saved = (revocable_card(entry, context.group) for entry in outcome.saved)
    there = (views.found_card(entry, context.group) for entry in outcome.there)
    cards = await linked(context, (*saved, *there))
    return Reply(_tell(context.group, outcome, left_out=len(references) - MOST_LINKS), cards, ok=bool(cards))


async def _saved(context: Context, name: str) -> tuple[str, str]:
    """Link and title; "" where it is only known by its link."""
    kept = await context.store.read(saved_as, context.act(), name)
    if kept is None:
        raise UserError("That is not on your reading list any more. /paper mine shows it.")
    return kept.url, "" if kept.title.startswith(kept.url[:8]) else kept.title


async def _submit(context: Context, outcome: Submitted, key: str, written: str, title: str) -> None:
    """Each under a request of its own, so that a text delivered twice changes nothing."""
    group = context.group.id
    known = await context.store.read(_find_listed, group, key)
    if known and not known.withdrawn:
        outcome.there.append(known)
        return
    paper = known.paper if known else await context.finding.find(key) or as_told(group, key, written, title)
    if paper is None:
        outcome.unknown.append(written)
        return
    outcome.saved.append(await _put(context, paper))


def _find_listed(rows: Reads, group: str, key: str) -> Entry | None:
    """Under its own key, or as a member told of it."""
    return rows.entries.entry_by_key(group, key) or rows.entries.entry_by_key(group, told_key(group, key))


async def _put(context: Context, paper: Paper) -> Entry:
    act, group = context.act(), context.groups.by_id[context.group.id]  # in whose language it is kept
    day = act.at.astimezone(group.zone).date()
    listing = Listing(paper, day, SOURCE, say(group, "handed in by a member"))
    summary = await context.summaries.at_once(paper, group.language)
    return await context.store.act(put_on_list, replace(act, request=f"{act.request}/{paper.key}"), listing, summary)


def _tell(group: GroupSettings, outcome: Submitted, left_out: int) -> str:
    parts = []
    if outcome.saved:
        papers = [_numbered(group, entry) for entry in outcome.saved]
        parts.append(say(group, "Handed in {papers}.", papers=joined(group, papers)))
    if outcome.there:
        titles = joined(group, [_title(entry) for entry in outcome.there])
        parts.append(count(group, *THERE, len(outcome.there), papers=titles))
    if outcome.unknown:
        parts.append(_tell_unknown(group, [cut(link, LONGEST_SHOWN) for link in outcome.unknown]))
    if left_out > 0:
        parts.append(count(group, *LEFT_OUT, left_out, most=MOST_LINKS))
    return " ".join(parts)


def _tell_unknown(group: GroupSettings, links: Sequence[str]) -> str:
    if len(links) == 1:
        sentence = msgid("I can't look up {link}. Say it with its title: /paper submit link:{link} title:…")
        return say(group, sentence, link=links[0])
    sentence = msgid("I can't look up {links}. Say each with its title: /paper submit link:… title:…")
    return say(group, sentence, links=joined(group, links))


def _numbered(group: GroupSettings, entry: Entry) -> str:
    return say(group, "{title} as no. {number}", title=_title(entry), number=entry.rank)


def _title(entry: Entry) -> str:
    return f"“{cut(entry.paper.title, 150)}”"

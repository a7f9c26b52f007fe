"""A private reading list: keeping a paper or a link to read later, and taking it off."""

from collections.abc import Iterator, Sequence

from bot.actions.saved import listed_of, save_papers, take_off
from bot.cards import Button, Reply
from bot.commands.parameters import complete_paper, read_paper, read_text
from bot.commands.sections import YOURS
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.languages import count, joined, msgids, say
from bot.model import Saved
from bot.papers.ids import read_references
from bot.papers.text import cut
from bot.views.papers import quoted
from bot.views.saved import held_cards

MOST_LINKS = 5  # at a time
LONGEST_TITLE = 200  # of a link, where nobody knows the paper's

WHAT = Parameter(
    "paper",
    "which paper: its number on today's list, words of its title, or any link",
    read_text,
    kind="paper",
    complete=complete_paper,
    de=("paper", "welches Paper: Nummer auf der Liste von heute, Wörter des Titels oder irgendein Link"),
)
KEPT = Parameter(
    "paper",
    "which paper of your reading list, by words of its title",
    read_text,
    de=("paper", "welches Paper deiner Leseliste, durch Wörter des Titels"),
)


@command(
    "save",
    "keep a paper or a link on my private reading list",
    Policy.MEMBER,
    WHAT,
    slow=True,
    de=("merken", "ein Paper oder einen Link auf meine private Leseliste setzen"),
    section=YOURS,
    everyday=True,
)
async def save(context: Context, paper: str) -> Reply:
    papers = await _meant(context, paper)
    fresh = await context.store.act(save_papers, context.act(), papers)
    group = context.group
    named = joined(group, [quoted(one.title) for one in papers])
    if fresh:
        one, many = msgids("{papers} is on your reading list now.", "{papers} are on your reading list now.")
    else:
        one, many = msgids("{papers} is on your reading list already.", "{papers} are on your reading list already.")
    text = (
        f"{count(group, one, many, len(papers), papers=named)} {say(group, 'Only you see it; /paper mine shows it.')}"
    )
    listed = await context.store.read(listed_of, group.id, papers)
    return Reply(text, held_cards(papers, {}, listed, group))


async def _meant(context: Context, typed: str) -> list[Saved]:
    """The links of a text, or a paper of the group."""
    if links := list(read_references(typed).items())[:MOST_LINKS]:
        return [await _linked(context, key, written) for key, written in links]
    entry = await read_paper(context, typed)
    return [Saved(entry.paper.key, entry.paper.title, entry.paper.url, context.now())]


async def _linked(context: Context, key: str, written: str) -> Saved:
    """Under its own title, where it can be looked up."""
    found = await context.finding.find(key)
    title, url = (found.title, found.url) if found else (cut(written, LONGEST_TITLE), written)
    return Saved(key, title, url, context.now())


@command(
    "unsave",
    "take a paper off my reading list",
    Policy.MEMBER,
    KEPT,
    de=("vergessen", "ein Paper von meiner Leseliste nehmen"),
    section=YOURS,
    everyday=True,
)
async def unsave(context: Context, paper: str) -> Reply:
    act = context.act()
    kept = await context.store.read(lambda rows: rows.saved.of(act.group, act.member))
    fitting = list(_fitting(kept, paper))
    if not fitting:
        raise UserError("{title} is not on your reading list. /paper mine shows it.", title=quoted(paper))
    if len(fitting) > 1:
        choices = tuple(Button(one.title, "unsave", argument=("paper", one.name), once=True) for one in fitting)
        return Reply(say(context.group, "Which one?"), choices=choices, ok=False)
    await context.store.act(take_off, act, fitting[0].key)
    back = Button(say(context.group, "Put it back"), "save", argument=("paper", fitting[0].url))
    return Reply(
        say(context.group, "{title} is off your reading list.", title=quoted(fitting[0].title)), choices=(back,)
    )


def _fitting(kept: Sequence[Saved], typed: str) -> Iterator[Saved]:
    """By the name that its button carries, else by words of its title."""
    exact = [one for one in kept if typed in (one.name, one.key, one.title)]
    yield from exact or (one for one in kept if typed.casefold() in one.title.casefold())

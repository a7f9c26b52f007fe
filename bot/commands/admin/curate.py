"""The list to come, before it is posted: papers put first, hidden, added. Touches no list that is out."""

from collections.abc import Sequence
from datetime import date

from bot.actions.curations import curate_paper, leave_to_ranking
from bot.cards import Card, Choice, Form, Input, Reply
from bot.commands.admin.replies import undo_button
from bot.commands.parameters import MOST_CHOICES, read_text
from bot.commands.table import Context, Parameter, Policy, command
from bot.day.needs import for_preview
from bot.errors import UserError
from bot.languages import say
from bot.model import Curation, GroupSettings, Listing, Paper
from bot.papers.ids import read_references
from bot.papers.text import cut
from bot.views.curation import LONGEST_LABEL, curation_card
from bot.views.dates import spoken
from bot.views.papers import quoted

LONGEST_SHOWN = 200  # characters of a link
PATIENCE = 8.0  # seconds that a moderator waits for sources


async def complete_listed(context: Context, typed: str) -> Sequence[Choice]:
    """Of the list to come."""
    numbered = enumerate(await _coming(context, await _next(context)), 1)
    labelled = [(f"{number}. {listing.paper.title}", listing.paper.key) for number, listing in numbered]
    fitting = [(label, key) for label, key in labelled if typed.casefold() in label.casefold()]
    return [
        Choice(cut(label, LONGEST_LABEL), key) for label, key in fitting[:MOST_CHOICES] if len(key) <= LONGEST_LABEL
    ]


async def complete_chosen(context: Context, typed: str) -> Sequence[Choice]:
    chosen = await _chosen(context)
    return [
        Choice(cut(one.title, LONGEST_LABEL), one.key) for one in chosen if typed.casefold() in one.title.casefold()
    ]


FIRST = Parameter(
    "first",
    "the paper that comes first: its number on that list, or words of its title",
    read_text,
    required=False,
    complete=complete_listed,
    de=("zuerst", "das Paper, das zuerst kommt: seine Nummer auf der Liste oder Wörter des Titels"),
)
HIDE = Parameter(
    "hide",
    "the paper that comes on no list: its number on that list, or words of its title",
    read_text,
    required=False,
    complete=complete_listed,
    de=("ausblenden", "das Paper, das auf keine Liste kommt: seine Nummer oder Wörter des Titels"),
)
ADD = Parameter(
    "add",
    "a paper that is not on it: a link, an arXiv id or a DOI; it comes first",
    read_text,
    required=False,
    de=("dazu", "ein Paper, das nicht darauf steht: Link, arXiv-Id oder DOI; es kommt zuerst"),
)
LEAVE = Parameter(
    "leave",
    "a paper that you chose or hid, and leave to the ranking after all",
    read_text,
    required=False,
    complete=complete_chosen,
    de=("lassen", "ein Paper, das du gewählt oder ausgeblendet hast und doch der Reihenfolge überlässt"),
)


@command(
    "curate",
    "the next list before it is posted: put papers first, hide and add them",
    Policy.MODERATOR,
    FIRST,
    HIDE,
    ADD,
    LEAVE,
    slow=True,
    de=("auswählen", "die nächste Liste, bevor sie kommt: Paper nach vorn, ausblenden, dazunehmen"),
)
async def curate(context: Context, first: str = "", hide: str = "", add: str = "", leave: str = "") -> Reply:
    if add == "?":
        return _ask_for_paper(context.group)
    on = await _next(context)
    await context.collector.bring(for_preview(context.daily.sources, context.group, on), PATIENCE)
    told = [
        await _put(context, on, first, hidden=False) if first else "",
        await _put(context, on, hide, hidden=True) if hide else "",
        await _add(context, add) if add else "",
        await _leave(context, leave) if leave else "",
    ]
    said = " ".join(filter(None, told))
    day = spoken(on, context.group)
    text = said or say(context.group, "This is what comes on {day} as things stand now. Only you see it.", day=day)
    back = (undo_button(context.group),) if said else ()
    return Reply(text, (await list_card(context, on),), choices=back, replaces=context.request.pressed)


def _ask_for_paper(group: GroupSettings) -> Reply:
    link = Input("add", say(group, "A link, an arXiv id or a DOI"))
    return Reply(
        say(group, "Type it: /paper-admin curate add:LINK"), form=Form(say(group, "Add a paper"), "curate", (link,))
    )


async def list_card(context: Context, on: date) -> Card:
    hidden = [choice for choice in await _chosen(context) if choice.hidden]
    return curation_card(await _coming(context, on), hidden, on, context.group)


async def _next(context: Context) -> date:
    return await context.daily.next_post(context.group, context.groups.due(context.group, context.now()))


async def _coming(context: Context, on: date) -> Sequence[Listing]:
    return await context.daily.coming(context.group, on)


async def _chosen(context: Context) -> Sequence[Curation]:
    return await context.store.read(lambda rows: rows.curations.of(context.group.id))


async def _put(context: Context, on: date, typed: str, *, hidden: bool) -> str:
    paper = _meant([listing.paper for listing in await _coming(context, on)], typed)
    await context.store.act(curate_paper, context.act(), paper, hidden=hidden)
    if hidden:
        return say(
            context.group,
            "{title} comes on no list. Who wants it can still hand it in.",
            title=quoted(paper.title),
        )
    return _say_first(context, paper)


def _meant(papers: Sequence[Paper], typed: str) -> Paper:
    """By key, number or words of the title."""
    if typed.isdecimal() and typed.isascii():
        if not papers:
            raise UserError("Nothing is on it yet.")
        if not 1 <= int(typed[:6]) <= len(papers):
            raise UserError("The list to come has numbers 1 to {last}.", last=len(papers))
        return papers[int(typed[:6]) - 1]
    keys = {typed, *read_references(typed)}
    fitting = [paper for paper in papers if paper.key in keys]
    fitting = fitting or [paper for paper in papers if typed.casefold() in paper.title.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise UserError(
            "{n} titles of the list to come hold {typed}. Say it by its number: /paper-admin curate shows the list.",
            n=len(fitting),
            typed=quoted(typed),
        )
    raise UserError(
        "No title of the list to come holds {typed}. Say it by its number: /paper-admin curate shows the list.",
        typed=quoted(typed),
    )


async def _add(context: Context, link: str) -> str:
    key = next(iter(read_references(link)), "")
    if not key:
        raise UserError("There is no link in that. Give a link, an arXiv id such as 2412.01234, or a DOI.")
    paper = await context.finding.find(key)
    if paper is None:
        raise UserError(
            "I can't look up {link}. Hand it in with its title, and it joins the newest list: "
            "/paper submit link:… title:…",
            link=cut(link, LONGEST_SHOWN),
        )
    await context.store.act(curate_paper, context.act(), paper, hidden=False)
    return _say_first(context, paper)


def _say_first(context: Context, paper: Paper) -> str:
    return say(context.group, "{title} comes first, and its card says that you chose it.", title=quoted(paper.title))


async def _leave(context: Context, typed: str) -> str:
    fitting = [one for one in await _chosen(context) if typed in (one.key, one.title)]
    fitting = fitting or [one for one in await _chosen(context) if typed.casefold() in one.title.casefold()]
    if len(fitting) != 1:
        raise UserError(
            "You chose no paper that is called {typed}. /paper-admin curate shows the list.", typed=quoted(typed)
        )
    await context.store.act(leave_to_ranking, context.act(), fitting[0].key)
    return say(context.group, "{title} is left to the ranking.", title=quoted(fitting[0].title))

"""Commands that look: today, search, show, summary. They change nothing a member would notice."""

from collections.abc import Sequence
from datetime import date

from bot import views
from bot.actions.papers import put_summaries
from bot.cards import Reply
from bot.commands.parameters import DATE, PAPER, QUERY
from bot.commands.table import Context, Policy, command
from bot.dates import spoken
from bot.model import Digest, Entry
from bot.ports import Reads
from bot.views.papers import quoted
from bot.wording import plural

SHOWN = 10


@command(
    "today",
    "the newest list, whole; or the list of a date",
    Policy.ANYONE,
    DATE,
    de=("heute", "die neueste Liste, ganz; oder die Liste eines Tages"),
)
async def today(context: Context, date: date | None = None) -> Reply:
    group = context.group
    newest, digest, entries = await context.store.read(_look_up, group.id, date)
    if digest is None:
        asked = f"Nothing was posted on {spoken(date)}." if date else "Nothing was posted yet."
        return Reply(f"{asked} {views.next_words(newest, group)}")
    card = views.digest_card(digest, group)
    if not digest.papers:
        return Reply(f"{card.title}. {card.body}")
    return Reply(f"{card.title}: {plural(len(entries), 'paper')}", tuple(map(views.listed_card, entries)))


def _look_up(rows: Reads, group: str, on: date | None) -> tuple[Digest | None, Digest | None, Sequence[Entry]]:
    """The newest digest, and that of the date (or the newest) with its entries."""
    newest = next(iter(rows.days.digests(group, 1)), None)
    asked = rows.days.digest(group, on) if on else newest
    return newest, asked, rows.entries.entries(group, asked.posted_on) if asked else ()


@command(
    "search",
    "papers on this group's lists, by words of title, abstract or authors",
    Policy.ANYONE,
    QUERY,
    de=("suchen", "Papers auf den Listen der Gruppe, nach Wörtern aus Titel, Abstract oder Autoren"),
)
async def search(context: Context, query: str) -> Reply:
    found = await context.store.read(lambda rows: rows.entries.search(context.group.id, query, limit=SHOWN))
    if not found.total:
        return Reply(f'Nothing on this group\'s lists has all of "{query}". Fewer or shorter words find more.')
    shown = f"; the best {SHOWN} are shown" if found.total > SHOWN else ""
    text = f'{plural(found.total, "paper")} for "{query}"{shown}'
    return Reply(text, tuple(map(views.found_card, found.entries)))


@command(
    "show", "all that is known of a paper", Policy.ANYONE, PAPER, de=("zeigen", "alles, was über ein Paper bekannt ist")
)
async def show(context: Context, paper: Entry) -> Reply:
    return Reply(f"No. {paper.rank} of {spoken(paper.posted_on)}", (views.full_card(paper),))


@command(
    "summary",
    "what a paper is about, in a sentence",
    Policy.ANYONE,
    PAPER,
    slow=True,
    de=("zusammenfassung", "worum es in einem Paper geht, in einem Satz"),
)
async def summary(context: Context, paper: Entry) -> Reply:
    summary = paper.summary or await context.summaries.best(paper.paper, context.group.language)
    if summary is None:
        return Reply(f"No abstract of {quoted(paper.paper.title)} is known, so there is nothing to summarise.")
    if summary is not paper.summary:
        await context.store.write(put_summaries, {paper.paper.key: summary}, context.now())
    return Reply(f"{summary.text} ({summary.label})", (views.abstract_card(paper),))

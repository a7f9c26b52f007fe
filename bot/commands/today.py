"""The newest list, or that of a date."""

from collections.abc import Sequence
from datetime import date, datetime

from bot import views
from bot.actions.day import latest_digests
from bot.cards import Reply
from bot.commands.parameters import DATE
from bot.commands.table import Context, Policy, command
from bot.languages import count, say
from bot.model import Digest, Entry, GroupSettings
from bot.ports import Reads
from bot.views.dates import spoken
from bot.views.standing import day_links


@command(
    "today",
    "the newest list, whole; or the list of a date",
    Policy.ANYONE,
    DATE,
    de=("heute", "die neueste Liste, ganz; oder die Liste eines Tages"),
)
async def today(context: Context, date: date | None = None) -> Reply:
    group = context.group
    newest, digest, entries = await context.store.read(_look_up, group.id, date, context.now())
    if digest is None:
        return Reply(f"{_say_nothing(date, group)} {views.next_words(newest, group)}")
    card = views.digest_card(digest, group)
    there = await context.store.read(day_links, group, context.here, digest.posted_on)
    if not digest.papers:
        return Reply(f"{card.title}. {card.body}", messages=there)
    cards = tuple(views.listed_card(entry, group) for entry in entries)
    return Reply(f"{card.title}: {count(group, '{n} paper', '{n} papers', len(entries))}", cards, messages=there)


def _say_nothing(on: date | None, group: GroupSettings) -> str:
    if on is None:
        return say(group, "Nothing was posted yet.")
    return say(group, "Nothing was posted on {day}.", day=spoken(on, group))


def _look_up(
    rows: Reads, group: str, on: date | None, now: datetime
) -> tuple[Digest | None, Digest | None, Sequence[Entry]]:
    """The newest digest, and that of the date (or the newest) with its entries."""
    newest = next(iter(latest_digests(rows, group, now)), None)
    asked = rows.days.digest(group, on) if on else newest
    return newest, asked, rows.entries.entries(group, asked.posted_on) if asked else ()

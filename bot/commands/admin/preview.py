"""The next post and the next meeting as members would see them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot import views
from bot.cards import Card, Reply
from bot.commands.admin.curate import list_card
from bot.commands.table import Context, Policy, command
from bot.day.needs import for_preview
from bot.errors import Refused
from bot.languages import joined, say
from bot.model import GroupSettings, Session
from bot.ports import Reads
from bot.views.dates import spoken
from bot.views.pick import meeting_card
from bot.week.participation import participation_of
from bot.wording import capitalised

PREVIEW_PATIENCE = 8.0  # seconds that a moderator waits for sources


@command(
    "preview",
    "the next post and the next meeting as members would see them; posts nothing",
    Policy.MODERATOR,
    slow=True,
    de=("vorschau", "der nächste Post und das nächste Treffen, wie Mitglieder sie sähen; postet nichts"),
)
async def preview(context: Context) -> Reply:
    group = context.group
    on = await context.daily.next_post(group, context.groups.due(group, context.now()))
    await context.collector.bring(for_preview(context.daily.sources, group, on), PREVIEW_PATIENCE)
    digest, entries = await context.daily.preview(group, on)
    cards = (views.digest_card(digest, group), *(views.paper_card(entry, group) for entry in entries[: digest.cards]))
    week = await _week_cards(context)
    seen = tuple(replace(card, buttons=(), entry=None) for card in (*week, *cards))
    seen = (*seen, await list_card(context, on))
    return Reply(" ".join([*_said(group, on, await context.daily.unread(group, on), bool(week))]), seen)


def _said(group: GroupSettings, on: date, unread: Sequence[str], is_met: bool) -> Iterator[str]:
    day = spoken(on, group)
    if is_met:
        yield say(group, "The next meeting, and the post of {day} as things stand now.", day=day)
    else:
        yield say(group, "The post of {day} as things stand now.", day=day)
    if unread:
        yield say(group, "{sources} did not answer yet.", sources=capitalised(joined(group, unread)))
    yield say(group, "Only you see it.")


async def _week_cards(context: Context) -> Sequence[Card]:
    """Of the next meeting: what is voted on, or what it reads."""
    try:
        session = await context.meetings.current(context.group)
    except Refused:
        return ()
    return await context.store.read(_cards_of, context.group, session, context.now())


def _cards_of(rows: Reads, group: GroupSettings, session: Session, now: datetime) -> Sequence[Card]:
    room = participation_of(rows, group.id, session.id)
    return (meeting_card(room, group, rows, now),) if room else ()

"""The next post and the next meeting as members would see them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import views
from bot.cards import Card, Reply
from bot.commands.admin.curate import list_card
from bot.commands.table import Context, Policy, command
from bot.day.needs import for_preview
from bot.errors import Refused
from bot.model import GroupSettings, Session
from bot.ports import Reads
from bot.views.dates import spoken
from bot.views.pick import meeting_card
from bot.week.participation import participation_of
from bot.wording import capitalised, join_words

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
    first = "The next meeting, and the post" if week else "The post"
    unread = await context.daily.unread(group, on)
    but = f" {capitalised(join_words(unread))} did not answer yet." if unread else ""
    return Reply(f"{first} of {spoken(on, group)} as things stand now.{but} Only you see it.", seen)


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

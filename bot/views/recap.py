"""How a meeting was: the recap that asks and then tells, and the same as the archive lists it."""

from collections.abc import Iterator
from dataclasses import replace

from bot.cards import Button, Card, Field, Message
from bot.groups.post_times import local_date
from bot.languages import count, decimal, joined, say, shortened
from bot.model import GroupSettings, Participation, Session, Wanted
from bot.papers.text import cut
from bot.ports import Reads
from bot.views.dates import day_of, spoken_year
from bot.views.kinds import message
from bot.views.meeting import co_presenters, links, no_meeting, what
from bot.views.papers import authors, quoted
from bot.week.participation import participation_of

LONGEST_TAKEAWAY = 300
MOST_TOLD = 10  # members whose takeaways stand on a card
NAMED_COMERS = 8


@message("recap", "session")
def build_recap(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    room = participation_of(rows, group.id, int(wanted.key))
    if room is None:
        return None
    card = recap_card(room, group)
    return Message(f"{card.title} {card.body}".strip(), card)


def recap_card(room: Participation, group: GroupSettings) -> Card:
    session = room.session
    day = day_of(session, group)
    if session.status != "planned":
        return Card("recap", say(group, "No meeting on {day}", day=day), body=no_meeting(session, group))
    is_told = any(recap.takeaways or recap.rating for recap in room.recaps)
    card = _told(room, group) if is_told else _asking(room, group)
    return replace(card, links=links(room, group), buttons=(recap_button(session, group),))


def _told(room: Participation, group: GroupSettings) -> Card:
    return Card(
        kind="recap",
        title=say(group, "How it was: {meeting}", meeting=what(room, group)),
        url=room.entry.paper.url if room.entry else "",
        fields=tuple(how_it_was(room, group)),
    )


def _asking(room: Participation, group: GroupSettings) -> Card:
    if room.entry:
        topic = quoted(room.entry.paper.title)
    else:
        topic = say(group, "The meeting on {day}", day=day_of(room.session, group))
    return Card(
        kind="recap",
        title=say(group, "How was it?"),
        body=say(group, "{topic}: what do you take home, and was it worth our time? It takes a minute.", topic=topic),
    )


def recap_button(session: Session, group: GroupSettings) -> Button:
    return Button(say(group, "Add a recap"), "recap", session=session.id)


def archived_card(room: Participation, group: GroupSettings) -> Card:
    """One of many."""
    day = spoken_year(local_date(room.session.starts, group), group)
    entry = room.entry
    return Card(
        kind="recap",
        title=entry.paper.title if entry else say(group, "Meeting without a paper"),
        url=entry.paper.url if entry else "",
        byline=authors(entry.paper, group) if entry else "",
        fields=(Field(say(group, "Met on"), day), *how_it_was(room, group)),
        links=links(room, group),
        entry=entry.id if entry else None,
    )


def how_it_was(room: Participation, group: GroupSettings) -> Iterator[Field]:
    names = [room.session.presenter.name] if room.session.presenter else []
    if names or room.session.open_discussion:
        presented = joined(group, [*names, *co_presenters(room)]) or say(group, "open discussion")
        yield Field(say(group, "Presented by"), presented)
    if rating := say_rating(room, group):
        yield Field(say(group, "Worth our time"), rating)
    if came := [who.name for who in room.coming]:
        yield Field(say(group, "Said yes"), f"{len(came)}: {shortened(group, came, NAMED_COMERS)}")
    if told := "\n".join(_say_takeaways(room, group)):
        yield Field(say(group, "Takeaways"), told)


def say_rating(room: Participation, group: GroupSettings) -> str:
    """`4.3 of 5 from 6 members`, "" when nobody has said."""
    if room.rating is None:
        return ""
    rated, mean = sum(1 for recap in room.recaps if recap.rating), decimal(group, room.rating)
    return count(group, "{mean} of 5 from {n} member", "{mean} of 5 from {n} members", rated, mean=mean)


def _say_takeaways(room: Participation, group: GroupSettings) -> Iterator[str]:
    told = [recap for recap in room.recaps if recap.takeaways]
    for recap in told[:MOST_TOLD]:
        yield f"{recap.member.name}: {'; '.join(cut(text, LONGEST_TAKEAWAY) for text in recap.takeaways)}"
    if (more := len(told) - MOST_TOLD) > 0:
        yield count(group, "and {n} more recap", "and {n} more recaps", more)

"""How a meeting was: the recap that asks and then tells, and the same as the archive lists it."""

from collections.abc import Iterator

from bot.cards import Button, Card, Field, Message
from bot.groups.post_times import local_date
from bot.model import GroupSettings, Participation, Session, Wanted
from bot.papers.text import cut
from bot.ports import Reads
from bot.views.dates import day_of, spoken_year
from bot.views.kinds import message
from bot.views.meeting import co_presenters, links, no_meeting, what
from bot.views.papers import authors, quoted
from bot.week.participation import participation_of
from bot.wording import join_words, plural, shortened

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
    if session.status != "planned":
        return Card("recap", f"No meeting on {day_of(session, group)}", body=no_meeting(session, group))
    topic = quoted(room.entry.paper.title) if room.entry else f"The meeting on {day_of(session, group)}"
    is_told = any(recap.takeaways or recap.rating for recap in room.recaps)
    return Card(
        kind="recap",
        title=f"How it was: {what(room, group)}" if is_told else "How was it?",
        url=room.entry.paper.url if room.entry and is_told else "",
        body="" if is_told else f"{topic}: what do you take home, and was it worth our time? It takes a minute.",
        fields=tuple(how_it_was(room)) if is_told else (),
        links=links(room),
        buttons=(recap_button(session),),
    )


def recap_button(session: Session) -> Button:
    return Button("Add a recap", "recap", session=session.id)


def archived_card(room: Participation, group: GroupSettings) -> Card:
    """One of many."""
    day = spoken_year(local_date(room.session.starts, group), group)
    entry = room.entry
    return Card(
        kind="recap",
        title=entry.paper.title if entry else "Meeting without a paper",
        url=entry.paper.url if entry else "",
        byline=authors(entry.paper, group) if entry else "",
        fields=(Field("Met on", day), *how_it_was(room)),
        links=links(room),
        entry=entry.id if entry else None,
    )


def how_it_was(room: Participation) -> Iterator[Field]:
    names = [room.session.presenter.name] if room.session.presenter else []
    if names or room.session.open_discussion:
        yield Field("Presented by", join_words([*names, *co_presenters(room)]) or "open discussion")
    if rating := say_rating(room):
        yield Field("Worth our time", rating)
    if room.coming:
        yield Field("Said yes", f"{len(room.coming)}: {shortened([who.name for who in room.coming], NAMED_COMERS)}")
    if told := "\n".join(_say_takeaways(room)):
        yield Field("Takeaways", told)


def say_rating(room: Participation) -> str:
    """`4.3 of 5 from 6`, "" when nobody has said."""
    mean = room.rating
    if mean is None:
        return ""
    return f"{mean:.1f} of 5 from {plural(sum(1 for recap in room.recaps if recap.rating), 'member')}"


def _say_takeaways(room: Participation) -> Iterator[str]:
    told = [recap for recap in room.recaps if recap.takeaways]
    for recap in told[:MOST_TOLD]:
        yield f"{recap.member.name}: {'; '.join(cut(text, LONGEST_TAKEAWAY) for text in recap.takeaways)}"
    if (more := len(told) - MOST_TOLD) > 0:
        yield f"and {plural(more, 'more recap')}"

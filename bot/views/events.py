"""A meeting for a surface's own calendar."""

from bot.cards import Card, Event, Message
from bot.languages import say
from bot.model import GroupSettings, Participation, Wanted
from bot.ports import Reads
from bot.views.kinds import message
from bot.views.meeting import event_title, no_meeting, presents, slides
from bot.week.participation import participation_of


@message("event", "session")
def build_event(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    room = participation_of(rows, group.id, int(wanted.key))
    if room is None:
        return None
    card = event_card(room, group)
    return Message(card.title, card)


def event_card(room: Participation, group: GroupSettings) -> Card:
    session = room.session
    is_on = session.status == "planned"
    entry = room.entry if session.settled else None
    return Card(
        kind="event",
        title=event_title(entry.paper.title if entry else say(group, "our meeting"), group),
        url=entry.paper.url if entry else "",
        body=_describe(room, group) if is_on else no_meeting(session, group),
        links=slides(session, group) if is_on else (),
        event=Event(session.starts, session.ends, session.place, is_cancelled=not is_on),
    )


def _describe(room: Participation, group: GroupSettings) -> str:
    summary = room.entry.summary if room.entry and room.session.settled else None
    who = say(group, "Presents: {who}.", who=presents(room, group))
    return "\n".join(part for part in (summary.text if summary else "", who) if part)

"""What the cards of one meeting share: its name, when, where, who presents, who comes. Knows no kind of message."""

import re
from functools import reduce

from bot.cards import Button, Field
from bot.languages import count, joined, say, shortened
from bot.model import Claim, ClaimKind, GroupSettings, Participation, Session
from bot.views.dates import day_of, spoken_span
from bot.views.papers import counted

NAMED_COMING = 2


def what(room: Participation, group: GroupSettings) -> str:
    """The title of a card: `Thursday 26 November: Tiny Verifiers`. Cut by the surface."""
    day = day_of(room.session, group)
    return f"{day}: {room.entry.paper.title}" if room.entry else say(group, "Meeting on {day}", day=day)


def event_title(paper: str, group: GroupSettings) -> str:
    """In calendars. `paper`: its title, or what there is instead."""
    blanks = {"{group}": group.name, "{paper}": paper}
    return re.sub(r"\{group\}|\{paper\}", lambda blank: blanks[blank[0]], group.week.title)


def when(session: Session, group: GroupSettings) -> Field:
    return Field(say(group, "When"), spoken_span(session.starts, session.minutes, group))


def where(session: Session, group: GroupSettings) -> tuple[Field, ...]:
    return (Field(say(group, "Where"), session.place),) if session.place else ()


def no_meeting(session: Session, group: GroupSettings) -> str:
    """Of one that was skipped or called off."""
    day = day_of(session, group)
    if why := session.why.rstrip("."):
        return say(group, "There is no meeting on {day}: {why}.", day=day, why=why)
    return say(group, "There is no meeting on {day}.", day=day)


def how_it_settles(seconded: int, group: GroupSettings) -> str:
    """Of a paper that is proposed."""
    if not seconded:
        return say(group, "A moderator or two members confirm it.")
    return count(
        group,
        "A moderator or two members confirm it; {n} member has so far.",
        "A moderator or two members confirm it; {n} members have so far.",
        seconded,
    )


# --- who


def presents(room: Participation, group: GroupSettings) -> str:
    """`Ann, who has not confirmed yet`"""
    session = room.session
    if session.presenter is None:
        return _nobody(room, group)
    name, others = session.presenter.name, co_presenters(room)
    names = joined(group, [name, *others])
    if session.confirmed_at:
        return names
    if others:
        return say(group, "{names}; {name} has not confirmed yet", names=names, name=name)
    return say(group, "{name}, who has not confirmed yet", name=name)


def _nobody(room: Participation, group: GroupSettings) -> str:
    if room.session.open_discussion:
        return say(group, "Open discussion")
    holder = next(iter(claimers(room, "holder")), None)
    if holder and not room.session.settled:
        return say(group, "{name} has claimed it", name=holder.member.name)
    return say(group, "Nobody yet")


def co_presenters(room: Participation) -> list[str]:
    return [claim.member.name for claim in claimers(room, "co")]


def claimers(room: Participation, kind: ClaimKind) -> list[Claim]:
    """Who counts: awake, willing, and not presenting already."""
    presenter = room.session.presenter.id if room.session.presenter else 0
    out = {presenter, *room.session.tried}
    return [claim for claim in room.claims if claim.kind == kind and not claim.slept_at and claim.member.id not in out]


def backups(room: Participation, group: GroupSettings) -> tuple[Field, ...]:
    """In the order in which they are asked."""
    names = [claim.member.name for kind in ("backup", "fallback") for claim in claimers(room, kind)]
    return (Field(say(group, "Next in line"), _one_by_one(names, group)),) if names and room.session.presenter else ()


def _one_by_one(names: list[str], group: GroupSettings) -> str:
    return reduce(lambda before, name: say(group, "{before}, then {name}", before=before, name=name), names)


def coming(room: Participation, group: GroupSettings) -> str:
    """`Ann and Bob`, `5: Ann, Bob and 3 more`"""
    needed, names = group.week.headcount, [member.name for member in room.coming]
    said = _named(names, group) if names else say(group, "Nobody has said so yet")
    if len(names) >= needed:
        return said
    return count(group, "{coming}; at least {n} must come", "{coming}; at least {n} must come", needed, coming=said)


def _named(names: list[str], group: GroupSettings) -> str:
    number = f"{len(names)}: " if len(names) > NAMED_COMING else ""
    return f"{number}{shortened(group, names, NAMED_COMING)}"


def facts(room: Participation, group: GroupSettings) -> tuple[Field, ...]:
    """When, where and who presents."""
    who = Field(say(group, "Presents"), presents(room, group))
    return (when(room.session, group), *where(room.session, group), who, *backups(room, group))


def links(room: Participation, group: GroupSettings) -> tuple[tuple[str, str], ...]:
    return (*slides(room.session, group), *(room.entry.paper.links if room.entry else ()))


def slides(session: Session, group: GroupSettings) -> tuple[tuple[str, str], ...]:
    return ((say(group, "slides"), session.slides),) if session.slides else ()


# --- what can be pressed


def join_buttons(room: Participation, group: GroupSettings) -> tuple[Button, ...]:
    session = room.session.id
    return (
        Button(counted(say(group, "Join"), len(room.coming)), "rsvp", argument=("answer", "join"), session=session),
        Button(say(group, "Skip"), "rsvp", argument=("answer", "skip"), session=session),
    )


def ask_button(room: Participation, group: GroupSettings) -> Button:
    return Button(say(group, "Ask"), "ask", session=room.session.id)


def present_button(session: Session, group: GroupSettings) -> Button:
    return Button(say(group, "I'll present"), "present", argument=("answer", "yes"), session=session.id)

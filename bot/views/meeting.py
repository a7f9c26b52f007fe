"""What the cards of one meeting share: its name, when, where, who presents, who comes. Knows no kind of message."""

import re

from bot.cards import Button, Field
from bot.model import Claim, ClaimKind, GroupSettings, Participation, Session
from bot.views.dates import day_of, spoken_span
from bot.views.papers import counted
from bot.wording import join_words, plural, shortened

NAMED_COMING = 2
NOT_YET = "who has not confirmed yet"


def what(room: Participation, group: GroupSettings) -> str:
    """The title of a card: `Thursday 26 November: Tiny Verifiers`. Cut by the surface."""
    day = day_of(room.session, group)
    return f"{day}: {room.entry.paper.title}" if room.entry else f"Meeting on {day}"


def event_title(paper: str, group: GroupSettings) -> str:
    """In calendars. `paper`: its title, or what there is instead."""
    blanks = {"{group}": group.name, "{paper}": paper}
    return re.sub(r"\{group\}|\{paper\}", lambda blank: blanks[blank[0]], group.week.title)


def when(session: Session, group: GroupSettings) -> Field:
    return Field("When", spoken_span(session.starts, session.minutes, group))


def where(session: Session) -> tuple[Field, ...]:
    return (Field("Where", session.place),) if session.place else ()


def no_meeting(session: Session, group: GroupSettings) -> str:
    """Of one that was skipped or called off."""
    why = f": {session.why}" if session.why else ""
    return f"There is no meeting on {day_of(session, group)}{why.rstrip('.')}."


def how_it_settles(seconded: int) -> str:
    """Of a paper that is proposed."""
    so_far = f"; {plural(seconded, 'member')} {'has' if seconded == 1 else 'have'} so far" if seconded else ""
    return f"A moderator or two members confirm it{so_far}"


# --- who


def presents(room: Participation) -> str:
    """`Ann, who has not confirmed yet`"""
    session = room.session
    if session.presenter is None:
        return _nobody(room)
    name, others = session.presenter.name, co_presenters(room)
    if session.confirmed_at:
        return join_words([name, *others])
    return f"{join_words([name, *others])}; {name} has not confirmed yet" if others else f"{name}, {NOT_YET}"


def _nobody(room: Participation) -> str:
    if room.session.open_discussion:
        return "Open discussion"
    holder = next(iter(claimers(room, "holder")), None)
    return f"{holder.member.name} has claimed it" if holder and not room.session.settled else "Nobody yet"


def co_presenters(room: Participation) -> list[str]:
    return [claim.member.name for claim in claimers(room, "co")]


def claimers(room: Participation, kind: ClaimKind) -> list[Claim]:
    """Who counts: awake, willing, and not presenting already."""
    presenter = room.session.presenter.id if room.session.presenter else 0
    out = {presenter, *room.session.tried}
    return [claim for claim in room.claims if claim.kind == kind and not claim.slept_at and claim.member.id not in out]


def backups(room: Participation) -> tuple[Field, ...]:
    """In the order in which they are asked."""
    names = [claim.member.name for kind in ("backup", "fallback") for claim in claimers(room, kind)]
    return (Field("Next in line", ", then ".join(names)),) if names and room.session.presenter else ()


def coming(room: Participation, group: GroupSettings) -> str:
    """`Ann and Bob`, `5: Ann, Bob and 3 more`"""
    needed, names = group.week.headcount, [member.name for member in room.coming]
    least = f"; at least {needed} must come" if len(names) < needed else ""
    if not names:
        return f"Nobody has said so yet{least}"
    count = f"{len(names)}: " if len(names) > NAMED_COMING else ""
    return f"{count}{shortened(names, NAMED_COMING)}{least}"


def facts(room: Participation, group: GroupSettings) -> tuple[Field, ...]:
    """When, where and who presents."""
    return (when(room.session, group), *where(room.session), Field("Presents", presents(room)), *backups(room))


def links(room: Participation) -> tuple[tuple[str, str], ...]:
    slides = (("slides", room.session.slides),) if room.session.slides else ()
    return (*slides, *(room.entry.paper.links if room.entry else ()))


# --- what can be pressed


def join_buttons(room: Participation) -> tuple[Button, ...]:
    session = room.session.id
    return (
        Button(counted("Join", len(room.coming)), "rsvp", argument=("answer", "join"), session=session),
        Button("Skip", "rsvp", argument=("answer", "skip"), session=session),
    )


def ask_button(room: Participation) -> Button:
    return Button("Ask", "ask", session=room.session.id)


def present_button(session: Session) -> Button:
    return Button("I'll present", "present", argument=("answer", "yes"), session=session.id)

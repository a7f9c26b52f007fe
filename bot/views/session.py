"""The messages around a meeting: its presenter is asked, members are reminded, the room in which it is prepared."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.cards import Button, Card, Field, Message
from bot.groups.post_times import local_date
from bot.languages import count, joined, msgid, msgids, say
from bot.model import Claim, Entry, GroupSettings, Member, Participation, Session, Wanted
from bot.papers.text import cut
from bot.ports import Reads
from bot.views.dates import day_of, spoken, spoken_time, spoken_year
from bot.views.kinds import message
from bot.views.meeting import (
    ask_button,
    backups,
    co_presenters,
    coming,
    facts,
    join_buttons,
    links,
    no_meeting,
    present_button,
    presents,
    what,
    when,
    where,
)
from bot.views.papers import authors, quoted
from bot.week.participation import participation_of
from bot.week.plan import step_time
from bot.week.timeline import StepKind, moment
from bot.wording import capitalised

MOST_LISTED = 12  # questions, related papers
LONGEST_QUESTION = 300
ROLES = {
    "reviewer": (msgid("Friendly reviewer"), msgid("says what is good in it")),
    "critic": (msgid("Critic"), msgid("says what is weak in it")),
    "archaeologist": (msgid("Archaeologist"), msgid("knows what it builds on and what came after")),
    "scribe": (msgid("Scribe"), msgid("writes down what we take home")),
}
READINGS = {  # what a button says, and how those are counted who pressed it
    "read": (msgid("Read"), msgids("{n} read it", "{n} read it")),
    "skimmed": (msgid("Skimmed"), msgids("{n} skimmed it", "{n} skimmed it")),
    "not yet": (msgid("Not yet"), msgids("{n} not yet", "{n} not yet")),
}


# --- the presenter is asked


@message("ask", "session")
def build_ask(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    return _build_asking(rows, wanted, group, again=False)


@message("nudge", "session")
def build_nudge(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    return _build_asking(rows, wanted, group, again=True)


def _build_asking(rows: Reads, wanted: Wanted, group: GroupSettings, *, again: bool) -> Message | None:
    session, _, asked = wanted.key.partition(" ")
    room = participation_of(rows, group.id, int(session))
    if room is None:
        return None
    waits, is_over = is_waiting(room.session, asked), room.session.ends <= wanted.wanted_at
    if waits and room.session.presenter and not is_over:
        card = ask_card(room, group, again=again)
        accounts = rows.people.accounts(group.id, room.session.presenter.id)
        text, name = _ask_in_a_sentence(room, card, group, again=again), room.session.presenter.name
        return Message(text, card, mentions=on_surface(accounts, wanted.place), called=name, asks=True)
    title = say(group, "Who presents on {day}?", day=day_of(room.session, group))
    answer = say(group, "That meeting is over.") if waits and is_over else _say_answered(room, asked, group)
    return Message(answer, Card("ask", title, body=answer))


def _ask_in_a_sentence(room: Participation, card: Card, group: GroupSettings, *, again: bool) -> str:
    """What a ping says. It begins with the name."""
    if room.entry is None or room.session.presenter is None:
        return card.title
    name, day, title = room.session.presenter.name, day_of(room.session, group), quoted(room.entry.paper.title)
    if again:
        return say(group, "{name}, are you presenting {title} on {day}?", name=name, title=title, day=day)
    return say(group, "{name}, can you present {title} on {day}?", name=name, title=title, day=day)


def is_waiting(session: Session, asked: str) -> bool:
    """Whether the presenter who was asked then has not answered yet."""
    is_same = session.asked_at is not None and moment(session.asked_at) == asked
    return is_same and session.status == "planned" and session.confirmed_at is None


def on_surface(accounts: Sequence[str], place: str) -> tuple[str, ...]:
    surface = place.partition(":")[0]
    return tuple(account for account in accounts if account.partition(":")[0] == surface)


def ask_card(room: Participation, group: GroupSettings, *, again: bool = False) -> Card:
    session = room.session
    name = session.presenter.name if session.presenter else say(group, "Somebody")
    sentences = [_ask_for(room, group), *_by_when(session, group, again=again)]
    return Card(
        kind="ask",
        title=say(
            group,
            "{name}, are you presenting on {day}?" if again else "{name}, can you present on {day}?",
            name=name,
            day=day_of(session, group),
        ),
        body=" ".join(sentences),
        fields=(when(session, group), *where(session, group)),
        buttons=(
            present_button(session, group),
            Button(
                say(group, "Can't, ask backup" if backups(room, group) else "Can't make it"),
                "present",
                argument=("answer", "no"),
                session=session.id,
            ),
        ),
    )


def _ask_for(room: Participation, group: GroupSettings) -> str:
    if room.entry:
        title, others = quoted(room.entry.paper.title), joined(group, co_presenters(room))
        if others:
            return say(group, "It is about {title}, with {others}.", title=title, others=others)
        return say(group, "It is about {title}.", title=title)
    if by := step_time(StepKind.PAPER, room.session, group):
        return say(
            group,
            "You bring the paper: say which one by {time}, with /paper meeting present paper:…",
            time=spoken_time(by, group),
        )
    return say(group, "You bring the paper: say which one, with /paper meeting present paper:…")


def _by_when(session: Session, group: GroupSettings, *, again: bool) -> Iterator[str]:
    if by := step_time(StepKind.CONFIRM, session, group):
        yield say(
            group,
            "Please answer by {time}; after that the next in line is asked." if again else "Please answer by {time}.",
            time=spoken_time(by, group),
        )


def _say_answered(room: Participation, asked: str, group: GroupSettings) -> str:
    session = room.session
    if session.status != "planned":
        return no_meeting(session, group)
    if session.entry is None and group.week.mode == "vote":
        return say(group, "The pick was taken back, so nobody has to present yet.")
    if session.presenter is None:
        nobody = say(group, "It will be an open discussion." if session.open_discussion else "Nobody does yet.")
        return " ".join((nobody, say(group, "Whoever would like to can press I'll present on the meeting's card.")))
    answer = say(
        group, "{name} presents." if session.confirmed_at else "{name} is asked now.", name=session.presenter.name
    )
    is_last = session.asked_at is not None and moment(session.asked_at) == asked
    return answer if is_last else say(group, "This was passed on: {answer}", answer=answer)


# --- reminders


@message("reminder", "session")
def build_reminder(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    """Of several of a meeting the newest stands, until the meeting is over."""
    session, _, step = wanted.key.partition(" ")
    room = participation_of(rows, group.id, int(session))
    newest = rows.messages.newest(group.id, wanted.place, wanted.kind, session)
    if room is None or newest > wanted.id or room.session.ends <= wanted.wanted_at:
        return None
    card = reminder_card(room, group, meant_start(step) or room.session.starts)
    return Message(f"{card.title}. {card.body}".strip(), card, replies=True)


def meant_start(step: str) -> datetime | None:
    """The start of which a step of the timeline reminds; it may have moved since."""
    try:
        return datetime.strptime(step.rpartition(" ")[2], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _no_meeting(session: Session, group: GroupSettings) -> Card:
    title = say(group, "No meeting on {day}", day=day_of(session, group))
    return Card("session", title, body=no_meeting(session, group))


def reminder_card(room: Participation, group: GroupSettings, starts: datetime) -> Card:
    session = room.session
    if session.status != "planned":
        return _no_meeting(session, group)
    topic = room.entry.paper.title if room.entry and session.settled else say(group, "our meeting")
    if moment(starts) != moment(session.starts):
        moved = say(group, "It is on {time} now.", time=spoken_time(session.starts, group))
        return Card("session", say(group, "Moved: {topic}", topic=topic), body=moved)
    day = spoken(local_date(starts, group), group)
    return Card(
        kind="session",
        title=say(group, "Reminder for {day}: {topic}", day=day, topic=topic),
        url=room.entry.paper.url if room.entry and session.settled else "",
        body="" if room.entry else say(group, "There is no paper yet."),
        fields=(*facts(room, group), Field(say(group, "Coming"), coming(room, group))),
        links=links(room, group),
        buttons=(*join_buttons(room, group), ask_button(room, group)),
    )


@message("call")
def build_call(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    """Of those who said that they come, once, as far as they can be called there."""
    room = participation_of(rows, group.id, int(wanted.key.partition(" ")[0]))
    if room is None or room.session.status != "planned":
        return None
    accounts = {who.name: on_surface(rows.people.accounts(group.id, who.id), wanted.place) for who in room.coming}
    called = joined(group, [name for name, found in accounts.items() if found])
    everyone = tuple(account for found in accounts.values() for account in found)
    card = call_card(room, group)
    return Message(f"{called}: {card.body}", card, everyone, called)


def call_card(room: Participation, group: GroupSettings) -> Card:
    session = room.session
    return Card(
        kind="session",
        title=what(room, group),
        url=room.entry.paper.url if room.entry else "",
        body=say(group, "We meet on {time}.", time=spoken_time(session.starts, group)),
        fields=(*where(session, group), Field(say(group, "Presents"), presents(room, group))),
        links=links(room, group),
        buttons=join_buttons(room, group)[1:],
    )


# --- the room


@message("room", "session")
def build_room(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    room = participation_of(rows, group.id, int(wanted.key))
    if room is None:
        return None
    card = room_card(room, group)
    if room.session.status == "planned" and room.session.ends <= wanted.wanted_at:
        card = replace(card, body=say(group, "This meeting is over."), buttons=())
    return Message(f"{card.title}. {card.body}", card)


def room_card(room: Participation, group: GroupSettings) -> Card:
    """All that presenter and members need, in one place."""
    session, entry = room.session, room.entry
    if session.status != "planned":
        return _no_meeting(session, group)
    return Card(
        kind="session",
        title=what(room, group),
        url=entry.paper.url if entry else "",
        byline=authors(entry.paper, group) if entry else "",
        body=say(group, "Get ready here: ask what you want to have answered, and say how far you have read."),
        fields=(*facts(room, group), *(one for one in _lists(room, group) if one.value)),
        links=links(room, group),
        buttons=(
            ask_button(room, group),
            *_reading_buttons(session, group),
            *join_buttons(room, group),
            *_role_buttons(room, group),
        ),
    )


def _lists(room: Participation, group: GroupSettings) -> Iterator[Field]:
    yield Field(say(group, "Coming"), _say_coming(room, group))
    yield Field(say(group, "Who has read it"), _say_readings(room, group))
    yield Field(say(group, "Roles"), "\n".join(_say_roles(room, group)))
    yield Field(say(group, "Questions"), "\n".join(_say_questions(room, group)))
    yield Field(say(group, "Related here"), "\n".join(_say_related(room.related, group)))


def _say_coming(room: Participation, group: GroupSettings) -> str:
    names = [member.name for member in room.coming]
    return f"{len(names)}: {joined(group, names)}" if names else coming(room, group)


def _say_readings(room: Participation, group: GroupSettings) -> str:
    said = [
        count(group, *words, found) for state, (_, words) in READINGS.items() if (found := room.readings.get(state, 0))
    ]
    return joined(group, said) or say(group, "Nobody has said so yet")


def _say_roles(room: Participation, group: GroupSettings) -> Iterator[str]:
    taken, suggested = dict(room.roles), dict(room.suggested)
    for role in group.week.roles:
        yield f"{role_name(role, group)}: {_say_holder(taken.get(role), suggested.get(role), group)}"


def _say_holder(holder: Member | None, suggested: Member | None, group: GroupSettings) -> str:
    if holder:
        return holder.name
    if suggested:
        return say(group, "free; {name} had it least often", name=suggested.name)
    return say(group, "free")


def role_name(role: str, group: GroupSettings) -> str:
    return say(group, ROLES[role][0]) if role in ROLES else capitalised(role)


def _say_questions(room: Participation, group: GroupSettings) -> Iterator[str]:
    for question in room.questions[:MOST_LISTED]:
        yield f"{question.member.name}: {cut(question.text, LONGEST_QUESTION)}"
    if (more := len(room.questions) - MOST_LISTED) > 0:
        yield count(group, "and {n} more question", "and {n} more questions", more)


def _say_related(entries: Sequence[Entry], group: GroupSettings) -> Iterator[str]:
    for entry in entries[:MOST_LISTED]:
        title = quoted(entry.paper.title)
        if entry.reads_on:
            yield f"{title}, {spoken_year(entry.reads_on, group)}"
        elif entry.claimer:
            yield say(group, "{title}, claimed by {name}", title=title, name=entry.claimer.name)
        else:
            yield title


def _reading_buttons(session: Session, group: GroupSettings) -> Iterator[Button]:
    for state, (label, _) in READINGS.items():
        yield Button(say(group, label), "rsvp", argument=("reading", state), session=session.id)


def _role_buttons(room: Participation, group: GroupSettings) -> Iterator[Button]:
    for role in group.week.roles:
        yield Button(role_name(role, group), "rsvp", argument=("role", role), session=room.session.id)


# --- a claim that sleeps


@message("sleep")
def build_sleep(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    claim = rows.claims.claim_by_id(group.id, int(wanted.key.partition(" ")[0]))
    entry = rows.entries.entry(group.id, claim.entry) if claim else None
    title = say(group, "Keep it or give it back?")
    if claim is None or entry is None:
        gone = say(group, "It was given back; anyone can claim it.")
        return Message(gone, Card("ask", title, body=gone))
    if claim.slept_at is None:
        kept = say(group, "{name} keeps {title}.", name=claim.member.name, title=quoted(entry.paper.title))
        return Message(kept, Card("ask", title, body=kept))
    accounts = rows.people.accounts(group.id, claim.member.id)
    card = sleep_card(claim, entry, group)
    name = claim.member.name
    mentions = on_surface(accounts, wanted.place)
    return Message(f"{name}: {card.body}", card, mentions=mentions, called=name, asks=True)


def sleep_card(claim: Claim, entry: Entry, group: GroupSettings) -> Card:
    day = spoken_year(local_date(claim.at, group), group)
    return Card(
        kind="ask",
        title=say(group, "{name}: keep it or give it back?", name=claim.member.name),
        body=say(
            group,
            "You claimed {title} on {day} and it has not been picked. Until you say so, the claim does not count.",
            title=quoted(entry.paper.title),
            day=day,
        ),
        buttons=(
            Button(say(group, "Keep"), "claim", argument=("paper", "claim:" + str(claim.id))),
            Button(say(group, "Release"), "release", entry.id),
        ),
    )

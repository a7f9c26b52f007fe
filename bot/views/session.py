"""The messages around a meeting: its presenter is asked, members are reminded, the room in which it is prepared."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.cards import Button, Card, Field, Message
from bot.groups.post_times import local_date
from bot.model import Claim, Entry, GroupSettings, Participation, Session, Wanted
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
from bot.wording import capitalised, join_words, plural

MOST_LISTED = 12  # questions, related papers
LONGEST_QUESTION = 300
ROLES = {
    "reviewer": ("Friendly reviewer", "says what is good in it"),
    "critic": ("Critic", "says what is weak in it"),
    "archaeologist": ("Archaeologist", "knows what it builds on and what came after"),
    "scribe": ("Scribe", "writes down what we take home"),
}
READINGS = (("read", "read it"), ("skimmed", "skimmed it"), ("not yet", "not yet"))


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
    title = f"Who presents on {day_of(room.session, group)}?"
    answer = "That meeting is over." if waits and is_over else _say_answered(room, asked, group)
    return Message(answer, Card("ask", title, body=answer))


def _ask_in_a_sentence(room: Participation, card: Card, group: GroupSettings, *, again: bool) -> str:
    """What a ping says. It begins with the name."""
    if room.entry is None or room.session.presenter is None:
        return card.title
    name, day, title = room.session.presenter.name, day_of(room.session, group), quoted(room.entry.paper.title)
    return f"{name}, {'are you presenting' if again else 'can you present'} {title} on {day}?"


def is_waiting(session: Session, asked: str) -> bool:
    """Whether the presenter who was asked then has not answered yet."""
    is_same = session.asked_at is not None and moment(session.asked_at) == asked
    return is_same and session.status == "planned" and session.confirmed_at is None


def on_surface(accounts: Sequence[str], place: str) -> tuple[str, ...]:
    surface = place.partition(":")[0]
    return tuple(account for account in accounts if account.partition(":")[0] == surface)


def ask_card(room: Participation, group: GroupSettings, *, again: bool = False) -> Card:
    session = room.session
    name = session.presenter.name if session.presenter else "Somebody"
    sentences = [_ask_for(room, group), *_by_when(session, group, again=again)]
    return Card(
        kind="ask",
        title=f"{name}, {'are you presenting' if again else 'can you present'} on {day_of(session, group)}?",
        body=" ".join(sentences),
        fields=(when(session, group), *where(session)),
        buttons=(
            present_button(session),
            Button(
                "Can't, ask backup" if backups(room) else "Can't make it",
                "present",
                argument=("answer", "no"),
                session=session.id,
            ),
        ),
    )


def _ask_for(room: Participation, group: GroupSettings) -> str:
    if room.entry:
        others = co_presenters(room)
        return f"It is about {quoted(room.entry.paper.title)}{f', with {join_words(others)}' if others else ''}."
    by = step_time(StepKind.PAPER, room.session, group)
    until = f" by {spoken_time(by, group)}" if by else ""
    return f"You bring the paper: say which one{until}, with /paper meeting present paper:…"


def _by_when(session: Session, group: GroupSettings, *, again: bool) -> Iterator[str]:
    if by := step_time(StepKind.CONFIRM, session, group):
        after = "; after that the next in line is asked" if again else ""
        yield f"Please answer by {spoken_time(by, group)}{after}."


def _say_answered(room: Participation, asked: str, group: GroupSettings) -> str:
    session = room.session
    if session.status != "planned":
        return no_meeting(session, group)
    if session.entry is None and group.week.mode == "vote":
        return "The pick was taken back, so nobody has to present yet."
    if session.presenter is None:
        nobody = "It will be an open discussion" if session.open_discussion else "Nobody does yet"
        return f"{nobody}. Whoever would like to can press I'll present on the meeting's card."
    answer = f"{session.presenter.name} {'presents' if session.confirmed_at else 'is asked now'}."
    is_last = session.asked_at is not None and moment(session.asked_at) == asked
    return answer if is_last else f"This was passed on: {answer}"


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


def reminder_card(room: Participation, group: GroupSettings, starts: datetime) -> Card:
    session = room.session
    if session.status != "planned":
        return Card("session", f"No meeting on {day_of(session, group)}", body=no_meeting(session, group))
    topic = room.entry.paper.title if room.entry and session.settled else "our meeting"
    card = Card("session", f"Reminder for {spoken(local_date(starts, group), group)}: {topic}")
    if moment(starts) != moment(session.starts):
        return replace(card, title=f"Moved: {topic}", body=f"It is on {spoken_time(session.starts, group)} now.")
    return replace(
        card,
        url=room.entry.paper.url if room.entry and session.settled else "",
        body="" if room.entry else "There is no paper yet.",
        fields=(*facts(room, group), Field("Coming", coming(room, group))),
        links=links(room),
        buttons=(*join_buttons(room), ask_button(room)),
    )


@message("call")
def build_call(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    """Of those who said that they come, once, as far as they can be called there."""
    room = participation_of(rows, group.id, int(wanted.key.partition(" ")[0]))
    if room is None or room.session.status != "planned":
        return None
    accounts = {who.name: on_surface(rows.people.accounts(group.id, who.id), wanted.place) for who in room.coming}
    called = join_words([name for name, found in accounts.items() if found])
    everyone = tuple(account for found in accounts.values() for account in found)
    card = call_card(room, group)
    return Message(f"{called}: {card.body}", card, everyone, called)


def call_card(room: Participation, group: GroupSettings) -> Card:
    session = room.session
    return Card(
        kind="session",
        title=what(room, group),
        url=room.entry.paper.url if room.entry else "",
        body=f"We meet on {spoken_time(session.starts, group)}.",
        fields=(*where(session), Field("Presents", presents(room))),
        links=links(room),
        buttons=join_buttons(room)[1:],
    )


# --- the room


@message("room", "session")
def build_room(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    room = participation_of(rows, group.id, int(wanted.key))
    if room is None:
        return None
    card = room_card(room, group)
    if room.session.status == "planned" and room.session.ends <= wanted.wanted_at:
        card = replace(card, body="This meeting is over.", buttons=())
    return Message(f"{card.title}. {card.body}", card)


def room_card(room: Participation, group: GroupSettings) -> Card:
    """All that presenter and members need, in one place."""
    session, entry = room.session, room.entry
    if session.status != "planned":
        return Card("session", f"No meeting on {day_of(session, group)}", body=no_meeting(session, group))
    lists = (
        Field("Coming", f"{len(room.coming)}: {join_words(_names(room))}" if room.coming else coming(room, group)),
        Field("Who has read it", _say_readings(room)),
        Field("Roles", "\n".join(_say_roles(room, group))),
        Field("Questions", "\n".join(_say_questions(room))),
        Field("Related here", "\n".join(_say_related(room.related, group))),
    )
    return Card(
        kind="session",
        title=what(room, group),
        url=entry.paper.url if entry else "",
        byline=authors(entry.paper) if entry else "",
        body="Get ready here: ask what you want to have answered, and say how far you have read.",
        fields=(*facts(room, group), *(one for one in lists if one.value)),
        links=links(room),
        buttons=(ask_button(room), *_reading_buttons(session), *join_buttons(room), *_role_buttons(room, group)),
    )


def _names(room: Participation) -> list[str]:
    return [member.name for member in room.coming]


def _say_readings(room: Participation) -> str:
    said = [f"{count} {words}" for state, words in READINGS if (count := room.readings.get(state, 0))]
    return join_words(said) or "Nobody has said so yet"


def _say_roles(room: Participation, group: GroupSettings) -> Iterator[str]:
    taken, suggested = dict(room.roles), dict(room.suggested)
    for role in group.week.roles:
        if role in taken:
            yield f"{role_name(role)}: {taken[role].name}"
        else:
            hint = f"; {suggested[role].name} had it least often" if role in suggested else ""
            yield f"{role_name(role)}: free{hint}"


def role_name(role: str) -> str:
    return ROLES[role][0] if role in ROLES else capitalised(role)


def _say_questions(room: Participation) -> Iterator[str]:
    for question in room.questions[:MOST_LISTED]:
        yield f"{question.member.name}: {cut(question.text, LONGEST_QUESTION)}"
    if (more := len(room.questions) - MOST_LISTED) > 0:
        yield f"and {plural(more, 'more question')}"


def _say_related(entries: Sequence[Entry], group: GroupSettings) -> Iterator[str]:
    for entry in entries[:MOST_LISTED]:
        if entry.reads_on:
            yield f"{quoted(entry.paper.title)}, {spoken_year(entry.reads_on, group)}"
        else:
            yield f"{quoted(entry.paper.title)}{f', claimed by {entry.claimer.name}' if entry.claimer else ''}"


def _reading_buttons(session: Session) -> Iterator[Button]:
    for state, label in (("read", "Read"), ("skimmed", "Skimmed"), ("not yet", "Not yet")):
        yield Button(label, "rsvp", argument=("reading", state), session=session.id)


def _role_buttons(room: Participation, group: GroupSettings) -> Iterator[Button]:
    for role in group.week.roles:
        yield Button(role_name(role), "rsvp", argument=("role", role), session=room.session.id)


# --- a claim that sleeps


@message("sleep")
def build_sleep(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    claim = rows.claims.claim_by_id(group.id, int(wanted.key.partition(" ")[0]))
    entry = rows.entries.entry(group.id, claim.entry) if claim else None
    if claim is None or entry is None:
        gone = "It was given back; anyone can claim it."
        return Message(gone, Card("ask", "Keep it or give it back?", body=gone))
    if claim.slept_at is None:
        kept = f"{claim.member.name} keeps {quoted(entry.paper.title)}."
        return Message(kept, Card("ask", "Keep it or give it back?", body=kept))
    accounts = rows.people.accounts(group.id, claim.member.id)
    card = sleep_card(claim, entry, group)
    name = claim.member.name
    mentions = on_surface(accounts, wanted.place)
    return Message(f"{name}: {card.body}", card, mentions=mentions, called=name, asks=True)


def sleep_card(claim: Claim, entry: Entry, group: GroupSettings) -> Card:
    day = spoken_year(local_date(claim.at, group), group)
    return Card(
        kind="ask",
        title=f"{claim.member.name}: keep it or give it back?",
        body=f"You claimed {quoted(entry.paper.title)} on {day} and it has not been picked. Until you say so, the "
        "claim does not count.",
        buttons=(
            Button("Keep", "claim", argument=("paper", f"claim:{claim.id}")),
            Button("Release", "release", entry.id),
        ),
    )

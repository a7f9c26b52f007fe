"""Who comes to the next meeting, what they do there, and how far they have read."""

from bot.actions import attendance
from bot.actions.attendance import check_in, give_role_back, take_role
from bot.cards import Button, Choice, Reply
from bot.commands.parameters import one_of
from bot.commands.sections import MEETING
from bot.commands.sessions import meant, part, room_of, say_when
from bot.commands.table import Context, Policy, command
from bot.errors import UserError
from bot.languages import count, joined, msgid, say
from bot.model import GroupSettings, MeetingRole, Participation, Reading, RsvpAnswer, Session
from bot.views.dates import day_of
from bot.views.next import say_meeting
from bot.views.session import ROLES

OPEN = "open"  # the answer taken back

ANSWER = one_of(
    "answer",
    "do you come",
    Choice(msgid("I come"), "join"),
    Choice(msgid("I skip it"), "skip"),
    Choice(msgid("I take my answer back"), OPEN),
    de=("antwort", "deine Antwort"),
)


ROLE_CHOICES = tuple(Choice(f"{name}: {does}", role) for role, (name, does) in ROLES.items())
ROLE = one_of("role", "what you do there", *ROLE_CHOICES, de=("rolle", "was du dort tust"))
BACK = one_of("back", "a role that you give back", *ROLE_CHOICES, de=("zurück", "eine Rolle, die du zurückgibst"))


READ_SO_FAR: dict[Reading, str] = {
    "read": msgid("I have read it"),
    "skimmed": msgid("I have skimmed it"),
    "not yet": msgid("Not yet"),
}
READING = one_of(
    "reading",
    "how far you have read",
    *(Choice(label, reading) for reading, label in READ_SO_FAR.items()),
    de=("gelesen", "wie weit du gelesen hast"),
)


ANSWERS: dict[str, RsvpAnswer] = {"join": "join", "skip": "skip"}
LABELS = {"join": msgid("Join"), "skip": msgid("Skip"), OPEN: msgid("Take it back")}
STANDS: dict[RsvpAnswer | None, str] = {
    "join": msgid("You come."),
    "skip": msgid("You skip it."),
    None: msgid("You have not said yet whether you come."),
}
READ: dict[Reading, str] = {
    "read": msgid("Noted: you have read it."),
    "skimmed": msgid("Noted: you have skimmed it."),
    "not yet": msgid("Noted: you have not read it yet."),
}
TAKEN: dict[MeetingRole, str] = {
    "reviewer": msgid("You are the friendly reviewer on {day}, who says what is good in it."),
    "critic": msgid("You are the critic on {day}, who says what is weak in it."),
    "archaeologist": msgid("You are the archaeologist on {day}, who knows what it builds on and what came after."),
    "scribe": msgid("You are the scribe on {day}, who writes down what we take home."),
}
NAMES: dict[MeetingRole, str] = {
    "reviewer": msgid("friendly reviewer"),
    "critic": msgid("critic"),
    "archaeologist": msgid("archaeologist"),
    "scribe": msgid("scribe"),
}


# --- who comes


@command(
    "rsvp",
    "do I come, what do I do there, how far have I read",
    Policy.MEMBER,
    ANSWER,
    ROLE,
    READING,
    BACK,
    de=("teilnehmen", "ob ich komme, was ich dort tue, wie weit ich gelesen habe"),
    section=MEETING,
)
async def rsvp(
    context: Context,
    answer: str = "",
    role: MeetingRole | None = None,
    reading: Reading | None = None,
    back: MeetingRole | None = None,
) -> Reply:
    session = await meant(context)
    if role:
        _require_offered(context, role)
    if reading and session.entry is None:
        raise UserError("There is no paper to read yet. /paper next tells when it is picked.")
    before = await room_of(context, session)
    said, choices = [], list[Button]()
    if back:
        said.append(await _give_back(context, session, back))
    if role:  # first, since somebody else may have it
        said.append(await _take_role(context, session, role))
        choices.append(Button(say(context.group, "Give it back"), "rsvp", argument=("back", role), session=session.id))
    if answer:
        said.append(await _answer(context, session, answer))
        choices += _other_answers(context.group, session, answer)
    if reading:
        said.append(await _check_in(context, session, reading))
    if not said:
        return await _ask_whether(context, session)
    is_shown = _is_shown(before, await room_of(context, session), context.act().member, answer or role or back)
    return Reply(" ".join(said), choices=tuple(choices), is_shown=is_shown)


def _is_shown(before: Participation, now: Participation, member: int, asked: str | None) -> bool:
    """What a press did stands on the card. What it did not change is said, with how it is taken back; and a presenter
    who skips has more to do."""
    if asked is None:  # how far they have read
        return True
    standing, roles = _standing(now, member), {role for role, who in now.roles if who.id == member}
    had = _standing(before, member), {role for role, who in before.roles if who.id == member}
    gained = (standing and standing != had[0]) or roles - had[1]
    return bool(gained) and not (standing == "skip" and presents(now.session, member))


async def _answer(context: Context, session: Session, answer: str) -> str:
    await context.store.act(attendance.rsvp, part(context.act(), "answer"), session.id, ANSWERS.get(answer))
    return _say_standing(context, await room_of(context, session))


def _other_answers(group: GroupSettings, session: Session, standing: str) -> list[Button]:
    """Of the two that can be given, and that it is taken back."""
    return [
        Button(say(group, label), "rsvp", argument=("answer", answer), session=session.id)
        for answer, label in LABELS.items()
        if answer != standing
    ]


def _standing(room: Participation, member: int) -> RsvpAnswer | None:
    if any(who.id == member for who in room.coming):
        return "join"
    return "skip" if any(who.id == member for who in room.skipping) else None


def _say_standing(context: Context, room: Participation) -> str:
    group, at = context.group, say_when(context, room.session)
    match _standing(room, context.act().member):
        case "join":
            where = ", ".join(filter(None, (at, room.session.place)))
            return f"{say(group, 'You come: {where}.', where=where)} {_say_others(group, len(room.coming) - 1)}"
        case "skip":
            said = say(group, "You skip the meeting on {time}. Your votes and claims stay.", time=at)
            if not presents(room.session, context.act().member):
                return said
            return f"{said} {say(group, 'You are to present it: /paper meeting present no passes that on.')}"
        case None:
            return say(group, "You took your answer back; nobody expects you on {time}.", time=at)


def _say_others(group: GroupSettings, others: int) -> str:
    if not others:
        return say(group, "You are the first to say so.")
    return count(group, "{n} other comes too.", "{n} others come too.", others)


def presents(session: Session, member: int) -> bool:
    return session.presenter is not None and session.presenter.id == member


def _require_offered(context: Context, role: MeetingRole) -> None:
    group, offered = context.group, context.group.week.roles
    if role in offered:
        return
    if not offered:
        raise UserError("This group has no {role}. A moderator can offer it: /paper-admin week.", role=role)
    raise UserError("This group has no {role}. There is {others}.", role=role, others=joined(group, list(offered)))


async def _take_role(context: Context, session: Session, role: MeetingRole) -> str:
    await context.store.act(take_role, part(context.act(), "role"), session.id, role)
    return say(context.group, TAKEN[role], day=day_of(session, context.group))


async def _give_back(context: Context, session: Session, role: MeetingRole) -> str:
    group = context.group
    name, day = say(group, NAMES[role]), day_of(session, group)
    if await context.store.act(give_role_back, part(context.act(), "back"), session.id, role):
        return say(group, "You gave it back: the {role} on {day} can be somebody else.", role=name, day=day)
    return say(group, "You are not the {role} on {day}.", role=name, day=day)


async def _check_in(context: Context, session: Session, reading: Reading) -> str:
    await context.store.act(check_in, part(context.act(), "reading"), session.id, reading)
    return say(context.group, READ[reading])


async def _ask_whether(context: Context, session: Session) -> Reply:
    room = await room_of(context, session)
    standing = _standing(room, context.act().member)
    choices = _other_answers(context.group, session, standing or OPEN)
    said = say(context.group, STANDS[standing])
    return Reply(f"{say_meeting(room, context.group)} {said}", choices=tuple(choices))

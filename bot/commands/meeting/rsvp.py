"""Who comes to the next meeting, what they do there, and how far they have read."""

from bot.actions import attendance
from bot.actions.attendance import check_in, give_role_back, take_role
from bot.cards import Button, Choice, Reply
from bot.commands.parameters import one_of
from bot.commands.sections import MEETING
from bot.commands.sessions import meant, part, room_of, say_when
from bot.commands.table import Context, Policy, command
from bot.errors import UserError
from bot.model import MeetingRole, Participation, Reading, RsvpAnswer, Session
from bot.views.dates import day_of
from bot.views.next import say_meeting
from bot.views.session import ROLES, role_name
from bot.wording import join_words, plural

OPEN = "open"  # the answer taken back

ANSWER = one_of(
    "answer",
    "do you come",
    Choice("I come", "join"),
    Choice("I skip it", "skip"),
    Choice("I take my answer back", OPEN),
    de=("antwort", "deine Antwort"),
)


ROLE_CHOICES = tuple(Choice(f"{name}: {does}", role) for role, (name, does) in ROLES.items())
ROLE = one_of("role", "what you do there", *ROLE_CHOICES, de=("rolle", "was du dort tust"))
BACK = one_of("back", "a role that you give back", *ROLE_CHOICES, de=("zurück", "eine Rolle, die du zurückgibst"))


READING = one_of(
    "reading",
    "how far you have read",
    Choice("I have read it", "read"),
    Choice("I have skimmed it", "skimmed"),
    Choice("Not yet", "not yet"),
    de=("gelesen", "wie weit du gelesen hast"),
)


ANSWERS: dict[str, RsvpAnswer] = {"join": "join", "skip": "skip"}
READ: dict[Reading, str] = {"read": "read it", "skimmed": "skimmed it", "not yet": "not read it yet"}


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
        choices.append(Button("Give it back", "rsvp", argument=("back", role), session=session.id))
    if answer:
        said.append(await _answer(context, session, answer))
        choices += _other_answers(session, answer)
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


def _other_answers(session: Session, standing: str) -> list[Button]:
    """Of the two that can be given, and that it is taken back."""
    labels = {"join": "Join", "skip": "Skip"} | ({} if standing == OPEN else {OPEN: "Take it back"})
    return [
        Button(label, "rsvp", argument=("answer", answer), session=session.id)
        for answer, label in labels.items()
        if answer != standing
    ]


def _standing(room: Participation, member: int) -> RsvpAnswer | None:
    if any(who.id == member for who in room.coming):
        return "join"
    return "skip" if any(who.id == member for who in room.skipping) else None


def _say_standing(context: Context, room: Participation) -> str:
    session, member = room.session, context.act().member
    match _standing(room, member):
        case "join":
            others = len(room.coming) - 1
            count = f"{plural(others, 'other')} {'comes' if others == 1 else 'come'} too" if others else ""
            place = f", {session.place}" if session.place else ""
            return f"You come: {say_when(context, session)}{place}. {count or 'You are the first to say so'}."
        case "skip":
            hint = (
                " You are to present it: /paper meeting present no passes that on." if presents(session, member) else ""
            )
            return f"You skip the meeting on {say_when(context, session)}. Your votes and claims stay.{hint}"
        case None:
            return f"You took your answer back; nobody expects you on {say_when(context, session)}."


def presents(session: Session, member: int) -> bool:
    return session.presenter is not None and session.presenter.id == member


def _require_offered(context: Context, role: MeetingRole) -> None:
    offered = context.group.week.roles
    if role not in offered:
        others = f"There is {join_words(list(offered))}." if offered else "A moderator can offer it: /paper-admin week."
        raise UserError(f"This group has no {role}. {others}")


async def _take_role(context: Context, session: Session, role: MeetingRole) -> str:
    name, day = role_name(role).lower(), day_of(session, context.group)
    await context.store.act(take_role, part(context.act(), "role"), session.id, role)
    return f"You are the {name} on {day}, who {ROLES[role][1]}."


async def _give_back(context: Context, session: Session, role: MeetingRole) -> str:
    name, day = role_name(role).lower(), day_of(session, context.group)
    if await context.store.act(give_role_back, part(context.act(), "back"), session.id, role):
        return f"You gave it back: the {name} on {day} can be somebody else."
    return f"You are not the {name} on {day}."


async def _check_in(context: Context, session: Session, reading: Reading) -> str:
    await context.store.act(check_in, part(context.act(), "reading"), session.id, reading)
    return f"Noted: you have {READ[reading]}."


async def _ask_whether(context: Context, session: Session) -> Reply:
    room = await room_of(context, session)
    standing = _standing(room, context.act().member)
    said = {"join": "You come", "skip": "You skip it"}.get(standing or "", "You have not said yet whether you come")
    choices = _other_answers(session, standing or OPEN)
    return Reply(f"{say_meeting(room, context.group)} {said}.", choices=tuple(choices))

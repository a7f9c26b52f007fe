"""Commands about the next meeting: what, when, where, who; who comes and how far they have read; questions."""

from dataclasses import replace

from bot.actions import attendance
from bot.actions.attendance import check_in, take_role, withdraw_question
from bot.actions.people import enrol
from bot.actions.picks import accept_paper, second_paper
from bot.cards import Button, Card, Choice, Form, Input, Reply
from bot.commands.parameters import ENTRY_ID, one_of, read_text
from bot.commands.sections import MEETING
from bot.commands.sessions import meant, on_when, part, pressed_on, room_of, say_when
from bot.commands.table import Context, Parameter, Policy, command
from bot.dates import day_of
from bot.errors import Refused, UserError
from bot.model import MeetingRole, Reading, Room, RsvpAnswer, Session
from bot.views.facts import no_meeting
from bot.views.papers import quoted
from bot.views.pick import explain, explain_in_short, pick_card
from bot.views.refusals import word_refusal
from bot.views.session import ROLES, role_name
from bot.views.upcoming import say_meeting, say_to_do
from bot.views.vote import nominations_card
from bot.wording import join_words, plural

LONGEST_QUESTION = 500  # characters

ABOUT = one_of(
    "about",
    "more than the meeting itself",
    Choice("Why this paper: the whole receipt", "why"),
    Choice("Confirm the paper that is proposed", "confirm"),
    de=("über", "mehr als das Treffen selbst"),
)
ANSWER = one_of(
    "answer", "do you come", Choice("I come", "join"), Choice("I skip it", "skip"), de=("antwort", "deine Antwort")
)
ROLE = one_of(
    "role",
    "what you do there",
    *(Choice(f"{name}: {does}", role) for role, (name, does) in ROLES.items()),
    de=("rolle", "was du dort tust"),
)
READING = one_of(
    "reading",
    "how far you have read",
    Choice("I have read it", "read"),
    Choice("I have skimmed it", "skimmed"),
    Choice("Not yet", "not yet"),
    de=("gelesen", "wie weit du gelesen hast"),
)
READ: dict[Reading, str] = {"read": "read it", "skimmed": "skimmed it", "not yet": "not read it yet"}
QUESTION = Parameter(
    "question",
    "what you would like to have answered",
    read_text,
    required=False,
    de=("frage", "was du beantwortet haben möchtest"),
)


# --- what, when, where, who


@command(
    "next",
    "the next meeting: what, when, where, who, and what is still to do",
    Policy.ANYONE,
    ABOUT,
    de=("nächstes", "das nächste Treffen: was, wann, wo, wer, und was noch zu tun ist"),
    section=MEETING,
    everyday=True,
)
async def next_(context: Context, about: str = "") -> Reply:
    if about == "why":
        return await _why(context)
    return await _confirm(context) if about == "confirm" else await _tell_next(context)


async def _tell_next(context: Context) -> Reply:
    group, now = context.group, context.now()
    left_out = await _left_out(context)
    try:
        session = await context.weekly.current(group)
    except Refused as refused:
        raise UserError(" ".join((*left_out, word_refusal(refused)))) from None
    room = await room_of(context, session)
    text = " ".join((*left_out, say_meeting(room, group, now), *say_to_do(room, group, now)))
    return Reply(text, (_for_whom(context, await _card(context, room)),))


async def _left_out(context: Context) -> list[str]:
    """What the meetings that do not take place before the next one say."""
    ahead = await context.store.read(lambda rows: rows.sessions.sessions(context.group.id, context.now()))
    planned = [session.starts for session in ahead if session.status == "planned"]
    out = [session for session in ahead if session.status != "planned" and (not planned or session.starts < planned[0])]
    return [no_meeting(session, context.group) for session in out if session.why]


async def _card(context: Context, room: Room) -> Card:
    is_decided = room.entry or room.session.closed_at or room.session.presenter
    if context.group.week.mode == "vote" and not is_decided:
        return await context.store.read(lambda rows: nominations_card(room, context.group, rows, context.now()))
    why = await context.store.read(lambda rows: explain_in_short(room.pick, context.group, rows))
    return pick_card(room, context.group, why)


def _for_whom(context: Context, card: Card) -> Card:
    """A private answer knows who looks."""
    if context.is_moderator:
        return card
    return replace(card, buttons=tuple(button for button in card.buttons if not button.moderators))


async def _why(context: Context) -> Reply:
    session = await pressed_on(context) or await context.weekly.current(context.group)
    room = await room_of(context, session)
    if room.pick is None:
        raise UserError(f"Nothing was counted for {day_of(session, context.group)} yet. /paper next tells what comes.")
    return Reply("\n".join(await context.store.read(lambda rows: explain(room.pick, context.group, rows))))


async def _confirm(context: Context) -> Reply:
    """By a moderator the proposal is settled at once."""
    context = await _as_member(context)
    session = await meant(context)
    if context.is_moderator:
        session = await context.store.act(accept_paper, context.act(), session.id)
    else:
        session, _ = await context.store.act(second_paper, context.act(), session.id)
    room = await room_of(context, session)
    title = quoted(room.entry.paper.title) if room.entry else "The paper"
    if session.settled:
        return Reply(f"{title} is settled for {day_of(session, context.group)}.")
    return Reply(f"You confirmed {title}. It is settled once another member or a moderator does.")


async def _as_member(context: Context) -> Context:
    """Anyone may look, and looking makes nobody a member; confirming does."""
    name = context.request.display_name
    if context.member or not name:
        return context
    member = await context.store.write(enrol, context.group.id, context.request.account, name, context.now())
    return replace(context, member=member)


# --- who comes


@command(
    "rsvp",
    "do I come, what do I do there, how far have I read",
    Policy.MEMBER,
    ANSWER,
    ROLE,
    READING,
    de=("teilnehmen", "ob ich komme, was ich dort tue, wie weit ich gelesen habe"),
    section=MEETING,
)
async def rsvp(
    context: Context,
    answer: RsvpAnswer | None = None,
    role: MeetingRole | None = None,
    reading: Reading | None = None,
) -> Reply:
    session = await meant(context)
    if role:
        _require_offered(context, role)
    if reading and session.entry is None:
        raise UserError("There is no paper to read yet. /paper next tells when it is picked.")
    said = []
    if role:  # first, since somebody else may have it
        said.append(await _take_role(context, session, role))
    if answer:
        said.append(await _answer(context, session, answer))
    if reading:
        said.append(await _check_in(context, session, reading))
    return Reply(" ".join(said)) if said else await _ask_whether(context, session)


async def _answer(context: Context, session: Session, answer: RsvpAnswer) -> str:
    """By a button that was pressed before, it is taken back."""
    before = _standing(await room_of(context, session), context.act().member)
    wanted = None if context.toggles and before == answer else answer
    await context.store.act(attendance.rsvp, part(context.act(), "answer"), session.id, wanted)
    return _say_standing(context, await room_of(context, session))


def _standing(room: Room, member: int) -> RsvpAnswer | None:
    if any(who.id == member for who in room.coming):
        return "join"
    return "skip" if any(who.id == member for who in room.skipping) else None


def _say_standing(context: Context, room: Room) -> str:
    session, member = room.session, context.act().member
    match _standing(room, member):
        case "join":
            others = len(room.coming) - 1
            count = f"{plural(others, 'other')} {'comes' if others == 1 else 'come'} too" if others else ""
            place = f", {session.place}" if session.place else ""
            return f"You come: {say_when(context, session)}{place}. {count or 'You are the first to say so'}."
        case "skip":
            hint = (
                " You are to present it: /paper meeting present no passes that on."
                if _presents(session, member)
                else ""
            )
            return f"You skip the meeting {on_when(context, session)}. Your votes and claims stay.{hint}"
        case None:
            return f"You took your answer back; nobody expects you {on_when(context, session)}."


def _presents(session: Session, member: int) -> bool:
    return session.presenter is not None and session.presenter.id == member


def _require_offered(context: Context, role: MeetingRole) -> None:
    offered = context.group.week.roles
    if role not in offered:
        others = f"There is {join_words(list(offered))}." if offered else "A moderator can offer it: /paper-admin week."
        raise UserError(f"This group has no {role}. {others}")


async def _take_role(context: Context, session: Session, role: MeetingRole) -> str:
    name, day = role_name(role).lower(), day_of(session, context.group)
    if await context.store.act(take_role, part(context.act(), "role"), session.id, role):
        return f"You are the {name} on {day}, who {ROLES[role][1]}."
    return f"You gave it back: the {name} on {day} can be somebody else."


async def _check_in(context: Context, session: Session, reading: Reading) -> str:
    await context.store.act(check_in, part(context.act(), "reading"), session.id, reading)
    return f"Noted: you have {READ[reading]}."


async def _ask_whether(context: Context, session: Session) -> Reply:
    room = await room_of(context, session)
    standing = _standing(room, context.act().member)
    said = {"join": "You come", "skip": "You skip it"}.get(standing or "", "You have not said yet whether you come")
    choices = (
        Button("Join", "rsvp", argument=("answer", "join"), session=session.id, once=True),
        Button("Skip", "rsvp", argument=("answer", "skip"), session=session.id, once=True),
    )
    return Reply(f"{say_meeting(room, context.group, context.now())} {said}.", choices=choices)


# --- questions


@command(
    "ask",
    "a question for whoever presents at the next meeting",
    Policy.MEMBER,
    QUESTION,
    de=("fragen", "eine Frage an den, der beim nächsten Treffen vorstellt"),
    section=MEETING,
)
async def ask(context: Context, question: str = "") -> Reply:
    session = await meant(context)
    if taken_back := context.request.args.get("withdraw", ""):
        return await _withdraw(context, taken_back)
    if not question:
        asked = Input("question", "What would you like to have answered?", long=True)
        return Reply(
            "Type it: /paper meeting ask YOUR QUESTION", form=Form("Ask the presenter", "ask", (asked,), session.id)
        )
    if len(question) > LONGEST_QUESTION:
        raise UserError(f"That is too long: {LONGEST_QUESTION} characters are enough for a question.")
    await context.store.act(attendance.ask, context.act(), session.id, " ".join(question.split()))
    room = await room_of(context, session)
    who = session.presenter.name if session.presenter else "whoever presents"
    return Reply(f"Your question waits for {who}.", choices=_take_back(context, room))


def _take_back(context: Context, room: Room) -> tuple[Button, ...]:
    own = [question for question in room.questions if question.member.id == context.act().member]
    if not own:
        return ()
    return (Button("Take it back", "ask", argument=("withdraw", str(own[-1].id)), session=room.session.id),)


async def _withdraw(context: Context, question: str) -> Reply:
    gone = Reply("That question is gone already.")
    if not ENTRY_ID.fullmatch(question):
        return gone
    is_withdrawn = await context.store.act(withdraw_question, context.act(), int(question))
    return Reply("You took your question back.") if is_withdrawn else gone

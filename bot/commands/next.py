"""The next meeting: what, when, where, who, and what is still to do. Confirms a proposed paper, too."""

from dataclasses import replace

from bot.actions.people import enrol
from bot.actions.picks import accept_paper, second_paper
from bot.cards import Card, Choice, Reply
from bot.commands.parameters import one_of
from bot.commands.sections import MEETING
from bot.commands.sessions import meant, pressed_on, room_of
from bot.commands.table import Context, Policy, command
from bot.errors import Refused, UserError
from bot.languages import msgid, say
from bot.model import GroupSettings, Participation
from bot.ports import Reads
from bot.views.dates import day_of
from bot.views.meeting import no_meeting
from bot.views.next import say_meeting, say_to_do
from bot.views.papers import quoted
from bot.views.pick import explain, managing, meeting_card
from bot.views.refusals import word_refusal
from bot.views.standing import link_meetings

ABOUT = one_of(
    "about",
    "more than the meeting itself",
    Choice(msgid("Why this paper: the whole receipt"), "why"),
    Choice(msgid("Confirm the paper that is proposed"), "confirm"),
    de=("über", "mehr als das Treffen selbst"),
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
        session = await context.meetings.current(group)
    except Refused as refused:
        raise UserError("{why}", why=" ".join((*left_out, word_refusal(refused, context.group)))) from None
    room = await room_of(context, session)
    text = " ".join((*left_out, say_meeting(room, group), *say_to_do(room, group, now)))
    return Reply(text, (_for_whom(context, room, await _card(context, room)),))


async def _left_out(context: Context) -> list[str]:
    """What the meetings that do not take place before the next one say."""
    ahead = await context.store.read(lambda rows: rows.sessions.sessions(context.group.id, context.now()))
    planned = [session.starts for session in ahead if session.status == "planned"]
    out = [session for session in ahead if session.status != "planned" and (not planned or session.starts < planned[0])]
    return [no_meeting(session, context.group) for session in out if session.why]


async def _card(context: Context, room: Participation) -> Card:
    group, here = context.group, context.here

    def build(rows: Reads) -> Card:
        card = meeting_card(room, group, rows, context.now())
        return link_meetings(rows, group, here, {room.session.id: card})[0]

    return await context.store.read(build)


def _for_whom(context: Context, room: Participation, card: Card) -> Card:
    """A private answer knows who looks."""
    others = tuple(button for button in card.buttons if not button.moderators)
    more = managing(room, context.group) if context.is_moderator else ()
    return replace(card, buttons=(*others, *more))


async def _why(context: Context) -> Reply:
    session = await pressed_on(context) or await context.meetings.current(context.group)
    room = await room_of(context, session)
    if room.pick is None:
        raise UserError(
            "Nothing was counted for {day} yet. /paper next tells what comes.", day=day_of(session, context.group)
        )
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
    return Reply(_say_confirmed(replace(room, session=session), context.group))


def _say_confirmed(room: Participation, group: GroupSettings) -> str:
    title = quoted(room.entry.paper.title) if room.entry else say(group, "The paper")
    if room.session.settled:
        return say(group, "{title} is settled for {day}.", title=title, day=day_of(room.session, group))
    return say(group, "You confirmed {title}. It is settled once another member or a moderator does.", title=title)


async def _as_member(context: Context) -> Context:
    """Anyone may look, and looking makes nobody a member; confirming does."""
    name = context.request.display_name
    if context.member or not name:
        return context
    member = await context.store.write(enrol, context.group.id, context.request.account, name, context.now())
    return replace(context, member=member)

"""What comes after a meeting: the recap that takes a minute."""

from collections.abc import Mapping

from bot.actions.attendance import write_recap
from bot.cards import Form, Input, Reply
from bot.commands.meeting.present import SLIDES, put_slides
from bot.commands.sections import MEETING
from bot.commands.sessions import links_to, pressed_on, room_of
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import Refused, UserError
from bot.languages import msgid, say
from bot.model import GroupSettings, Participation, Recap, Session
from bot.views.dates import day_of
from bot.views.meeting import no_meeting
from bot.views.recap import say_rating
from bot.views.refusals import word_refusal

LONGEST_TAKEAWAY = 500  # characters


TYPED = msgid("Type it: /paper meeting recap first:WHAT I TAKE HOME rating:4")


async def read_takeaway(context: Context, typed: str) -> str:
    if len(typed) > LONGEST_TAKEAWAY:
        raise UserError("That is too long: {most} characters are enough for a takeaway.", most=LONGEST_TAKEAWAY)
    return " ".join(typed.split())


TAKEAWAYS = ("first", "second", "third")


async def read_rating(context: Context, typed: str) -> int:
    if typed not in ("1", "2", "3", "4", "5"):
        raise UserError("The rating is a number from 1 to 5: was it worth our time?")
    return int(typed)


FIRST = Parameter("first", "what you take home", read_takeaway, required=False, de=("erstens", "was du mitnimmst"))


SECOND = Parameter(
    "second", "what else you take home", read_takeaway, required=False, de=("zweitens", "was du noch mitnimmst")
)


THIRD = Parameter("third", "and what else", read_takeaway, required=False, de=("drittens", "und was noch"))


RATING = Parameter(
    "rating",
    "was it worth our time, 1 to 5",
    read_rating,
    required=False,
    kind="number",
    de=("note", "war es unsere Zeit wert, 1 bis 5"),
)


# --- the recap


@command(
    "recap",
    "what I take home from the last meeting; its slides",
    Policy.MEMBER,
    FIRST,
    SECOND,
    THIRD,
    RATING,
    SLIDES,
    de=("rückblick", "was ich vom letzten Treffen mitnehme; seine Folien"),
    section=MEETING,
)
async def recap(context: Context, rating: int | None = None, slides: str = "", **takeaways: str) -> Reply:
    """What a form has and a line does not name is empty there: that is taken out, and the rest of a line stays."""
    session = await _held(context)
    named = {place: takeaways.get(name, "") for place, name in enumerate(TAKEAWAYS) if name in context.request.args}
    if named or "rating" in context.request.args:
        rated = rating or 0 if "rating" in context.request.args else None
        return await _write(context, session, named, rated, slides)
    if not slides:
        return _ask(context.group, await room_of(context, session), context.act().member)
    await put_slides(context, session, slides)
    said = say(context.group, "The slides stand on the meeting's cards and in the archive now.")
    return Reply(said, messages=await links_to(context, session))


async def _held(context: Context) -> Session:
    """The meeting that is on or was last. Raises UserError for one that has not begun or did not take place."""
    session = await pressed_on(context) or await context.meetings.latest(context.group)
    if session.status != "planned":
        raise UserError(no_meeting(session, context.group))
    if session.starts > context.now():
        day = day_of(session, context.group)
        raise UserError("The meeting on {day} is still to come. Tell us afterwards.", day=day)
    return session


def _ask(group: GroupSettings, room: Participation, member: int) -> Reply:
    own = _own(room, member)
    texts = [*(own.takeaways if own else ()), "", "", ""]
    inputs = (
        Input("first", say(group, "What do you take home?"), texts[0], long=True),
        Input("second", say(group, "What else? (may stay empty)"), texts[1], required=False, long=True),
        Input("third", say(group, "And what else? (may stay empty)"), texts[2], required=False, long=True),
        Input("rating", say(group, "Worth our time? 1 (no) to 5 (very)"), _rating_of(own), required=False),
        Input("slides", say(group, "A link to slides (may stay empty)"), room.session.slides, required=False),
    )
    return Reply(say(group, TYPED), form=Form(say(group, "How was it?"), "recap", inputs, room.session.id))


def _own(room: Participation, member: int) -> Recap | None:
    return next((recap for recap in room.recaps if recap.member.id == member), None)


def _rating_of(own: Recap | None) -> str:
    return str(own.rating) if own and own.rating else ""


async def _write(
    context: Context, session: Session, takeaways: Mapping[int, str], rating: int | None, slides: str
) -> Reply:
    act = context.act()
    own = _own(await room_of(context, session), act.member)
    await context.store.act(write_recap, act, session.id, takeaways, rating)
    lost = await _try_slides(context, session, slides) if slides else ""
    said = _say_written(context.group, await room_of(context, session), is_new=own is None)
    return Reply(" ".join(filter(None, (said, lost))))


def _say_written(group: GroupSettings, room: Participation, *, is_new: bool) -> str:
    thanks = (
        say(group, "Thank you: your recap stands under the meeting and in the archive.")
        if is_new
        else say(group, "Changed: your recap stands under the meeting and in the archive.")
    )
    rating = say_rating(room, group)
    return f"{thanks} {say(group, 'The group finds it {rating}.', rating=rating)}" if rating else thanks


async def _try_slides(context: Context, session: Session, slides: str) -> str:
    """Why they were not taken: no reason to lose a recap."""
    try:
        await put_slides(context, session, slides)
    except Refused as refused:
        why = word_refusal(refused, context.group)
        return say(context.group, "Your slides were not taken: {why}", why=why)
    return ""

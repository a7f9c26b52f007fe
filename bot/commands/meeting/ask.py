"""Questions for whoever presents."""

from bot.actions import attendance
from bot.actions.attendance import withdraw_question
from bot.cards import Button, Form, Input, Reply
from bot.commands.parameters import ENTRY_ID, read_text
from bot.commands.sections import MEETING
from bot.commands.sessions import meant, room_of
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.languages import say
from bot.model import GroupSettings, Participation, Session

LONGEST_QUESTION = 500  # characters


QUESTION = Parameter(
    "question",
    "what you would like to have answered",
    read_text,
    required=False,
    de=("frage", "was du beantwortet haben möchtest"),
)


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
        return _open_form(context.group, session)
    if len(question) > LONGEST_QUESTION:
        raise UserError("That is too long: {most} characters are enough for a question.", most=LONGEST_QUESTION)
    await context.store.act(attendance.ask, context.act(), session.id, " ".join(question.split()))
    room = await room_of(context, session)
    return Reply(_say_asked(context.group, session), choices=_take_back(context, room))


def _open_form(group: GroupSettings, session: Session) -> Reply:
    asked = Input("question", say(group, "What would you like to have answered?"), long=True)
    form = Form(say(group, "Ask the presenter"), "ask", (asked,), session.id)
    return Reply(say(group, "Type it: /paper meeting ask YOUR QUESTION"), form=form)


def _say_asked(group: GroupSettings, session: Session) -> str:
    if session.presenter:
        return say(group, "Your question waits for {name}.", name=session.presenter.name)
    return say(group, "Your question waits for whoever presents.")


def _take_back(context: Context, room: Participation) -> tuple[Button, ...]:
    own = [question for question in room.questions if question.member.id == context.act().member]
    if not own:
        return ()
    label = say(context.group, "Take it back")
    return (Button(label, "ask", argument=("withdraw", str(own[-1].id)), session=room.session.id),)


async def _withdraw(context: Context, question: str) -> Reply:
    gone = Reply(say(context.group, "That question is gone already."))
    if not ENTRY_ID.fullmatch(question):
        return gone
    is_withdrawn = await context.store.act(withdraw_question, context.act(), int(question))
    return Reply(say(context.group, "You took your question back.")) if is_withdrawn else gone

"""What a moderator can do with a meeting, privately: it does not stand on its card for all."""

from collections.abc import Iterator

from bot.cards import Button, Reply
from bot.commands.admin.replies import title_of
from bot.commands.sessions import meant, room_of
from bot.commands.table import Context, Policy, command
from bot.model import Participation, Session
from bot.views.dates import day_of
from bot.views.pick import managing


@command(
    "manage",
    "the next meeting: another paper, the vote again, another presenter, no meeting",
    Policy.MODERATOR,
    de=("verwalten", "das nächste Treffen: anderes Paper, neue Abstimmung, andere Person, kein Treffen"),
)
async def manage(context: Context) -> Reply:
    room = await room_of(context, await meant(context))
    said = " ".join(_say(context, room))
    return Reply(said, choices=(*managing(room, context.group), Button("Undo", "undo")))


def _say(context: Context, room: Participation) -> Iterator[str]:
    yield f"The meeting of {day_of(room.session, context.group)}."
    yield "Choose a paper with /paper-admin pick, who presents with /paper-admin assign,"
    yield "another time with /paper-admin schedule, none at all with /paper-admin skip-week."


def is_first_press(context: Context) -> bool:
    """Of a button that takes a pick back: it is asked first, and the button in the question does it."""
    return context.request.pressed and "once" not in context.request.args


async def ask_first(context: Context, session: Session, what: str, sure: Button) -> Reply:
    """Says what would happen, and to whom."""
    title = await title_of(context, session.entry)
    name = session.presenter.name if session.presenter else ""
    gone = f" {title} is not picked any more." if title else ""
    told = f" {name}, who presents it, and the channel are told." if name else " The channel is told."
    return Reply(f"{what}{gone}{told} All votes stay, and Undo takes it back. Shall it be so?", choices=(sure,))

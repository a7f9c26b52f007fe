"""What a moderator can do with a meeting, privately: it does not stand on its card for all."""

from bot.cards import Button, Reply
from bot.commands.admin.replies import title_of, undo_button
from bot.commands.sessions import meant, room_of
from bot.commands.table import Context, Policy, command
from bot.languages import say
from bot.model import Session
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
    said = say(
        context.group,
        "The meeting of {day}. Choose a paper with /paper-admin pick, who presents with /paper-admin assign, another "
        "time with /paper-admin schedule, none at all with /paper-admin skip-week.",
        day=day_of(room.session, context.group),
    )
    return Reply(said, choices=(*managing(room, context.group), undo_button(context.group)))


def is_first_press(context: Context) -> bool:
    """Of a button that takes a pick back: it is asked first, and the button in the question does it."""
    return context.request.pressed and "once" not in context.request.args


async def ask_first(context: Context, session: Session, what: str, sure: Button) -> Reply:
    """Says what would happen, and to whom."""
    group, title = context.group, await title_of(context, session.entry)
    gone = say(group, "{title} is not picked any more.", title=title) if title else ""
    told = say(group, "The channel is told.")
    if session.presenter:
        told = say(group, "{name}, who presents it, and the channel are told.", name=session.presenter.name)
    asked = say(group, "All votes stay, and Undo takes it back. Shall it be so?")
    return Reply(" ".join(part for part in (what, gone, told, asked) if part), choices=(sure,))

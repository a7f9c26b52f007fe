"""The pick, overruled: another paper, or the next in line."""

from bot.actions.picks import next_paper as take_next_paper
from bot.actions.picks import pick_paper
from bot.cards import Button, Reply
from bot.commands.admin.manage import ask_first, is_first_press
from bot.commands.admin.replies import REASON, because, done, title_of
from bot.commands.parameters import PAPER
from bot.commands.sessions import links_to, meant
from bot.commands.table import Context, Policy, command
from bot.model import Entry, Session
from bot.views.dates import day_of

SHOWN_THERE = "Members see it on the meeting's card"


@command(
    "pick",
    "choose the paper of the next meeting yourself, whatever the votes say",
    Policy.MODERATOR,
    PAPER,
    REASON,
    de=("wählen", "das Paper des nächsten Treffens selbst wählen, was auch die Stimmen sagen"),
)
async def pick(context: Context, paper: Entry, reason: str = "") -> Reply:
    session = await meant(context)
    now = await context.store.act(pick_paper, context.act(), session.id, paper.id, reason)
    closed = "The vote for it is closed with that." if now.closed_at and not session.closed_at else ""
    told = f", and are told why: {reason}" if reason else ""
    there = await links_to(context, now)
    return done(await _say_paper(context, session, now), closed, f"{SHOWN_THERE}{told}.", there=there)


@command(
    "admin next",
    "not this paper: the next in line of the vote instead",
    Policy.MODERATOR,
    REASON,
    de=("nächstes", "nicht dieses Paper: stattdessen das nächste der Abstimmung"),
)
async def next_paper(context: Context, reason: str = "") -> Reply:
    session = await meant(context)
    vetoed = context.request.args.get("paper", "").removeprefix("entry:")
    if vetoed and vetoed != str(session.entry):
        return Reply(f"That paper is not picked any more. {await _say_paper(context, session, session)}".strip())
    if is_first_press(context) and session.entry:
        sure = Button("Yes, the next paper", "admin next", session.entry, once=True, session=session.id)
        return await ask_first(context, session, "The next in line of the vote takes its place.", sure)
    now = await context.store.act(take_next_paper, context.act(), session.id, reason)
    again = Button("Next paper", "admin next", now.entry, session=now.id)
    said = await _say_paper(context, session, now)
    return done(said, f"{SHOWN_THERE}{because(reason)}.", more=(again,), there=await links_to(context, now))


async def _say_paper(context: Context, before: Session, now: Session) -> str:
    on = day_of(now, context.group)
    title = await title_of(context, now.entry)
    if not title:
        return f"The meeting of {on} has no paper now."
    instead = await title_of(context, before.entry) if before.entry != now.entry else ""
    verb = "is read" if now.settled else "is proposed for"
    said = f"{title} {verb}{' on' if now.settled else ''} {on}{f' instead of {instead}' if instead else ''}."
    return f"{said} {_say_presenter(now)}"


def _say_presenter(session: Session) -> str:
    if session.presenter is None:
        return "Its card asks who presents it." if session.settled else ""
    name = session.presenter.name
    return f"{name} presents it." if session.confirmed_at else f"{name} is asked to present it."

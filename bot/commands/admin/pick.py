"""The pick, overruled: another paper, or the next in line."""

from bot.actions.picks import next_paper as take_next_paper
from bot.actions.picks import pick_paper
from bot.cards import Button, Reply
from bot.commands.admin.manage import ask_first, is_first_press
from bot.commands.admin.replies import REASON, done, seen_there, title_of
from bot.commands.parameters import PAPER
from bot.commands.sessions import links_to, meant
from bot.commands.table import Context, Policy, command
from bot.languages import msgid, say
from bot.model import Entry, GroupSettings, Session
from bot.views.dates import day_of

READ, INSTEAD = msgid("{paper} is read on {day}."), msgid("{paper} is read on {day} instead of {before}.")
PROPOSED = msgid("{paper} is proposed for {day}.")
PROPOSED_INSTEAD = msgid("{paper} is proposed for {day} instead of {before}.")


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
    group, closes = context.group, now.closed_at and not session.closed_at
    closed = say(group, "The vote for it is closed with that.") if closes else ""
    there = await links_to(context, now)
    return done(group, await _say_paper(context, session, now), closed, _say_told(group, reason), there=there)


def _say_told(group: GroupSettings, reason: str) -> str:
    if reason:
        return say(group, "Members see it on the meeting's card, and are told why: {reason}.", reason=reason)
    return seen_there(group)


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
        gone = say(context.group, "That paper is not picked any more.")
        return Reply(f"{gone} {await _say_paper(context, session, session)}".strip())
    if is_first_press(context) and session.entry:
        yes = say(context.group, "Yes, the next paper")
        sure = Button(yes, "admin next", session.entry, once=True, session=session.id)
        what = say(context.group, "The next in line of the vote takes its place.")
        return await ask_first(context, session, what, sure)
    now = await context.store.act(take_next_paper, context.act(), session.id, reason)
    again = Button(say(context.group, "Next paper"), "admin next", now.entry, session=now.id)
    said, seen = await _say_paper(context, session, now), seen_there(context.group, reason)
    return done(context.group, said, seen, more=(again,), there=await links_to(context, now))


async def _say_paper(context: Context, before: Session, now: Session) -> str:
    group, day = context.group, day_of(now, context.group)
    title = await title_of(context, now.entry)
    if not title:
        return say(group, "The meeting of {day} has no paper now.", day=day)
    instead = await title_of(context, before.entry) if before.entry != now.entry else ""
    if instead:
        sentence = INSTEAD if now.settled else PROPOSED_INSTEAD
        said = say(group, sentence, paper=title, day=day, before=instead)
    else:
        said = say(group, READ if now.settled else PROPOSED, paper=title, day=day)
    return f"{said} {_say_presenter(group, now)}".strip()


def _say_presenter(group: GroupSettings, session: Session) -> str:
    if session.presenter is None:
        return say(group, "Its card asks who presents it.") if session.settled else ""
    name = session.presenter.name
    if session.confirmed_at:
        return say(group, "{name} presents it.", name=name)
    return say(group, "{name} is asked to present it.", name=name)

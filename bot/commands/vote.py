"""Votes and passes. A button pressed again takes it back."""

from bot.actions.reactions import emoji_of
from bot.actions.votes import cast_vote, retract_vote, toggle_pass, toggle_vote
from bot.cards import Reply
from bot.commands.parameters import ENTRY, PAPER
from bot.commands.table import Context, Policy, command
from bot.model import Entry, Tally
from bot.views.papers import quoted
from bot.wording import plural


@command(
    "vote",
    "I'd like us to read this; unvote, or the button pressed again, takes it back",
    Policy.MEMBER,
    ENTRY,
    de=("stimmen", "das möchte ich lesen; unvote oder der Knopf noch einmal nimmt es zurück"),
)
async def vote(context: Context, paper: int) -> Reply:
    act = context.act()
    tally = await context.store.act(toggle_vote if context.toggles else cast_vote, act, paper)
    if not tally.voted:
        _take_emoji(context, paper)
    return _tell_vote(tally)


@command("unvote", "take my vote back", Policy.MEMBER, ENTRY, de=("stimme-zurück", "meine Stimme zurücknehmen"))
async def unvote(context: Context, paper: int) -> Reply:
    tally = await context.store.act(retract_vote, context.act(), paper)
    _take_emoji(context, paper)
    return _tell_vote(tally)


def _take_emoji(context: Context, paper: int) -> None:
    """Of a member whose vote is gone: it would look as if they still had one."""
    context.surfaces.unreact(context.store.peek(emoji_of, context.act(), paper))


def _tell_vote(tally: Tally) -> Reply:
    if tally.voted:
        first = "You voted for" if tally.changed else "Your vote already stands for"
    else:
        first = "You took your vote back from" if tally.changed else "You have no vote on"
    counted = "" if tally.hidden else f" ({plural(tally.votes, 'vote')})"
    left = "" if tally.left is None else f" You have {plural(tally.left, 'vote')} left until the close."
    return Reply(f"{first} {quoted(tally.title)}{counted}.{left}")


@command(
    "pass",
    "not for us; said again it is taken back",
    Policy.MEMBER,
    PAPER,
    de=("passen", "nichts für uns; noch einmal gesagt gilt es nicht mehr"),
)
async def pass_on(context: Context, paper: Entry) -> Reply:
    stands = await context.store.act(toggle_pass, context.act(), paper.id)
    if not stands:
        return Reply(f"You took your pass back from {quoted(paper.paper.title)}.")
    _take_emoji(context, paper.id)
    return Reply(
        f"You passed on {quoted(paper.paper.title)}; no vote of yours stands on it. Pass again takes the pass back."
    )

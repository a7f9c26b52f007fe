"""Votes and passes. The button of a vote, pressed again, takes it back; all else stands until it is taken back."""

from bot.actions.reactions import emoji_of
from bot.actions.votes import cast_vote, pass_on, retract_pass, retract_vote, toggle_vote
from bot.cards import Button, Reply
from bot.commands.parameters import ENTRY, PAPER
from bot.commands.table import Context, Policy, command
from bot.model import Entry, Tally
from bot.views.papers import quoted
from bot.wording import plural

WHAT_IT_DOES = "Votes decide what the group reads next. Vote pressed again takes it back."


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
    return _tell_vote(tally, paper)


@command("unvote", "take my vote back", Policy.MEMBER, ENTRY, de=("stimme-zurück", "meine Stimme zurücknehmen"))
async def unvote(context: Context, paper: int) -> Reply:
    tally = await context.store.act(retract_vote, context.act(), paper)
    _take_emoji(context, paper)
    return _tell_vote(tally, paper)


def _take_emoji(context: Context, paper: int) -> None:
    """Of a member whose vote is gone: it would look as if they still had one."""
    context.surfaces.unreact(context.store.peek(emoji_of, context.act(), paper))


def _tell_vote(tally: Tally, paper: int) -> Reply:
    if tally.voted:
        first = "You voted for" if tally.changed else "Your vote already stands for"
    else:
        first = "You took your vote back from" if tally.changed else "You have no vote on"
    counted = "" if tally.hidden else f" ({plural(tally.votes, 'vote')})"
    left = "" if tally.left is None else f" You have {plural(tally.left, 'vote')} left until the close."
    does = f" {WHAT_IT_DOES}" if tally.first else ""
    again = Button("Vote again", "vote", paper, once=True)
    choices = (again,) if tally.changed and not tally.voted else ()
    return Reply(f"{first} {quoted(tally.title)}{counted}.{does}{left}", choices=choices, is_shown=_is_shown(tally))


def _is_shown(tally: Tally) -> bool:
    """More is said of a first vote, of the last of a budget, of one that is taken back, and where counts are hidden."""
    return tally.changed and tally.voted and not (tally.first or tally.hidden or tally.left == 0)


@command(
    "pass",
    "not for us; unpass takes it back",
    Policy.MEMBER,
    PAPER,
    de=("passen", "nichts für uns; unpass nimmt es zurück"),
)
async def pass_(context: Context, paper: Entry) -> Reply:
    title = quoted(paper.paper.title)
    is_new = await context.store.act(pass_on, context.act(), paper.id)
    if is_new:
        _take_emoji(context, paper.id)
        said = f"You passed on {title}; no vote of yours stands on it."
    else:
        said = f"You have passed on {title} already; that stands."
    return Reply(said, choices=(Button("Take it back", "unpass", paper.id),), is_shown=is_new)


@command("unpass", "take my pass back", Policy.MEMBER, PAPER, de=("passen-zurück", "mein Passen zurücknehmen"))
async def unpass(context: Context, paper: Entry) -> Reply:
    title = quoted(paper.paper.title)
    if await context.store.act(retract_pass, context.act(), paper.id):
        return Reply(f"You took your pass back from {title}.")
    return Reply(f"You have not passed on {title}.")

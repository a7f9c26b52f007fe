"""Votes and passes. The button of a vote, pressed again, takes it back; all else stands until it is taken back."""

from bot.actions.reactions import emoji_of
from bot.actions.votes import cast_vote, pass_on, retract_pass, retract_vote, toggle_vote
from bot.cards import Button, Reply
from bot.commands.parameters import ENTRY, PAPER
from bot.commands.table import Context, Policy, command
from bot.languages import count, msgid, say
from bot.model import Entry, GroupSettings, Tally
from bot.views.papers import quoted

WHAT_IT_DOES = msgid("Votes decide what the group reads next. Vote pressed again takes it back.")


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
    return _tell_vote(context.group, tally, paper)


@command("unvote", "take my vote back", Policy.MEMBER, ENTRY, de=("stimme-zurück", "meine Stimme zurücknehmen"))
async def unvote(context: Context, paper: int) -> Reply:
    tally = await context.store.act(retract_vote, context.act(), paper)
    _take_emoji(context, paper)
    return _tell_vote(context.group, tally, paper)


def _take_emoji(context: Context, paper: int) -> None:
    """Of a member whose vote is gone: it would look as if they still had one."""
    context.surfaces.unreact(context.store.peek(emoji_of, context.act(), paper))


def _tell_vote(group: GroupSettings, tally: Tally, paper: int) -> Reply:
    said = [_say_vote(group, tally)]
    if tally.first:
        said.append(say(group, WHAT_IT_DOES))
    if tally.left is not None:
        said.append(
            count(
                group, "You have {n} vote left until the close.", "You have {n} votes left until the close.", tally.left
            )
        )
    again = Button(say(group, "Vote again"), "vote", paper, once=True)
    choices = (again,) if tally.changed and not tally.voted else ()
    return Reply(" ".join(said), choices=choices, is_shown=_is_shown(tally))


def _say_vote(group: GroupSettings, tally: Tally) -> str:
    counted = "" if tally.hidden else f" ({count(group, '{n} vote', '{n} votes', tally.votes)})"
    title = f"{quoted(tally.title)}{counted}"
    if tally.voted:
        return say(
            group, "You voted for {title}." if tally.changed else "Your vote already stands for {title}.", title=title
        )
    return say(
        group, "You took your vote back from {title}." if tally.changed else "You have no vote on {title}.", title=title
    )


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
    group, title = context.group, quoted(paper.paper.title)
    is_new = await context.store.act(pass_on, context.act(), paper.id)
    if is_new:
        _take_emoji(context, paper.id)
        said = say(group, "You passed on {title}; no vote of yours stands on it.", title=title)
    else:
        said = say(group, "You have passed on {title} already; that stands.", title=title)
    return Reply(said, choices=(Button(say(group, "Take it back"), "unpass", paper.id),), is_shown=is_new)


@command("unpass", "take my pass back", Policy.MEMBER, PAPER, de=("passen-zurück", "mein Passen zurücknehmen"))
async def unpass(context: Context, paper: Entry) -> Reply:
    title = quoted(paper.paper.title)
    if await context.store.act(retract_pass, context.act(), paper.id):
        return Reply(say(context.group, "You took your pass back from {title}.", title=title))
    return Reply(say(context.group, "You have not passed on {title}.", title=title))

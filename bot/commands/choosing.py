"""Commands by which members choose: vote, pass, claim, and what they chose. A button pressed again takes it back."""

from bot import views
from bot.cards import Reply
from bot.commands.parameters import ENTRY, PAPER
from bot.commands.table import Context, Policy, command
from bot.model import ClaimResult, Entry, Tally
from bot.wording import plural


@command("vote", "I'd like us to read this; unvote, or the button pressed again, takes it back", Policy.MEMBER, ENTRY)
async def vote(context: Context, paper: int) -> Reply:
    act = context.act()
    change = context.store.toggle_vote if context.toggles else context.store.cast_vote
    tally = await change(act, paper)
    if not tally.voted:
        _take_emoji(context, paper)
    return _tell_vote(tally)


@command("unvote", "take my vote back", Policy.MEMBER, ENTRY)
async def unvote(context: Context, paper: int) -> Reply:
    tally = await context.store.retract_vote(context.act(), paper)
    _take_emoji(context, paper)
    return _tell_vote(tally)


def _take_emoji(context: Context, paper: int) -> None:
    """Of a member whose vote is gone: it would look as if they still had one."""
    act = context.act()
    context.surfaces.unreact(context.store.reactions_of(act.group, act.member, paper))


def _tell_vote(tally: Tally) -> Reply:
    if tally.voted:
        first = "You voted for" if tally.changed else "Your vote already stands for"
    else:
        first = "You took your vote back from" if tally.changed else "You have no vote on"
    return Reply(f"{first} “{tally.title}” ({plural(tally.votes, 'vote')}).")


@command("pass", "not for us; said again it is taken back", Policy.MEMBER, PAPER)
async def pass_on(context: Context, paper: Entry) -> Reply:
    stands = await context.store.toggle_pass(context.act(), paper.id)
    if not stands:
        return Reply(f"You took your pass back from {_title(paper)}.")
    _take_emoji(context, paper.id)
    return Reply(f"You passed on {_title(paper)}; no vote of yours stands on it. Pass again takes the pass back.")


@command("claim", "I'll present this; release, or the button pressed again, gives it back", Policy.MEMBER, PAPER)
async def claim(context: Context, paper: Entry) -> Reply:
    act = context.act()
    change = context.store.toggle_claim if context.toggles else context.store.claim
    return _tell_claim(paper, await change(act, paper.id), act.member)


@command("release", "I can't present this after all; a moderator releases anybody's claim", Policy.MEMBER, PAPER)
async def release(context: Context, paper: Entry) -> Reply:
    act = context.act()
    change = context.store.revoke_claim if context.is_moderator else context.store.release_claim
    result = await change(act, paper.id)
    if result.holder and result.holder.id != act.member:
        return Reply(f"{_title(paper)} is claimed by {result.holder.name}, so it is theirs to release.", ok=False)
    return _tell_claim(paper, result, act.member)


def _tell_claim(paper: Entry, result: ClaimResult, member: int) -> Reply:
    """How the claim stands now, which is also right for a request that is delivered twice."""
    if result.holder is None:
        released = f"You released {_title(paper)}" if result.changed else f"Nobody holds {_title(paper)}"
        return Reply(f"{released}; anyone can claim it.")
    if result.holder.id != member:
        return Reply(f"{result.holder.name} has claimed {_title(paper)} already; vote for it, or ask them.", ok=False)
    said = "You claimed" if result.changed else "You already hold"
    return Reply(f"{said} {_title(paper)}. /paper release gives it back.")


def _title(paper: Entry) -> str:
    return f"“{paper.paper.title}”"


@command("mine", "what I claimed, voted for and passed on", Policy.MEMBER)
async def mine(context: Context) -> Reply:
    member = context.act().member
    claimed = await context.store.held_by(context.group.id, member, "claimed")
    voted = await context.store.held_by(context.group.id, member, "voted")
    passed = await context.store.held_by(context.group.id, member, "passed")
    held = {entry.id: entry for entry in (*claimed, *voted, *passed)}
    if not held:
        return Reply("You have no claims and no votes yet. /paper vote 1 votes for the first paper of the list.")
    text = f"{plural(len(claimed), 'claim')}, {plural(len(voted), 'vote')}, {plural(len(passed), 'pass')}"
    return Reply(text, tuple(map(views.found_card, held.values())))

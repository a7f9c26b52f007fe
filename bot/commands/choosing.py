"""Commands by which members choose: vote, pass, claim, and what they chose. A button pressed again takes it back."""

from bot import views
from bot.cards import Reply
from bot.commands.parameters import PAPER
from bot.commands.table import Context, Policy, command
from bot.model import ClaimResult, Entry, Tally


@command("vote", "I'd like us to read this; the button pressed again takes it back", Policy.MEMBER, PAPER)
async def vote(context: Context, paper: Entry) -> Reply:
    act = context.act()
    change = context.store.toggle_vote if context.request.pressed else context.store.cast_vote
    return _tell_vote(paper, await change(act, paper.id))


@command("unvote", "take my vote back", Policy.MEMBER, PAPER)
async def unvote(context: Context, paper: Entry) -> Reply:
    tally = await context.store.retract_vote(context.act(), paper.id)
    if not tally.changed:
        return Reply(f"You have no vote on “{paper.paper.title}”.")
    return _tell_vote(paper, tally)


def _tell_vote(paper: Entry, tally: Tally) -> Reply:
    if tally.voted:
        first = "You voted for" if tally.changed else "Your vote already stands for"
    else:
        first = "You took your vote back from"
    return Reply(f"{first} “{paper.paper.title}” ({views.plural(tally.votes, 'vote')}).")


@command("pass", "not for us; said again it is taken back", Policy.MEMBER, PAPER)
async def pass_on(context: Context, paper: Entry) -> Reply:
    stands = await context.store.toggle_pass(context.act(), paper.id)
    said = "You passed on" if stands else "You took your pass back from"
    return Reply(f"{said} “{paper.paper.title}”.")


@command("claim", "I'll present this; the button pressed again releases it", Policy.MEMBER, PAPER)
async def claim(context: Context, paper: Entry) -> Reply:
    act = context.act()
    mine = paper.claimer is not None and paper.claimer.id == act.member
    if context.request.pressed and mine:
        return _tell_release(paper, await context.store.release_claim(act, paper.id), act.member)
    result = await context.store.claim(act, paper.id)
    if result.holder is None or result.holder.id != act.member:
        holder = result.holder.name if result.holder else "Someone"
        return Reply(f"{holder} has claimed “{paper.paper.title}” already; vote for it, or ask them.", ok=False)
    said = "You claimed" if result.changed else "You already hold"
    return Reply(f"{said} “{paper.paper.title}”. /paper release gives it back.")


@command("release", "I can't present this after all", Policy.MEMBER, PAPER)
async def release(context: Context, paper: Entry) -> Reply:
    act = context.act()
    return _tell_release(paper, await context.store.release_claim(act, paper.id), act.member)


def _tell_release(paper: Entry, result: ClaimResult, member: int) -> Reply:
    if result.changed:
        return Reply(f"You released “{paper.paper.title}”; others can claim it now.")
    if result.holder and result.holder.id == member:
        return Reply(f"You hold “{paper.paper.title}”.")
    if result.holder:
        return Reply(f"“{paper.paper.title}” is claimed by {result.holder.name}, so it is theirs to release.", ok=False)
    return Reply(f"Nobody holds “{paper.paper.title}”.", ok=False)


@command("mine", "what I claimed and voted for", Policy.MEMBER)
async def mine(context: Context) -> Reply:
    member = context.act().member
    claimed = await context.store.held_by(context.group.id, member, "claimed")
    voted = await context.store.held_by(context.group.id, member, "voted")
    if not claimed and not voted:
        return Reply("You have no claims and no votes yet. /paper vote 1 votes for the first paper of the list.")
    held = {entry.id: entry for entry in (*claimed, *voted)}
    text = f"{views.plural(len(claimed), 'claim')}, {views.plural(len(voted), 'vote')}"
    return Reply(text, tuple(map(views.found_card, held.values())))

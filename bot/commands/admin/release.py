"""Ending whoever's claim on a paper."""

from bot.actions.claims import revoke_claim
from bot.cards import Reply
from bot.commands.admin.replies import done
from bot.commands.parameters import PAPER
from bot.commands.table import Context, Policy, command
from bot.model import Entry
from bot.views.dates import day_of
from bot.views.papers import quoted


@command(
    "admin release",
    "end whoever's claim on a paper; of a presenter's the next is asked",
    Policy.MODERATOR,
    PAPER,
    de=("freigeben", "eine Zusage beenden, wessen sie auch ist; beim Vorstellen wird der nächste gefragt"),
)
async def release(context: Context, paper: Entry) -> Reply:
    result = await context.store.act(revoke_claim, context.act(), paper.id)
    title, held = quoted(paper.paper.title), paper.claimer.name if paper.claimer else "Nobody"
    if not result.changed:
        return Reply(f"Nobody holds {title}; anyone can claim it.")
    after = await context.store.peek(lambda rows: rows.sessions.session_of(context.group.id, paper.id))
    follows = f"{result.holder.name} follows." if result.holder else "Anyone can claim it."
    if after and after.ends > context.now() and after.presenter:
        follows = f"{after.presenter.name} is asked to present it on {day_of(after, context.group)}."
    return done(f"{held} does not present {title} any more. {follows}")

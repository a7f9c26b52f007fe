"""Ending whoever's claim on a paper."""

from bot.actions.claims import revoke_claim
from bot.cards import Reply
from bot.commands.admin.replies import done
from bot.commands.parameters import PAPER
from bot.commands.table import Context, Policy, command
from bot.languages import say
from bot.model import Entry, GroupSettings, Member, Session
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
    group, title = context.group, quoted(paper.paper.title)
    if not result.changed:
        return Reply(say(group, "Nobody holds {title}; anyone can claim it.", title=title))
    held = paper.claimer.name if paper.claimer else say(group, "Nobody")
    gone = say(group, "{name} does not present {title} any more.", name=held, title=title)
    reads = await context.store.peek(lambda rows: rows.sessions.session_of(group.id, paper.id))
    if reads and reads.ends > context.now() and reads.presenter:
        return done(group, gone, _say_asked(group, reads.presenter, reads))
    return done(group, gone, _say_follows(group, result.holder))


def _say_asked(group: GroupSettings, presenter: Member, reads: Session) -> str:
    day = day_of(reads, group)
    return say(group, "{name} is asked to present it on {day}.", name=presenter.name, day=day)


def _say_follows(group: GroupSettings, holder: Member | None) -> str:
    return say(group, "{name} follows.", name=holder.name) if holder else say(group, "Anyone can claim it.")

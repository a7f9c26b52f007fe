"""Taking back a paper that one handed in."""

from bot.actions.reactions import emoji_of
from bot.actions.submissions import withdraw as withdraw_entry
from bot.cards import Reply
from bot.commands.parameters import PAPER
from bot.commands.table import Context, Policy, command
from bot.languages import say
from bot.model import Entry
from bot.views.papers import quoted
from bot.views.standing import paper_links


@command(
    "withdraw",
    "take back a paper that I handed in, until somebody else votes for it",
    Policy.MEMBER,
    PAPER,
    de=("zurückziehen", "ein Paper zurückziehen, das ich vorgeschlagen habe, solange sonst niemand dafür stimmt"),
)
async def withdraw(context: Context, paper: Entry) -> Reply:
    title = quoted(paper.paper.title)
    if not await context.store.act(withdraw_entry, context.act(), paper.id):
        return Reply(say(context.group, "{title} is withdrawn already. /paper submit hands it in again.", title=title))
    context.surfaces.unreact(context.store.peek(emoji_of, context.act(), paper.id))
    said = say(context.group, "You withdrew {title}: its card says so. /paper submit hands it in again.", title=title)
    return Reply(said, messages=await context.store.read(paper_links, context.group, context.here, paper.id))

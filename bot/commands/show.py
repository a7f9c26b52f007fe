"""All that is known of a paper."""

from bot import views
from bot.cards import Reply
from bot.commands.papers import linked
from bot.commands.parameters import SHOWN
from bot.commands.table import Context, Policy, command
from bot.languages import say
from bot.model import Entry
from bot.views.dates import spoken


@command(
    "show", "all that is known of a paper", Policy.ANYONE, SHOWN, de=("zeigen", "alles, was über ein Paper bekannt ist")
)
async def show(context: Context, paper: Entry) -> Reply:
    cards = await linked(context, [views.full_card(paper, context.group)])
    day = spoken(paper.posted_on, context.group)
    return Reply(say(context.group, "No. {number} of {day}", number=paper.rank, day=day), cards)

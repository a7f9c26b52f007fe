"""What a paper is about, in a sentence."""

from bot import views
from bot.actions.papers import put_summaries
from bot.cards import Reply
from bot.commands.parameters import SHOWN
from bot.commands.table import Context, Policy, command
from bot.languages import msgid, say
from bot.model import Entry
from bot.views.papers import quoted


@command(
    "summary",
    "what a paper is about, in a sentence",
    Policy.ANYONE,
    SHOWN,
    slow=True,
    de=("zusammenfassung", "worum es in einem Paper geht, in einem Satz"),
)
async def summary(context: Context, paper: Entry) -> Reply:
    summary = paper.summary or await context.summaries.best(paper.paper, context.group.language)
    if summary is None:
        sentence = msgid("No abstract of {title} is known, so there is nothing to summarise.")
        return Reply(say(context.group, sentence, title=quoted(paper.paper.title)))
    if summary is not paper.summary:
        await context.store.write(put_summaries, {paper.paper.key: summary}, context.now())
    return Reply(f"{summary.text} ({summary.label})", (views.abstract_card(paper, context.group),))

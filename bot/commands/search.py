"""Papers on the group's lists, by their words."""

from bot import views
from bot.cards import Reply
from bot.commands.papers import linked
from bot.commands.parameters import QUERY
from bot.commands.table import Context, Policy, command
from bot.languages import count, msgid, say

SHOWN = 10


@command(
    "search",
    "papers on this group's lists, by words of title, abstract or authors",
    Policy.ANYONE,
    QUERY,
    de=("suchen", "Papers auf den Listen der Gruppe, nach Wörtern aus Titel, Abstract oder Autoren"),
)
async def search(context: Context, query: str) -> Reply:
    group = context.group
    found = await context.store.read(lambda rows: rows.entries.search(group.id, query, limit=SHOWN))
    if not found.total:
        sentence = msgid('Nothing on this group\'s lists has all of "{query}". Fewer or shorter words find more.')
        return Reply(say(group, sentence, query=query))
    text = count(group, '{n} paper for "{query}"', '{n} papers for "{query}"', found.total, query=query)
    if found.total > SHOWN:
        text = f"{text}; {say(group, 'the best {most} are shown', most=SHOWN)}"
    return Reply(text, await linked(context, (views.found_card(entry, group) for entry in found.entries)))

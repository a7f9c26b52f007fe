"""Papers on the group's lists, by their words."""

from bot import views
from bot.cards import Reply
from bot.commands.papers import linked
from bot.commands.parameters import QUERY
from bot.commands.table import Context, Policy, command
from bot.wording import plural

SHOWN = 10


@command(
    "search",
    "papers on this group's lists, by words of title, abstract or authors",
    Policy.ANYONE,
    QUERY,
    de=("suchen", "Papers auf den Listen der Gruppe, nach Wörtern aus Titel, Abstract oder Autoren"),
)
async def search(context: Context, query: str) -> Reply:
    found = await context.store.read(lambda rows: rows.entries.search(context.group.id, query, limit=SHOWN))
    if not found.total:
        return Reply(f'Nothing on this group\'s lists has all of "{query}". Fewer or shorter words find more.')
    shown = f"; the best {SHOWN} are shown" if found.total > SHOWN else ""
    text = f'{plural(found.total, "paper")} for "{query}"{shown}'
    return Reply(text, await linked(context, (views.found_card(entry, context.group) for entry in found.entries)))

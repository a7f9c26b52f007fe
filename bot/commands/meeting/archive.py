"""Past meetings."""

from bot.cards import Reply
from bot.commands.parameters import read_query
from bot.commands.sections import MEETING
from bot.commands.table import Context, Parameter, Policy, command
from bot.groups import channel_of
from bot.model import Archived
from bot.views.recap import archived_card
from bot.week.archive import archive_of
from bot.wording import plural

SHOWN = 10  # meetings of the archive


WORDS = Parameter(
    "query",
    "words of a title, an author, a presenter, a takeaway",
    read_query,
    required=False,
    de=("suchwort", "Wörter eines Titels oder Gedankens, Autoren, wer vorstellte"),
)


# --- the archive


@command(
    "archive",
    "past meetings: papers, takeaways, ratings, slides, threads",
    Policy.ANYONE,
    WORDS,
    de=("archiv", "vergangene Treffen: Papers, Erkenntnisse, Noten, Folien, Threads"),
    section=MEETING,
)
async def archive(context: Context, query: str = "") -> Reply:
    found, total = await context.store.read(
        lambda rows: archive_of(rows, context.group.id, query, context.now(), SHOWN)
    )
    if not total:
        return Reply(_say_nothing(query))
    shown = f"; the newest {len(found)} are shown" if total > len(found) else ""
    about = f' for "{query}"' if query else ""
    hint = ". A word of a title or takeaway finds older ones: /paper meeting archive WORD"
    more = hint if shown and not query else ""
    cards = (archived_card(one, context.group, _discussion(context, one)) for one in found)
    return Reply(f"{plural(total, 'meeting')}{about}{shown}{more}", tuple(cards))


def _say_nothing(query: str) -> str:
    if query:
        return f'No past meeting has all of "{query}". Fewer or shorter words find more.'
    return "Nothing is in the archive yet: it begins once a meeting is over. /paper next tells when the next one is."


def _discussion(context: Context, archived: Archived) -> str:
    """Only where the thread is in the channel in which it is asked for."""
    here = channel_of(context.request.place)
    return archived.thread_ref if channel_of(archived.thread_place) == here else ""

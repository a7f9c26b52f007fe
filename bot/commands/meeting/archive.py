"""Past meetings."""

from datetime import datetime

from bot.cards import Card, Reply
from bot.commands.parameters import read_query
from bot.commands.sections import MEETING
from bot.commands.table import Context, Parameter, Policy, command
from bot.languages import count, say
from bot.model import GroupSettings
from bot.ports import Reads
from bot.views.recap import archived_card
from bot.views.standing import link_meetings
from bot.week.archive import archive_of

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
    cards, total = await context.store.read(_listed, context.group, context.here, query, context.now())
    if not total:
        return Reply(_say_nothing(context.group, query))
    return Reply(_say_found(context.group, query, len(cards), total), cards)


def _say_found(group: GroupSettings, query: str, shown: int, total: int) -> str:
    found = count(group, "{n} meeting", "{n} meetings", total)
    if total <= shown:
        return say(group, '{meetings} for "{query}"', meetings=found, query=query) if query else found
    if query:
        return say(
            group,
            '{meetings} for "{query}"; the newest {shown} are shown',
            meetings=found,
            query=query,
            shown=shown,
        )
    return say(
        group,
        "{meetings}; the newest {shown} are shown. A word of a title or takeaway finds older ones: "
        "/paper meeting archive WORD",
        meetings=found,
        shown=shown,
    )


def _listed(rows: Reads, group: GroupSettings, place: str, query: str, now: datetime) -> tuple[tuple[Card, ...], int]:
    """The newest that fit, and how many there are in all."""
    found, total = archive_of(rows, group.id, query, now, SHOWN)
    cards = {room.session.id: archived_card(room, group) for room in found}
    return link_meetings(rows, group, place, cards), total


def _say_nothing(group: GroupSettings, query: str) -> str:
    if query:
        return say(group, 'No past meeting has all of "{query}". Fewer or shorter words find more.', query=query)
    return say(
        group,
        "Nothing is in the archive yet: it begins once a meeting is over. /paper next tells when the next one is.",
    )

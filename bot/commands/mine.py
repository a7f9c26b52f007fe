"""What is a member's own: what they keep to read, claimed, voted for, passed on and have read."""

from collections.abc import Callable, Mapping

from bot.actions.saved import listed_of
from bot.cards import Card, Reply
from bot.commands.papers import linked
from bot.commands.sections import YOURS
from bot.commands.table import Context, Policy, command
from bot.model import Act, GroupSettings
from bot.ports import Reads
from bot.views.saved import held_cards
from bot.wording import join_words, plural

HELD: Mapping[str, Callable[[int], str]] = {
    "claimed": lambda count: plural(count, "claim"),
    "voted": lambda count: plural(count, "vote"),
    "passed": lambda count: plural(count, "pass"),
    "read": lambda count: f"{count} read",
}


@command(
    "mine",
    "my reading list, what I claimed, voted for, passed on and have read",
    Policy.MEMBER,
    de=("meine", "meine Leseliste, was ich übernommen, gewählt, abgelehnt und gelesen habe"),
    section=YOURS,
    everyday=True,
)
async def mine(context: Context) -> Reply:
    told, cards = await context.store.read(_held, context.act(), context.group)
    if not cards:
        return Reply(
            "Nothing is yours yet. /paper vote 1 votes for the first paper of the list, /paper save keeps one to read."
        )
    return Reply(f"{join_words(told)}. Only you see this.", await linked(context, cards))


def _held(rows: Reads, act: Act, group: GroupSettings) -> tuple[list[str], tuple[Card, ...]]:
    saved = rows.saved.of(act.group, act.member)
    held = {what: rows.entries.held_by(act.group, act.member, what) for what in HELD}
    told = [f"{len(saved)} to read"] if saved else []
    told += [HELD[what](len(some)) for what, some in held.items() if some]
    return told, held_cards(saved, held, listed_of(rows, act.group, saved), group)

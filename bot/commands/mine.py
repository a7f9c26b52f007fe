"""What is a member's own: what they keep to read, claimed, voted for, passed on and have read."""

from collections.abc import Mapping

from bot.actions.saved import listed_of
from bot.cards import Card, Reply
from bot.commands.papers import linked
from bot.commands.sections import YOURS
from bot.commands.table import Context, Policy, command
from bot.languages import count, joined, msgid, msgids, say
from bot.model import Act, GroupSettings
from bot.ports import Reads
from bot.views.saved import HANDED_IN, held_cards

HELD: Mapping[str, tuple[str, str]] = {
    "claimed": msgids("{n} claim", "{n} claims"),
    "voted": msgids("{n} vote", "{n} votes"),
    "passed": msgids("{n} pass", "{n} passes"),
    "read": msgids("{n} read", "{n} read"),
    HANDED_IN: msgids("{n} handed in", "{n} handed in"),
}

NOTHING = msgid(
    "Nothing is yours yet. /paper vote 1 votes for the first paper of the list, /paper save keeps one to read."
)


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
        return Reply(say(context.group, NOTHING))
    return Reply(
        say(context.group, "{held}. Only you see this.", held=joined(context.group, told)), await linked(context, cards)
    )


def _held(rows: Reads, act: Act, group: GroupSettings) -> tuple[list[str], tuple[Card, ...]]:
    saved = rows.saved.of(act.group, act.member)
    held = {what: rows.entries.held_by(act.group, act.member, what) for what in HELD}
    told = [count(group, "{n} to read", "{n} to read", len(saved))] if saved else []
    told += [count(group, *HELD[what], len(some)) for what, some in held.items() if some]
    return told, held_cards(saved, held, listed_of(rows, act.group, saved), group)

"""What a member claimed, voted for and passed on."""

from bot import views
from bot.cards import Reply
from bot.commands.sections import YOURS
from bot.commands.table import Context, Policy, command
from bot.wording import plural


@command(
    "mine",
    "what I claimed, voted for and passed on",
    Policy.MEMBER,
    de=("meine", "was ich übernommen habe, wofür ich gestimmt und wobei ich gepasst habe"),
    section=YOURS,
    everyday=True,
)
async def mine(context: Context) -> Reply:
    member = context.act().member
    claimed, voted, passed = await context.store.read(
        lambda rows: [rows.entries.held_by(context.group.id, member, what) for what in ("claimed", "voted", "passed")]
    )
    held = {entry.id: entry for entry in (*claimed, *voted, *passed)}
    if not held:
        return Reply("You have no claims and no votes yet. /paper vote 1 votes for the first paper of the list.")
    text = f"{plural(len(claimed), 'claim')}, {plural(len(voted), 'vote')}, {plural(len(passed), 'pass')}"
    return Reply(text, tuple(views.found_card(entry, context.group) for entry in held.values()))

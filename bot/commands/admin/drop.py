"""Taking a paper off the vote, and putting it back."""

from bot.actions.entries import drop_entry
from bot.cards import Button, Reply
from bot.commands.admin.replies import REASON, because, done
from bot.commands.parameters import PAPER
from bot.commands.table import Context, Policy, command
from bot.model import Entry
from bot.views.dates import day_of
from bot.views.papers import quoted
from bot.views.standing import paper_links

# --- papers and claims


@command(
    "drop",
    "take a paper off the vote; said again it is back",
    Policy.MODERATOR,
    PAPER,
    REASON,
    de=("streichen", "ein Paper aus der Abstimmung nehmen; noch einmal gesagt ist es wieder da"),
)
async def drop(context: Context, paper: Entry, reason: str = "") -> Reply:
    await context.store.act(drop_entry, context.act(), paper.id, not paper.dropped, reason)
    standing = await context.store.peek(lambda rows: rows.entries.entry(context.group.id, paper.id)) or paper
    title = quoted(paper.paper.title)
    there = await context.store.read(paper_links, context.group.id, context.here, paper.id)
    if not standing.dropped:
        return done(f"{title} is back: its votes count again.", there=there)
    reads = await context.store.peek(lambda rows: rows.sessions.session_of(context.group.id, paper.id))
    said = f"{title} is dropped{because(reason)}: its card says so, and no vote picks it. Said again it is back."
    if reads is None or reads.ends <= context.now():
        return done(said, there=there)
    still = f"It is still the paper of {day_of(reads, context.group)}: /paper-admin next takes another."
    return done(said, still, more=(Button("Next paper", "admin next", paper.id, session=reads.id),), there=there)

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
    "take a paper off the vote; restore puts it back",
    Policy.MODERATOR,
    PAPER,
    REASON,
    de=("streichen", "ein Paper aus der Abstimmung nehmen; restore holt es zurück"),
)
async def drop(context: Context, paper: Entry, reason: str = "") -> Reply:
    title = quoted(paper.paper.title)
    if not await context.store.act(drop_entry, context.act(), paper.id, True, reason):
        restore_it = Button("Restore", "restore", paper.id)
        return Reply(f"{title} is dropped already. /paper-admin restore puts it back.", choices=(restore_it,))
    there = await context.store.read(paper_links, context.group, context.here, paper.id)
    reads = await context.store.peek(lambda rows: rows.sessions.session_of(context.group.id, paper.id))
    said = f"{title} is dropped{because(reason)}: its card says so, and no vote picks it. Restore puts it back."
    if reads is None or reads.ends <= context.now():
        return done(said, there=there)
    still = f"It is still the paper of {day_of(reads, context.group)}: /paper-admin next takes another."
    return done(said, still, more=(Button("Next paper", "admin next", paper.id, session=reads.id),), there=there)


@command(
    "restore",
    "put a dropped paper back on the vote",
    Policy.MODERATOR,
    PAPER,
    REASON,
    de=("zurückholen", "ein gestrichenes Paper wieder in die Abstimmung nehmen"),
)
async def restore(context: Context, paper: Entry, reason: str = "") -> Reply:
    title = quoted(paper.paper.title)
    if await context.store.act(drop_entry, context.act(), paper.id, False, reason):
        there = await context.store.read(paper_links, context.group, context.here, paper.id)
        return done(f"{title} is back{because(reason)}: its votes count again.", there=there)
    return Reply(f"{title} is not dropped: its votes count.")

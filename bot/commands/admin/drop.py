"""Taking a paper off the vote, and putting it back."""

from bot.actions.entries import drop_entry
from bot.cards import Button, Reply
from bot.commands.admin.replies import REASON, done
from bot.commands.parameters import PAPER
from bot.commands.table import Context, Policy, command
from bot.languages import say
from bot.model import Entry, GroupSettings
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
    group, title = context.group, quoted(paper.paper.title)
    if not await context.store.act(drop_entry, context.act(), paper.id, True, reason):
        restore_it = Button(say(group, "Restore"), "restore", paper.id)
        said = say(group, "{title} is dropped already. /paper-admin restore puts it back.", title=title)
        return Reply(said, choices=(restore_it,))
    there = await context.store.read(paper_links, group, context.here, paper.id)
    reads = await context.store.peek(lambda rows: rows.sessions.session_of(group.id, paper.id))
    said = _say_dropped(group, title, reason)
    if reads is None or reads.ends <= context.now():
        return done(group, said, there=there)
    day = day_of(reads, group)
    still = say(group, "It is still the paper of {day}: /paper-admin next takes another.", day=day)
    another = Button(say(group, "Next paper"), "admin next", paper.id, session=reads.id)
    return done(group, said, still, more=(another,), there=there)


def _say_dropped(group: GroupSettings, title: str, reason: str) -> str:
    if reason:
        return say(
            group,
            "{title} is dropped ({reason}): its card says so, and no vote picks it. Restore puts it back.",
            title=title,
            reason=reason,
        )
    return say(group, "{title} is dropped: its card says so, and no vote picks it. Restore puts it back.", title=title)


@command(
    "restore",
    "put a dropped paper back on the vote",
    Policy.MODERATOR,
    PAPER,
    REASON,
    de=("zurückholen", "ein gestrichenes Paper wieder in die Abstimmung nehmen"),
)
async def restore(context: Context, paper: Entry, reason: str = "") -> Reply:
    group, title = context.group, quoted(paper.paper.title)
    if await context.store.act(drop_entry, context.act(), paper.id, False, reason):
        there = await context.store.read(paper_links, group, context.here, paper.id)
        said = say(group, "{title} is back: its votes count again.", title=title)
        if reason:
            said = say(group, "{title} is back ({reason}): its votes count again.", title=title, reason=reason)
        return done(group, said, there=there)
    return Reply(say(group, "{title} is not dropped: its votes count.", title=title))

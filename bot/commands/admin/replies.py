"""What the answers of the moderators' commands share: a reason, names of papers, what takes a step back."""

from bot.cards import Button, Reply
from bot.commands.table import Context, Parameter
from bot.errors import UserError
from bot.languages import Listener, say
from bot.views.papers import quoted
from bot.views.standing import Links

LONGEST_REASON = 200  # characters


async def read_reason(context: Context, typed: str) -> str:
    reason = " ".join(typed.split())
    if len(reason) > LONGEST_REASON:
        raise UserError("That reason is too long; {longest} characters are enough.", longest=LONGEST_REASON)
    return reason


REASON = Parameter(
    "reason",
    "why, for the members and the log",
    read_reason,
    required=False,
    de=("grund", "warum, für die Mitglieder und das Protokoll"),
)


async def title_of(context: Context, entry: int | None) -> str:
    found = await context.store.peek(lambda rows: rows.entries.entry(context.group.id, entry)) if entry else None
    return quoted(found.paper.title) if found else ""


def undo_button(to: Listener) -> Button:
    return Button(say(to, "Undo"), "undo")


def done(to: Listener, *sentences: str, more: tuple[Button, ...] = (), there: Links = ()) -> Reply:
    """What is now, what members see, and what comes next; `there` is where they see it."""
    said = " ".join(part for part in sentences if part)
    return Reply(said, choices=(*more, undo_button(to)), messages=there)


def seen_there(to: Listener, reason: str = "") -> str:
    if reason:
        return say(to, "Members see it on the meeting's card ({reason}).", reason=reason)
    return say(to, "Members see it on the meeting's card.")

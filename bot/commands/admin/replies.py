"""What the answers of the moderators' commands share: a reason, names of papers, what takes a step back."""

from bot.cards import Button, Reply
from bot.commands.table import Context, Parameter
from bot.errors import UserError
from bot.views.papers import quoted
from bot.views.standing import Links

UNDO = Button("Undo", "undo")
LONGEST_REASON = 200  # characters


async def read_reason(context: Context, typed: str) -> str:
    reason = " ".join(typed.split())
    if len(reason) > LONGEST_REASON:
        raise UserError(f"That reason is too long; {LONGEST_REASON} characters are enough.")
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


def done(*sentences: str, more: tuple[Button, ...] = (), there: Links = ()) -> Reply:
    """What is now, what members see, and what comes next; `there` is where they see it."""
    return Reply(" ".join(part for part in sentences if part), choices=(*more, UNDO), messages=there)


def because(reason: str) -> str:
    return f" ({reason})" if reason else ""

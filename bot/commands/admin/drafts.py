"""Schedules that a moderator looks at before they are saved, kept until then: a button's id has no room for a link."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.commands.table import Context
from bot.errors import UserError

KEPT = 60  # of one moderator, the newest; a question may have 25 options


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """What would be saved. None leaves a setting as it is; `when` is canonical, "" ends the series. `session`: the
    meeting that is moved there instead."""

    when: str | None = None
    place: str | None = None
    minutes: int | None = None
    session: int | None = None
    rest: dict[str, str | None] = field(default_factory=dict)  # by the settings' names; None resets one

    @property
    def mark(self) -> str:
        """Alike for alike drafts."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]


async def keep_drafts(context: Context, *drafts: ScheduleDraft) -> None:
    kept = await _kept(context)
    for draft in drafts:
        kept.pop(draft.mark, None)
        kept[draft.mark] = asdict(draft)
    newest = dict(list(kept.items())[-KEPT:])
    text = json.dumps(newest, ensure_ascii=False)
    await context.store.write(lambda rows: rows.kept.remember(_key(context), text))


async def find_draft(context: Context, mark: str) -> ScheduleDraft:
    """Raises UserError for one that is not kept any more, or is another moderator's."""
    found = (await _kept(context)).get(mark)
    if found is None:
        raise UserError("That was too long ago. Type /paper-admin schedule again, with when you meet.")
    return ScheduleDraft(**found)


async def _kept(context: Context) -> dict[str, dict[str, Any]]:
    text = await context.store.read(lambda rows: rows.kept.recall(_key(context)))
    kept: dict[str, dict[str, Any]] = json.loads(text or "{}")
    return kept


def _key(context: Context) -> str:
    return " ".join(("drafts", context.group.id, str(context.act().member)))

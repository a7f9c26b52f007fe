"""What the message shows now whose button was pressed: platforms can show that at once, as the answer to the press."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot import views
from bot.cards import Face
from bot.model import GroupSettings
from bot.ports import Rows

SOON = timedelta(seconds=2)  # in which the platform has shown it


def take_preview(rows: Rows, surface: str, ref: str, group: GroupSettings, now: datetime) -> Face | None:
    """It stays wanted: the outbox edits it after that, also where it would look as it did, so that a preview that comes
    late or never is put right. None where the message looks as it does, or is none of this group's."""
    wanted = rows.messages.find_shown(surface, ref)
    if wanted is None or wanted.group != group.id:
        return None
    message = views.build(rows, replace(wanted, wanted_at=now), group)
    if message is None or message.hash == wanted.hash:
        return None
    rows.messages.put_previewed(wanted, now, now + SOON)
    return Face(wanted.id, message)

"""What a member typed into a form, for a while: where the answer is an error, one press opens the form again, filled
in. In memory only. Knows no command and sends nothing."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.cards import Button, Form, Input, Reply, read_button

KEPT_FOR = 3600.0  # seconds
MOST_OF_ONE, MOST = 5, 1000  # drafts of one member, and of all
MARK = "^"  # begins the id of a button that opens a draft
AGAIN, OPEN = "Fill it in again", "Fill in the form"
LONG = 80  # characters; more than that is not one line
GONE = "That form is closed by now. Ask for it once more."


@dataclass(frozen=True, slots=True)
class Draft:
    user: int
    form: Form
    until: float


class Drafts:
    """Times are the loop's."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._kept: OrderedDict[str, Draft] = OrderedDict()  # by key, the oldest first
        self._opened: OrderedDict[tuple[int, str], Form] = OrderedDict()  # by user and form id: what we asked

    def opened(self, user: int, form: Form) -> None:
        """It stands on the member's screen now."""
        self._opened[user, form.id] = form
        self._opened.move_to_end((user, form.id))
        if len(self._opened) > MOST:
            self._opened.popitem(last=False)

    def filled(self, user: int, form_id: str, typed: Mapping[str, str]) -> Form:
        """The form as the member sent it; one that was opened before a restart has the names of its inputs only."""
        known = self._opened.get((user, form_id))
        if known:
            return replace(known, inputs=tuple(replace(one, value=typed.get(one.name, "")) for one in known.inputs))
        command, about = read_button(form_id)
        inputs = tuple(_guess(name, value) for name, value in typed.items())
        return Form("Once more", command, inputs, session=int(about["session"]) if "session" in about else None)

    def offered(self, reply: Reply, user: int, form: Form, label: str) -> Reply:
        """The reply with a button that opens the form, as it is filled in."""
        if not form.inputs:
            return reply
        return replace(reply, choices=(*reply.choices, Button(label, self._keep(user, form))))

    def _keep(self, user: int, form: Form) -> str:
        """The id of the button."""
        self._forget_old(user)
        key = f"{MARK}{secrets.token_hex(6)}"
        self._kept[key] = Draft(user, form, self._now() + KEPT_FOR)
        return key

    def _forget_old(self, user: int) -> None:
        theirs = [key for key, draft in self._kept.items() if draft.user == user]
        old = [key for key, draft in self._kept.items() if draft.until <= self._now()]
        for key in {*old, *theirs[: 1 - MOST_OF_ONE], *[*self._kept][: 1 - MOST]}:
            del self._kept[key]

    def draft(self, user: int, button: str) -> Form | None:
        """None when there is none any more, or it is another's."""
        draft = self._kept.get(button)
        return draft.form if draft and draft.user == user and draft.until > self._now() else None

    def done(self, user: int, form_id: str) -> None:
        """It was sent and taken."""
        self._opened.pop((user, form_id), None)
        for key in [k for k, draft in self._kept.items() if (draft.user, draft.form.id) == (user, form_id)]:
            del self._kept[key]


def is_draft(button: str) -> bool:
    return button.startswith(MARK)


def _guess(name: str, value: str) -> Input:
    return Input(name, name.capitalize(), value, required=False, long="\n" in value or len(value) > LONG)

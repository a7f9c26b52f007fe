"""A form of a private answer: as text that travels in the page, and back. Knows no command and renders nothing.

The text says what a visitor is shown again when their answer was refused; what they typed travels beside it. It is as
good as anything they type.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from bot.cards import Form, Input
from bot.moments import plain

MOST_INPUTS = 5


def write_form(form: Form) -> str:
    """Without values."""
    asked = [replace(one, label=plain(one.label), value="") for one in form.inputs]
    return json.dumps(asdict(replace(form, title=plain(form.title), inputs=tuple(asked))), ensure_ascii=False)


def read_form(text: str) -> Form | None:
    """None for what is no form of ours."""
    try:
        parts = json.loads(text)
        inputs = tuple(_input(**item) for item in parts["inputs"][:MOST_INPUTS])
        title, command, session = str(parts["title"]), str(parts["command"]), parts["session"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return Form(title, command, inputs, session) if isinstance(session, int | None) else None


def _input(*, name: Any, label: Any, value: Any, required: Any, long: Any) -> Input:
    return Input(str(name), str(label), str(value), required=bool(required), long=bool(long))


def filled(form: Form, args: Iterable[tuple[str, str]]) -> Form:
    """With what was typed into it."""
    typed = dict(args)
    return replace(form, inputs=tuple(replace(one, value=typed.get(one.name, one.value)) for one in form.inputs))

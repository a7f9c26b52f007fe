"""Cards, messages and replies as plain text with all that they hold, for goldens. Renders for no surface."""

from collections.abc import Iterator

from bot.cards import Button, Card, Choice, Event, Form, Message, Reply, Select
from tests.spoken import as_spoken


def show_reply(reply: Reply) -> Iterator[str]:
    reply = as_spoken(reply)
    yield from _said(reply)
    for card in reply.cards:
        yield from show_card(card)
    yield from map(_button, reply.choices)
    if reply.form:
        yield from show_form(reply.form)


def _said(reply: Reply) -> Iterator[str]:
    marks = "" if reply.ok else "✗ "
    replaces = " (replaces)" if reply.replaces else ""
    yield from f"{marks}{reply.text}{replaces}".splitlines()


def show_message(message: Message) -> Iterator[str]:
    message = as_spoken(message)
    if message.mentions:
        yield f"to {', '.join(message.mentions)}"
    if message.text != message.card.title:
        yield f"as “{message.text}”"
    if message.pinned:
        yield "pinned"
    if message.silent:
        yield "silent"
    yield from show_card(message.card)
    for part in message.parts:
        yield from show_card(part)
    yield from map(_button, message.shortcuts)
    if message.opener:
        yield _select(message.opener)


def show_card(card: Card) -> Iterator[str]:
    card = as_spoken(card)
    yield f"[{card.kind}] {card.title}{_marks(card)}"
    yield from (f"| {line}" for line in _inside(card))


def _marks(card: Card) -> str:
    marks = {
        "entry": card.entry,
        "number": card.number,
        "takes emoji": None if card.takes_emoji else "no",
        "discussion": card.discussion or None,
    }
    said = ", ".join(f"{name} {value}" for name, value in marks.items() if value is not None)
    return f" ({said})" if said else ""


def _inside(card: Card) -> Iterator[str]:
    yield from filter(None, (card.url, card.byline))
    yield from card.body.splitlines()
    yield from filter(None, (card.label,))
    for field in card.fields:
        yield from f"{field.name}: {field.value}".splitlines()
    yield from (f"{what}: {address}" for what, address in card.links)
    yield from card.footer.splitlines()
    if card.event:
        yield _event(card.event)
    yield from map(_select, card.selects)
    yield from map(_button, card.buttons)


def _event(event: Event) -> str:
    return f"from {event.starts} to {event.ends} at {event.place}{' (cancelled)' if event.is_cancelled else ''}"


def _select(select: Select) -> str:
    choices = ", ".join(map(_choice, select.choices))
    return f"<{select.label}{' (many)' if select.many else ''}> {select.id}: {choices}"


def _choice(choice: Choice) -> str:
    about = f" ({choice.about})" if choice.about else ""
    return f"{'*' if choice.chosen else ''}{choice.label}={choice.value}{about}"


def _button(button: Button) -> str:
    return f"[{button.label}{' (moderators)' if button.moderators else ''}] {button.id}"


def show_form(form: Form) -> Iterator[str]:
    yield f"form {form.id}: {form.title}"
    for one in form.inputs:
        marks = f"{'' if one.required else ' (may stay empty)'}{' (long)' if one.long else ''}"
        yield f"| {one.name}: {one.label}{marks} = {one.value!r}"

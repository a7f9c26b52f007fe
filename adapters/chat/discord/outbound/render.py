"""Cards and forms as Discord's JSON: embeds, buttons, menus, modals. Pure; knows no command and sends nothing.

Embeds and not components v2: text in embeds pings nobody, and that flag can't be taken back from a message.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import quote, urlsplit

from adapters.chat.discord.outbound.escape import cut, line, one_line, paragraphs, plain, units
from adapters.chat.discord.places import Spot, address, read_account, read_ref, thread_of
from bot.cards import Button, Card, Field, Form, Message, Select
from bot.moments import plain as spoken

log = logging.getLogger(__name__)

Json = dict[str, Any]

MOST_CONTENT, MOST_TITLE, MOST_DESCRIPTION, MOST_FOOTER = 2000, 256, 4096, 2048
MOST_FIELDS, MOST_FIELD_NAME, MOST_FIELD = 25, 256, 1024
MOST_EMBEDS, MOST_IN_EMBEDS = 10, 6000
MOST_ROWS, BUTTONS_IN_ROW, MOST_LABEL, MOST_ID = 5, 5, 80, 100
MOST_CHOICES, MOST_CHOICE, MOST_PLACEHOLDER = 25, 100, 150
MOST_MODAL_TITLE, MOST_INPUTS, MOST_INPUT_LABEL, MOST_INPUT = 45, 5, 45, 4000
MOST_THREAD_NAME = 100
MOST_URL, MOST_BUTTON_URL = 2048, 512
MOST_BYLINE = 600
SHORT_FIELD = 40  # several of them fit side by side

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
PRIMARY, SECONDARY, SUCCESS, LINK = 1, 2, 3, 5
STYLES = {"vote": PRIMARY, "ballot": PRIMARY, "recap": PRIMARY, "start": SUCCESS}
AGREEING = (("answer", "yes"), ("answer", "join"))  # arguments of buttons that say yes
MORE = "+"  # begins the id of a menu that holds buttons for which there is no row; its values are their ids
MOST_SENTENCE = 500  # characters of what a notification says
MOST_NAMED = 50  # members that a message may call by name
NOT_A_NAME = re.compile(r"[^\w .-]")  # in the text of a link no bracket may stand, escaped or not
COLOURS = {
    "digest": 0x5865F2,
    "papers": 0x5865F2,
    "paper": 0x2F81B7,
    "discussion": 0x3BA55D,
    "notice": 0x99AAB5,
    "ballot": 0x9B59B6,
    "pick": 0xF1C40F,
    "ask": 0xE67E22,
    "session": 0x1ABC9C,
    "recap": 0x607D8B,
    "event": 0x1ABC9C,
}
NOBODY: Json = {"parse": []}
SUPPRESS_NOTIFICATIONS = 1 << 12


def message(message: Message, spot: Spot) -> Json:
    """The body of a post or an edit. It pings nobody; see `allowed_mentions`."""
    content = sentence(message)
    if content and message.card.body in message.text and units(message.text) <= MOST_SENTENCE:
        message = replace(message, card=replace(message.card, body=""))  # it stands above already
    shown = _together(message, spot) if message.parts else message_parts(message.card, spot)
    return body(*shown, content)


def sentence(message: Message) -> str:
    """What a notification says: why it is there. Those whom it calls stand in it where it names them. What is silent
    says nothing, nor what would only say its title again."""
    called = " ".join(f"<@{user}>" for user in _named(message))
    text = f"{message.card.title}. {message.card.body}" if message.parts else message.text
    if called and message.called and text.startswith(message.called):
        return called + paragraphs(text.removeprefix(message.called), MOST_SENTENCE)
    if message.silent or text.strip(". ") == message.card.title.strip(". "):
        return called
    return f"{called} {paragraphs(text, MOST_SENTENCE)}".strip()


def marked_message(message_: Message, spot: Spot, number: int) -> Json:
    """Marked, so that it is found again: neither title nor buttons stay as they are (an empty day fills, a discussion
    opens), nor are they one message's alone, and Discord keeps no nonce. The mark is twelve bits of our number of the
    message as the last bits of the colour, which nobody sees."""
    found = message(message_, spot)
    for embed in found["embeds"]:
        embed["color"] = marked(embed["color"], number)
    return found


def flags(message: Message) -> Json:
    """Those of its first post."""
    return {"flags": SUPPRESS_NOTIFICATIONS} if message.silent else {}


def allowed_mentions(message: Message) -> Json:
    """The allowed_mentions of its first post: those whom it calls by name, and no one else."""
    named = [str(user) for user in _named(message)]
    return {**NOBODY, "users": named} if named else NOBODY


def _named(message: Message) -> list[int]:
    """Those of this surface."""
    users = dict.fromkeys(user for account in message.mentions if (user := read_account(account)))
    return list(users)[:MOST_NAMED]


def _together(message: Message, spot: Spot) -> tuple[list[Json], list[Json]]:
    """Buttons stand below all embeds of a message: there each says by a number which is meant."""
    selects = (message.opener,) if message.opener else ()
    parts = [addressed(replace(part, buttons=()), spot) for part in message.parts]
    return embeds_of([message.card, *parts]), rows((*message.shortcuts, *message.card.buttons), selects)


def message_parts(card: Card, spot: Spot) -> tuple[list[Json], list[Json]]:
    """The embeds and the rows of components of a card that has a message to itself."""
    return [embed(addressed(card, spot))], rows(card.buttons, card.selects, _discussion(card, spot))


def body(embeds: Sequence[Json], components: Sequence[Json], content: str = "") -> Json:
    return {
        "content": content,
        "embeds": list(embeds),
        "components": list(components),
        "allowed_mentions": NOBODY,
    }


# --- messages that are linked to


def addressed(card: Card, spot: Spot) -> Card:
    """With the addresses of messages that it names: among its links, and as its title's where it has no other."""
    found = tuple(message_links(card.messages, spot))
    if (talk := _discussion(card, spot)) and not any(button.command == "discuss" for button in card.buttons):
        found = (*found, ("Discussion", talk))
    return replace(card, url=card.url or (found[0][1] if found else ""), links=(*found, *card.links), messages=())


def message_links(messages: Iterable[tuple[str, str]], spot: Spot) -> Iterator[tuple[str, str]]:
    """What leads to messages of this surface."""
    for what, name in messages:
        if spot.guild and (ref := read_ref(name)):
            yield what, address(spot.guild, ref.channel, ref.message)


# --- embeds


def embeds_of(cards: Sequence[Card], room: int = MOST_IN_EMBEDS) -> list[Json]:
    """Of one message. What is too long gives way to the others, and only as far as it must."""
    whole = [embed(card) for card in cards]
    most = _share([_size(one) for one in whole], room)
    return [one if _size(one) <= most else embed(card, most) for card, one in zip(cards, whole, strict=True)]


def _share(sizes: Sequence[int], room: int) -> int:
    """The most that each may have, so that all together have no more than there is."""
    for done, size in enumerate(sorted(sizes)):
        share = room // (len(sizes) - done)
        if size > share:
            return share
        room -= size
    return MOST_IN_EMBEDS


def _size(embed: Json) -> int:
    """As Discord counts."""
    texts = [embed["title"], embed.get("description", ""), embed.get("footer", {}).get("text", "")]
    return sum(map(units, [*texts, *(text for field in embed.get("fields", ()) for text in _texts(field))]))


def _texts(field: Json) -> tuple[str, str]:
    return field["name"], field["value"]


def embed(card: Card, room: int = MOST_IN_EMBEDS) -> Json:
    """At most `room` units in all, which are some hundreds; the description gives way first."""
    found: Json = {"title": title(card), "color": COLOURS[card.kind]}
    if url := safe_url(card.url, MOST_URL):
        found["url"] = url
    if footer := plain(card.footer, min(MOST_FOOTER, room // 4)):
        found["footer"] = {"text": footer}
    room -= units(found["title"]) + units(footer)
    if fields := list(_fitting(card.fields, room // 2)):
        found["fields"] = fields
    room -= sum(units(text) for field in fields for text in _texts(field))
    if description := _description(card, min(room, MOST_DESCRIPTION)):
        found["description"] = description
    return found


def marked(colour: int, number: int) -> int:
    """The colour to the eye, with the number (modulo 4096) as the last four bits of its red, green and blue."""
    red, green, blue = number >> 8 & 15, number >> 4 & 15, number & 15
    return colour & 0xF0F0F0 | red << 16 | green << 8 | blue


def title(card: Card) -> str:
    number = f"{card.number}. " if card.number else ""
    return number + (line(card.title, MOST_TITLE - len(number)) or "Untitled")


def _fitting(fields: Sequence[Field], room: int) -> Iterator[Json]:
    for field in fields[:MOST_FIELDS]:
        name, value = line(field.name, MOST_FIELD_NAME), paragraphs(field.value, MOST_FIELD)
        room -= units(name) + units(value)
        if name and value and room >= 0:
            yield {"name": name, "value": value, "inline": max(units(name), units(value)) <= SHORT_FIELD}


def _description(card: Card, most: int) -> str:
    """Authors, text, where it comes from, links. The text gives way first."""
    byline = line(card.byline, min(MOST_BYLINE, most // 3))
    label = f"*{line(card.label, MOST_LABEL)}*" if card.label and card.body else ""
    below = " · ".join(links(card.links, most // 4))
    others = sum(units(part) + 2 for part in (byline, label, below) if part)
    text = paragraphs(card.body, most - others)
    text = "\n".join(part for part in (text, label) if part)
    return "\n\n".join(part for part in (byline, text, below) if part)


def links(named: Iterable[tuple[str, str]], room: int) -> Iterator[str]:
    for what, url in named:
        shown = linked(NOT_A_NAME.sub("", one_line(what))[:MOST_LABEL], url)
        room -= units(shown) + 3
        if shown and room >= 0:
            yield shown


def linked(name: str, url: str) -> str:
    """ "" where either is not fit to be shown."""
    target = safe_url(url, MOST_BUTTON_URL)
    return f"[{name}]({target})" if name and target else ""


def safe_url(url: str, most: int) -> str:
    """ "" for what Discord would refuse (and the whole message with it), or what leads elsewhere than it says."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode() if parts.port != 0 else ""
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or "." not in host.strip("."):
        return ""
    if not all(char.isalnum() or char in "-." for char in host):
        return ""
    port = f":{parts.port}" if parts.port else ""
    rest = quote(url.strip().partition("://")[2][len(parts.netloc) :], safe="/?#&=%:;,+@!$'~-._")
    safe = f"{parts.scheme}://{host}{port}{rest}"
    return safe if len(safe) <= most else ""


# --- buttons and menus


def rows(buttons: Iterable[Button], selects: Iterable[Select] = (), discussion: str = "") -> list[Json]:
    """Rows of five buttons, then a row for each menu. `discussion` is where the discussion is, once it is open."""
    talk = [link_button("Discussion", discussion)] if discussion else []
    shown = _unique(talk[0] if talk and b.command == "discuss" else _button(b) for b in buttons)
    menus = [menu for menu in _unique(map(_select, selects)) if menu["options"]]
    return fitting([*in_rows(shown), *in_rows(menus, 1)])


def fitting(rows: list[Json]) -> list[Json]:
    """As many rows as a message takes: the last buttons move into a menu of their own."""
    if len(rows) <= MOST_ROWS:
        return rows
    every = [item for row in rows for item in row["components"]]
    menus = [item for item in every if item["type"] != BUTTON]
    buttons = sorted((item for item in every if item["type"] == BUTTON), key=lambda button: "url" not in button)
    kept = max(MOST_ROWS - 1 - len(menus), 0) * BUTTONS_IN_ROW
    moved = [button for button in buttons[kept:] if "url" not in button][:MOST_CHOICES]
    if moved:
        menus = [_more(moved, menus), *menus]
    if missing := len(buttons[kept:]) - len(moved) + max(len(menus) - MOST_ROWS, 0):
        log.warning("a message has %d buttons or menus more than Discord shows", missing)
    return [*in_rows(buttons[:kept]), *in_rows(menus, 1)][:MOST_ROWS]


def in_rows(items: Sequence[Json], most: int = BUTTONS_IN_ROW) -> list[Json]:
    return [{"type": ROW, "components": [*items[at : at + most]]} for at in range(0, len(items), most)]


def _more(buttons: Sequence[Json], menus: Sequence[Json]) -> Json:
    others = sum(menu["custom_id"].startswith(MORE) for menu in menus)
    options = [{"label": button["label"], "value": button["custom_id"]} for button in buttons]
    return {"type": STRING_SELECT, "custom_id": f"{MORE}{others}", "placeholder": "More…", "options": options}


def _unique(components: Iterable[Json]) -> list[Json]:
    """A message is refused when an id stands in it twice or is too long."""
    found: dict[str, Json] = {}
    for component in components:
        name = component.get("custom_id") or component["url"]
        if len(name) <= MOST_ID or "url" in component:
            found.setdefault(name, component)
    return list(found.values())


def _button(button: Button) -> Json:
    style = SUCCESS if button.argument in AGREEING else STYLES.get(button.command, SECONDARY)
    label = plain(button.label, MOST_LABEL) or button.command
    return {"type": BUTTON, "style": style, "label": label, "custom_id": button.id}


def link_button(label: str, url: str) -> Json:
    return {"type": BUTTON, "style": LINK, "label": label, "url": url}


def _discussion(card: Card, spot: Spot) -> str:
    opening = read_ref(card.discussion)
    return address(spot.guild, thread_of(opening, spot.channel)) if opening else ""


def _select(select: Select) -> Json:
    options: dict[str, Json] = {}
    for choice in select.choices:
        if choice.value and units(choice.value) <= MOST_CHOICE and len(options) < MOST_CHOICES:
            shown: Json = {"label": plain(choice.label, MOST_CHOICE) or "…", "value": choice.value}
            if about := plain(choice.about, MOST_CHOICE):
                shown["description"] = about
            if choice.chosen and (select.many or not any("default" in option for option in options.values())):
                shown["default"] = True
            options.setdefault(choice.value, shown)
    return {
        "type": STRING_SELECT,
        "custom_id": select.id,
        "placeholder": plain(select.label, MOST_PLACEHOLDER),
        "options": list(options.values()),
        "min_values": 0 if select.many else 1,
        "max_values": max(len(options), 1) if select.many else 1,
    }


def renewed(components: Sequence[Json]) -> list[Json]:
    """With other ids of the menus: clients then forget what was chosen, and it can be chosen again."""
    return [{**row, "components": [_renewed(item) for item in row["components"]]} for row in components]


def _renewed(item: Json) -> Json:
    if item["type"] != STRING_SELECT:
        return item
    id = str(item["custom_id"])
    return {**item, "custom_id": id.removesuffix("~") if id.endswith("~") else f"{id}~"[:MOST_ID]}


# --- forms


def modal(form: Form) -> Json:
    inputs = [_input(item.name, item.label, item.value, required=item.required, long=item.long) for item in form.inputs]
    if len(inputs) > MOST_INPUTS:
        log.error("the form %s has %d inputs; Discord shows %d", form.id, len(inputs), MOST_INPUTS)
    return {
        "custom_id": cut(form.id, MOST_ID),
        "title": plain(form.title, MOST_MODAL_TITLE) or form.command,
        "components": list(islice(inputs, MOST_INPUTS)),
    }


def _input(name: str, label: str, value: str, *, required: bool, long: bool) -> Json:
    field: Json = {
        "type": TEXT_INPUT,
        "custom_id": name,
        "style": 2 if long else 1,
        "required": required,
        "max_length": MOST_INPUT,
    }
    if value:
        field["value"] = cut(spoken(value), MOST_INPUT)
    return {"type": LABEL, "label": plain(label, MOST_INPUT_LABEL) or name, "component": field}


def thread_name(card_title: str) -> str:
    return plain(card_title, MOST_THREAD_NAME) or "Papers"


def heading(text: str) -> str:
    """The title of an embed as it reads, without what escaped it; for the name of a thread."""
    return one_line(text.replace("\\", ""))

"""Private Replies as the bodies of one or more messages. Pure; how they are sent is in answers.py."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from adapters.chat.discord.outbound import render
from adapters.chat.discord.outbound.escape import cut, escape, line, name_of_link, paragraphs, plain, units
from adapters.chat.discord.outbound.render import (
    MOST_CHOICE,
    MOST_CHOICES,
    MOST_CONTENT,
    MOST_DESCRIPTION,
    MOST_IN_EMBEDS,
)
from adapters.chat.discord.places import Spot
from bot.cards import Card, Choice, CommandHelp, Reply, Select

Json = dict[str, Any]

EPHEMERAL = 64
PLACE = re.compile(r"discord:[0-9]{15,20}/([0-9]{15,20})(?:/([0-9]{15,20}))?")
MOST_EMBEDDED = 5  # cards shown whole in a message; more papers become lines
MOST_MESSAGES = 5  # that one reply may take
MOST_LINE_TITLE, MOST_LINE_LINKS = 140, 220
BY_CARD = {"submit": "Submit one…", "unsave": "Remove one…"}  # buttons of papers that name what they are about
MOST_ABOUT = 300  # of a command
NO_COMMANDS: Mapping[str, str] = MappingProxyType({})
LINES_ROOM = min(MOST_DESCRIPTION, MOST_IN_EMBEDS)


def bodies(reply: Reply, spot: Spot, commands: Mapping[str, str] = NO_COMMANDS) -> list[Json]:
    """At least one; the second and later ones follow. `commands`: Discord's ids of ours, by name."""
    content, pages = _pages_of_text(reply.text)
    content = mentioned(content)
    helping = [embed for card in reply.cards if card.commands for embed in _help(card, commands)]
    if helping:
        pages += _filled(helping)
    elif len(reply.cards) > MOST_EMBEDDED and all(card.kind == "paper" for card in reply.cards):
        pages += _pages_of_lines([render.addressed(card, spot) for card in reply.cards])
    else:
        pages += _whole(reply.cards, spot)
    (embeds, components), *later = pages or [([], [])]
    taken = {item.get("custom_id") for row in components for item in row["components"]}
    choices = render.rows(choice for choice in reply.choices if choice.id not in taken)
    named = [render.link_button(what, url) for what, url in render.message_links(reply.messages, spot)]
    first = (embeds, render.fitting([*components, *choices, *render.in_rows(named)]))
    if not content and not embeds:
        content = "Done."
    pages = [first, *later][: None if helping else MOST_MESSAGES]  # of help nothing is left out
    return [
        {**render.body(embeds, components, content if at == 0 else ""), "flags": EPHEMERAL}
        for at, (embeds, components) in enumerate(pages)
    ]


def mentioned(text: str) -> str:
    """Our places as Discord shows channels; naming one pings nobody."""
    return PLACE.sub(lambda found: f"<#{found[2] or found[1]}>", text)


Page = tuple[list[Json], list[Json]]  # embeds and rows of components


def _pages_of_text(text: str) -> tuple[str, list[Page]]:
    """As content, or, when it is too long for that, in embeds."""
    content = paragraphs(text, MOST_DESCRIPTION * MOST_MESSAGES)
    if units(content) <= MOST_CONTENT:
        return content, []
    return "", [([{"description": page}], []) for page in _packed(escape(text).split("\n"), MOST_DESCRIPTION)]


def _packed(lines: Sequence[str], room: int) -> Iterator[str]:
    """Lines joined to texts of at most `room` units."""
    page = ""
    for one in lines:
        longer = f"{page}\n{one}" if page else cut(one, room)
        if units(longer) > room:
            yield page
            longer = cut(one, room)
        page = longer
    if page.strip():
        yield page


# --- help


def _help(card: Card, commands: Mapping[str, str]) -> Iterator[Json]:
    """One line for each command, in as many embeds as it takes."""
    for page in _packed([_command(one, commands) for one in card.commands], MOST_DESCRIPTION):
        yield {"title": render.title(card), "description": page, "color": render.COLOURS[card.kind]}


def _command(told: CommandHelp, commands: Mapping[str, str]) -> str:
    example = f" — `{told.example}`" if told.example else ""
    return f"{_pressable(told.typed, commands)}: {line(told.about, MOST_ABOUT)}{example}"


def _pressable(typed: str, commands: Mapping[str, str]) -> str:
    """Typed by one press, where Discord has told us its id."""
    id = commands.get(typed.removeprefix("/").partition(" ")[0])
    return f"<{typed}:{id}>" if id else f"`{typed}`"


def _filled(embeds: Sequence[Json]) -> list[Page]:
    """As many on a page as it holds."""
    pages: list[Page] = []
    room = 0
    for embed in embeds:
        size = units(embed["title"]) + units(embed["description"])
        if size > room or len(pages[-1][0]) == render.MOST_EMBEDS:
            pages.append(([], []))
            room = MOST_IN_EMBEDS
        pages[-1][0].append(embed)
        room -= size
    return pages


# --- cards


def _whole(cards: Sequence[Card], spot: Spot) -> list[Page]:
    return [_together(cards[at : at + MOST_EMBEDDED], spot) for at in range(0, len(cards), MOST_EMBEDDED)]


def _together(cards: Sequence[Card], spot: Spot) -> Page:
    if len(cards) == 1:
        return render.message_parts(cards[0], spot)
    others = [card for card in cards if card.kind != "paper"]
    buttons = [button for card in others for button in card.buttons]
    selects = [select for card in others for select in card.selects]
    embeds = render.embeds_of([render.addressed(card, spot) for card in cards])
    return embeds, render.rows(buttons, [*selects, *_menus(cards)])


def _pages_of_lines(cards: Sequence[Card]) -> list[Page]:
    """As many cards on a page as its menus can offer and its text can hold."""
    pages: list[Page] = []
    while cards:
        lines: list[str] = []
        for card in cards[:MOST_CHOICES]:
            longer = [*lines, _line(card)]
            if units("\n".join(longer)) > LINES_ROOM:
                break
            lines = longer
        shown, cards = cards[: len(lines)], cards[len(lines) :]
        embed = {"description": "\n".join(lines), "color": render.COLOURS["paper"]}
        pages.append(([embed], render.rows((), _menus(shown))))
    return pages


def _line(card: Card) -> str:
    """Its title leads to the paper, what stands behind it to its messages here."""
    number = f"**{card.number}.** " if card.number else ""
    title = render.linked(name_of_link(card.title, MOST_LINE_TITLE), card.url)
    facts = ", ".join((*_facts(card), *render.links(card.links, MOST_LINE_LINKS)))
    return f"{number}{title or line(card.title, MOST_LINE_TITLE) or 'Untitled'}{f' — {facts}' if facts else ''}"


def _facts(card: Card) -> Iterator[str]:
    """ "4 votes", "claimed by Ben"."""
    for button in card.buttons:
        if button.command == "vote" and (count := re.search(r"\d+", button.label)):
            yield f"{count[0]} vote{'' if count[0] == '1' else 's'}"
    for field in card.fields:
        yield line(f"{field.name[:1].lower()}{field.name[1:]} {field.value}", render.MOST_LABEL)


def _menus(cards: Sequence[Card]) -> list[Select]:
    """Instead of papers' buttons, which would stand below all cards and not say which is theirs."""
    papers = [card for card in cards if card.entry]
    voted = [card for card in papers if any(button.command == "vote" for button in card.buttons)]
    return [
        Select("Show one…", "show", "paper", _choices(papers)),
        Select("Vote for one…", "vote", "paper", _choices(voted)),
        *(menu for menu in (_menu(label, command, cards) for command, label in BY_CARD.items()) if menu.choices),
    ]


def _menu(label: str, command: str, cards: Sequence[Card]) -> Select:
    """Of the cards that have a button of that command, with what each button says besides."""
    buttons = [(card, button.argument) for card in cards for button in card.buttons if button.command == command]
    choices = [Choice(plain(_numbered(card), MOST_CHOICE), about[1]) for card, about in buttons if about]
    name = next((about[0] for _, about in buttons if about), "")
    return Select(label, command, name, tuple(choices))


def _choices(cards: Sequence[Card]) -> tuple[Choice, ...]:
    return tuple(Choice(plain(_numbered(card), MOST_CHOICE), f"entry:{card.entry}") for card in cards)


def _numbered(card: Card) -> str:
    return f"{card.number}. {card.title}" if card.number else card.title

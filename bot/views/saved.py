"""A member's own reading list, and all else that is theirs, as cards that only they see."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cards import Button, Card, Field
from bot.groups.post_times import local_date
from bot.languages import msgid, say
from bot.model import Entry, GroupSettings, Saved
from bot.views.dates import spoken_year
from bot.views.papers import found_card, revocable_card

HANDED_IN = msgid("handed in")
STANCES = {  # by what a member did
    "claimed": msgid("claimed"),
    "voted": msgid("voted"),
    "passed": msgid("passed"),
    "read": msgid("read"),
    HANDED_IN: HANDED_IN,
}


def remove_button(saved: Saved, group: GroupSettings) -> Button:
    return Button(say(group, "Remove"), "unsave", argument=("paper", saved.name))


def saved_card(saved: Saved, group: GroupSettings) -> Card:
    """Of a paper that is on none of the group's lists."""
    hand_in = Button(say(group, "Submit"), "submit", argument=("link", f"saved:{saved.name}"))
    return Card(
        "paper",
        saved.title,
        saved.url,
        fields=(Field(say(group, "On your reading list"), _since(saved, group)),),
        buttons=(hand_in, remove_button(saved, group)),
    )


def held_card(entry: Entry, stances: Sequence[str], saved: Saved | None, group: GroupSettings) -> Card:
    """A paper of the group, with how it stands with the member."""
    card = revocable_card(entry, group) if HANDED_IN in stances else found_card(entry, group)
    card = replace(card, number=None)
    fields = [Field(say(group, "You"), ", ".join(say(group, STANCES[one]) for one in stances))] if stances else []
    if saved:
        fields.append(Field(say(group, "On your reading list"), _since(saved, group)))
    buttons = (*card.buttons, remove_button(saved, group)) if saved else card.buttons
    return replace(card, fields=(*fields, *card.fields), buttons=buttons)


def held_cards(
    saved: Sequence[Saved], held: Mapping[str, Sequence[Entry]], listed: Mapping[str, Entry], group: GroupSettings
) -> tuple[Card, ...]:
    """What is to be read comes first. `held`: by what the member did; `listed`: the saved ones that the group has."""
    entries = {entry.id: entry for entry in (*listed.values(), *(entry for some in held.values() for entry in some))}
    kept = {entry.id: paper for paper in saved if (entry := listed.get(paper.key))}
    stances = {id: [what for what, some in held.items() if any(e.id == id for e in some)] for id in entries}
    of_entries = {id: held_card(entry, stances[id], kept.get(id), group) for id, entry in entries.items()}
    first = [of_entries.pop(listed[p.key].id) if p.key in listed else saved_card(p, group) for p in saved]
    return (*first, *of_entries.values())


def _since(saved: Saved, group: GroupSettings) -> str:
    return say(group, "since {day}", day=spoken_year(local_date(saved.at, group), group))

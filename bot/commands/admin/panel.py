"""The panel by which a moderator sets a group up: its settings as they are, and what changes them. Changes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards import Button, Card, Choice, Field, Form, Input, Reply, Select
from bot.commands.admin.change import BY_WORD, renewed
from bot.commands.admin.parameters import choices_of, days
from bot.commands.parameters import MOST_CHOICES
from bot.commands.table import Context
from bot.groups import SETTINGS, target
from bot.groups.post_times import due_at
from bot.groups.words import as_typed, say_meets, say_setting
from bot.languages import count, joined, msgid, say
from bot.model import GroupSettings, Setting
from bot.papers.text import cut
from bot.views.dates import spoken_time
from bot.wording import capitalised

LONGEST_TITLE, MOST_INPUTS = 45, 5  # of a form

HOURS = tuple(f"{hour:02}:00" for hour in range(24))
TYPED = msgid("Or type: /paper-admin setup timezone:Europe/Berlin post_at:9:00 on:mon-fri cards:5")
ELSEWHERE = msgid("This is about another channel. Type /paper-admin setup there to choose from lists.")
SHOWN = tuple(row for row in SETTINGS.values() if row.command in ("setup", "start"))
LISTED = ("on", "cards", "layout", "sources")  # each has a list of the panel; the others of `setup` share a form
ASKED = tuple(row for row in SHOWN if row.command == "setup" and row.word not in LISTED)[:MOST_INPUTS]


async def show_panel(context: Context, said: str = "") -> Reply:
    """The group as it is now. What was said before it comes first; pressed, it takes the place of the panel."""
    group = renewed(context)
    text = f"{said} {await say_next(context, group)}".strip()
    return Reply(text, (panel(context, group),), replaces=context.request.pressed)


async def say_next(context: Context, group: GroupSettings) -> str:
    """When the next post comes; the schedule makes up at once for one whose time has passed."""
    if not group.channels:
        return say(group, "Nothing is posted before you press Start here (or type /paper-admin start).")
    has_begun = bool(await context.store.read(lambda rows: rows.days.digests(group.id, 1)))
    at = due_at(group, await context.daily.next_post(group, context.groups.due(group, context.now())))
    if at <= context.now():
        return say(
            group, "The next post comes within a minute." if has_begun else "The first post comes within a minute."
        )
    time = spoken_time(at, group)
    return say(group, "The next post comes {time}." if has_begun else "The first post comes {time}.", time=time)


def panel(context: Context, group: GroupSettings) -> Card:
    place = target(context.request)
    is_here = place == target(replace(context.request, args={}))
    return Card(
        kind="notice",
        title=say(group, "Settings of {group}" if group.channels else "Setting up {group}", group=group.name),
        body="" if is_here else say(group, ELSEWHERE),
        fields=(*(Field(say(group, row.label), say_value(context, group, row)) for row in SHOWN), _meets(group)),
        footer=say(group, TYPED),
        buttons=tuple(_buttons(context, group, place, is_here)),
        selects=tuple(_selects(context, group)) if is_here else (),
    )


def _meets(group: GroupSettings) -> Field:
    return Field(
        say(group, "Meets"), f"{say_meets(group)}; /paper-admin {'week' if group.week.session else 'schedule'}"
    )


def say_value(context: Context, group: GroupSettings, setting: Setting) -> str:
    """`10:00 (changed by Ann)`"""
    override = context.groups.overrides(group.id).get(setting.name)
    here = target(context.request)
    value = ", ".join(
        say(group, "this channel") if part == here else part for part in say_setting(setting, group).split(", ")
    )
    return say(group, "{value} (changed by {name})", value=value, name=override.by) if override else value


def _buttons(context: Context, group: GroupSettings, place: str, is_here: bool) -> Iterator[Button]:
    """A channel of the configuration is bound and stays so."""
    argument = None if is_here else ("channel", place)
    if is_here:
        yield Button(f"{_asked_for(group)}…", "setup", argument=("ask", "zone"))
    yield Button(say(group, "Preview"), "preview", argument=argument)
    yield Button(say(group, "Undo"), "undo", argument=argument)
    if place not in group.channels and "/" in place:  # a channel of a server
        yield Button(say(group, "Start here" if is_here else "Start there"), "start", argument=argument)
    elif place in group.channels and place not in context.groups.given(group.id).channels:
        yield Button(say(group, "Stop here" if is_here else "Stop there"), "stop", argument=argument)


def _selects(context: Context, group: GroupSettings) -> Iterator[Select]:
    """At most four, since Discord has five rows; with several sources the hour is left to the form."""
    at, sources = f"{group.day.post_at:%H:%M}", context.daily.labels
    yield _select(say(group, "Days"), "on", days(group), group.day.on)
    if len(sources) < 2:
        yield _select(say(group, "Hour"), "post_at", [Choice(hour, hour) for hour in sorted({*HOURS, at})], at)
    cards = [Choice(count(group, "{n} card a day", "{n} cards a day", n), str(n)) for n in range(1, 21)]
    yield _select(say(group, "Cards a day"), "cards", cards, str(group.day.cards))
    yield _select(say(group, "Layout"), "layout", choices_of(BY_WORD["layout"].kind, group), group.day.layout)
    if len(sources) > 1:
        used = group.day.sources or tuple(sources)
        chosen = [Choice(label, name, chosen=name in used) for name, label in sources.items()]
        yield Select(say(group, "Sources"), "setup", "sources", tuple(chosen[:MOST_CHOICES]), many=True)


def _select(label: str, argument: str, choices: Sequence[Choice], value: str) -> Select:
    """A value that is none of the choices joins them."""
    known = choices if any(choice.value == value for choice in choices) else [*choices, Choice(value, value)]
    marked = tuple(replace(choice, chosen=choice.value == value) for choice in known)
    return Select(label, "setup", argument, marked)


def ask_rest(group: GroupSettings) -> Reply:
    """What no list offers, in a form."""
    form = Form(cut(_asked_for(group), LONGEST_TITLE), "setup", inputs_of(ASKED, group, required=True))
    return Reply(
        say(group, "Type /paper-admin setup timezone:Europe/Berlin post_at:9:00 on:mon-fri cards:5"), form=form
    )


def _asked_for(group: GroupSettings) -> str:
    """`Name, zone and time`"""
    return capitalised(joined(group, [say(group, row.label.lower()) for row in ASKED]))


def inputs_of(rows: Sequence[Setting], group: GroupSettings, *, required: bool = False) -> tuple[Input, ...]:
    """Each as it would be typed now."""
    return tuple(Input(row.word, say(group, row.asked), as_typed(row, group), required) for row in rows)

"""The panel by which a moderator sets a group up: its settings as they are, and what changes them. Changes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards import Button, Card, Choice, Field, Form, Input, Reply, Select
from bot.commands.admin.change import BY_WORD
from bot.commands.admin.parameters import DAYS, choices_of
from bot.commands.parameters import MOST_CHOICES
from bot.commands.table import Context
from bot.groups import SETTINGS, target
from bot.groups.post_times import due_at
from bot.groups.words import as_typed, say_meets, say_setting
from bot.model import GroupSettings, Setting
from bot.papers.text import cut
from bot.views.dates import spoken_time
from bot.wording import capitalised, join_words

LONGEST_TITLE, MOST_INPUTS = 45, 5  # of a form

HOURS = tuple(f"{hour:02}:00" for hour in range(24))
TYPED = "Or type: /paper-admin setup timezone:Europe/Berlin post_at:9:00 on:mon-fri cards:5"
SHOWN = tuple(row for row in SETTINGS.values() if row.command in ("setup", "start"))
LISTED = ("on", "cards", "layout", "sources")  # each has a list of the panel; the others of `setup` share a form
ASKED = tuple(row for row in SHOWN if row.command == "setup" and row.word not in LISTED)[:MOST_INPUTS]
ASKED_FOR = capitalised(join_words([row.label.lower() for row in ASKED]))  # "Name, zone and time"


async def show_panel(context: Context, said: str = "") -> Reply:
    """The group as it is now. What was said before it comes first; pressed, it takes the place of the panel."""
    group = context.groups.by_id[context.group.id]
    text = f"{said} {await say_next(context, group)}".strip()
    return Reply(text, (panel(context, group),), replaces=context.request.pressed)


async def say_next(context: Context, group: GroupSettings) -> str:
    """When the next post comes; the schedule makes up at once for one whose time has passed."""
    if not group.channels:
        return "Nothing is posted before you press Start here (or type /paper-admin start)."
    which = "next" if await context.store.read(lambda rows: rows.days.digests(group.id, 1)) else "first"
    at = due_at(group, await context.daily.next_post(group, context.groups.due(group, context.now())))
    if at <= context.now():
        return f"The {which} post comes within a minute."
    return f"The {which} post comes {spoken_time(at, group)}."


def panel(context: Context, group: GroupSettings) -> Card:
    place = target(context.request)
    is_here = place == target(replace(context.request, args={}))
    return Card(
        kind="notice",
        title=f"{'Settings of' if group.channels else 'Setting up'} {group.name}",
        body="" if is_here else "This is about another channel. Type /paper-admin setup there to choose from lists.",
        fields=(*(Field(row.label, say_value(context, group, row)) for row in SHOWN), _meets(group)),
        footer=TYPED,
        buttons=tuple(_buttons(context, group, place, is_here)),
        selects=tuple(_selects(context, group)) if is_here else (),
    )


def _meets(group: GroupSettings) -> Field:
    return Field("Meets", f"{say_meets(group)}; /paper-admin {'week' if group.week.session else 'schedule'}")


def say_value(context: Context, group: GroupSettings, setting: Setting) -> str:
    """`10:00 (changed by Ann)`"""
    override = context.groups.overrides(group.id).get(setting.name)
    here = target(context.request)
    value = ", ".join("this channel" if part == here else part for part in say_setting(setting, group).split(", "))
    return f"{value} (changed by {override.by})" if override else value


def _buttons(context: Context, group: GroupSettings, place: str, is_here: bool) -> Iterator[Button]:
    """A channel of the configuration is bound and stays so."""
    argument, where = (None, "here") if is_here else (("channel", place), "there")
    if is_here:
        yield Button(f"{ASKED_FOR}…", "setup", argument=("ask", "zone"))
    yield Button("Preview", "preview", argument=argument)
    yield Button("Undo", "undo", argument=argument)
    if place not in group.channels and "/" in place:  # a channel of a server
        yield Button(f"Start {where}", "start", argument=argument)
    elif place in group.channels and place not in context.groups.given(group.id).channels:
        yield Button(f"Stop {where}", "stop", argument=argument)


def _selects(context: Context, group: GroupSettings) -> Iterator[Select]:
    """At most four, since Discord has five rows; with several sources the hour is left to the form."""
    at, sources = f"{group.day.post_at:%H:%M}", context.daily.labels
    yield _select("Days", "on", DAYS, group.day.on)
    if len(sources) < 2:
        yield _select("Hour", "post_at", [Choice(hour, hour) for hour in sorted({*HOURS, at})], at)
    cards = [Choice(f"{n} card{'s' if n > 1 else ''} a day", str(n)) for n in range(1, 21)]
    yield _select("Cards a day", "cards", cards, str(group.day.cards))
    yield _select("Layout", "layout", choices_of(BY_WORD["layout"].kind), group.day.layout)
    if len(sources) > 1:
        used = group.day.sources or tuple(sources)
        chosen = [Choice(label, name, chosen=name in used) for name, label in sources.items()]
        yield Select("Sources", "setup", "sources", tuple(chosen[:MOST_CHOICES]), many=True)


def _select(label: str, argument: str, choices: Sequence[Choice], value: str) -> Select:
    """A value that is none of the choices joins them."""
    known = choices if any(choice.value == value for choice in choices) else [*choices, Choice(value, value)]
    marked = tuple(replace(choice, chosen=choice.value == value) for choice in known)
    return Select(label, "setup", argument, marked)


def ask_rest(group: GroupSettings) -> Reply:
    """What no list offers, in a form."""
    form = Form(cut(ASKED_FOR, LONGEST_TITLE), "setup", inputs_of(ASKED, group, required=True))
    return Reply(f"Type {TYPED.removeprefix('Or type: ')}", form=form)


def inputs_of(rows: Sequence[Setting], group: GroupSettings, *, required: bool = False) -> tuple[Input, ...]:
    """Each as it would be typed now."""
    return tuple(Input(row.word, row.asked, as_typed(row, group), required) for row in rows)

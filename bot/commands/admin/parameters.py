"""Settings as moderators type them: what each command takes, and what completes it. All of it follows from the rows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from bot.cards import Choice
from bot.commands.parameters import MOST_CHOICES
from bot.commands.table import Context, Parameter
from bot.errors import UserError
from bot.groups import SETTINGS, target
from bot.groups.words import folded, is_on_a_continent, read_typed
from bot.languages import ENGLISH, Listener, Reader, joined, msgid, say
from bot.model import GroupSettings, Setting, listed, time_zones
from bot.model.settings.kinds import Flag, Kind, Line, Number, OneOf, Sources, WallTime, WeekdayList, Zone
from bot.model.settings.setting import worded
from bot.ports import Kind as Shown
from bot.wording import sentence

Complete = Callable[[Context, str], Awaitable[Sequence[Choice]]]

HALF_HOURS = tuple(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))
COMMON_ZONES = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)
DAYS = (
    (msgid("Monday to Friday"), "mon-fri"),
    (msgid("Every day"), "daily"),
    (msgid("Monday, Wednesday, Friday"), ", ".join(("mon", "wed", "fri"))),
    (msgid("Tuesday, Thursday"), ", ".join(("tue", "thu"))),
    (msgid("Mondays only"), "mon"),
    (msgid("Tuesdays only"), "tue"),
    (msgid("Wednesdays only"), "wed"),
    (msgid("Thursdays only"), "thu"),
    (msgid("Fridays only"), "fri"),
)


# --- what a command takes


def typed_behind(command: str) -> tuple[Parameter, ...]:
    """The parameters of `/paper-admin …` that are settings. What is typed bare is the first, which is never a text that
    could be anything."""
    first, *others = (row for row in SETTINGS.values() if row.command == command)
    rows = (*others, first) if isinstance(first.kind, Line) else (first, *others)
    return tuple(map(parameter_of, rows))


def parameter_of(setting: Setting) -> Parameter:
    async def read(context: Context, typed: str) -> str:
        try:
            return read_typed(setting.kind, typed, context.daily.labels)
        except ValueError as fault:
            raise UserError(sentence(worded(setting.word, str(fault)))) from None

    return Parameter(
        setting.word,
        setting.about,
        read,
        required=False,
        kind=_shown(setting.kind),
        complete=COMPLETES.get(type(setting.kind)),
        choices=choices_of(setting.kind, Reader(ENGLISH)),
        de=setting.de,
        words=setting.words,
    )


def _shown(kind: Kind) -> Shown:
    """A length in minutes may be typed as "90 min"."""
    return "number" if isinstance(kind, Number) and kind.unit != "minute" else "text"


def choices_of(kind: Kind, to: Listener) -> tuple[Choice, ...]:
    """A value, and what it does."""
    match kind:
        case OneOf():
            options = kind.options
            return tuple(
                Choice(f"{one.value}: {say(to, one.label)}", one.value, about=say(to, one.picture)) for one in options
            )
        case Flag():
            said = (("no", kind.no), ("yes", kind.yes))
            return tuple(Choice(": ".join((value, say(to, label))), value) for value, label in said)
    return ()


async def read_channel(context: Context, typed: str) -> str:
    return target(context.request)


CHANNEL = Parameter(
    "channel",
    "another channel than this one",
    read_channel,
    required=False,
    kind="channel",
    de=("kanal", "ein anderer Kanal als dieser"),
)


# --- completing


async def complete_zone(context: Context, typed: str) -> Sequence[Choice]:
    wanted, now = folded(typed), context.now()
    if not wanted:
        return [
            _zone_choice(context.group, zone, now) for zone in dict.fromkeys((context.group.timezone, *COMMON_ZONES))
        ]
    ranked = sorted((rank, zone not in COMMON_ZONES, zone) for zone in time_zones() if (rank := _rank(zone, wanted)))
    return [_zone_choice(context.group, zone, now) for *_, zone in ranked[:MOST_CHOICES]]


def _rank(zone: str, wanted: str) -> int:
    """0 when it does not fit; the smaller, the likelier: a city that begins so before a zone that only holds it."""
    name, city = folded(zone), folded(zone.rpartition("/")[2])
    fits = (
        city == wanted,
        city.startswith(wanted),
        name.startswith(wanted),
        f" {wanted}" in f" {name}",
        wanted in name,
    )
    if not any(fits):
        return 0
    return 1 + fits.index(True) + (0 if zone == "UTC" or is_on_a_continent(zone) else len(fits))


def _zone_choice(to: Listener, zone: str, now: datetime) -> Choice:
    local = now.astimezone(GroupSettings(timezone=zone).zone)
    return Choice(say(to, "{zone} ({time} now)", zone=zone.replace("_", " "), time=f"{local:%H:%M}"), zone)


async def complete_time(context: Context, typed: str) -> Sequence[Choice]:
    if not typed.strip():
        return [Choice(text, text) for text in HALF_HOURS[12:37]]
    begin = typed.strip().lower().lstrip("0") or "0"
    fitting = [text for text in HALF_HOURS if text.startswith(typed.strip()) or text.lstrip("0").startswith(begin)]
    return [Choice(text, text) for text in dict.fromkeys((*_read(WallTime(), typed), *fitting))]


def days(to: Listener) -> Sequence[Choice]:
    return [Choice(say(to, label), value) for label, value in DAYS]


async def complete_days(context: Context, typed: str) -> Sequence[Choice]:
    known = [choice for choice in days(context.group) if folded(typed) in folded(f"{choice.label} {choice.value}")]
    return known or [Choice(text, text) for text in _read(WeekdayList(), typed)]


async def complete_sources(context: Context, typed: str) -> Sequence[Choice]:
    """The last of several is completed; those before it stay."""
    before, _, last = typed.rpartition(",")
    chosen = listed(read_typed(Sources(), before, context.daily.labels)) if before else []
    labels = {"all": say(context.group, "All sources"), **context.daily.labels} if not chosen else context.daily.labels
    return [
        Choice(
            joined(context.group, [*(context.daily.labels.get(one, one) for one in chosen), label]),
            ", ".join((*chosen, name)),
        )
        for name, label in labels.items()
        if name not in chosen and folded(last) in folded(f"{name} {label}")
    ][:MOST_CHOICES]


def _read(kind: Kind, typed: str) -> Sequence[str]:
    """What was typed as it would be stored, where it can be."""
    try:
        text = read_typed(kind, typed, {})
    except ValueError:
        return []
    return [text] if typed.strip() and not kind.fault(kind.read(text)) else []


COMPLETES: Mapping[type[Kind], Complete] = {
    Zone: complete_zone,
    WallTime: complete_time,
    WeekdayList: complete_days,
    Sources: complete_sources,
}

"""Settings of a group's day as moderators say and type them: words, values, what completes them. Changes nothing."""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.cards import Choice
from bot.commands.parameters import MOST_CHOICES
from bot.commands.table import Context, Parameter
from bot.errors import UserError
from bot.groups import listed, target, with_setting
from bot.model import GroupSettings, read_weekdays, time_zones
from bot.wording import join_words

HALF_HOURS = tuple(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))
CONTINENTS = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
]
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
    Choice("Monday to Friday", "mon-fri"),
    Choice("Every day", "daily"),
    Choice("Monday, Wednesday, Friday", "mon, wed, fri"),
    Choice("Tuesday, Thursday", "tue, thu"),
    *(Choice(f"{day}s only", day[:3].lower()) for day in ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
)
DAYS_IN_WORDS = {"every day": "daily", "everyday": "daily", "weekdays": "mon-fri", "weekends": "sat, sun"}
LAYOUTS = (Choice("Cards in the channel", "channel"), Choice("Cards in a thread", "thread"))
NO_TIME = "is not a time; write it as 9:00, 14:30 or 6 pm."


@dataclass(frozen=True, slots=True)
class Setting:
    """`name` is the override's, `word` what a moderator types, `label` what they read."""

    name: str
    word: str
    label: str
    say: Callable[[GroupSettings], str]

    @property
    def field(self) -> str:
        """Its name within its table of the configuration."""
        return self.name.rpartition(".")[2]

    def say_value(self, value: str) -> str:
        """Of an override as it is stored."""
        try:
            return self.say(with_setting(GroupSettings(), self.name, value))
        except ValueError:  # valid only beside others, or not any more
            return value


DAY_SETTINGS = (
    Setting("timezone", "zone", "Zone", lambda group: group.timezone),
    Setting("day.post_at", "time", "Time", lambda group: f"{group.day.post_at:%H:%M}"),
    Setting("day.on", "days", "Days", lambda group: group.day.on),
    Setting("day.cards", "cards", "Cards a day", lambda group: str(group.day.cards)),
    Setting("day.sources", "sources", "Sources", lambda group: ", ".join(group.day.sources) or "all"),
    Setting("day.layout", "layout", "Layout", lambda group: group.day.layout),
    Setting("channels", "channels", "Channels", lambda group: ", ".join(group.channels) or "none yet"),
)


# --- reading: what was typed, as the override that is stored


async def read_channel(context: Context, typed: str) -> str:
    return target(context.request)


async def read_zone(context: Context, typed: str) -> str:
    """By its name in any case, or by the name of its city. What is not known is refused as in the configuration."""
    wanted = _plain(typed)
    known = {_plain(zone): zone for zone in time_zones()}
    cities = [zone for zone in _on_a_continent() if _plain(zone.rpartition("/")[2]) == wanted]
    return known.get(wanted) or min(cities, key=lambda zone: (len(zone), zone), default=typed)


async def read_time(context: Context, typed: str) -> str:
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:([ap])\.?m\.?)?", typed.strip().lower())
    if not found:
        raise UserError(f'"{typed[:40]}" {NO_TIME}')
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        raise UserError(f'"{typed[:40]}" {NO_TIME}')
    try:
        return f"{time(hour % 12 + 12 * (half == 'p') if half else hour, minute):%H:%M}"
    except ValueError:
        raise UserError(f'"{typed[:40]}" {NO_TIME}') from None


async def read_days(context: Context, typed: str) -> str:
    """`Tuesday and Thursday` is `tue, thu`. What is none is refused as in the configuration."""
    text = re.sub(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", r"\1", typed.strip().lower())
    text = re.sub(r"\s*(?:-|–|\bto\b)\s*", "-", text)
    text = DAYS_IN_WORDS.get(text, text)
    return ", ".join(dict.fromkeys(re.split(r"[\s,;/&+]+(?:and\s+)?", text)))


async def read_cards(context: Context, typed: str) -> str:
    if not re.fullmatch(r"\d{1,3}", typed):
        raise UserError(f'"{typed[:40]}" is not a number; write 1 to 20.')
    return str(int(typed))


async def read_sources(context: Context, typed: str) -> str:
    """By name or as members read it; an unknown one is refused as in the configuration."""
    names = {_plain(label): name for name, label in context.daily.labels.items()}
    parts = [part.strip() for part in re.split(r",|\band\b", typed) if part.strip()]
    chosen = [names.get(_plain(part), part.lower()) for part in parts]
    return "all" if set(chosen) == set(context.daily.labels) else ", ".join(dict.fromkeys(chosen))


async def read_layout(context: Context, typed: str) -> str:
    return typed.lower()


# --- completing


async def complete_zone(context: Context, typed: str) -> Sequence[Choice]:
    wanted, now = _plain(typed), context.now()
    if not wanted:
        return [_zone_choice(zone, now) for zone in dict.fromkeys((context.group.timezone, *COMMON_ZONES))]
    ranked = sorted((rank, zone not in COMMON_ZONES, zone) for zone in time_zones() if (rank := _rank(zone, wanted)))
    return [_zone_choice(zone, now) for *_, zone in ranked[:MOST_CHOICES]]


def _rank(zone: str, wanted: str) -> int:
    """0 when it does not fit; the smaller, the likelier: a city that begins so before a zone that only holds it."""
    name, city = _plain(zone), _plain(zone.rpartition("/")[2])
    fits = (
        city == wanted,
        city.startswith(wanted),
        name.startswith(wanted),
        f" {wanted}" in f" {name}",
        wanted in name,
    )
    if not any(fits):
        return 0
    return 1 + fits.index(True) + (0 if zone == "UTC" or zone.partition("/")[0] in CONTINENTS else len(fits))


def _on_a_continent() -> Sequence[str]:
    """The names that are in use; the others are abbreviations and names of old."""
    return [zone for zone in time_zones() if zone.partition("/")[0] in CONTINENTS]


def _zone_choice(zone: str, now: datetime) -> Choice:
    local = now.astimezone(GroupSettings(timezone=zone).zone)
    return Choice(f"{zone.replace('_', ' ')} ({local:%H:%M} now)", zone)


async def complete_time(context: Context, typed: str) -> Sequence[Choice]:
    if not typed.strip():
        return [Choice(text, text) for text in HALF_HOURS[12:37]]
    begin = typed.strip().lower().lstrip("0") or "0"
    fitting = [text for text in HALF_HOURS if text.startswith(typed.strip()) or text.lstrip("0").startswith(begin)]
    return [Choice(text, text) for text in dict.fromkeys((*await _if_read(read_time, context, typed), *fitting))]


async def complete_days(context: Context, typed: str) -> Sequence[Choice]:
    known = [choice for choice in DAYS if _plain(typed) in _plain(f"{choice.label} {choice.value}")]
    read = [Choice(text, text) for text in await _if_read(_valid_days, context, typed) if typed.strip()]
    return known or read


async def _valid_days(context: Context, typed: str) -> str:
    days = await read_days(context, typed)
    read_weekdays(days)
    return days


async def complete_sources(context: Context, typed: str) -> Sequence[Choice]:
    """The last of several is completed; those before it stay."""
    before, _, last = typed.rpartition(",")
    chosen = listed(await read_sources(context, before))
    labels = {"all": "All sources", **context.daily.labels} if not chosen else context.daily.labels
    return [
        Choice(join_words([*(context.daily.labels.get(one, one) for one in chosen), label]), ", ".join((*chosen, name)))
        for name, label in labels.items()
        if name not in chosen and _plain(last) in _plain(f"{name} {label}")
    ][:MOST_CHOICES]


async def _if_read(read: Callable[[Context, str], Awaitable[str]], context: Context, typed: str) -> Sequence[str]:
    try:
        return [await read(context, typed)]
    except (UserError, ValueError):
        return []


def _plain(text: str) -> str:
    """Without accents, since zones are written without them."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[_/\s]+", " ", text).casefold().split())


CHANNEL = Parameter("channel", "another channel than this one", read_channel, required=False, kind="channel")
ZONE = Parameter("zone", "time zone, as Europe/Berlin, or a city", read_zone, required=False, complete=complete_zone)
TIME = Parameter("time", "when papers are posted, as 9:00 or 6 pm", read_time, required=False, complete=complete_time)
DAYS_ON = Parameter(
    "days", "days with a post: mon-fri, daily, or a list as tue, thu", read_days, required=False, complete=complete_days
)
CARDS = Parameter("cards", "papers a day that get a card, 1 to 20", read_cards, required=False, kind="number")
SOURCES = Parameter(
    "sources", "where papers come from, with commas between; or all", read_sources, False, complete=complete_sources
)
LAYOUT = Parameter(
    "layout", "cards in the channel, or in a thread under the header", read_layout, False, choices=LAYOUTS
)
VALUES = (ZONE, TIME, DAYS_ON, CARDS, SOURCES, LAYOUT)

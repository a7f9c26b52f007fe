"""Settings in words, by kind and never by setting: what people type, as it is stored, and how a value is said back."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, time
from typing import Any

from bot.languages import Listener, Reader, count, msgid, msgids, say
from bot.model import GroupSettings, Setting, time_zones
from bot.model.durations import Duration, read_duration, read_durations
from bot.model.recurrence import read_recurrence
from bot.model.settings.kinds import (
    Channels,
    Flag,
    Kind,
    Length,
    Lengths,
    Line,
    Names,
    Number,
    OneOf,
    Recurring,
    Sources,
    WallTime,
    WeekdayList,
    Zone,
)
from bot.parsing import describe
from bot.wording import plural

OFF = ("off", "none", "no", "never", "nobody", "0")
YES, NO = ("yes", "on", "true", "1", "ja"), ("no", "off", "false", "0", "nein")
DAYS = {"every day": "daily", "everyday": "daily", "weekdays": "mon-fri", "weekends": ", ".join(("sat", "sun"))}
CONTINENT = re.compile("(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/")
UNITS = {
    "minute": msgids("{n} minute", "{n} minutes"),
    "vote": msgids("{n} vote", "{n} votes"),
    "paper": msgids("{n} paper", "{n} papers"),
    "member": msgids("{n} member", "{n} members"),
    "week": msgids("{n} week", "{n} weeks"),
}
ENGLISH_READER = Reader()
NONE = (msgid("any number"), msgid("never"), msgid("not said"))  # what the kinds call no value


# --- what is typed


def read_typed(kind: Kind, typed: str, sources: Mapping[str, str]) -> str:
    """As it is stored. `sources`: what members call each, by name. Raises ValueError, as the configuration would."""
    return kind.store(kind.read(_understood(kind, typed.strip(), sources)))


def _understood(kind: Kind, typed: str, sources: Mapping[str, str]) -> str:
    """What is not understood is left as it is."""
    match kind:
        case Number():
            return _number(kind, typed.lower())
        case OneOf():
            return _option(kind, typed)
        case Flag():
            return "yes" if typed.lower() in YES else "no" if typed.lower() in NO else typed
        case WallTime():
            return _time(typed)
        case WeekdayList():
            return _weekdays(typed)
        case Zone():
            return _zone(typed)
        case Length():
            return _length(typed)
        case Lengths():
            return _lengths(typed)
        case Line():
            return "" if kind.none and typed.lower() in OFF else " ".join(typed.split())
        case Sources():
            return _sources(typed, sources)
        case Names():
            return _names(kind, typed)
    return typed


def _number(kind: Number, typed: str) -> str:
    """`3 votes`, `never`; of minutes `1 hour 30 minutes` and `1h30` as well."""
    if kind.zero and typed in (*OFF, "any", kind.zero):
        return "0"
    if kind.unit == "minute":
        with suppress(ValueError):
            length = read_duration(re.sub(r"(\d) ?h ?(\d{1,2})$", r"\1h\2m", typed))
            return str(length.days * 1440 + length.minutes)
    bare = typed.removesuffix("s").removesuffix(kind.unit).strip()
    return bare if bare.isdecimal() else typed


def _option(kind: OneOf, typed: str) -> str:
    """By its value, its label or another word for it."""
    asked = typed.casefold()
    for option in kind.options:
        if asked in (option.value, option.label.casefold(), *option.also):
            return option.value
    return typed


def _time(typed: str) -> str:
    """`9`, `9.30`, `9h30`, `6 pm`"""
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:([ap])\.?m\.?)?", typed.lower())
    if not found or (found[3] and not 1 <= int(found[1]) <= 12):
        return typed
    hour, half = int(found[1]), found[3]
    with suppress(ValueError):
        return f"{time(hour % 12 + 12 * (half == 'p') if half else hour, int(found[2] or 0)):%H:%M}"
    return typed


def _weekdays(typed: str) -> str:
    """`Tuesday and Thursday` is `tue, thu`."""
    text = re.sub(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", r"\1", typed.lower())
    text = re.sub(r"\s*(?:-|–|\bto\b)\s*", "-", text)
    text = DAYS.get(text, text)
    return ", ".join(dict.fromkeys(re.split(r"[\s,;/&+]+(?:and\s+)?", text)))


def _zone(typed: str) -> str:
    """By its name in any case, or by the name of its city."""
    wanted = folded(typed)
    known = {folded(zone): zone for zone in time_zones()}
    cities = [zone for zone in time_zones() if is_on_a_continent(zone) and folded(zone.rpartition("/")[2]) == wanted]
    return known.get(wanted) or min(cities, key=lambda zone: (len(zone), zone), default=typed)


def _length(typed: str) -> str:
    """As it is said back: `2w before` is `14 days`."""
    text = _bare_length(typed)
    with suppress(ValueError):
        return "" if text in OFF else str(read_duration(text))
    return typed


def _lengths(typed: str) -> str:
    text = _bare_length(re.sub(r"\band\b|[;&]", ",", typed.lower()))
    with suppress(ValueError):
        return ", ".join(map(str, read_durations("" if text in OFF else text)))
    return typed


def _bare_length(typed: str) -> str:
    return " ".join(re.sub(r"\b(before|after|earlier|later|and|the|start|end)\b", " ", typed.lower()).split())


def _sources(typed: str, sources: Mapping[str, str]) -> str:
    names = {folded(label): name for name, label in sources.items()}
    parts = [part.strip() for part in re.split(r",|\band\b", typed) if part.strip()]
    chosen = [names.get(folded(part), part.lower()) for part in parts]
    return "all" if set(chosen) == set(sources) else ", ".join(dict.fromkeys(chosen))


def _names(kind: Names, typed: str) -> str:
    """`the critics and a scribe`, `all`, `none`"""
    words = [word.removesuffix("s") for word in re.findall(r"[^\W\d_]+", typed.lower())]
    if words in ([word] for word in OFF):
        return ""
    if words == ["all"]:
        return kind.store(kind.known)
    return ", ".join(dict.fromkeys(word for word in words if word not in ("and", "friendly", "the", "a")))


def is_on_a_continent(zone: str) -> bool:
    """Such names are in use; the others are abbreviations and names of old."""
    return CONTINENT.match(zone) is not None


def folded(text: str) -> str:
    """Without accents, since zones are written without them."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[_/\s]+", " ", text).casefold().split())


# --- what is said


def say_value(to: Listener, kind: Kind, value: Any) -> str:
    """Raises ValueError for some values that the kind can't have."""
    match kind:
        case Number():
            return _say_number(to, kind, value)
        case Recurring():
            return describe(read_recurrence(value), date.min, to) if value.strip() else say(to, "at no set time")
        case Line():
            return str(value) or say(to, kind.none)
        case Length():
            return _say_length(to, kind, value)
        case Lengths():
            return _say_lengths(to, read_durations(value))
        case Channels():
            return ", ".join(value) or say(to, "none yet")
        case Names() if not isinstance(kind, Sources):
            return ", ".join(say(to, name) for name in value) or say(to, "none")
    return kind.store(value)


def _say_number(to: Listener, kind: Number, value: int) -> str:
    if kind.zero and not value:
        return say(to, kind.zero)
    if kind.unit in UNITS:
        return count(to, *UNITS[kind.unit], value)
    return plural(value, kind.unit) if kind.unit else str(value)


def _say_length(to: Listener, kind: Length, value: str) -> str:
    if not value.strip():
        return say(to, "off")
    length = say_duration(to, read_duration(value))
    return say(to, "{length} after the end" if kind.after else "{length} before", length=length)


def _say_lengths(to: Listener, lengths: Sequence[Duration]) -> str:
    if not lengths:
        return say(to, "off")
    return say(to, "{length} before", length=", ".join(say_duration(to, length) for length in lengths))


def say_duration(to: Listener, length: Duration) -> str:
    """`1 hour 30 minutes`"""
    hours, minutes = divmod(length.minutes, 60)
    parts = (
        count(to, "{n} day", "{n} days", length.days) if length.days else "",
        count(to, "{n} hour", "{n} hours", hours) if hours else "",
        count(to, "{n} minute", "{n} minutes", minutes) if minutes else "",
    )
    return " ".join(filter(None, parts)) or count(to, "{n} minute", "{n} minutes", 0)


def say_setting(setting: Setting, group: GroupSettings) -> str:
    return say_value(group, setting.kind, setting.of(group))


def say_stored(setting: Setting, text: str, to: Listener = ENGLISH_READER) -> str:
    """Of a change as it is stored."""
    try:
        return say_value(to, setting.kind, setting.kind.read(text))
    except ValueError:  # not valid any more
        return text


def as_typed(setting: Setting, group: GroupSettings) -> str:
    """As it would be typed."""
    value = setting.of(group)
    match setting.kind:
        case Length():
            return str(read_duration(value)) if value.strip() else "off"
        case Lengths():
            return str(value) or "off"
        case Sources():
            return setting.kind.store(value)
        case Names():
            return setting.kind.store(value) or "none"
    return setting.kind.store(value)


def say_meets(group: GroupSettings) -> str:
    """Every date with its year, so that it is right whenever it is read."""
    meets = say_value(group, Recurring(), group.week.session)
    return f"{meets} ({group.timezone})" if group.week.session else meets

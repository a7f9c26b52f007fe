"""The settings of a group's week as moderators say and type them: words, values, choices. Changes nothing."""

import re
from collections.abc import Awaitable, Callable
from datetime import date

from bot.cards import Choice
from bot.commands.settings import Setting
from bot.commands.table import Context, Parameter
from bot.errors import UserError
from bot.model import MEETING_ROLES, GroupSettings
from bot.phrases import describe
from bot.timeline import read_duration, read_durations
from bot.wording import plural

Read = Callable[[Context, str], Awaitable[str]]

OFF = ("off", "none", "no", "never", "nobody", "0")
LONGEST_PLACE = 200  # characters
MODE_CHOICES = (
    Choice("vote: the group picks a paper, then finds who presents it", "vote"),
    Choice("presenter: the rota names who presents, and they bring a paper", "presenter"),
)
RULE_CHOICES = (
    Choice("votes: the paper with the most votes", "votes"),
    Choice("approval: a short list, of which members tick any number", "approval"),
    Choice("irv: a short list that members rank, instant run-off", "irv"),
    Choice("schulze: a short list that members rank, compared in pairs", "schulze"),
)
PICK_CHOICES = (
    Choice("automatic: the count decides at the close", "automatic"),
    Choice("organiser: the count proposes, a moderator or two members confirm", "organiser"),
)
HIDDEN_CHOICES = (
    Choice("no: everybody sees the counts", "no"),
    Choice("yes: counts are hidden until the close, reactions are no votes", "yes"),
)
WEIGHTED_CHOICES = (
    Choice("no: every vote weighs the same", "no"),
    Choice("yes: votes of those who came to the last meetings weigh more", "yes"),
)


# --- in words


def say_meets(group: GroupSettings) -> str:
    """Every date with its year, so that it is right whenever it is read."""
    recurrence = group.week.recurrence
    return describe(recurrence, date.min) if recurrence else "at no set time"


def _say_count(count: int, word: str, none: str) -> str:
    return plural(count, word) if count else none


def _length(name: str) -> Callable[[GroupSettings], str]:
    def say(group: GroupSettings) -> str:
        length = group.week.timeline.length(name)
        return f"{length} {'after the end' if name == 'recap' else 'before'}" if length else "off"

    return say


def _say_reminders(group: GroupSettings) -> str:
    lengths = read_durations(group.week.timeline.reminders)
    return f"{', '.join(map(str, lengths))} before" if lengths else "off"


def _yes_no(*, holds: bool) -> str:
    return "yes" if holds else "no"


WEEK_SETTINGS = (
    Setting("week.session", "schedule", "Meets", say_meets),
    Setting("week.place", "place", "Place", lambda group: group.week.place or "not said"),
    Setting("week.minutes", "minutes", "Length", lambda group: plural(group.week.minutes, "minute")),
    Setting("week.mode", "mode", "Mode", lambda group: group.week.mode),
    Setting("week.rule", "rule", "Rule", lambda group: group.week.rule),
    Setting("week.pick", "pick", "Pick", lambda group: group.week.pick),
    Setting("week.hidden", "hidden", "Hidden counts", lambda group: _yes_no(holds=group.week.hidden)),
    Setting("week.budget", "budget", "Votes of a member", lambda g: _say_count(g.week.budget, "vote", "any number")),
    Setting("week.shortlist", "shortlist", "Short list", lambda group: plural(group.week.shortlist, "paper")),
    Setting("week.weighted", "weighted", "Weighted votes", lambda group: _yes_no(holds=group.week.weighted)),
    Setting("week.headcount", "headcount", "Headcount", lambda g: _say_count(g.week.headcount, "member", "any number")),
    Setting(
        "week.sleep_weeks", "sleep", "Claims sleep after", lambda g: _say_count(g.week.sleep_weeks, "week", "never")
    ),
    Setting("week.roles", "roles", "Roles", lambda group: ", ".join(group.week.roles) or "none"),
    Setting("week.timeline.nominations", "nominations", "Nominations open", _length("nominations")),
    Setting("week.timeline.shortlist", "shortlisted", "Short list is made", _length("shortlist")),
    Setting("week.timeline.ballot", "ballot", "Vote closes", _length("ballot")),
    Setting("week.timeline.volunteers", "volunteers", "Rota steps in", _length("volunteers")),
    Setting("week.timeline.paper", "bring", "Paper is brought by", _length("paper")),
    Setting("week.timeline.confirm", "confirm", "Presenter confirms by", _length("confirm")),
    Setting("week.timeline.reminders", "reminders", "Reminders", _say_reminders),
    Setting("week.timeline.headcount", "counted", "Headcount is taken", _length("headcount")),
    Setting("week.timeline.thread", "thread", "Thread opens", _length("thread")),
    Setting("week.timeline.recap", "recap", "Recap is asked for", _length("recap")),
)


# --- reading: what was typed, as the override that is stored


async def read_place(context: Context, typed: str) -> str:
    """On one line; "none" takes it away."""
    place = " ".join(typed.split())
    if len(place) > LONGEST_PLACE:
        raise UserError(f"That place is too long; {LONGEST_PLACE} characters are enough for a room or a link.")
    return "" if place.lower() in OFF else place


async def read_minutes(context: Context, typed: str) -> str:
    """`90`, `90 min`, `1 hour 30 minutes`, `1h30`"""
    text = re.sub(r"(\d) ?h ?(\d{1,2})$", r"\1 hours \2 minutes", typed.strip().lower())
    try:
        length = read_duration(f"{text} minutes" if re.fullmatch(r"[0-9]{1,4}", text) else text)
    except ValueError:
        raise UserError(f'"{typed[:40]}" is no length; write 60, "90 min" or "1 hour 30 minutes".') from None
    return str(length.days * 1440 + length.minutes)


def _number(unit: str, zero: str = "") -> Read:
    """`zero`: what 0 means, for settings that may be without a number."""

    async def read(context: Context, typed: str) -> str:
        text = typed.strip().lower().removesuffix("s").removesuffix(unit).strip()
        if zero and typed.strip().lower() in (*OFF, "any", "any number"):
            return "0"
        if not re.fullmatch(r"[0-9]{1,3}", text):
            hint = f", or 0 for {zero}" if zero else ""
            raise UserError(f'"{typed[:40]}" is not a number; write how many {unit}s{hint}.')
        return str(int(text))

    return read


async def read_word(context: Context, typed: str) -> str:
    """One of a few. What is none is refused as in the configuration."""
    word = typed.strip().lower()
    return {"instant run-off": "irv", "organizer": "organiser", "auto": "automatic"}.get(word, word)


async def read_flag(context: Context, typed: str) -> str:
    word = typed.strip().lower()
    if word in ("yes", "on", "true", "1", "ja"):
        return "yes"
    if word in ("no", "off", "false", "0", "nein"):
        return "no"
    raise UserError(f'"{typed[:40]}" is neither yes nor no.')


async def read_roles(context: Context, typed: str) -> str:
    """`critic and scribe`, `all`, `none`"""
    words = [word.removesuffix("s") for word in re.findall(r"[^\W\d_]+", typed.lower())]
    if words in ([word] for word in OFF):
        return ""
    if words == ["all"]:
        return ", ".join(MEETING_ROLES)
    return ", ".join(dict.fromkeys(word for word in words if word not in ("and", "friendly", "the", "a")))


def _plain_length(typed: str) -> str:
    text = re.sub(r"\b(before|after|earlier|later|and|the|start|end)\b", " ", typed.lower())
    return " ".join(text.split())


async def read_length(context: Context, typed: str) -> str:
    """As it is said back: `2w` is `14 days`. "off" leaves the step out."""
    text = _plain_length(typed)
    try:
        return "" if text in OFF else str(read_duration(text))
    except ValueError:
        raise UserError(f'"{typed[:40]}" is no length of time; write "3 days", "1 hour" or "off".') from None


async def read_reminders(context: Context, typed: str) -> str:
    text = _plain_length(re.sub(r"\band\b|[;&]", ",", typed.lower()))
    try:
        lengths = read_durations("" if text in OFF else text)
    except ValueError:
        raise UserError(f'"{typed[:60]}" are no lengths of time; write "3 days, 1 day, 1 hour" or "off".') from None
    return ", ".join(map(str, lengths))


# --- what `/paper-admin week` takes


def _option(
    word: str, about: str, read: Read, choices: tuple[Choice, ...] = (), *, is_number: bool = False
) -> Parameter:
    return Parameter(word, about, read, False, "number" if is_number else "text", choices=choices)


WEEK_VALUES = (
    _option("mode", "whether the group votes, or whoever presents brings a paper", read_word, MODE_CHOICES),
    _option("rule", "how votes are counted", read_word, RULE_CHOICES),
    _option("pick", "whether the count decides, or proposes", read_word, PICK_CHOICES),
    _option("hidden", "counts hidden until the close; reactions are no votes then", read_flag, HIDDEN_CHOICES),
    _option(
        "budget",
        "votes that a member has for each meeting, 0 for any number",
        _number("vote", "any number"),
        is_number=True,
    ),
    _option("shortlist", "papers on a ballot, 2 to 20", _number("paper"), is_number=True),
    _option("weighted", "votes of those who came lately weigh more", read_flag, WEIGHTED_CHOICES),
    _option(
        "headcount",
        "members who must come, or it is called off; 0: nobody must",
        _number("member", "nobody must"),
        is_number=True,
    ),
    _option(
        "sleep",
        "weeks after which a claim that was never picked sleeps; 0: never",
        _number("week", "never"),
        is_number=True,
    ),
    _option("roles", "roles that are offered: reviewer, critic, archaeologist, scribe; all or none", read_roles),
    _option("nominations", "how long before the meeting nominations open, as 6 days", read_length),
    _option("shortlisted", "how long before the short list is made, as 5 days", read_length),
    _option("ballot", "how long before the vote closes, as 4 days", read_length),
    _option("volunteers", "how long before the rota names somebody if nobody offered, as 3 days", read_length),
    _option("bring", "how long before the presenter has brought a paper (mode presenter), as 3 days", read_length),
    _option("confirm", "how long before the presenter has said yes, as 2 days", read_length),
    _option("reminders", "how long before members are reminded, as 3 days, 1 hour; or off", read_reminders),
    _option("counted", "how long before it is looked whether enough come, as 3 hours", read_length),
    _option("thread", "how long before its thread opens, as 1 day; or off", read_length),
    _option("recap", "how long after the end the recap is asked for, as 10 minutes; or off", read_length),
)

"""The rota and who carries what: members see their own load, moderators everybody's. Private, always."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.actions.people import set_rota
from bot.actions.presenter import take_leave
from bot.cards import Button, Choice, Reply
from bot.commands.parameters import read_text
from bot.commands.sections import YOURS
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.groups.post_times import local_date
from bot.model import Effort, GroupSettings, Session, Turn
from bot.parsing import Doubt, read_schedule
from bot.rests import has_passed
from bot.views.dates import spoken, spoken_year
from bot.week.efforts import efforts_of
from bot.week.rota import NEWCOMER
from bot.wording import join_words, plural

DO = ("in", "out", "leave", "back")
NO_END = "open"  # as the last day of a leave
EFFORTS = 8  # meetings of which the moderators' work is told
ANY_TIME = "12:00"  # which phrases want beside a date
EXAMPLE = 'Write it like "friday", "3 dec" or 2026-12-03.'


@dataclass(frozen=True, slots=True)
class Doing:
    """`leave friday` is one thing to say."""

    what: str
    until: str = ""


async def read_doing(context: Context, typed: str) -> Doing:
    what, _, until = typed.lower().partition(" ")
    if what not in DO or (until and what != "leave"):
        raise UserError(f'"{typed[:40]}" is none of these: {", ".join(DO)}.')
    return Doing(what, until.strip())


DOING = Parameter(
    "do",
    "join the rota or leave it; go on leave or come back",
    read_doing,
    required=False,
    choices=(
        Choice("On the rota: I take my turn", "in"),
        Choice("Leave the rota: I only present when I offer", "out"),
        Choice("Go on leave: I am away", "leave"),
        Choice("Back from leave", "back"),
    ),
    de=("was", "reihum vorstellen oder nicht; abwesend sein oder zurück"),
)
UNTIL = Parameter(
    "until",
    "the last day of your leave, as friday or 2026-12-03",
    read_text,
    required=False,
    de=("bis", "der letzte Tag deiner Abwesenheit, wie friday oder 2026-12-03"),
)


@command(
    "rota",
    "what I carry of the group's load; take turns in presenting; leave",
    Policy.MEMBER,
    DOING,
    UNTIL,
    de=("reihum", "was ich zur Gruppe beitrage; reihum vorstellen; abwesend sein"),
    section=YOURS,
)
async def rota(context: Context, do: Doing | None = None, until: str = "") -> Reply:
    what = do.what if do else "leave" if until else ""
    if until and what != "leave":
        raise UserError(f"A last day is for a leave: /paper my rota leave until:{until[:40]}")
    match what:
        case "in" | "out":
            return await _take_turns(context, on=what == "in")
        case "leave":
            return await _leave(context, until or (do.until if do else ""))
        case "back":
            return await _come_back(context)
    return await _tell(context)


async def _take_turns(context: Context, *, on: bool) -> Reply:
    changed = await context.store.act(set_rota, context.act(), on)
    if on:
        first = "You are on the rota" if changed else "You are on the rota already"
        said = f"{first}: it names you when it is your turn and nobody else has offered."
        return Reply(f"{said}{await _say_first_turn(context)}")
    first = "You are off the rota" if changed else "You are not on the rota"
    return Reply(f"{first}: you present when you claim a paper or offer to.")


async def _say_first_turn(context: Context) -> str:
    """For a newcomer, from when on they may be named."""
    turns = await context.store.read(lambda rows: rows.people.turns(context.group.id, context.now()))
    own = next((turn for turn in turns if turn.member.id == context.act().member), None)
    if own is None or has_passed(own.joined_at + NEWCOMER, context.now(), NEWCOMER):
        return ""
    first = local_date(own.joined_at + NEWCOMER, context.group)
    return f" In your first week it does not: from {spoken(first, context.group)} on."


async def _leave(context: Context, typed: str) -> Reply:
    """Without a last day a leave that has one keeps it."""
    if not typed and (stands := await _last_day(context)):
        no_end = Button("No last day", "rota", argument=("do", f"leave {NO_END}"))
        return Reply(f"You are on leave until {spoken(stands, context.group)} already.", choices=(no_end,))
    is_dated = typed and typed.strip().lower() != NO_END
    found = read_day(typed, local_date(context.now(), context.group), context.group) if is_dated else None
    if isinstance(found, Doubt):
        return Reply("Which day is the last one of your leave?", choices=_days(found))
    today = local_date(context.now(), context.group)
    act = context.act()
    _, freed = await context.store.act(take_leave, act, (today, found))
    until = f"until {spoken(found, context.group)}" if found else "until you say /paper my rota back"
    return Reply(f"You are on leave {until}: nobody asks you to present.{_say_freed(freed, context.group)}")


async def _last_day(context: Context) -> date | None:
    """Of a leave that the member is on today."""
    today = local_date(context.now(), context.group)
    turns = await context.store.read(lambda rows: rows.people.turns(context.group.id, context.now()))
    own = next((turn for turn in turns if turn.member.id == context.act().member), None)
    return own.leave[1] if own and own.leave and own.is_away(today) else None


def read_day(typed: str, today: date, group: GroupSettings) -> date | Doubt:
    """Raises UserError for what is no day, or is over."""
    phrase = typed.lower().removeprefix("until ").strip()
    try:
        return _not_over(date.fromisoformat(phrase), today, group)
    except ValueError:
        pass
    for attempt in (phrase, f"in {phrase}"):
        try:
            found = read_schedule(f"{attempt} {ANY_TIME}", today)
        except ValueError:
            continue
        if not isinstance(found, Doubt):
            day, _ = next(found.dates(today))
            return _not_over(day, today, group)
        if found.options and all(canonical[:4].isdigit() for _, canonical in found.options):  # dates, no series
            return found
    raise UserError(f'"{typed[:40]}" is no day. {EXAMPLE}')


def _days(question: Doubt) -> tuple[Button, ...]:
    days = [(label.rpartition(" at ")[0], canonical.split()[0]) for label, canonical in question.options]
    return tuple(Button(label, "rota", argument=("do", f"leave {day}")) for label, day in days)


def _not_over(day: date, today: date, group: GroupSettings) -> date:
    if day < today:
        raise UserError(f"{spoken_year(day, group)} is over. {EXAMPLE}")
    return day


def _say_freed(sessions: Sequence[Session], group: GroupSettings) -> str:
    """What they were to present while they are away."""
    days = join_words([spoken(local_date(session.starts, group), group) for session in sessions])
    return f" You were to present on {days}; that is passed on." if days else ""


async def _come_back(context: Context) -> Reply:
    changed, _ = await context.store.act(take_leave, context.act(), None)
    return Reply("Welcome back: you can be asked to present again." if changed else "You are not on leave.")


# --- who carries what


async def _tell(context: Context) -> Reply:
    turns = await context.store.read(lambda rows: rows.people.turns(context.group.id, context.now()))
    own = next((turn for turn in turns if turn.member.id == context.act().member), None)
    today = local_date(context.now(), context.group)
    lines = [" ".join(_say_own(own, today, context.group))] if own else []
    if context.is_moderator:
        efforts = await context.store.read(lambda rows: efforts_of(rows, context.group.id, context.now(), EFFORTS))
        lines += ["", *say_panel(turns, efforts, context.group, today)]
    return Reply("\n".join(lines), choices=_offers(own, today))


def _say_own(turn: Turn, today: date, group: GroupSettings) -> Iterator[str]:
    if turn.presented and turn.last_presented:
        times = "once," if turn.presented == 1 else f"{turn.presented} times, last"
        came = plural(turn.came, "meeting")
        yield f"You presented {times} on {spoken_year(turn.last_presented, group)}, and came to {came}."
    elif turn.came:
        yield f"You came to {plural(turn.came, 'meeting')}, and have not presented yet."
    else:
        yield "You have neither presented nor come to a meeting yet."
    if turn.next_on:
        yield f"You present on {spoken(turn.next_on, group)}."
    yield "You are on the rota." if turn.on_rota else "You are not on the rota, so you present only when you offer."
    if turn.leave and (turn.leave[1] is None or turn.leave[1] >= today):
        yield f"You are on leave {_say_leave(turn, group)}."


def _say_leave(turn: Turn, group: GroupSettings) -> str:
    _, last = turn.leave or (None, None)
    return f"until {spoken(last, group)}" if last else "until further notice"


def _offers(own: Turn | None, today: date) -> tuple[Button, ...]:
    if own is None:
        return ()
    turn = ("Leave the rota", "out") if own.on_rota else ("Take turns", "in")
    leave = ("Back from leave", "back") if own.is_away(today) else ("Go on leave", "leave")
    return tuple(Button(label, "rota", argument=("do", what)) for label, what in (turn, leave))


def say_panel(turns: Sequence[Turn], efforts: Sequence[Effort], group: GroupSettings, today: date) -> Iterator[str]:
    """For moderators: who presented, who never did, who is away, and what the group needed them for."""
    presented = [turn for turn in turns if turn.presented]
    yield "Only moderators see this:"
    for turn in sorted(presented, key=lambda one: (-one.presented, one.member.name)):
        yield _say_turn(turn, group)
    if never := [turn for turn in turns if not turn.presented]:
        yield f"Never presented: {join_words([_with_rota(turn) for turn in never])}."
    if away := [turn for turn in turns if turn.is_away(today)]:
        yield f"On leave: {join_words([f'{turn.member.name} {_say_leave(turn, group)}' for turn in away])}."
    if efforts:
        told = ", ".join(f"{spoken(one.session.on, group)} {one.actions}" for one in efforts)
        mean = sum(one.actions for one in efforts) / len(efforts)
        yield f"What moderators had to do: {told}; {mean:.1f} steps a meeting."


def _say_turn(turn: Turn, group: GroupSettings) -> str:
    last = f", last on {spoken(turn.last_presented, group)}" if turn.last_presented else ""
    coming = f", presents on {spoken(turn.next_on, group)}" if turn.next_on else ""
    return f"{_with_rota(turn)}: presented {turn.presented}{last}{coming}; came to {turn.came}."


def _with_rota(turn: Turn) -> str:
    return f"{turn.member.name} (on the rota)" if turn.on_rota else turn.member.name

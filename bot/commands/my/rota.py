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
from bot.languages import count, decimal, joined, msgid, phrase, say
from bot.model import Effort, GroupSettings, Session, Turn
from bot.parsing import Doubt, read_schedule
from bot.rests import has_passed
from bot.views.dates import spoken, spoken_year
from bot.week.efforts import efforts_of
from bot.week.rota import NEWCOMER

DO = ("in", "out", "leave", "back")
NO_END = "open"  # as the last day of a leave
EFFORTS = 8  # meetings of which the moderators' work is told
ANY_TIME = "12:00"  # which phrases want beside a date
EXAMPLE = phrase('Write it like "friday", "3 dec" or 2026-12-03.')


TURNS = {  # (on the rota, changed just now)
    (True, True): msgid("You are on the rota: it names you when it is your turn and nobody else has offered."),
    (True, False): msgid("You are on the rota already: it names you when it is your turn and nobody else has offered."),
    (False, True): msgid("You are off the rota: you present when you claim a paper or offer to."),
    (False, False): msgid("You are not on the rota: you present when you claim a paper or offer to."),
}
LEAVE = "leave"  # before a last day, as it is typed


@dataclass(frozen=True, slots=True)
class Doing:
    """`leave friday` is one thing to say."""

    what: str
    until: str = ""


async def read_doing(context: Context, typed: str) -> Doing:
    what, _, until = typed.lower().partition(" ")
    if what not in DO or (until and what != "leave"):
        raise UserError('"{typed:.40}" is none of these: {words}.', typed=typed, words=", ".join(DO))
    return Doing(what, until.strip())


DOING = Parameter(
    "do",
    "join the rota or leave it; go on leave or come back",
    read_doing,
    required=False,
    choices=(
        Choice(msgid("On the rota: I take my turn"), "in"),
        Choice(msgid("Leave the rota: I only present when I offer"), "out"),
        Choice(msgid("Go on leave: I am away"), "leave"),
        Choice(msgid("Back from leave"), "back"),
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
        raise UserError("A last day is for a leave: /paper my rota leave until:{until:.40}", until=until)
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
    said = say(context.group, TURNS[on, changed])
    return Reply(f"{said}{await _say_first_turn(context)}" if on else said)


async def _say_first_turn(context: Context) -> str:
    """For a newcomer, from when on they may be named."""
    turns = await context.store.read(lambda rows: rows.people.turns(context.group.id, context.now()))
    own = next((turn for turn in turns if turn.member.id == context.act().member), None)
    if own is None or has_passed(own.joined_at + NEWCOMER, context.now(), NEWCOMER):
        return ""
    first = spoken(local_date(own.joined_at + NEWCOMER, context.group), context.group)
    return " " + say(context.group, "In your first week it does not: from {day} on.", day=first)


async def _leave(context: Context, typed: str) -> Reply:
    """Without a last day a leave that has one keeps it."""
    group = context.group
    if not typed and (stands := await _last_day(context)):
        no_end = Button(say(group, "No last day"), "rota", argument=("do", _leaving(NO_END)))
        said = say(group, "You are on leave until {day} already.", day=spoken(stands, group))
        return Reply(said, choices=(no_end,))
    is_dated = typed and typed.strip().lower() != NO_END
    today = local_date(context.now(), group)
    found = read_day(typed, today, group) if is_dated else None
    if isinstance(found, Doubt):
        return Reply(say(group, "Which day is the last one of your leave?"), choices=_days(found))
    _, freed = await context.store.act(take_leave, context.act(), (today, found))
    if found:
        said = say(group, "You are on leave until {day}: nobody asks you to present.", day=spoken(found, group))
    else:
        said = say(group, "You are on leave until you say /paper my rota back: nobody asks you to present.")
    return Reply(f"{said}{_say_freed(freed, group)}")


def _leaving(until: object) -> str:
    return f"{LEAVE} {until}"


async def _last_day(context: Context) -> date | None:
    """Of a leave that the member is on today."""
    today = local_date(context.now(), context.group)
    turns = await context.store.read(lambda rows: rows.people.turns(context.group.id, context.now()))
    own = next((turn for turn in turns if turn.member.id == context.act().member), None)
    return own.leave[1] if own and own.leave and own.is_away(today) else None


def read_day(typed: str, today: date, group: GroupSettings) -> date | Doubt:
    """Raises UserError for what is no day, or is over."""
    wanted = typed.lower().removeprefix("until ").strip()
    try:
        return _not_over(date.fromisoformat(wanted), today, group)
    except ValueError:
        pass
    for attempt in (wanted, " ".join(("in", wanted))):
        try:
            found = read_schedule(f"{attempt} {ANY_TIME}", today)
        except ValueError:
            continue
        if not isinstance(found, Doubt):
            day, _ = next(found.dates(today))
            return _not_over(day, today, group)
        if found.options and all(canonical[:4].isdigit() for _, canonical in found.options):  # dates, no series
            return found
    raise UserError('"{typed:.40}" is no day. {example}', typed=typed, example=EXAMPLE)


def _days(question: Doubt) -> tuple[Button, ...]:
    days = [(label.rpartition(" at ")[0], canonical.split()[0]) for label, canonical in question.options]
    return tuple(Button(label, "rota", argument=("do", _leaving(day))) for label, day in days)


def _not_over(day: date, today: date, group: GroupSettings) -> date:
    if day < today:
        raise UserError("{day} is over. {example}", day=spoken_year(day, group), example=EXAMPLE)
    return day


def _say_freed(sessions: Sequence[Session], group: GroupSettings) -> str:
    """What they were to present while they are away."""
    days = joined(group, [spoken(local_date(session.starts, group), group) for session in sessions])
    return " " + say(group, "You were to present on {days}; that is passed on.", days=days) if days else ""


async def _come_back(context: Context) -> Reply:
    changed, _ = await context.store.act(take_leave, context.act(), None)
    return Reply(
        say(
            context.group,
            "Welcome back: you can be asked to present again." if changed else "You are not on leave.",
        )
    )


# --- who carries what


async def _tell(context: Context) -> Reply:
    turns = await context.store.read(lambda rows: rows.people.turns(context.group.id, context.now()))
    own = next((turn for turn in turns if turn.member.id == context.act().member), None)
    today = local_date(context.now(), context.group)
    lines = [" ".join(_say_own(own, today, context.group))] if own else []
    if context.is_moderator:
        efforts = await context.store.read(lambda rows: efforts_of(rows, context.group.id, context.now(), EFFORTS))
        lines += ["", *say_panel(turns, efforts, context.group, today)]
    return Reply("\n".join(lines), choices=_offers(own, today, context.group))


def _say_own(turn: Turn, today: date, group: GroupSettings) -> Iterator[str]:
    if turn.presented and turn.last_presented:
        yield count(
            group,
            "You presented once, on {day}, and came to {came}.",
            "You presented {n} times, last on {day}, and came to {came}.",
            turn.presented,
            day=spoken_year(turn.last_presented, group),
            came=count(group, "{n} meeting", "{n} meetings", turn.came),
        )
    elif turn.came:
        yield count(
            group,
            "You came to {n} meeting, and have not presented yet.",
            "You came to {n} meetings, and have not presented yet.",
            turn.came,
        )
    else:
        yield say(group, "You have neither presented nor come to a meeting yet.")
    if turn.next_on:
        yield say(group, "You present on {day}.", day=spoken(turn.next_on, group))
    if turn.on_rota:
        yield say(group, "You are on the rota.")
    else:
        yield say(group, "You are not on the rota, so you present only when you offer.")
    if turn.leave and (turn.leave[1] is None or turn.leave[1] >= today):
        yield say(group, "You are on leave {until}.", until=_say_leave(turn, group))


def _say_leave(turn: Turn, group: GroupSettings) -> str:
    _, last = turn.leave or (None, None)
    return say(group, "until {day}", day=spoken(last, group)) if last else say(group, "until further notice")


def _offers(own: Turn | None, today: date, group: GroupSettings) -> tuple[Button, ...]:
    if own is None:
        return ()
    turn = (say(group, "Leave the rota"), "out") if own.on_rota else (say(group, "Take turns"), "in")
    is_away = own.is_away(today)
    leave = (say(group, "Back from leave"), "back") if is_away else (say(group, "Go on leave"), "leave")
    return tuple(Button(label, "rota", argument=("do", what)) for label, what in (turn, leave))


def say_panel(turns: Sequence[Turn], efforts: Sequence[Effort], group: GroupSettings, today: date) -> Iterator[str]:
    """For moderators: who presented, who never did, who is away, and what the group needed them for."""
    presented = [turn for turn in turns if turn.presented]
    yield say(group, "Only moderators see this:")
    for turn in sorted(presented, key=lambda one: (-one.presented, one.member.name)):
        yield _say_turn(turn, group)
    if never := [turn for turn in turns if not turn.presented]:
        yield say(group, "Never presented: {names}.", names=joined(group, [_with_rota(turn, group) for turn in never]))
    if away := [turn for turn in turns if turn.is_away(today)]:
        names = [f"{turn.member.name} {_say_leave(turn, group)}" for turn in away]
        yield say(group, "On leave: {names}.", names=joined(group, names))
    if efforts:
        told = ", ".join(f"{spoken(one.session.on, group)} {one.actions}" for one in efforts)
        mean = sum(one.actions for one in efforts) / len(efforts)
        sentence = msgid("What moderators had to do: {told}; {mean} steps a meeting.")
        yield say(group, sentence, told=told, mean=decimal(group, mean))


def _say_turn(turn: Turn, group: GroupSettings) -> str:
    told = [say(group, "presented {n}", n=turn.presented)]
    if turn.last_presented:
        told.append(say(group, "last on {day}", day=spoken(turn.last_presented, group)))
    if turn.next_on:
        told.append(say(group, "presents on {day}", day=spoken(turn.next_on, group)))
    return f"{_with_rota(turn, group)}: {', '.join(told)}; {say(group, 'came to {n}.', n=turn.came)}"


def _with_rota(turn: Turn, group: GroupSettings) -> str:
    return say(group, "{name} (on the rota)", name=turn.member.name) if turn.on_rota else turn.member.name

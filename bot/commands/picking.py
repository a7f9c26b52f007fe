"""Commands by which moderators overrule votes and claims: pick, next, reopen, drop, release. Each can be undone."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from bot.actions.claims import revoke_claim
from bot.actions.entries import drop_entry
from bot.actions.picks import next_paper as take_next_paper
from bot.actions.picks import pick_paper, reopen_vote
from bot.cards import Button, Reply
from bot.commands.desk import REASON, done, title_of
from bot.commands.parameters import PAPER, read_text
from bot.commands.sessions import meant
from bot.commands.table import Context, Parameter, Policy, command
from bot.commands.timetable import say_start
from bot.dates import day_of, local_date
from bot.durations import after, read_duration
from bot.errors import UserError
from bot.model import Entry, Session
from bot.phrases import Question, read_schedule
from bot.recurrence import Recurrence, read_recurrence
from bot.views.papers import quoted
from bot.wording import sentence

UNTIL = Parameter(
    "until",
    "as tomorrow 18:00, or 6 hours; without it, half of the time that is left",
    read_text,
    False,
    de=("bis", "wie tomorrow 18:00 oder 6 hours; ohne Angabe die Hälfte der Zeit, die noch ist"),
)
SHOWN_THERE = "Members see it on the meeting's card"


@command(
    "pick",
    "choose the paper of the next meeting yourself, whatever the votes say",
    Policy.MODERATOR,
    PAPER,
    REASON,
    de=("wählen", "das Paper des nächsten Treffens selbst wählen, was auch die Stimmen sagen"),
)
async def pick(context: Context, paper: Entry, reason: str = "") -> Reply:
    session = await meant(context)
    now = await context.store.act(pick_paper, context.act(), session.id, paper.id, reason)
    closed = "The vote for it is closed with that." if now.closed_at and not session.closed_at else ""
    told = f", and are told why: {reason}" if reason else ""
    return done(await _say_paper(context, session, now), closed, f"{SHOWN_THERE}{told}.")


@command(
    "admin next",
    "not this paper: the next in line of the vote instead",
    Policy.MODERATOR,
    REASON,
    de=("nächstes", "nicht dieses Paper: stattdessen das nächste der Abstimmung"),
)
async def next_paper(context: Context, reason: str = "") -> Reply:
    session = await meant(context)
    vetoed = context.request.args.get("paper", "").removeprefix("entry:")
    if vetoed and vetoed != str(session.entry):
        return Reply(f"That paper is not picked any more. {await _say_paper(context, session, session)}".strip())
    now = await context.store.act(take_next_paper, context.act(), session.id, reason)
    again = Button("Next paper", "admin next", now.entry, session=now.id)
    return done(await _say_paper(context, session, now), f"{SHOWN_THERE}{_because(reason)}.", more=(again,))


async def _say_paper(context: Context, before: Session, now: Session) -> str:
    on = day_of(now, context.group)
    title = await title_of(context, now.entry)
    if not title:
        return f"The meeting of {on} has no paper now."
    instead = await title_of(context, before.entry) if before.entry != now.entry else ""
    verb = "is read" if now.settled else "is proposed for"
    said = f"{title} {verb}{' on' if now.settled else ''} {on}{f' instead of {instead}' if instead else ''}."
    return f"{said} {_say_presenter(now)}"


def _say_presenter(session: Session) -> str:
    if session.presenter is None:
        return "Its card asks who presents it." if session.settled else ""
    name = session.presenter.name
    return f"{name} presents it." if session.confirmed_at else f"{name} is asked to present it."


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


# --- the vote goes on


@command(
    "reopen",
    "open the vote of the next meeting again; its pick is taken back",
    Policy.MODERATOR,
    UNTIL,
    REASON,
    de=("neu-öffnen", "die Abstimmung des nächsten Treffens wieder öffnen; die Wahl gilt nicht mehr"),
)
async def reopen(context: Context, until: str = "", reason: str = "") -> Reply:
    session = await meant(context)
    times: list[datetime | None] = [*await _read_until(context, until, session)] if until else [None]
    if len(times) > 1:
        return Reply("Until when?", choices=tuple(_offer(context, session, times)), ok=False)
    now = await context.store.act(reopen_vote, context.act(), session.id, times[0], reason)
    end = say_start(now.closes_at, context.group, context.now()) if now.closes_at else "its usual time"
    title = await title_of(context, session.entry)
    back = f"{title} is not picked any more; it can be voted for like the others." if title else ""
    return done(f"The vote for {day_of(now, context.group)} is open again until {end}.", back, f"{SHOWN_THERE}.")


def _offer(context: Context, session: Session, times: list[datetime | None]) -> Iterator[Button]:
    for at in times:
        if at:
            text = f"{at.astimezone(context.group.zone):%Y-%m-%d %H:%M}"
            label = say_start(at, context.group, context.now())
            yield Button(label, "reopen", argument=("until", text), session=session.id)


async def _read_until(context: Context, typed: str, session: Session) -> list[datetime]:
    """What can be meant, between now and the session. Raises UserError when nothing can."""
    found = _lasting(context, typed) or _moments(context, typed)
    left = sorted({at for at in found if context.now() < at < session.starts})
    if not left:
        starts = say_start(session.starts, context.group, context.now())
        raise UserError(f"Say a time between now and the meeting ({starts}), as tomorrow 18:00 or 6 hours.")
    return left


def _lasting(context: Context, typed: str) -> list[datetime]:
    """`6 hours`, `in 2 days`"""
    with suppress(ValueError):
        text = typed.lower().strip().removeprefix("in ").removeprefix("for ")
        return [after(context.now(), read_duration(text), context.group.zone)]
    return []


def _moments(context: Context, typed: str) -> list[datetime]:
    try:
        found = read_schedule(typed, local_date(context.now(), context.group))
    except ValueError as fault:
        raise UserError(sentence(str(fault))) from None
    if not isinstance(found, Question):
        return _first(context, found)
    times = [at for _, text in found.options for at in _first(context, read_recurrence(text))]
    if not times:
        raise UserError("Until when? Write it as tomorrow 18:00, or 6 hours.")
    soon = min(times) + timedelta(hours=24)  # of a time without a day, the next
    return [at for at in times if at < soon] if _names_no_day(found) else times


def _first(context: Context, recurrence: Recurrence) -> list[datetime]:
    return [
        one.starts for _, one in zip(range(1), recurrence.occurrences(context.now(), context.group.zone), strict=False)
    ]


def _names_no_day(question: Question) -> bool:
    return "On which day?" in question.text


# --- papers and claims


@command(
    "drop",
    "take a paper off the vote; said again it is back",
    Policy.MODERATOR,
    PAPER,
    REASON,
    de=("streichen", "ein Paper aus der Abstimmung nehmen; noch einmal gesagt ist es wieder da"),
)
async def drop(context: Context, paper: Entry, reason: str = "") -> Reply:
    await context.store.act(drop_entry, context.act(), paper.id, not paper.dropped, reason)
    standing = await context.store.peek(lambda rows: rows.entries.entry(context.group.id, paper.id)) or paper
    title = quoted(paper.paper.title)
    if not standing.dropped:
        return done(f"{title} is back: its votes count again.")
    reads = await context.store.peek(lambda rows: rows.sessions.session_of(context.group.id, paper.id))
    said = f"{title} is dropped{_because(reason)}: its card says so, and no vote picks it. Said again it is back."
    if reads is None or reads.ends <= context.now():
        return done(said)
    still = f"It is still the paper of {day_of(reads, context.group)}: /paper-admin next takes another."
    return done(said, still, more=(Button("Next paper", "admin next", paper.id, session=reads.id),))


@command(
    "admin release",
    "end whoever's claim on a paper; of a presenter's the next is asked",
    Policy.MODERATOR,
    PAPER,
    de=("freigeben", "eine Zusage beenden, wessen sie auch ist; beim Vorstellen wird der nächste gefragt"),
)
async def release(context: Context, paper: Entry) -> Reply:
    result = await context.store.act(revoke_claim, context.act(), paper.id)
    title, held = quoted(paper.paper.title), paper.claimer.name if paper.claimer else "Nobody"
    if not result.changed:
        return Reply(f"Nobody holds {title}; anyone can claim it.")
    after = await context.store.peek(lambda rows: rows.sessions.session_of(context.group.id, paper.id))
    follows = f"{result.holder.name} follows." if result.holder else "Anyone can claim it."
    if after and after.ends > context.now() and after.presenter:
        follows = f"{after.presenter.name} is asked to present it on {day_of(after, context.group)}."
    return done(f"{held} does not present {title} any more. {follows}")

"""The ballot on a short list: papers in an order, or those that one approves of. Private; saved at every press."""

import re
from collections.abc import Iterator, Sequence

from bot.actions.ballots import cast_ballot
from bot.cards import Button, Card, Reply
from bot.commands.parameters import read_text
from bot.commands.sections import MEETING
from bot.commands.sessions import meant, pressed_on, room_of
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.languages import joined, say
from bot.model import Entry, GroupSettings, Session
from bot.papers.text import cut
from bot.parsing import read_number
from bot.views.dates import day_of, spoken_time
from bot.views.papers import quoted
from bot.views.vote import LONGEST_LABEL, entries_of, how_to, numbered
from bot.week.plan import step_time
from bot.week.timeline import StepKind

Ranking = tuple[tuple[int, ...], ...]

PAPERS = Parameter(
    "papers",
    "numbers of the short list, the first choice first: 2, 1, 3; equals as 2 = 1",
    read_text,
    required=False,
    de=("papers", "Nummern der Auswahl, das liebste zuerst: 2, 1, 3; gleich gut als 2 = 1"),
)


@command(
    "ballot",
    "my order of the papers on the short list",
    Policy.MEMBER,
    PAPERS,
    de=("stimmzettel", "meine Reihenfolge der Papers, die zur Auswahl stehen"),
    section=MEETING,
)
async def ballot(context: Context, papers: str = "") -> Reply:
    session = await _open_ballot(context)
    act, pressed = context.act(), context.request.args
    if papers:
        ranking = read_ranking(papers, session.shortlist, is_ranked=_is_ranked(context))
        await context.store.act(cast_ballot, act, session.id, ranking)
    elif "clear" in pressed:
        await context.store.act(cast_ballot, act, session.id, ())
    elif "choose" in pressed:
        entry = _named(pressed["choose"], session)
        ranking = with_choice(await _own(context, session), entry, is_ranked=_is_ranked(context))
        await context.store.act(cast_ballot, act, session.id, ranking)
    elif "out" in pressed:
        ranking = without(await _own(context, session), _named(pressed["out"], session))
        await context.store.act(cast_ballot, act, session.id, ranking)
    return await _show(context, session)


def _is_ranked(context: Context) -> bool:
    return context.group.week.rule != "approval"


def _named(pressed: str, session: Session) -> int:
    listed = [entry for entry in session.shortlist if str(entry) == pressed]
    if not listed:
        raise UserError("That paper is not on the short list.")
    return listed[0]


async def _own(context: Context, session: Session) -> Ranking:
    found = await context.store.peek(lambda rows: rows.picks.ballot(context.group.id, session.id, context.act().member))
    return tuple(tuple(group) for group in found)


def with_choice(ranking: Ranking, entry: int, *, is_ranked: bool) -> Ranking:
    """As the next one; where it stands already it stays."""
    if any(entry in group for group in ranking):
        return ranking
    return _fitting((*ranking, (entry,)), is_ranked=is_ranked)


def without(ranking: Ranking, entry: int) -> Ranking:
    return tuple(left for group in ranking if (left := tuple(other for other in group if other != entry)))


def _fitting(ranking: Ranking, *, is_ranked: bool) -> Ranking:
    """What is only approved are all equals."""
    return ranking if is_ranked else (tuple(entry for group in ranking for entry in group),)


def read_ranking(typed: str, shortlist: Sequence[int], *, is_ranked: bool) -> Ranking:
    """`2, 1 = 4`, by the numbers of the list. Raises UserError."""
    parts = [part for part in re.split("[,>;]", typed) if part.strip()]
    groups = [[_number(word, shortlist) for word in part.split("=")] for part in parts]
    numbers = [number for group in groups for number in group]
    if twice := next((number for number in numbers if numbers.count(number) > 1), None):
        raise UserError("Number {number} stands there twice. Say each paper once.", number=twice)
    return _fitting(tuple(tuple(shortlist[number - 1] for number in group) for group in groups), is_ranked=is_ranked)


def _number(word: str, shortlist: Sequence[int]) -> int:
    found = read_number(word)
    if found is None or not 1 <= found <= len(shortlist):
        raise UserError(
            '"{typed:.40}" is no number of the short list, which has 1 to {most}. Write it like 2, 1, 3.',
            typed=word.strip(),
            most=len(shortlist),
        )
    return found


# --- which ballot


async def _open_ballot(context: Context) -> Session:
    """Raises UserError with what is going on instead."""
    if not context.group.week.has_ballots:
        raise UserError("This group has no ballots: the votes on the papers count. /paper next tells how they stand.")
    pressed = await pressed_on(context)
    ahead = (
        [pressed]
        if pressed
        else await context.store.read(lambda rows: rows.sessions.sessions(context.group.id, context.now()))
    )
    for session in ahead:
        if session.status == "planned" and session.shortlist and session.closed_at is None:
            return session
    raise UserError(await _say_closed(context, pressed or await meant(context)))


async def _say_closed(context: Context, session: Session) -> str:
    group, day = context.group, day_of(session, context.group)
    if session.closed_at:
        entry = (await room_of(context, session)).entry
        closed = say(group, "The ballot for {day} is closed.", day=day)
        return f"{closed} {_say_became(group, session, entry)}" if entry else closed
    at = step_time(StepKind.SHORTLIST, session, group)
    if at and at > context.now():
        return say(
            group,
            "The short list for {day} is made on {time}, out of what has votes by then: /paper vote takes part.",
            day=day,
            time=spoken_time(at, group),
        )
    return say(
        group,
        "The short list for {day} is made soon, out of what has votes by then: /paper vote takes part.",
        day=day,
    )


def _say_became(group: GroupSettings, session: Session, entry: Entry) -> str:
    title = quoted(entry.paper.title)
    return say(group, "{paper} is picked." if session.settled else "{paper} is proposed.", paper=title)


# --- the private card


async def _show(context: Context, session: Session) -> Reply:
    group = context.group
    entries = await context.store.read(lambda rows: entries_of(session.shortlist, group, rows))
    ranking = await _own(context, session)
    card = Card(
        kind="ballot",
        title=say(group, "Your ballot for {day}", day=day_of(session, group)),
        body=f"{how_to(group)}. {say(group, 'Pressed again, a paper is taken out.')}",
        fields=numbered(entries, group),
        footer=say(group, 'Or type, by these numbers: /paper meeting ballot 2, 1, 3, with "=" between equals'),
        buttons=(
            *_papers(session, ranking, entries, is_ranked=_is_ranked(context)),
            *([_start_over(group, session)] if ranking else []),
        ),
    )
    return Reply(_say_saved(group, session, ranking, entries), (card,), replaces=context.request.pressed)


def _say_saved(group: GroupSettings, session: Session, ranking: Ranking, entries: Sequence[Entry]) -> str:
    chosen = say(group, "Nothing is chosen yet.")
    if ranking:
        chosen = say(group, "Saved: {papers}.", papers=say_ranking(group, ranking, entries))
    close = step_time(StepKind.CLOSE, session, group)
    if close is None:
        return chosen
    return f"{chosen} {say(group, 'You can change it until {time}.', time=spoken_time(close, group))}"


def say_ranking(group: GroupSettings, ranking: Ranking, entries: Sequence[Entry]) -> str:
    """`1. “A”, 2. “B” and “C”`"""
    titles = {entry.id: quoted(entry.paper.title) for entry in entries}
    equals = [joined(group, [titles[entry] for entry in one if entry in titles]) for one in ranking]
    return equals[0] if len(equals) == 1 else ", ".join(f"{place}. {papers}" for place, papers in enumerate(equals, 1))


def _papers(session: Session, ranking: Ranking, entries: Sequence[Entry], *, is_ranked: bool) -> Iterator[Button]:
    """What is chosen comes first, in its order."""
    titles = {entry.id: entry.paper.title for entry in entries}
    chosen = [(entry, f"{place}. " if is_ranked else "✓ ") for place, group in enumerate(ranking, 1) for entry in group]
    others = [(entry, "") for entry in titles if not any(entry == one for one, _ in chosen)]
    for entry, mark in (*chosen, *others):
        label = cut(f"{mark}{titles.get(entry, '')}", LONGEST_LABEL)
        yield Button(label, "ballot", argument=("out" if mark else "choose", str(entry)), session=session.id)


def _start_over(group: GroupSettings, session: Session) -> Button:
    return Button(say(group, "Start over"), "ballot", argument=("clear", "yes"), session=session.id)

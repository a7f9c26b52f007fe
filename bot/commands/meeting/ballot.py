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
from bot.model import Entry, Session
from bot.papers.text import cut
from bot.parsing import read_number
from bot.views.dates import day_of, spoken_time
from bot.views.papers import quoted
from bot.views.vote import LONGEST_LABEL, entries_of, how_to, numbered
from bot.week.plan import step_time
from bot.week.timeline import StepKind
from bot.wording import join_words

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
        raise UserError(f"Number {twice} stands there twice. Say each paper once.")
    return _fitting(tuple(tuple(shortlist[number - 1] for number in group) for group in groups), is_ranked=is_ranked)


def _number(word: str, shortlist: Sequence[int]) -> int:
    found = read_number(word)
    if found is None or not 1 <= found <= len(shortlist):
        raise UserError(
            f'"{word.strip()[:40]}" is no number of the short list, which has 1 to {len(shortlist)}. '
            "Write it like 2, 1, 3."
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
    day = day_of(session, context.group)
    if session.closed_at:
        room = await room_of(context, session)
        became = "picked" if session.settled else "proposed"
        what = f" {quoted(room.entry.paper.title)} is {became}." if room.entry else ""
        return f"The ballot for {day} is closed.{what}"
    at = step_time(StepKind.SHORTLIST, session, context.group)
    when = f" on {spoken_time(at, context.group)}" if at and at > context.now() else " soon"
    return f"The short list for {day} is made{when}, out of what has votes by then: /paper vote takes part."


# --- the private card


async def _show(context: Context, session: Session) -> Reply:
    entries = await context.store.read(lambda rows: entries_of(session.shortlist, context.group, rows))
    ranking = await _own(context, session)
    close = step_time(StepKind.CLOSE, session, context.group)
    until = f" You can change it until {spoken_time(close, context.group)}." if close else ""
    said = f"Saved: {say_ranking(ranking, entries)}.{until}" if ranking else f"Nothing is chosen yet.{until}"
    card = Card(
        kind="ballot",
        title=f"Your ballot for {day_of(session, context.group)}",
        body=f"{how_to(context.group)}. Pressed again, a paper is taken out.",
        fields=numbered(entries, context.group),
        footer='Or type, by these numbers: /paper meeting ballot 2, 1, 3, with "=" between equals',
        buttons=tuple(_buttons(session, ranking, entries, is_ranked=_is_ranked(context))),
    )
    return Reply(said, (card,), replaces=context.request.pressed)


def say_ranking(ranking: Ranking, entries: Sequence[Entry]) -> str:
    """`1. “A”, 2. “B” and “C”`"""
    titles = {entry.id: quoted(entry.paper.title) for entry in entries}
    groups = [join_words([titles[entry] for entry in group if entry in titles]) for group in ranking]
    return groups[0] if len(groups) == 1 else ", ".join(f"{place}. {group}" for place, group in enumerate(groups, 1))


def _buttons(session: Session, ranking: Ranking, entries: Sequence[Entry], *, is_ranked: bool) -> Iterator[Button]:
    """What is chosen comes first, in its order."""
    titles = {entry.id: entry.paper.title for entry in entries}
    chosen = [(entry, f"{place}. " if is_ranked else "✓ ") for place, group in enumerate(ranking, 1) for entry in group]
    others = [(entry, "") for entry in titles if not any(entry == one for one, _ in chosen)]
    for entry, mark in (*chosen, *others):
        label = cut(f"{mark}{titles.get(entry, '')}", LONGEST_LABEL)
        yield Button(label, "ballot", argument=("out" if mark else "choose", str(entry)), session=session.id)
    if ranking:
        yield Button("Start over", "ballot", argument=("clear", "yes"), session=session.id)

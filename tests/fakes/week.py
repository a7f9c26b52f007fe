"""An invented week as cards, one of each kind, some of them hostile: what the product makes of one meeting. For tests
of surfaces only."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TypeVar, cast

from bot.cards import Button, Card, Choice, Field, Form, Select
from bot.commands.meeting.recap import _ask as ask_recap
from bot.model import (
    Claim,
    Entry,
    GroupSettings,
    Logged,
    Member,
    Nominee,
    Paper,
    Participation,
    Pick,
    Question,
    Recap,
    Session,
    Summary,
    WeekSettings,
)
from bot.ports import Reads
from bot.views.moves import step_card
from bot.views.pick import explain_in_short, pick_card
from bot.views.recap import archived_card, recap_card
from bot.views.session import ask_card, reminder_card, room_card
from bot.views.vote import ballot_card, nominations_card
from bot.voting.decision import decide
from bot.voting.export import to_data
from tests.electing import election, vote
from tests.electing import paper as candidate
from tests.fakes.nominated import Nominated
from tests.fakes.papers import HOSTILE, PAPERS

T = TypeVar("T")

SESSION = 7
STARTS = datetime(2026, 11, 26, 16, tzinfo=UTC)
CLOSED = STARTS - timedelta(days=4)
GROUP = GroupSettings(
    id="reading-group",
    timezone="Europe/Berlin",
    week=WeekSettings(
        session="thu 17:00",
        place="Room 2.01, https://meet.example.org/reading-group-thursdays",
        roles=("critic", "scribe"),
    ),
)
RANKED = replace(GROUP, week=replace(GROUP.week, rule="schulze"))
INES, JONAS, PRIYA, EVE, OKELLO, MAREN = (
    Member(number, name) for number, name in enumerate(("Ines", "Jonas", "Priya", "Eve", "Okello", "Maren"), 1)
)


def _entry(number: int) -> Entry:
    """106 is the first paper of PAPERS."""
    title, authors, abstract, reason = PAPERS[number - 106]
    paper = Paper(
        f"arxiv:2611.{number:05}",
        title,
        abstract,
        tuple(authors.split(", ")),
        url=f"https://arxiv.org/abs/2611.{number:05}",
    )
    return Entry(
        number,
        GROUP.id,
        paper,
        date(2026, 11, 20),
        number - 105,
        date(2026, 11, 20),
        "huggingface",
        reason,
        claimer={106: MAREN, 107: INES}.get(number),
        summary=Summary(abstract, "from the abstract", "extractive"),
    )


ENTRIES = {number: _entry(number) for number in range(106, 111)}
COUNTED = election(
    (candidate(106), candidate(107, claimed=2), candidate(108)),
    (*(vote(member, entry) for member in range(1, 5) for entry in (106, 107)), vote(5, 108)),
)
PICK = Pick(json.dumps(to_data(COUNTED)), json.dumps(to_data(decide(COUNTED))), CLOSED, session=SESSION)
ROOM = Participation(
    Session(
        SESSION,
        GROUP.id,
        date(2026, 11, 26),
        STARTS,
        60,
        GROUP.week.place,
        scheduled_at=STARTS - timedelta(days=14),
        closed_at=CLOSED,
        entry=107,
        settled=True,
        presenter=INES,
        asked_at=CLOSED,
        slides="https://slides.example.org/2",
    ),
    ENTRIES[107],
    PICK,
    coming=(INES, JONAS, PRIYA, EVE, OKELLO),
    readings={"read": 2, "skimmed": 1},
    roles=(("critic", JONAS),),
    suggested=(("scribe", PRIYA),),
    questions=(
        Question(1, JONAS, "Does it hold for small models?", CLOSED),
        Question(2, EVE, HOSTILE, CLOSED),
    ),
    claims=(
        Claim(1, 107, INES, "holder", CLOSED),
        Claim(2, 107, JONAS, "backup", CLOSED),
        Claim(3, 107, PRIYA, "backup", CLOSED),
    ),
)
OPEN = replace(
    ROOM,
    session=replace(ROOM.session, closed_at=None, entry=None, settled=False, presenter=None, asked_at=None, slides=""),
    entry=None,
    pick=None,
    coming=(),
    claims=(),
    ballots=2,
)
OVER = replace(
    ROOM,
    session=replace(ROOM.session, confirmed_at=CLOSED),
    recaps=(
        Recap(JONAS, ("Most of it fades", "Small models keep less"), 5, STARTS),
        Recap(EVE, (HOSTILE,), 4, STARTS),
    ),
)


class _Kept(Nominated):
    """As much of the rows as the cards ask."""

    def entry(self, group: str, entry: int) -> Entry | None:
        return ENTRIES.get(entry)


def _nominee(entry: int, votes: int) -> Nominee:
    paper = ENTRIES[entry].paper
    return Nominee(entry, paper.key, paper.title, CLOSED - timedelta(hours=200 - entry), votes=votes)


KEPT = _Kept([_nominee(entry, votes) for entry, votes in {106: 3, 108: 1, 110: 1}.items()])
ROWS = cast(Reads, SimpleNamespace(entries=KEPT, picks=KEPT, votes=KEPT))


# --- the cards


def nominations() -> Card:
    return nominations_card(OPEN, GROUP, ROWS, CLOSED - timedelta(days=1))


def ballot() -> Card:
    listed = replace(OPEN, session=replace(OPEN.session, shortlist=(106, 107, 108, 109)))
    return ballot_card(listed, RANKED, ROWS)


def pick() -> Card:
    return pick_card(ROOM, GROUP, explain_in_short(PICK, GROUP, ROWS))


def asking() -> Card:
    return ask_card(ROOM, GROUP)


def reminder() -> Card:
    return reminder_card(ROOM, GROUP, STARTS)


def room() -> Card:
    return room_card(ROOM, GROUP)


def recap() -> Card:
    return recap_card(OVER, GROUP)


def notice() -> Card:
    skipped = replace(OPEN.session, status="skipped", why="exam week")
    changed = ({"status": "planned"}, {"status": "skipped"})
    return step_card(Logged(1, CLOSED, "Maren", "skip", "exam week", *changed, session=SESSION), GROUP, skipped)


def week() -> list[Card]:
    return [nominations(), ballot(), pick(), asking(), reminder(), room(), recap(), notice()]


# --- private answers


def archived() -> Card:
    """As the archive lists it."""
    return archived_card(OVER, GROUP)


def _recap_form() -> Form:
    form = ask_recap(GROUP, OVER, PRIYA.id).form
    assert form
    return form


RECAP = _recap_form()  # of somebody who has not told anything yet


def settings() -> Card:
    """One list to choose one value from, one for several."""
    return Card(
        kind="notice",
        title="Settings of Reading group",
        fields=(Field("Days", "mon-fri"), Field("Sources", "all")),
        buttons=(Button("Undo", "undo"),),
        selects=(
            Select(
                "Days",
                "setup",
                "days",
                (Choice("Monday to Friday", "mon-fri", chosen=True), Choice("Every day", "daily")),
            ),
            Select(
                "Sources", "setup", "sources", (Choice("arXiv", "arxiv", chosen=True), Choice("Blog", "b")), many=True
            ),
        ),
    )

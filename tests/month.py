"""The groups whose lived-in month is kept in tests/goldens/month.txt, with the papers that their gazette announces."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

from bot.model import DaySettings, GroupSettings, WeekSettings
from tests.fakes.source import paper
from tests.town_stage import TownStage, town_stage

FRIDAY = "2026-11-20 07:00"  # 08:00 in Berlin: an hour before the first post
READERS = GroupSettings(
    id="readers",
    name="Readers",
    timezone="Europe/Berlin",
    channels=("web:readers", "discord:1/20"),
    moderators=("web:mod",),
    day=DaySettings(cards=3, layout="channel"),
    week=WeekSettings(session="thu 17:00", place="Room 2.01", roles=("critic", "scribe"), sleep_weeks=1),
)
RANKED = replace(
    READERS,
    id="ranked",
    name="Ranked",
    timezone="America/New_York",
    channels=("web:ranked",),
    day=DaySettings(cards=2, layout="channel"),
    week=WeekSettings(session="tue 12:30", rule="irv", shortlist=3, minutes=45, weighted=True),
)
LUNCH = replace(
    READERS,
    id="lunch",
    name="Lunch",
    timezone="Asia/Tokyo",
    channels=("web:lunch",),
    day=DaySettings(cards=1),
    week=WeekSettings(session="wed 12:30", mode="presenter", headcount=2),
)
COUNCIL = replace(
    READERS,
    id="council",
    name="Council",
    channels=("web:council",),
    day=DaySettings(cards=2, layout="thread"),
    week=WeekSettings(session="fri 15:00", pick="organiser", budget=2, hidden=True, place="https://meet.example/c"),
)
IDLE = replace(
    READERS,
    id="idle",
    name="Idle",
    channels=("web:idle",),
    day=DaySettings(on="wed", layout="channel"),
    week=WeekSettings(),
)
GROUPS = (READERS, RANKED, LUNCH, COUNCIL, IDLE)

TITLES = (
    ("2026-11-20", "Sparse Attention Is Enough"),
    ("2026-11-20", "Tiny Verifiers"),
    ("2026-11-20", "What Diffusion Forgets"),
    ("2026-11-20", "Watermarks for Short Texts"),
    ("2026-11-20", "Diffusion on a Budget"),
    ("2026-11-23", "Learning to Rank Readers"),
    ("2026-11-23", "A Second Look at Dropout"),
    ("2026-11-25", "Proofs by Small Models"),
    ("2026-11-27", "Benchmarks That Age Well"),
    ("2026-12-01", "Quiet Gradients"),
    ("2026-12-01", "Maps of Embeddings"),
    ("2026-12-04", "How Agents Wait"),
)
PAPERS = tuple((day, paper(n, title, upvotes=90 - n)) for n, (day, title) in enumerate(TITLES, 1))


def groups_of_a_month(folder: Path) -> AbstractAsyncContextManager[TownStage]:
    return town_stage(folder, *GROUPS, now=FRIDAY, papers=PAPERS)

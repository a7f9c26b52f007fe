"""The built-in sample: 77 papers, so that everything can be tried without network. Its dates are ours, not arXiv's.

The announcement dates follow from the day of the first start: some days before it, today's, and a few to come.
"""

import json
from datetime import date, time, timedelta
from importlib.resources import files

from bot.model import Batch, RawPaper

HELD_BACK = 20  # papers for the days after the first start
A_DAY = 7
FINISHED = "The sample has no more papers; set a real source in config.toml."


class Sample:
    name = "sample"
    label = "the sample"
    zone = "UTC"
    settles = time(0)

    def __init__(self, first_start: date) -> None:
        self._first_start = first_start
        self._days = _spread(_papers(), first_start)

    @property
    def backlog(self) -> list[date]:
        return sorted(day for day in self._days if day <= self._first_start)

    async def fetch(self, day: date) -> Batch:
        papers = self._days.get(day, ())
        return Batch(tuple(papers), note=FINISHED if day > max(self._days) else "")


def _papers() -> list[RawPaper]:
    text = files(__package__).joinpath("sample_papers.json").read_text(encoding="utf-8")
    return [
        RawPaper(
            title=item["title"],
            abstract=item["description"],
            arxiv_id=item["arxiv_id"] or "",
            origin="our description",
        )
        for item in json.loads(text)
    ]


def _spread(papers: list[RawPaper], first_start: date) -> dict[date, list[RawPaper]]:
    """Seven papers a weekday; the last of the past days is the first start, or the Friday before."""
    past, coming = papers[:-HELD_BACK], papers[-HELD_BACK:]
    days: dict[date, list[RawPaper]] = {}
    day = first_start
    while past:
        if day.weekday() < 5:
            take = A_DAY if len(past) > A_DAY + 1 else len(past)  # no lone paper on the oldest day
            past, days[day] = past[:-take], past[-take:]
        day -= timedelta(days=1)
    day = first_start + timedelta(days=1)
    while coming:
        if day.weekday() < 5:
            days[day], coming = coming[:A_DAY], coming[A_DAY:]
        day += timedelta(days=1)
    return days

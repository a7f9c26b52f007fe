"""What a group did leaves the database as one file, and every pick comes out of it again."""

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.actions.ballots import cast_ballot
from bot.actions.picks import next_paper, pick_paper, reopen_vote
from bot.actions.reschedule import skip_meeting
from bot.actions.undo import undo_step
from bot.actions.votes import retract_vote
from bot.errors import StartError
from bot.model import Settings, WeekSettings
from bot.model.recurrence import read_recurrence
from bot.operate import export, with_demo_week
from bot.voting.recount import Recounted, recount
from tests.fakes.clock import read_time
from tests.groups import link_members
from tests.recount import recount as count_elsewhere
from tests.weekly_club import READERS, Club, club

Data = dict[str, Any]
DATABASE = "club.db"


async def exported(readers: Club, folder: Path) -> Data:
    """Beside the club, which goes on; through the bytes of a file."""
    settings = Settings(database=str(folder / DATABASE), groups=(readers.group,))
    data: Data = json.loads(json.dumps(await export(settings, None), ensure_ascii=False).encode())
    return data


async def recounted(readers: Club, folder: Path) -> list[Recounted]:
    found = recount(await exported(readers, folder))
    assert [one.differences for one in found] == [()] * len(found)
    return list(found)


def picks(data: Data) -> list[Data]:
    return [pick for session in data["groups"][0]["sessions"] for pick in session["picks"]]


async def voting(readers: Club) -> list[int]:
    """Alpha has three votes, Beta two and one that was taken back."""
    await readers.join("Ann", "Bob", "Cleo", "Dora", "Mod")
    papers = await readers.list_papers("Alpha", "Beta", "Gamma", "Delta")
    await readers.tick()
    await readers.vote(papers[0], "Ann", "Bob", "Cleo")
    await readers.vote(papers[1], "Ann", "Bob", "Cleo")
    await readers.store.act(retract_vote, readers.act("Cleo"), papers[1])
    return papers


async def test_the_pick_of_every_session_comes_out_again(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        papers = await voting(readers)
        await readers.until("2026-11-24 12:00")
        await readers.vote(papers[2], "Ann", "Dora")
        await readers.store.act(retract_vote, readers.act("Ann"), papers[0])
        await readers.until("2026-12-07 12:00")
        found = await recounted(readers, tmp_path)
        assert [str(one) for one in found][:2] == [
            "2026-11-26  “Alpha”  votes: same, 5 votes as in the log",
            "2026-12-03  “Gamma”  votes: same, 2 votes as in the log",
        ]
        data = await exported(readers, tmp_path)
        for session in data["groups"][0]["sessions"][:2]:
            assert session["entry"] == count_elsewhere(session["picks"][-1]["election"])[0]
            assert session["entry"] == session["picks"][-1]["receipt"]["winner"]


async def test_vetoes_re_opened_votes_and_undone_steps_come_out_too(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        papers = await voting(readers)
        await readers.until("2026-11-23 12:00")
        mod, meant = readers.act, await readers.session()
        await readers.store.act(next_paper, mod("Mod"), meant.id, "read it last year")
        assert [one.paper for one in await recounted(readers, tmp_path)] == ["“Beta”"]
        await readers.store.act(reopen_vote, mod("Mod"), (await readers.session()).id, None, "one more day")
        await readers.vote(papers[2], "Ann", "Bob", "Cleo", "Dora")
        await readers.until("2026-11-25 12:00")
        assert [one.paper for one in await recounted(readers, tmp_path)] == ["“Gamma”"]
        delta = await readers.entry(papers[3])
        await readers.store.act(pick_paper, mod("Mod"), (await readers.session()).id, delta.id, "the author is in town")
        assert [one.paper for one in await recounted(readers, tmp_path)] == ["“Delta”"]
        await readers.store.act(undo_step, mod("Mod"))
        assert [one.paper for one in await recounted(readers, tmp_path)] == ["“Gamma”"]
        assert len((await exported(readers, tmp_path))["groups"][0]["sessions"][0]["picks_taken_back"]) == 1


async def test_a_pick_that_moved_on_comes_out_in_both_sessions(tmp_path: Path) -> None:
    async with club(tmp_path, rule="schulze") as readers:
        papers = await voting(readers)
        await readers.until("2026-11-22 12:00")
        session = await readers.session()
        assert len(session.shortlist) >= 2
        await readers.store.act(cast_ballot, readers.act("Ann"), session.id, [[papers[1]], [papers[0]]])
        await readers.store.act(cast_ballot, readers.act("Ann"), session.id, [[papers[1]]])
        await readers.store.act(cast_ballot, readers.act("Dora"), session.id, [[papers[1]], [papers[0]]])
        await readers.until("2026-11-23 12:00")
        await readers.store.act(skip_meeting, readers.act("Mod"), (await readers.session()).id, "a holiday")
        found = await recounted(readers, tmp_path)
        assert [(one.on, one.paper, one.ballots) for one in found] == [
            (date(2026, 11, 26), "“Beta”", 3),
            (date(2026, 12, 3), "“Beta”", 3),
        ]
        later = await readers.session("2026-12-03")
        await readers.store.act(next_paper, readers.act("Mod"), later.id)
        assert (await recounted(readers, tmp_path))[1].paper == "“Alpha”"


async def test_a_pick_comes_out_after_its_session_got_another_date_and_two_accounts_were_linked(
    tmp_path: Path,
) -> None:
    async with club(tmp_path) as readers:
        papers = await voting(readers)
        await readers.until("2026-11-23 12:00")
        await readers.with_week(session="fri 16:00")
        await readers.tick()
        ann, bob = readers.act("Ann"), readers.act("Bob")
        await link_members(readers.store, bob, ann)
        (first, *_) = await recounted(readers, tmp_path)
        assert (first.on, first.paper, first.votes) == (date(2026, 11, 27), "“Alpha”", 5)
        await readers.vote(papers[2], "Ann", "Cleo")
        await readers.until("2026-12-01 12:00")
        assert [one.paper for one in await recounted(readers, tmp_path)][:2] == ["“Alpha”", "“Gamma”"]


async def test_a_change_in_an_exported_file_is_found(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await voting(readers)
        await readers.until("2026-11-23 12:00")
        data = await exported(readers, tmp_path)
    text = json.dumps(data)
    (pick,) = picks(data)
    pick["receipt"]["winner"] = pick["receipt"]["standings"][1]["entry"]
    assert recount(data)[0].differences == ("the votes give “Alpha”, published is “Beta”",)
    data = json.loads(text)
    del picks(data)[0]["election"]["votes"][0]
    assert "1 vote for “Alpha” only in the log" in str(recount(data)[0])
    data = json.loads(text)
    del data["groups"][0]["votes"][0]
    assert "not in the log" in str(recount(data)[0])


async def test_two_exports_of_the_same_are_the_same(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await voting(readers)
        await readers.until("2026-11-27 12:00")
        first = await exported(readers, tmp_path)
        second = await exported(readers, tmp_path)
        assert first.pop("written_at")
        assert second.pop("written_at")
        assert json.dumps(first) == json.dumps(second)


async def test_an_export_holds_no_account(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await voting(readers)
        await readers.until("2026-11-27 12:00")
        text = json.dumps(await exported(readers, tmp_path))
        assert "Ann" in text
        assert "web:" not in text


# --- the demo's week -----------------------------------------------------------------------------------------------


async def test_the_demo_meets_five_days_ahead_and_keeps_its_weekday(tmp_path: Path) -> None:
    settings = Settings(database=str(tmp_path / "demo.db"))
    first = await with_demo_week(settings, read_time("2026-11-23 12:00"))
    assert first.groups[0].week == WeekSettings(session="sat 17:00", place="the room with the good chairs")
    again = await with_demo_week(settings, read_time("2026-11-25 12:00"))
    assert again == first


@pytest.mark.parametrize("day", range(7))
def test_the_vote_of_the_demo_is_open_and_closes_within_two_days(tmp_path: Path, day: int) -> None:
    now = read_time("2026-11-23 00:30") + timedelta(days=day, hours=3 * day)
    settings = asyncio.run(with_demo_week(Settings(database=str(tmp_path / "demo.db")), now))
    group = settings.groups[0]
    recurrence = read_recurrence(group.week.session)
    starts = next(recurrence.occurrences(now, group.zone)).starts
    assert timedelta(hours=1) < starts - timedelta(days=4) - now < timedelta(days=2)
    assert starts - timedelta(days=6) < now


async def test_a_database_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="there is no database"):
        await export(Settings(database=str(tmp_path / "none.db"), groups=(READERS,)), None)

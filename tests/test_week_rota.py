"""Whose turn it is: nobody twice before all once, nobody on leave, nobody in their first week."""

from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Member, Session, Turn
from bot.week.rota import last_named, next_turn
from tests.fakes.clock import read_time
from tests.weekly_club import club

STARTS = read_time("2026-11-26 16:00")
ON = date(2026, 11, 26)
DAY = timedelta(days=1)


def turn(number: int, **fields: object) -> Turn:
    values = {"joined_at": STARTS - 100 * DAY + timedelta(minutes=number), "on_rota": True, **fields}
    return Turn(Member(number, f"Member {number}"), **values)  # type: ignore[arg-type]


def named(*turns: Turn, absent: tuple[int, ...] = (), passed: dict[int, date] | None = None) -> int | None:
    found = next_turn(turns, ON, STARTS, absent, passed or {})
    return found.member.id if found else None


def test_who_never_presented_comes_first_by_when_they_joined() -> None:
    veteran = turn(1, last_presented=ON - 300 * DAY, presented=1)
    assert named(veteran, turn(3), turn(2)) == 2


def test_then_who_did_the_longest_ago() -> None:
    assert named(turn(1, last_presented=ON - 10 * DAY), turn(2, last_presented=ON - 20 * DAY)) == 2


def test_who_was_asked_in_vain_waits_like_who_presented() -> None:
    assert named(turn(1), turn(2, last_presented=ON - 20 * DAY), passed={1: ON - 7 * DAY}) == 2
    assert named(turn(1), turn(2), passed={1: ON - 7 * DAY}) == 2


def test_only_who_can_is_named() -> None:
    assert named(turn(1, on_rota=False)) is None
    assert named(turn(1), absent=(1,)) is None
    assert named(turn(1, next_on=ON + 7 * DAY)) is None
    assert named(turn(1, leave=(ON, None))) is None
    assert named(turn(1, leave=(ON - 7 * DAY, ON))) is None
    assert named(turn(1, leave=(ON - 7 * DAY, ON - DAY))) == 1
    assert named(turn(1, joined_at=STARTS - 7 * DAY + timedelta(minutes=1))) is None
    assert named(turn(1, joined_at=STARTS - 7 * DAY)) == 1


def test_the_newest_session_that_somebody_was_asked_for_in_vain_counts() -> None:
    def session(on: date, *tried: int) -> Session:
        return Session(1, "readers", on, STARTS, 60, tried=tried)

    assert last_named([session(ON, 1, 2), session(ON - 7 * DAY, 2, 3)]) == {1: ON, 2: ON, 3: ON - 7 * DAY}


@given(st.lists(st.sampled_from(("present", "refuse", "away")), min_size=1, max_size=40), st.integers(2, 6))
def test_over_any_course_nobody_is_named_twice_before_all_who_could_were_once(course: list[str], size: int) -> None:
    """Of members who always can; one who is away for a meeting may be named a round later."""
    last: dict[int, date] = {}
    passed: dict[int, date] = {}
    order: list[int] = []
    for number, what in enumerate(course):
        on = ON + number * 7 * DAY
        turns = [turn(one, last_presented=last.get(one)) for one in range(size)]
        found = next_turn(turns, on, STARTS + number * 7 * DAY, (), passed)
        assert found
        order.append(found.member.id)
        (last if what == "present" else passed)[found.member.id] = on
    for start in range(len(order) - size + 1):
        assert len(set(order[start : start + size])) == size


async def test_the_rota_goes_round_in_a_group_where_nobody_claims(tmp_path: Path) -> None:
    async with club(tmp_path, now="2026-10-28 12:00") as readers:
        await readers.join("Ann", "Bob", "Cleo", "Guest")
        await readers.rota("Ann", "Bob", "Cleo")
        papers = await readers.list_papers(*(f"Paper {number}" for number in range(8)))
        presenters = []
        for number, paper in enumerate(papers[:6]):
            on = date(2026, 11, 5) + number * 7 * DAY
            start = datetime(2026, 11, 5, 16, tzinfo=STARTS.tzinfo) + number * 7 * DAY
            await readers.until(start - timedelta(days=4, hours=2))
            await readers.vote(paper, "Guest")
            await readers.until(start - timedelta(days=2, hours=23))
            session = await readers.session(on.isoformat())
            assert session.presenter
            await readers.confirm(session.presenter.name, on.isoformat())
            presenters.append(session.presenter.name)
        assert sorted(presenters[:3]) == sorted(presenters[3:]) == ["Ann", "Bob", "Cleo"]

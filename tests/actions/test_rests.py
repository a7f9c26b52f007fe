"""What a wrong clock wrote holds nothing up once the clock is right."""

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.actions.deliveries import LEASE, LONGEST_WAIT, mark_shown, put_off, take_due
from bot.actions.links import ask_link, offer_link
from bot.actions.votes import cast_vote
from bot.errors import SourceError
from bot.model import Member, Turn
from bot.outbox import backoff
from bot.rests import age, has_passed, is_within
from bot.week.rota import next_turn
from tests.club import berlin, town
from tests.fakes.source import ListedSource, paper
from tests.stores.scene import AT, AT_ONCE, FRIDAY, Scene, later

SPANS = st.timedeltas(timedelta(days=-9000), timedelta(days=9000))
RESTS = st.timedeltas(timedelta(0), timedelta(days=60))


@given(rest=RESTS, longest=RESTS, wrong=SPANS, passed=RESTS)
def test_nothing_rests_longer_than_its_longest_rest_by_the_clock_that_holds(
    rest: timedelta, longest: timedelta, wrong: timedelta, passed: timedelta
) -> None:
    until = AT + wrong + min(rest, longest)  # written while the clock was wrong
    assert has_passed(until, AT, longest) or until - AT <= longest
    if passed > longest:
        assert has_passed(AT + min(rest, longest), AT + passed, longest)


@given(span=SPANS, limit=RESTS)
def test_nothing_is_younger_than_new(span: timedelta, limit: timedelta) -> None:
    assert age(AT + span, AT) >= timedelta(0)
    assert is_within(AT + span, AT, limit) == (timedelta(0) <= -span < limit)


async def test_a_message_that_was_put_off_by_a_clock_ahead_goes_out(scene: Scene) -> None:
    (first,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 1)
    await scene.store.write(put_off, first, later(days=365), "no answer")
    due = await scene.store.read(lambda rows: rows.messages.due("web", AT, AT_ONCE, 10))
    assert first.id in {message.id for message in due}


async def test_a_lease_by_a_clock_ahead_has_run_out(scene: Scene) -> None:
    (first,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 1)
    await scene.store.write(lambda rows: rows.messages.lease([first], later(days=365)))
    due = await scene.store.read(lambda rows: rows.messages.due("web", AT, AT_ONCE, 10))
    assert first.id in {message.id for message in due}


async def test_a_message_that_is_put_off_by_the_right_clock_waits(scene: Scene) -> None:
    async def waits(at: datetime) -> bool:
        due = await scene.store.read(lambda rows: rows.messages.due("web", at, AT_ONCE, 10))
        return first.id not in {message.id for message in due}

    (first,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 1)
    assert await waits(AT)
    assert not await waits(AT + LEASE)
    await scene.store.write(put_off, first, AT + LONGEST_WAIT, "no answer")
    assert await waits(AT + LEASE)
    assert not await waits(AT + LONGEST_WAIT)


async def test_a_card_that_was_shown_by_a_clock_ahead_is_edited(scene: Scene) -> None:
    await scene.show_all()
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    (message,) = await scene.store.write(take_due, "web", AT, AT_ONCE, 10)
    await scene.store.write(mark_shown, message, "ref", "hash", later(days=365))
    await scene.store.act(cast_vote, scene.by(scene.bob), scene.first)
    assert await scene.due(at=AT, pause=3) == [("paper", str(scene.first))]


def test_a_platform_that_asks_for_a_year_gets_six_hours() -> None:
    assert backoff(0, 365 * 86_400.0) == LONGEST_WAIT.total_seconds()


async def test_a_code_that_a_clock_ahead_gave_out_is_none_when_it_is_right(scene: Scene) -> None:
    await scene.store.act(offer_link, scene.by(scene.ann, at=later(days=365)), "hash")
    assert await scene.store.act(ask_link, scene.by(scene.bob), "hash") is None


def test_who_joined_by_a_clock_ahead_is_no_newcomer_until_then() -> None:
    turn = Turn(Member(1, "Ann", "member"), joined_at=later(days=365), on_rota=True)
    assert next_turn([turn], FRIDAY, AT, (), {}) is turn
    assert (
        next_turn([Turn(Member(2, "Bob", "member"), joined_at=later(days=-1), on_rota=True)], FRIDAY, AT, (), {})
        is None
    )


async def test_a_source_that_failed_in_a_wrong_tick_is_asked_when_the_clock_is_right(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-23", paper(1))
    async with town(tmp_path, berlin(), now="2026-11-23 08:05", source=source) as readers:
        source.down = SourceError("the source is down", is_down=True)
        right = readers.clock.now()
        readers.clock.set(right + timedelta(days=365))
        await readers.club.collector.bring(lambda rows, now: {("gazette", right.date()): now})
        source.down = None
        readers.clock.set(right)
        readers.clock.move(minutes=11)
        await readers.club.collector.bring(lambda rows, now: {("gazette", right.date()): now})
        assert await readers.club.store.read(lambda rows: rows.papers.announced("gazette", right.date()))

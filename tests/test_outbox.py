"""What is wanted arrives once: coalesced, retried, reposted, given up visibly."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.stores.sqlite.messages import Messages
from bot import outbox
from bot.actions.deliveries import recover
from bot.cards import Card
from bot.errors import DeliveryError
from bot.model import Entry
from bot.outbox import MAX_ATTEMPTS, backoff
from bot.views import papers
from tests.club import BERLIN, Town, town
from tests.fakes.source import ListedSource, paper


@pytest.fixture(autouse=True)
def _announced(readers: Town) -> None:
    readers.source.announce("2026-11-23", paper(1), paper(2))


POST_TIME = "2026-11-23 08:00"


async def settle(readers: Town) -> None:
    from bot.outbox import settle_all

    await settle_all(readers.club.outboxes)


async def test_many_votes_at_once_become_one_edit(readers: Town) -> None:
    await readers.wait_until(POST_TIME)
    people = [await readers.member(name) for name in ("Ann", "Bob", "Cem", "Dee")]
    await people[0].says("/paper vote 1")
    edits = len(readers.surface.edits)
    app = readers.club.app
    for person in people[1:]:  # without time passing
        command, args = app.read_line("/paper vote 1")
        from bot.model import Request

        await app.handle(Request(person.account, person.account, command, args, group="readers"))
    readers.clock.move(seconds=5)
    await settle(readers)
    assert len(readers.surface.edits) == edits + 1
    assert readers.surface.edits[-1].card.buttons[0].label == "Vote 4"


async def test_a_vote_taken_back_before_the_edit_edits_nothing(readers: Town) -> None:
    await readers.wait_until(POST_TIME)
    ann = await readers.member("Ann")
    await ann.says("/paper vote 1")
    edits = len(readers.surface.edits)
    from bot.model import Request

    for number, word in enumerate(("unvote", "vote")):
        await readers.club.app.handle(Request(f"r{number}", ann.account, word, {"paper": "1"}, group="readers"))
    readers.clock.move(seconds=5)
    await settle(readers)
    assert len(readers.surface.edits) == edits


async def test_a_refused_post_is_tried_again_after_what_the_platform_asked(readers: Town) -> None:
    readers.surface.fail_with = [DeliveryError("too many requests", retry_after=90)]
    await readers.wait_until(POST_TIME)
    assert "Papers for Monday 23 November" not in readers.surface.titles
    readers.clock.move(seconds=89)
    await settle(readers)
    assert "Papers for Monday 23 November" not in readers.surface.titles
    readers.clock.move(seconds=2)
    await settle(readers)
    assert readers.surface.titles.count("Papers for Monday 23 November") == 1
    first, again, *_ = readers.surface.deliveries
    assert (first.again, again.again) == (False, True)
    assert first.nonce == again.nonce


async def test_a_deleted_card_is_posted_again_with_another_nonce(readers: Town) -> None:
    await readers.wait_until(POST_TIME)
    ann = await readers.member("Ann")
    readers.surface.fail_with = [DeliveryError("unknown message", gone=True)]
    await ann.says("/paper vote 1")
    assert readers.surface.titles.count("Invented Paper Number 1") == 2
    assert readers.surface.posts[-1][1].card.buttons[0].label == "Vote 1"
    assert len({delivery.nonce for delivery in readers.surface.deliveries[-2:]}) == 2


async def test_what_an_earlier_attempt_posted_and_somebody_deleted_is_posted_anew(readers: Town) -> None:
    readers.surface.fail_with = [DeliveryError("HTTP 502"), DeliveryError("unknown message", gone=True)]
    await readers.wait_until(POST_TIME)
    readers.clock.move(seconds=3)
    await settle(readers)
    assert readers.surface.titles[0] == "Papers for Monday 23 November"
    assert readers.surface.told == []


async def test_a_post_that_is_always_gone_is_given_up(readers: Town) -> None:
    readers.surface.fail_with = [
        DeliveryError("HTTP 502"),
        *[DeliveryError("no message", gone=True, hopeless=True) for _ in "12"],
    ]
    await readers.wait_until(POST_TIME)
    readers.clock.move(seconds=3)
    await settle(readers)
    assert "no message (1 attempt, given up)" in (await readers.visitor().says("/paper status")).text


async def test_an_adapter_that_hangs_is_left_alone_for_as_long(readers: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.05)
    readers.surface.hung["web:readers"] = asyncio.Event()
    failed: list[DeliveryError] = []

    async def remember(_: object, error: DeliveryError) -> None:
        failed.append(error)

    monkeypatch.setattr(readers.club.outboxes[0], "_failed", remember)
    readers.clock.move_to(POST_TIME)
    await readers.club.collector.catch_up()
    await readers.club.schedule.tick()
    await readers.club.outboxes[0].settle()
    assert [error.retry_after for error in failed] == [0.05]


async def test_an_attempt_tells_since_when_there_were_others(readers: Town) -> None:
    wanted_at = datetime.fromisoformat(POST_TIME).replace(tzinfo=UTC)
    readers.surface.fail_with = [DeliveryError("HTTP 502") for _ in range(3)]
    await readers.wait_until(POST_TIME)
    readers.clock.move(hours=20)
    await settle(readers)
    header = [delivery for delivery in readers.surface.deliveries if delivery.id == readers.surface.deliveries[0].id]
    assert len(header) > 1
    assert {delivery.since for delivery in header} == {wanted_at}


async def test_a_new_post_goes_before_edits_that_wait_longer(readers: Town) -> None:
    await readers.wait_until(POST_TIME)
    readers.source.announce("2026-11-24", paper(3))
    readers.surface.fail_with = [DeliveryError("too many edits", retry_after=60)]
    ann = await readers.member("Ann")
    await ann.says("/paper vote 1")
    readers.clock.move_to("2026-11-24 08:00")
    await readers.club.collector.catch_up()
    await readers.club.schedule.tick()
    edits = len(readers.surface.edits)
    for _ in range(2):
        await readers.club.outboxes[0].settle()
    assert readers.surface.titles[-2:] == ["Papers for Tuesday 24 November", "Invented Paper Number 3"]
    assert len(readers.surface.edits) == edits


async def test_a_channel_that_is_gone_is_given_up_at_once_and_stands_in_status(readers: Town) -> None:
    readers.surface.fail_with = [DeliveryError("no such channel", hopeless=True)]
    await readers.wait_until(POST_TIME)
    readers.clock.move(days=1)
    await settle(readers)
    assert "Papers for Monday 23 November" not in readers.surface.titles
    status = (await readers.visitor().says("/paper status")).text
    assert "web:readers: no such channel (1 attempt, given up)" in status


async def test_a_channel_that_is_closed_gets_its_post_in_order_once_it_is_open_again(readers: Town) -> None:
    closed = DeliveryError("no permission to post", hopeless=True, closed=True)
    readers.surface.fail_with = [closed] * 20
    await readers.wait_until(POST_TIME)
    for _ in range(19):
        assert readers.surface.titles == []
        readers.clock.move(minutes=10)
        await settle(readers)
    assert len(readers.surface.deliveries) == 20, "only the oldest is tried"
    assert len(readers.surface.told) == 1
    assert "no permission to post (20 attempts, trying again)" in (await readers.visitor().says("/paper status")).text
    readers.clock.move(minutes=10)
    await settle(readers)
    assert readers.surface.titles[0] == "Papers for Monday 23 November"
    assert len(readers.surface.titles) == 3


async def test_a_surface_that_keeps_failing_is_given_up_after_long_enough(readers: Town) -> None:
    readers.surface.fail_with = [DeliveryError("HTTP 500") for _ in range(500)]
    await readers.wait_until(POST_TIME)
    assert "HTTP 500 (1 attempt, trying again)" in (await readers.visitor().says("/paper status")).text
    for _ in range(MAX_ATTEMPTS + 2):
        readers.clock.move(hours=1)
        await settle(readers)
    calls = len(readers.surface.deliveries)
    readers.clock.move(days=3)
    await settle(readers)
    assert len(readers.surface.deliveries) == calls
    assert "given up" in (await readers.visitor().says("/paper status")).text


async def test_a_header_that_fails_once_still_stands_above_its_cards(readers: Town) -> None:
    readers.surface.fail_with = [DeliveryError("HTTP 500")]
    await readers.wait_until(POST_TIME)
    assert readers.surface.titles == []
    readers.clock.move(seconds=3)
    await settle(readers)
    assert readers.surface.titles[0] == "Papers for Monday 23 November"
    assert len(readers.surface.titles) == 3


async def test_one_message_that_never_works_holds_up_its_channel_for_minutes_only(readers: Town) -> None:
    readers.surface.refuse = "Papers for Monday"
    await readers.wait_until(POST_TIME)
    for _ in range(20):
        readers.clock.move(seconds=15)
        await settle(readers)
    assert readers.surface.titles == ["Invented Paper Number 1", "Invented Paper Number 2"]


async def test_a_fault_of_an_adapter_counts_as_a_failed_delivery(readers: Town) -> None:
    readers.surface.fail_with = [KeyError("a bug")]
    await readers.wait_until(POST_TIME)
    assert "a fault of ours (KeyError)" in (await readers.visitor().says("/paper status")).text
    readers.clock.move(seconds=3)
    await settle(readers)
    assert len(readers.surface.titles) == 3


async def test_a_restart_gives_what_was_given_up_another_chance(readers: Town) -> None:
    readers.surface.fail_with = [DeliveryError("missing permission", hopeless=True)]
    await readers.wait_until(POST_TIME)
    await readers.club.store.write(recover, readers.clock.now())
    await settle(readers)
    assert "Papers for Monday 23 November" in readers.surface.titles


async def test_what_could_not_be_posted_for_two_days_is_not_posted_in_a_heap(readers: Town) -> None:
    readers.surface.fail_with = [DeliveryError("rate limited", retry_after=3 * 24 * 3600)]
    await readers.wait_until(POST_TIME)
    readers.clock.move(days=4)
    await settle(readers)
    assert readers.surface.posts == []


async def test_told_to_stop_it_finishes_what_is_due_and_leaves(readers: Town) -> None:
    stop = asyncio.Event()
    readers.clock.move_to(POST_TIME)
    await readers.club.collector.catch_up()
    await readers.club.schedule.tick()
    stop.set()
    async with asyncio.timeout(5):
        await readers.club.outboxes[0].run(stop)
    assert len(readers.surface.titles) == 3


async def test_a_running_outbox_wakes_by_a_commit_and_by_the_clock(readers: Town) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(readers.club.outboxes[0].run(stop))
    readers.clock.move_to(POST_TIME)
    readers.surface.fail_with = [DeliveryError("busy", retry_after=20)]
    await readers.club.collector.catch_up()
    await readers.club.schedule.tick()
    async with asyncio.timeout(5):
        await readers.surface.called.wait()
        while len(readers.surface.titles) < 3:
            readers.clock.move(seconds=30)
            await asyncio.sleep(0.002)  # two days must not pass before the store has answered
    stop.set()
    await running


@pytest.mark.parametrize(("attempts", "asked", "seconds"), [(0, None, 2), (3, None, 16), (30, None, 3600), (0, 50, 50)])
def test_waits_grow_and_obey_the_platform(attempts: int, asked: float | None, seconds: float) -> None:
    assert backoff(attempts, asked) == seconds


async def test_a_card_that_cannot_be_built_is_told_and_given_up_like_one_that_cannot_be_sent(
    readers: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(entry: Entry, *_: object) -> Card:
        raise KeyError(entry.id)

    monkeypatch.setattr(papers, "paper_card", broken)
    await readers.wait_until(POST_TIME)
    assert "Papers for Monday 23 November" in readers.surface.titles
    assert "a fault of ours (KeyError)" in (await readers.visitor().says("/paper status")).text


# --- alerts ----------------------------------------------------------------------------------------------------


async def test_moderators_hear_once_that_a_channel_cannot_be_posted_to(tmp_path: Path) -> None:
    source = ListedSource()
    source.announce("2026-11-23", paper(1), paper(2))
    group = replace(BERLIN, moderators=("web:mod", "slack:T/9"))
    (tmp_path / "alerts").mkdir()
    async with town(tmp_path / "alerts", group, source=source) as readers:
        readers.surface.fail_with = [DeliveryError("no permission to post", hopeless=True) for _ in range(3)]
        await readers.wait_until(POST_TIME)
        text = "Readers: no permission to post. /paper status has more."
        assert readers.surface.told == [("web:readers", ("web:mod",), text)]
        await readers.club.store.write(recover, readers.clock.now())
        await settle(readers)
        assert len(readers.surface.titles) == 3
        readers.surface.fail_with = [DeliveryError("no permission to post", hopeless=True)]
        await (await readers.member("Ann")).says("/paper vote 1")
        assert len(readers.surface.told) == 2, "a new trouble after it was well"


async def test_a_deleted_card_and_a_passing_failure_alert_nobody(readers: Town) -> None:
    await readers.wait_until(POST_TIME)
    readers.surface.fail_with = [DeliveryError("unknown message", gone=True), DeliveryError("HTTP 500")]
    await (await readers.member("Ann")).says("/paper vote 1")
    assert readers.surface.told == []


async def test_an_alert_that_nobody_can_be_told_stays_in_the_log(
    readers: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tell(*_: object) -> None:
        raise DeliveryError("they take no messages")

    monkeypatch.setattr(readers.surface, "tell", tell)
    readers.surface.fail_with = [DeliveryError("no such channel", hopeless=True)]
    await readers.wait_until(POST_TIME)
    assert "they take no messages" in caplog.text
    assert len(readers.surface.titles) == 2


async def test_told_to_stop_while_it_looks_for_more_it_leaves(readers: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = asyncio.Event()

    def next_due(*_: object) -> None:
        stop.set()

    monkeypatch.setattr(Messages, "next_due", next_due)
    async with asyncio.timeout(5):
        await readers.club.outboxes[0].run(stop)


# --- what has nothing to show any more


async def test_what_has_nothing_to_show_any_more_is_taken_away_and_posted_anew_when_it_has(
    readers: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await readers.wait_until(POST_TIME)
    posts, store, now = len(readers.surface.posts), readers.club.store, readers.clock.now()
    listed = await store.peek(lambda rows: rows.messages.messages("readers", "web:readers", before=None, limit=9))
    wanted = listed[0][0]

    async def show() -> None:
        await store.write(lambda rows: rows.messages.want_again("readers", wanted.kind, wanted.key, now))
        readers.clock.move(seconds=5)
        await settle(readers)

    with monkeypatch.context() as gone:
        gone.setattr("bot.views.build", lambda *_: None)
        await show()
    assert readers.surface.removed == [wanted.ref]
    assert (await store.peek(lambda rows: rows.messages.troubles("readers", now))) == []
    assert len(readers.surface.posts) == posts
    await show()
    assert len(readers.surface.posts) == posts + 1

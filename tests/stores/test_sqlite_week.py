"""The week comes to a database that knew nothing of it: with its votes in the log, its claims and its submissions."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.stores.sqlite import migrations, open_store
from bot.actions.claims import claim_paper
from bot.actions.meetings import plan_meetings
from bot.actions.undo import undo_step
from bot.actions.votes import cast_vote, retract_vote
from bot.model import Act, ClaimResult, LogEntry, Member, Planned, VoteSpan
from bot.ports import Store
from bot.week.electorate import electorate_of
from tests.groups import set_groups
from tests.stores.scene import READERS

DAY = 24 * 3600 * 1_000_000
POSTED = datetime(2026, 11, 20, tzinfo=UTC)
AT = int(POSTED.timestamp()) * 1_000_000
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)

ROWS = f"""
INSERT INTO groups (id, name, language) VALUES ('readers', 'Readers', 'en');
INSERT INTO channel VALUES ('readers', 'web:readers', 1);
INSERT INTO member VALUES (1), (2);
INSERT INTO account VALUES ('web:ann', 1, 'Ann'), ('web:bob', 2, 'Bob');
INSERT INTO membership VALUES ('readers', 1, 'moderator', 'Ann', 1), ('readers', 2, 'member', 'Bob', 1);
INSERT INTO paper VALUES (1, 'arxiv:2411.00001', 1, 'Old news', 'They aged.', '[]', NULL, '', 3, '[]', 'x', 1),
    (2, 'arxiv:2411.00002', 1, 'Handed in', 'By Bob.', '[]', NULL, '', 3, '[]', 'x', 1),
    (3, 'arxiv:2411.00003', 1, 'Without a card', 'By Ann.', '[]', NULL, '', 3, '[]', 'x', 1);
INSERT INTO digest (group_id, posted_on, why, covers, cards, missing)
    VALUES ('readers', '2026-11-20', '', '[]', 2, '[]');
INSERT INTO entry (id, group_id, paper_id, posted_on, rank, day, source, reason, late, submitted_by)
    VALUES (1, 'readers', 1, '2026-11-20', 1, '2026-11-20', 'hf', 'new', 0, NULL),
        (2, 'readers', 2, '2026-11-20', 2, '2026-11-20', '', 'Bob', 0, 2),
        (3, 'readers', 3, '2026-11-20', 3, '2026-11-20', '', 'Ann', 0, 1);
INSERT INTO message (group_id, place, kind, key, ref, wanted_at, shown, posted_at)
    VALUES ('readers', 'web:readers', 'paper', '2', 'r', {AT + DAY}, 1, {AT + DAY + 5_000_000});
INSERT INTO vote_source VALUES ('readers', 1, 1, 'web', {AT + 7}), ('readers', 1, 1, 'slack', {AT + 5}),
    ('readers', 1, 2, 'web', {AT + 9});
INSERT INTO claim (id, group_id, entry_id, member_id, at, released_at)
    VALUES (1, 'readers', 1, 2, {AT}, {AT + 1}), (2, 'readers', 1, 1, {AT + 2}, NULL);
INSERT INTO audit (group_id, at, member_id, action, entry_id, before, after)
    VALUES ('readers', {AT + 2}, 2, 'assign', 1, '2', '1');
"""  # noqa: S608 - constants


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", migrations.STEPS[:2])
        migrations.migrate(connection)
    connection.executescript(ROWS)
    connection.close()
    store = await open_store(path)
    await set_groups(store, [READERS])
    yield store
    await store.close()


def microseconds(number: int) -> datetime:
    return POSTED.replace(microsecond=number)


async def planned(store: Store) -> int:
    await store.write(
        plan_meetings, "readers", [Planned(date(2026, 11, 26), datetime(2026, 11, 26, 16, tzinfo=UTC), 60, "")], NOW
    )
    (session,) = await store.read(lambda rows: rows.sessions.sessions("readers", NOW))
    return session.id


async def test_votes_that_stand_are_in_the_log_as_old_as_they_are(store: Store) -> None:
    session = await planned(store)
    found = await store.read(lambda rows: electorate_of(rows, "readers", session))
    assert found.votes == (
        VoteSpan(1, 1, microseconds(5)),
        VoteSpan(2, 1, microseconds(9)),
    )
    assert (await store.act(retract_vote, Act("", "readers", 1, "web", NOW), 1)).votes == 1
    assert (await store.act(cast_vote, Act("", "readers", 1, "web", NOW), 1)).changed


async def test_what_was_handed_in_is_nominated_since_its_card_was_posted(store: Store) -> None:
    session = await planned(store)
    electorate = await store.read(lambda rows: electorate_of(rows, "readers", session))
    found = {one.entry: one for one in electorate.nominees}
    assert {entry: nominee.nominated_at for entry, nominee in found.items()} == {
        1: microseconds(2),
        2: POSTED + timedelta(days=1, seconds=5),
        3: POSTED,
    }


async def test_a_claim_is_its_holders_and_others_wait(store: Store) -> None:
    (claim,) = await store.peek(lambda rows: rows.claims.claims("readers", 1))
    assert (claim.id, claim.kind, claim.member.name, claim.slept_at) == (2, "holder", "Ann", None)
    assert await store.act(claim_paper, Act("", "readers", 2, "web", NOW), 1) == ClaimResult(
        True, Member(1, "Ann", "moderator"), "backup", 1
    )


async def test_a_step_of_the_old_log_is_undone_as_before(store: Store) -> None:
    step = await store.act(undo_step, Act("", "readers", 1, "web", NOW))
    assert isinstance(step, LogEntry)
    assert step.action == "assign"
    (claim,) = await store.peek(lambda rows: rows.claims.claims("readers", 1))
    assert (claim.member.name, claim.id) == ("Bob", 1)

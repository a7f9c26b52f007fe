"""No silence is held against a presenter whom nobody told: the platform was down, the channel closed, the ask late."""

from collections.abc import Sequence
from pathlib import Path

from tests.weekly_club import Club, club


async def picked(readers: Club) -> None:
    """Ann holds the paper, Bob stands behind her; the vote has closed and nothing gets through any more."""
    await readers.join("Ann", "Bob", "Cleo")
    (alpha,) = await readers.list_papers("Alpha")
    await readers.until("2026-11-20 17:00")
    await readers.claim("Ann", alpha)
    await readers.claim("Bob", alpha, "backup")
    await readers.vote(alpha, "Ann", "Bob", "Cleo")


async def presenter(readers: Club) -> str:
    session = await readers.session()
    return session.presenter.name if session.presenter else ""


async def told(readers: Club) -> Sequence[str]:
    return [action for action in await readers.actions() if action in ("silent", "nudge", "decline")]


async def test_who_was_never_asked_is_not_passed_over(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers)
        readers.is_down = True
        await readers.until("2026-11-26 15:59")
        assert await presenter(readers) == "Ann"
        assert await told(readers) == []
        readers.is_down = False
        await readers.until("2026-11-27 16:00")
        assert await told(readers) == []


async def test_who_was_asked_late_has_a_time_of_their_own(tmp_path: Path) -> None:
    """Longer than a message waits for its first post; the deadline, which was Tuesday, is half-way to the start."""
    async with club(tmp_path) as readers:
        await picked(readers)
        readers.is_down = True
        await readers.until("2026-11-25 16:00")
        readers.is_down = False
        await readers.until("2026-11-26 03:00")
        assert readers.kinds("reminder", "step").count("ask") == 1
        assert await presenter(readers) == "Ann"
        await readers.until("2026-11-26 04:00")
        assert await presenter(readers) == "Bob"
        assert await told(readers) == ["silent"]


async def test_who_heard_of_it_shortly_before_is_not_passed_over(tmp_path: Path) -> None:
    async with club(tmp_path) as readers:
        await picked(readers)
        readers.is_down = True
        await readers.until("2026-11-26 15:20")
        readers.is_down = False
        await readers.until("2026-11-26 15:59")
        assert await presenter(readers) == "Ann"
        assert await told(readers) == []


async def test_a_step_back_finds_what_was_heard(tmp_path: Path) -> None:
    """Undoing brings Ann back, who was asked and heard of it: her silence counts again."""
    from bot.actions.undo import undo_step

    async with club(tmp_path) as readers:
        await picked(readers)
        await readers.until("2026-11-23 12:00")
        await readers.decline("Ann")
        await readers.tick()
        assert await presenter(readers) == "Bob"
        assert await readers.store.act(undo_step, readers.act("Cleo"))
        session = await readers.session()
        assert session.presenter
        assert session.presenter.name == "Ann"
        assert session.heard_at

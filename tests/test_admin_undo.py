"""What a moderator takes back was shown to them, unless it was their own a moment ago; what was shown is what goes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards import Reply
from tests.club import Town
from tests.test_admin_schedule import meeting, member, moderator, server

SLIDES = "https://s.example.org/1"


@pytest.fixture
async def thursdays(tmp_path: Path) -> AsyncIterator[Town]:
    async with server(tmp_path, meeting(), now="2026-11-23 09:00") as here:
        yield here


def offered(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]


def cards(here: Town) -> int:
    return here.club.groups.by_id["readers"].day.cards


async def slides(here: Town) -> str:
    found = await here.club.store.read(lambda rows: rows.sessions.sessions("readers", here.clock.now()))
    return found[0].slides


async def test_ones_own_newest_step_goes_at_once_and_later_it_is_shown(thursdays: Town) -> None:
    mo = moderator(thursdays)
    await mo.says("/paper-admin setup cards:7")
    assert (await mo.says("/paper-admin undo")).text.startswith("Took back what Mo did: Cards a day 2 → 7.") or (
        cards(thursdays) == 2
    )
    assert cards(thursdays) == 2
    await mo.says("/paper-admin setup cards:5")
    thursdays.clock.move(minutes=11)
    asked = await mo.says("/paper-admin undo")
    assert asked.text.startswith("Take this back? ")
    assert "Mo: Cards a day" in asked.text
    assert cards(thursdays) == 5
    assert (await mo.presses_button(asked.choices[-1])).text == "Nothing was taken back."
    assert cards(thursdays) == 5
    await mo.presses_button(asked.choices[0])
    assert cards(thursdays) == 2


async def test_a_members_slides_are_never_taken_back_unseen(thursdays: Town) -> None:
    mo, ann = moderator(thursdays), member(thursdays, "Ann")
    await ann.says("/paper vote 1")
    await ann.says(f"/paper meeting present slides:{SLIDES}")
    await mo.says("/paper-admin setup cards:7")
    await mo.says("/paper-admin undo")
    for _ in range(2):
        asked = await mo.says("/paper-admin undo")
        assert asked.text.startswith("Take this back? ")
        assert "Ann: " in asked.text
    assert await slides(thursdays) == SLIDES
    await mo.presses_button(asked.choices[0])
    assert await slides(thursdays) == ""
    gone = await mo.presses_button(asked.choices[0])
    assert (gone.ok, gone.text.split(":")[0]) == (False, "That can't be taken back any more")


async def test_the_step_that_was_shown_is_undone_and_what_came_meanwhile_is_told(thursdays: Town) -> None:
    mo, pia = moderator(thursdays), moderator(thursdays, "Pia")
    await pia.says("/paper-admin setup cards:7")
    asked = await mo.says("/paper-admin undo")
    assert offered(asked) == ["Undo it", "No"]
    await pia.says("/paper-admin drop 1")
    reply = await mo.presses_button(asked.choices[0])
    assert "Meanwhile" in reply.text
    assert "was dropped. That stays." in reply.text
    assert cards(thursdays) == 2
    entry = await thursdays.club.store.peek(lambda rows: rows.entries.entry("readers", 1))
    assert entry
    assert entry.dropped


async def test_older_steps_are_offered_too(thursdays: Town) -> None:
    mo, pia = moderator(thursdays), moderator(thursdays, "Pia")
    await mo.says("/paper-admin setup cards:7")
    await pia.says("/paper-admin drop 1")
    asked = await mo.says("/paper-admin undo")
    assert offered(asked) == ["Undo it", "Undo 2.", "No"]
    await mo.presses_button(asked.choices[1])
    assert cards(thursdays) == 2
    assert (await mo.says("/paper-admin restore 1")).text.endswith("its votes count again.")


async def test_a_schedule_taken_back_gives_the_presenters_yes_and_the_times_back(tmp_path: Path) -> None:
    async with server(tmp_path, meeting(mode="presenter"), now="2026-11-23 09:00") as here:
        mo, ann = moderator(here), member(here, "Ann")
        await ann.says("/paper vote 1")
        await ann.says("/paper meeting present yes")
        await here.tick()
        before = await here.club.store.read(lambda rows: rows.sessions.sessions("readers", here.clock.now()))
        assert before[0].confirmed_at
        shown = await mo.says("/paper-admin schedule thursdays 20:00")
        await mo.presses("Save", shown.cards[0])
        await here.tick()
        moved = await here.club.store.read(lambda rows: rows.sessions.sessions("readers", here.clock.now()))
        assert (moved[0].confirmed_at, moved[0].starts > before[0].starts) == (None, True)
        await mo.says("/paper-admin undo")
        await here.tick()
        after = await here.club.store.read(lambda rows: rows.sessions.sessions("readers", here.clock.now()))
        for one, other in zip(before, after, strict=True):
            fields = [name for name in one.__dataclass_fields__ if name not in ("sequence", "revised_at")]
            assert {name: getattr(one, name) for name in fields} == {name: getattr(other, name) for name in fields}

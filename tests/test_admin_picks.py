"""The moderators' desk: settings of the week, a pick that is overruled, claims that are moved; each step taken back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from bot.cards import Card, Form, Reply
from bot.commands import TABLE
from bot.commands.admin.parameters import typed_behind
from bot.groups import SETTINGS, with_setting
from bot.groups.words import say_stored
from bot.model import GroupSettings, Session, TimelineSettings, WeekSettings
from bot.operate import check
from tests.club import Person, Town, list_of
from tests.test_admin_schedule import HERE, meeting, member, moderator, server

FIRST, SECOND, THIRD = ("“Invented Paper Number 1”", "“Invented Paper Number 2”", "“Invented Paper Number 3”")


@pytest.fixture
async def voted(tmp_path: Path) -> AsyncIterator[Town]:
    """Two votes for the first paper, one for the second, which Bob has claimed; the vote for Thursday is still open."""
    async with server(tmp_path, meeting(), now="2026-11-23 09:00") as here:
        ann, bob = member(here, "Ann"), member(here, "Bob")
        await ann.says("/paper vote 1")
        await bob.says("/paper vote 1")
        await ann.says("/paper vote 2")
        await bob.says("/paper claim 2")
        yield here


@pytest.fixture
async def picked(voted: Town) -> Town:
    """The vote has closed by itself: the first paper is read, nobody presents it."""
    await voted.wait_until("2026-11-25 08:00")
    return voted


async def first(here: Town) -> Session:
    """The next meeting."""
    return await here.club.meetings.current(here.club.groups.by_id["readers"])


async def reads(here: Town) -> str:
    session = await first(here)
    entry = await here.club.store.peek(lambda rows: rows.entries.entry("readers", session.entry or 0))
    return f"“{entry.paper.title}”" if entry else ""


async def pick_card(here: Town) -> Card:
    return next(card for card in await here.channel() if card.kind == "pick")


def week(here: Town) -> WeekSettings:
    return here.club.groups.by_id["readers"].week


async def answer(person: Person, reply: Reply, label: str) -> Reply:
    return await person.presses_button(next(choice for choice in reply.choices if choice.label == label))


# --- the pick is overruled


async def test_a_moderator_chooses_the_paper_and_the_vote_ends_with_that(voted: Town) -> None:
    reply = await moderator(voted).says("/paper-admin pick 3 reason:the author visits us")
    assert reply.text == (
        f"{THIRD} is read on Thursday 26 November. Its card asks who presents it. The vote for it is closed with that. "
        "Members see it on the meeting's card, and are told why: the author visits us."
    )
    assert [choice.label for choice in reply.choices] == ["Undo"]
    assert await reads(voted) == THIRD
    assert "A moderator chose" in str((await pick_card(voted)).fields)
    log = (await moderator(voted).says("/paper-admin audit")).text.splitlines()
    assert log[0].endswith(f"Mo: Thursday 26 November: {THIRD} is picked (the author visits us)")


async def test_whoever_claimed_what_a_moderator_chooses_is_asked(picked: Town) -> None:
    reply = await moderator(picked).says("/paper-admin pick 2")
    assert reply.text.startswith(
        f"{SECOND} is read on Thursday 26 November instead of {FIRST}. Bob is asked to present"
    )
    session = await first(picked)
    assert session.presenter
    assert (session.presenter.name, session.confirmed_at) == ("Bob", None)


async def test_a_paper_that_is_read_or_dropped_is_not_picked(picked: Town) -> None:
    mo = moderator(picked)
    await mo.says("/paper-admin drop 3")
    refused = await mo.says("/paper-admin pick 3")
    assert (refused.ok, refused.text) == (False, f"{THIRD} was dropped. /paper-admin restore brings it back.")
    assert await reads(picked) == FIRST


async def managed(town: Town, label: str, who: str = "Mo") -> Reply:
    """By the button of the meeting's card, then by one of the private answer."""
    person = moderator(town, who)
    return await answer(person, await person.presses("Manage", await pick_card(town)), label)


async def test_what_a_moderator_can_do_does_not_stand_in_public(picked: Town) -> None:
    card = await pick_card(picked)
    assert not {"Next paper", "Re-open the vote"} & {button.label for button in card.buttons}
    refused = await member(picked, "Ann").presses("Manage", card)
    assert (refused.ok, refused.text) == (False, "/paper-admin manage is for moderators.")
    manage = await moderator(picked).presses("Manage", card)
    assert [choice.label for choice in manage.choices] == ["Next paper", "Re-open the vote", "Undo"]


async def test_the_next_in_line_takes_its_place_once_a_moderator_is_sure(picked: Town) -> None:
    mo = moderator(picked)
    asked = await managed(picked, "Next paper")
    assert asked.text == (
        f"The next in line of the vote takes its place. {FIRST} is not picked any more. "
        "The channel is told. All votes stay, and Undo takes it back. Shall it be so?"
    )
    assert await reads(picked) == FIRST, "nothing is undone by one press"
    reply = await answer(mo, asked, "Yes, the next paper")
    assert reply.text.startswith(f"{SECOND} is read on Thursday 26 November instead of {FIRST}. Bob is asked")
    assert await reads(picked) == SECOND
    undone = await answer(mo, reply, "Undo")
    assert undone.text == (
        f"Took back what Mo did: Thursday 26 November: {SECOND} is picked instead of {FIRST} (a moderator chose it). "
        "The cards show it."
    )
    assert await reads(picked) == FIRST
    assert (await pick_card(picked)).title == "Thursday 26 November: Invented Paper Number 1"


async def test_a_typed_next_has_a_reason_and_ends_with_the_line(picked: Town) -> None:
    mo = moderator(picked)
    reply = await mo.says("/paper-admin next we read it last year")
    assert reply.text.endswith("Members see it on the meeting's card (we read it last year).")
    none = await answer(mo, await answer(mo, reply, "Next paper"), "Yes, the next paper")
    assert not none.ok
    assert none.text.startswith("No other paper is in line. Choose one with /paper-admin pick")
    assert await reads(picked) == SECOND


async def test_the_members_next_is_another_command(picked: Town) -> None:
    assert (await member(picked, "Ann").says("/paper next")).ok
    assert await reads(picked) == FIRST


async def test_two_moderators_who_choose_the_same_at_once_are_one_step(picked: Town) -> None:
    mo, bo = moderator(picked), moderator(picked, "Bo")
    replies = await asyncio.gather(mo.says("/paper-admin pick 2"), bo.says("/paper-admin pick 2"))
    assert all(reply.ok for reply in replies)
    moves = [
        step
        for step in await picked.club.store.read(lambda rows: rows.audit.steps("readers", 20))
        if step.action == "pick" and step.by
    ]
    assert len(moves) == 1


async def test_two_moderators_who_veto_a_paper_by_its_card_do_not_veto_the_next_too(picked: Town) -> None:
    mo, bo = moderator(picked), moderator(picked, "Bo")
    await member(picked, "Cem").says("/paper claim 3")
    asked = [await managed(picked, "Next paper", who) for who in ("Mo", "Bo")]
    await answer(mo, asked[0], "Yes, the next paper")
    late = await answer(bo, asked[1], "Yes, the next paper")
    assert late.text.startswith(f"That paper is not picked any more. {SECOND} is read on Thursday 26 November.")
    assert await reads(picked) == SECOND


async def test_a_moderators_choice_is_taken_back(picked: Town) -> None:
    mo = moderator(picked)
    await mo.says("/paper-admin pick 3 reason:nicer")
    undone = await mo.says("/paper-admin undo")
    assert undone.text == (
        f"Took back what Mo did: Thursday 26 November: {THIRD} is picked instead of {FIRST} (nicer). The cards show it."
    )
    assert await reads(picked) == FIRST
    await picked.tick()
    assert (await pick_card(picked)).title == "Thursday 26 November: Invented Paper Number 1"


async def test_a_step_that_is_delivered_twice_is_done_once(picked: Town) -> None:
    mo = moderator(picked)
    for _ in range(2):
        reply = await mo.says("/paper-admin pick 2", request="p")
        assert reply.text.startswith(f"{SECOND} is read on Thursday 26 November")
    assert [step.action for step in await picked.club.store.read(lambda rows: rows.audit.steps("readers", 20))].count(
        "pick"
    ) == 2, "its own and Mo's"


# --- the vote is opened again


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("3 hours", "Wednesday 25 November, 12:00 CET"),
        ("for 90 minutes", "Wednesday 25 November, 10:30 CET"),
        ("tomorrow 9:00", "Thursday 26 November, 09:00 CET"),
        ("today 18:30", "Wednesday 25 November, 18:30 CET"),
        ("18:30", "Wednesday 25 November, 18:30 CET"),
        ("thursday 5", "Thursday 26 November, 05:00 CET"),
        ("", "Thursday 26 November, 01:00 CET"),
    ],
)
async def test_the_vote_goes_on_until_a_time_that_people_say(picked: Town, until: str, end: str) -> None:
    mo = moderator(picked)
    reply = await mo.says(f"/paper-admin reopen {until}")
    assert reply.text == (
        f"The vote for Thursday 26 November is open again until {end}. {FIRST} is not picked any more; it can be voted "
        "for like the others. Members see it on the meeting's card."
    )
    assert await reads(picked) == ""
    await answer(mo, reply, "Undo")
    assert await reads(picked) == FIRST


async def test_a_time_that_may_be_morning_or_evening_is_asked_back(picked: Town) -> None:
    mo = moderator(picked)
    asked = await mo.says("/paper-admin reopen today 11")
    assert asked.text == "Until when?"
    assert [choice.label for choice in asked.choices] == [
        "Wednesday 25 November, 11:00 CET",
        "Wednesday 25 November, 23:00 CET",
    ]
    assert all(len(choice.id.encode()) <= 100 for choice in asked.choices)
    reply = await answer(mo, asked, "Wednesday 25 November, 23:00 CET")
    assert "is open again until Wednesday 25 November, 23:00 CET." in reply.text


@pytest.mark.parametrize("until", ["2 weeks", "yesterday 9:00", "today 8:00", "fri 17:00", "soon", "25:00"])
async def test_a_vote_is_not_open_until_what_is_over_or_after_the_meeting(picked: Town, until: str) -> None:
    reply = await moderator(picked).says(f"/paper-admin reopen {until}")
    assert not reply.ok
    assert await reads(picked) == FIRST


async def test_a_reopened_vote_is_closed_at_its_time_and_late_votes_count(picked: Town) -> None:
    mo = moderator(picked)
    await mo.says("/paper-admin reopen until:3 hours reason:two votes came late")
    for name in ("Ann", "Cem", "Dee"):
        await member(picked, name).says("/paper vote 3")
    await picked.wait_until("2026-11-25 12:00")
    assert await reads(picked) == THIRD
    assert "two votes came late" in (await mo.says("/paper-admin audit")).text


async def test_the_vote_is_opened_again_by_a_second_press(picked: Town) -> None:
    asked = await managed(picked, "Re-open the vote")
    assert asked.text.startswith(f"The vote opens again. {FIRST} is not picked any more.")
    assert await reads(picked) == FIRST
    reply = await answer(moderator(picked), asked, "Yes, vote again")
    assert reply.text.startswith("The vote for Thursday 26 November is open again until")
    refused = await member(picked, "Ann").presses_button(asked.choices[0])
    assert (refused.ok, refused.text) == (False, "/paper-admin reopen is for moderators.")


# --- papers and claims


async def test_a_dropped_paper_is_not_picked_and_comes_back(voted: Town) -> None:
    mo = moderator(voted)
    reply = await mo.says("/paper-admin drop 1 reason:withdrawn by its authors")
    assert reply.text == (
        f"{FIRST} is dropped (withdrawn by its authors): its card says so, and no vote picks it. Restore puts it back."
    )
    assert ("Dropped", "not for this group") in [(f.name, f.value) for f in (await voted.card("Number 1")).fields]
    log = (await mo.says("/paper-admin audit")).text
    assert log.endswith(f"Mo: {FIRST} was dropped (withdrawn by its authors)")
    await voted.wait_until("2026-11-25 08:00")
    assert await reads(voted) == SECOND
    again = await mo.says("/paper-admin drop 1")
    assert again.text == f"{FIRST} is dropped already. /paper-admin restore puts it back."
    assert await reads(voted) == SECOND
    assert (await mo.presses_button(again.choices[0])).text == f"{FIRST} is back: its votes count again."
    assert (await mo.says("/paper-admin restore 1")).text == f"{FIRST} is not dropped: its votes count."
    assert (
        await mo.says("/paper-admin undo")
    ).text == f"Took back what Mo did: {FIRST} was put back. The cards show it."


async def test_a_drop_that_is_delivered_twice_does_not_put_it_back(voted: Town) -> None:
    for _ in range(2):
        reply = await moderator(voted).says("/paper-admin drop 1", request="d")
        assert reply.text.startswith(f"{FIRST} is dropped")
    entry = await voted.club.store.peek(lambda rows: rows.entries.entry("readers", 1))
    assert entry
    assert entry.dropped


async def test_who_drops_what_is_picked_is_told_how_to_take_another(picked: Town) -> None:
    mo = moderator(picked)
    reply = await mo.says("/paper-admin drop 1")
    assert reply.text.endswith("It is still the paper of Thursday 26 November: /paper-admin next takes another.")
    other = await answer(mo, await answer(mo, reply, "Next paper"), "Yes, the next paper")
    assert other.text.startswith(f"{SECOND} is read on Thursday 26 November instead of {FIRST}.")


async def test_a_presenter_is_assigned_and_asked_and_the_step_undone(picked: Town) -> None:
    mo = moderator(picked)
    reply = await mo.says("/paper-admin assign paper:1 member:Ann")
    assert reply.text == (f"Ann presents {FIRST}. It is read on Thursday 26 November: they are asked whether they can.")
    session = await first(picked)
    assert session.presenter
    assert session.presenter.name == "Ann"
    other = await mo.says("/paper-admin assign paper:1 member:Bob")
    assert other.text.startswith(f"Bob presents {FIRST} instead of Ann.")
    assert (await answer(mo, other, "Undo")).ok
    session = await first(picked)
    assert session.presenter
    assert session.presenter.name == "Ann"


async def test_of_a_presenter_who_is_released_the_next_is_asked(picked: Town) -> None:
    mo = moderator(picked)
    await mo.says("/paper-admin assign paper:1 member:Ann")
    await member(picked, "Cem").says("/paper claim 1")
    reply = await mo.says("/paper-admin release 1")
    assert reply.text == (f"Ann does not present {FIRST} any more. Cem is asked to present it on Thursday 26 November.")
    await answer(mo, reply, "Undo")
    session = await first(picked)
    assert session.presenter
    assert session.presenter.name == "Ann"


async def test_a_claim_of_a_paper_that_waits_is_released_too(voted: Town) -> None:
    mo = moderator(voted)
    assert (await mo.says("/paper-admin release 2")).text == (
        f"Bob does not present {SECOND} any more. Anyone can claim it."
    )
    again = await mo.says("/paper-admin release 2")
    assert (again.text, again.choices) == (f"Nobody holds {SECOND}; anyone can claim it.", ())
    assert (await member(voted, "Ann").says("/paper-admin release 2")).text.endswith("is for moderators.")


# --- undo, audit, preview


async def test_a_step_of_the_program_is_taken_back_and_not_done_again(picked: Town) -> None:
    mo = moderator(picked)
    asked = await mo.says("/paper-admin undo")
    assert asked.text.startswith("Take this back?")
    assert await reads(picked) != ""
    reply = await mo.presses_button(asked.choices[0])
    assert reply.text == (
        f"Took back what Paperclub did: Thursday 26 November: {FIRST} is picked (it has the most votes). "
        "The cards show it."
    )
    await picked.tick()
    assert await reads(picked) == ""
    log = (await mo.says("/paper-admin audit")).text.splitlines()
    assert log[0].endswith(
        "Mo: took back: Thursday 26 November: “Invented Paper Number 1” is picked (it has the most votes)"
    )
    assert "Paperclub: Thursday 26 November: the vote is closed" in log[2]


async def test_an_undo_never_reaches_another_group(tmp_path: Path) -> None:
    async with server(tmp_path, meeting(), now="2026-11-23 09:00") as here:
        other = here.user("discord:zoe", "Zoe", "discord:1/6", "moderator")
        await other.says("/paper-admin setup")
        await moderator(here).says("/paper-admin pick 1")
        assert (await other.says("/paper-admin undo")).text == "There is nothing to take back."
        assert (await other.says("/paper-admin pick 1")).ok is False
        assert await reads(here) == FIRST


async def test_the_preview_shows_the_next_meeting_and_no_buttons(voted: Town) -> None:
    mo = moderator(voted)
    reply = await mo.says("/paper-admin preview")
    assert reply.text.startswith("The next meeting, and the post of Tuesday 24 November as things stand now.")
    assert reply.cards[0].title == "Vote for Thursday 26 November"
    assert {button.command for card in reply.cards for button in card.buttons} == {"curate"}
    await voted.wait_until("2026-11-25 08:00")
    assert (await mo.says("/paper-admin preview")).cards[0].title == "Thursday 26 November: Invented Paper Number 1"


async def test_every_command_of_the_desk_is_for_moderators(voted: Town) -> None:
    ann = member(voted, "Ann")
    words = ("schedule", "week", "pick 1", "next", "reopen", "skip-week x", "assign paper:1 member:Ann", "release 1")
    for line in (*words, "drop 1", "settings", "preview", "undo", "audit"):
        reply = await ann.says(f"/paper-admin {line}")
        assert (reply.ok, reply.text) == (False, f"/paper-admin {line.split()[0]} is for moderators.")
    assert len([row for row in TABLE if row.typed.startswith("/paper-admin")]) <= 25


# --- settings of the week


def test_every_setting_of_the_week_can_be_changed_from_chat() -> None:
    names = {f"week.{field.name}" for field in fields(WeekSettings) if field.name != "timeline"}
    names |= {f"week.timeline.{field.name}" for field in fields(TimelineSettings)}
    assert {name for name in SETTINGS if name.startswith("week.")} == names
    asked = [parameter.name for command in ("schedule", "week") for parameter in typed_behind(command)]
    assert asked == [row.word for row in SETTINGS.values() if row.name.startswith("week.")]
    assert len(typed_behind("week")) <= 25


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("mode:Presenter", "mode", "presenter"),
        ("rule:Schulze", "rule", "schulze"),
        ("rule:instant run-off", "rule", "irv"),
        ("pick:organizer", "pick", "organiser"),
        ("hidden:on", "hidden", True),
        ("weighted:yes", "weighted", True),
        ("budget:3 votes", "budget", 3),
        ("shortlist:7", "shortlist", 7),
        ("headcount:4 members", "headcount", 4),
        ("sleep_weeks:never", "sleep_weeks", 0),
        ("sleep_weeks:12 weeks", "sleep_weeks", 12),
        ("roles:Critics and the friendly reviewer", "roles", ("critic", "reviewer")),
        ("roles:all", "roles", ("reviewer", "critic", "archaeologist", "scribe")),
    ],
)
async def test_a_setting_is_understood_as_people_write_it(voted: Town, typed: str, name: str, value: object) -> None:
    mo = moderator(voted)
    before = getattr(week(voted), name)
    assert (await mo.says(f"/paper-admin week {typed}")).ok
    assert getattr(week(voted), name) == value
    assert (await mo.says(f"/paper-admin week {typed}")).text == "That is how it is already."
    assert (await mo.says("/paper-admin undo")).ok
    assert getattr(week(voted), name) == before


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("nominations:1 week", "nominations", "7 days"),
        ("shortlisted:4 days 12 hours", "shortlisted", "4 days 12 hours"),
        ("ballot:3 days and 12 hours before", "ballot", "3 days 12 hours"),
        ("volunteers:off", "volunteers", ""),
        ("bring:2 days", "bring", "2 days"),
        ("confirm:36h", "confirm", "36 hours"),
        ("reminders:1 hour and 2 days", "reminders", "2 days, 1 hour"),
        ("reminders:none", "reminders", ""),
        ("counted:2 hours", "counted", "2 hours"),
        ("thread:off", "thread", ""),
        ("recap:1 day after the end", "recap", "1 day"),
    ],
)
async def test_a_length_of_time_is_understood_as_people_write_it(
    voted: Town, typed: str, name: str, value: str
) -> None:
    mo = moderator(voted)
    assert (await mo.says(f"/paper-admin week {typed}")).ok
    assert getattr(week(voted).timeline, name) == value
    await mo.says("/paper-admin undo")
    assert week(voted).timeline == WeekSettings().timeline


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("mode:random", 'Mode: "random" is not known; write "vote" or "presenter".'),
        ("rule:borda", 'Rule: "borda" is not known; write "votes", "approval", "irv" or "schulze".'),
        ("hidden:maybe", 'Hidden: "maybe" is neither yes nor no.'),
        ("budget:many", 'Budget: "many" is not a number; write 0 to 50, 0 for any number.'),
        ("budget:99", "Budget must be 0 to 50."),
        ("shortlist:1", "Shortlist must be 2 to 20."),
        (
            "roles:juggler",
            'Roles: there is no role "juggler"; write any of "reviewer", "critic", "archaeologist" or "scribe".',
        ),
        ("ballot:off", 'Ballot must be set; write "4 days".'),
        ("ballot:soon", 'Ballot: "soon" is no length of time; write "3 days", "1 hour" or "1 hour 30 minutes".'),
        ("ballot:6 days", "Nominations must be a longer time before the start than ballot."),
        ("bring:9 days", "Nominations must be a longer time before the start than bring."),
        ("rule:irv shortlisted:8 days", "Nominations must be a longer time before the start than shortlisted."),
        (
            "reminders:now and then",
            'Reminders: "now and then" are no lengths of time; write "3 days, 1 day, 1 hour".',
        ),
        ("confirm:90 days", "Confirm must be 60 days at most; ballot must be a longer time"),
        ("sleep_weeks:200", "Sleep_weeks must be 0 to 104."),
        ("headcount:200", "Headcount must be 0 to 100."),
        ("shortlisted:90 days", "Shortlisted must be 60 days at most."),
        ("bring:90 days", "Bring must be 60 days at most; nominations must be a longer time"),
        ("counted:0 minutes", 'Counted: "0 minutes" is no time before the start.'),
        ("counted:off", 'Counted must be set; write "4 days".'),
        ("rule:irv shortlisted:4 days", "Shortlisted must be a longer time before the start than ballot."),
    ],
)
async def test_a_wrong_setting_says_what_to_write_and_changes_nothing(voted: Town, typed: str, says: str) -> None:
    reply = await moderator(voted).says(f"/paper-admin week pick:organiser {typed}")
    assert not reply.ok
    assert says in reply.text
    assert week(voted) == WeekSettings(session="thu 17:00")


async def test_lengths_that_are_right_only_together_are_changed_together(voted: Town) -> None:
    mo = moderator(voted)
    assert (await mo.says("/paper-admin week ballot:8 days nominations:9 days")).text == (
        "Nominations open: 6 days before → 9 days before. Vote closes: 4 days before → 8 days before."
    )
    refused = await mo.says("/paper-admin reset nominations")
    assert (refused.ok, refused.text) == (False, "Nominations must be a longer time before the start than ballot.")
    await voted.club.groups.load(voted.club.store)
    assert voted.club.groups.ignored == (), "in whatever order they are read"
    assert (week(voted).timeline.nominations, week(voted).timeline.ballot) == ("9 days", "8 days")
    assert (await mo.says("/paper-admin reset ballot")).text == "Vote closes: 8 days before → 4 days before."
    assert (await mo.says("/paper-admin reset nominations")).ok


@pytest.mark.parametrize("typed", ["hidden:yes", "budget:3"])
async def test_who_hides_or_limits_votes_is_told_that_reactions_are_none(voted: Town, typed: str) -> None:
    mo = moderator(voted)
    reply = await mo.says(f"/paper-admin week {typed}")
    assert "Reactions stop being votes" in reply.text
    assert not (await voted.card("Number 1")).takes_emoji
    assert "Reactions" not in (await mo.says("/paper-admin week roles:critic")).text, "said once"
    word = typed.partition(":")[0]
    assert "Reactions are votes again." in (await mo.says(f"/paper-admin week {word}:0")).text


async def test_cards_that_stand_show_a_new_setting_at_once(voted: Town) -> None:
    mo, edits = moderator(voted), voted.surface.edits
    await voted.tick()
    edits.clear()
    await mo.says("/paper-admin week hidden:yes")
    await voted.tick()
    cards = [message.card for message in edits if message.card.title == "Invented Paper Number 1"]
    assert cards[-1].buttons[0].label == "Vote", "the count is gone"
    assert not cards[-1].takes_emoji
    told = [message.card for message in edits if message.card.kind == "ballot"]
    assert "How the votes stand is told after the close." in told[-1].body
    assert "votes" not in (await member(voted, "Cem").says("/paper vote 2")).text
    edits.clear()
    await mo.says("/paper-admin undo")
    await voted.tick()
    cards = [message.card for message in edits if message.card.title == "Invented Paper Number 1"]
    assert cards[-1].buttons[0].label == "Vote 2"


async def test_the_panel_of_the_week_explains_and_changes(voted: Town) -> None:
    mo = moderator(voted)
    panel = (await mo.says("/paper-admin week")).cards[0]
    told = {field.name: field.value for field in panel.fields}
    assert told["Meets"] == "Every Thursday at 17:00 (Europe/Berlin)"
    assert told["How votes are counted"] == "The paper with the most votes"
    assert told["What happens when"].startswith("nominations open 6 days before; vote closes 4 days before;")
    assert (len(panel.selects), len(panel.buttons)) == (4, 5)
    for label, value, said in (
        ("How votes are counted", "irv", "Rule: votes → irv."),
        ("Who decides", "organiser", "Pick: automatic → organiser."),
        ("Hidden counts", "yes", "Hidden counts: no → yes."),
        ("Who chooses the paper", "presenter", "Mode: vote → presenter."),
    ):
        reply = await mo.chooses(label, value, card=panel)
        assert reply.text.startswith(said)
        assert reply.replaces
        assert [c.value for c in list_of(reply.cards[0], label).choices if c.chosen] == [value]
    undone = await mo.presses("Undo", panel)
    assert undone.text == "Took back what Mo did: Mode as configured → presenter."
    assert undone.cards[0].title == "The week of Readers"


async def form_with(person: Person, reply: Reply, label: str) -> Form:
    """At once, or behind the button that names what the form asks for."""
    if reply.form is None:
        reply = await person.presses_button(next(choice for choice in reply.choices if label in choice.label))
    assert reply.form
    return reply.form


async def test_numbers_and_lengths_are_asked_in_forms(voted: Town) -> None:
    mo = moderator(voted)
    panel = (await mo.says("/paper-admin week")).cards[0]
    numbers = await form_with(mo, await mo.presses("Numbers…", panel), "Headcount")
    said = await mo.sends(numbers, headcount="4")
    assert said.text == "Headcount: any number → 4 members."
    roles = await form_with(mo, await mo.presses("Numbers…", panel), "Roles")
    assert (await mo.sends(roles, roles="critic, scribe")).text == "Roles: none → critic, scribe."
    lengths = await form_with(mo, await mo.presses("What happens when…", panel), "Reminders")
    assert [item.value for item in lengths.inputs][:2] == ["6 days", "4 days"]
    assert (await mo.sends(lengths, reminders="off")).text.startswith("Reminders: 3 days, 1 day, 1 hour, 10 minutes")
    assert set(voted.club.groups.overrides("readers")) == {"week.headcount", "week.roles", "week.timeline.reminders"}
    await mo.says("/paper-admin week mode:presenter")
    brings = await form_with(mo, await mo.presses("What happens when…", panel), "Paper is brought by")
    assert "bring" in [item.name for item in brings.inputs]
    assert (await mo.sends(brings)).text == "That is how it is already."
    for form in (numbers, lengths, brings):
        assert len(form.inputs) <= 5
        assert len(form.title) <= 45
        assert all(len(item.label) <= 45 for item in form.inputs)


async def test_changes_of_the_week_stand_in_settings_in_check_and_are_reset(tmp_path: Path) -> None:
    async with server(tmp_path, meeting(headcount=2), now="2026-11-23 09:00") as here:
        mo = moderator(here)
        await mo.says("/paper-admin week rule:approval reminders:1 hour")
        lines = (await mo.says("/paper-admin settings")).text.splitlines()
        assert "Meets: every Thursday at 17:00, from the configuration" in lines
        assert "Headcount: 2 members, from the configuration" in lines
        assert "Rule: approval, changed by Mo on Monday 23 November; /paper-admin reset rule" in lines
        assert "Reminders: 1 hour before, changed by Mo on Monday 23 November; /paper-admin reset reminders" in lines
        told = [text async for _, text in check(here.club.settings)]
        assert "group readers: week.rule is approval, changed by Mo on Monday 23 November" in told
        assert any(text.startswith("group readers: meets next Thursday") for text in told)
        reset = await mo.says("/paper-admin reset week.timeline.reminders")
        assert reset.text == "Reminders: 1 hour before → 3 days, 1 day, 1 hour, 10 minutes before."
        assert set(here.club.groups.overrides("readers")) == {"week.rule"}


async def test_settings_are_completed_by_their_label_those_that_were_changed_first(voted: Town) -> None:
    mo = moderator(voted)
    assert len(await mo.completes("reset", "setting")) == 25
    assert await mo.completes("reset", "setting", "vote clo") == [("Vote closes", "ballot")]
    await mo.says("/paper-admin week thread:off")
    assert (await mo.completes("reset", "setting"))[0] == ("Thread opens", "thread")


async def test_an_override_of_the_week_that_is_wrong_by_now_is_left_out_and_told(tmp_path: Path) -> None:
    async with server(tmp_path, meeting(), now="2026-11-23 09:00") as here:
        await moderator(here).says("/paper-admin week ballot:5 days")
        mo = await here.club.store.peek(lambda rows: rows.people.member("readers", "discord:mo"))
        assert mo
        values = {"week.session": "sometimes", "week.hidden": "perhaps"}
        await here.club.store.write(lambda rows: rows.groups.override("readers", values, mo.id, here.clock.now()))
        await here.club.groups.load(here.club.store)
        assert week(here).timeline.ballot == "5 days"
        assert sorted(line.split(" is left out")[0] for line in here.club.groups.ignored) == [
            'readers: "perhaps" for week.hidden',
            'readers: "sometimes" for week.session',
        ]


def test_what_was_stored_is_said_in_words() -> None:
    assert say_stored(SETTINGS["week.session"], "thu 17:00") == "every Thursday at 17:00"
    assert say_stored(SETTINGS["week.timeline.ballot"], "9 days") == "9 days before", "valid only beside others"
    assert with_setting(GroupSettings(), "week.roles", "critic, scribe").week.roles == ("critic", "scribe")


async def test_on_the_web_the_same_is_typed(voted: Town) -> None:
    zoe = replace(await voted.member("Zoe"), roles=frozenset({"moderator"}))
    assert (await zoe.says("/paper-admin week budget:2")).text.startswith("Votes of a member: any number → 2 votes.")
    assert HERE in voted.club.groups.by_id["readers"].channels

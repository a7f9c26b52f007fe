"""A group is set up from chat by a moderator: founded, changed, looked at, taken back; by nobody else."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from bot.cards import Card, Reply, read_button
from bot.compose import opened
from bot.errors import StartError
from bot.groups.words import say_setting
from bot.model import GroupSettings, Request, Settings, rows_of
from bot.operate import check, post_and_show
from bot.serve import offer_codes, serve
from tests.club import BERLIN, MONDAY, Person, Town, berlin, list_of, town
from tests.fakes.source import ListedSource, paper
from tests.fakes.surface import RecordingSurface

PAPERS, OTHER, FOREIGN = "discord:1/5", "discord:1/6", "discord:2/7"
BOUND = replace(BERLIN, channels=("web:readers", PAPERS), moderators=("discord:ann",))


@asynccontextmanager
async def server(folder: Path, *groups: GroupSettings, now: str = MONDAY) -> AsyncIterator[Town]:
    """A place with Discord, where `papers(1..4)` are announced on Monday."""
    source = ListedSource()
    source.announce("2026-11-23", *(paper(n, upvotes=100 - n) for n in range(1, 5)))
    surfaces = [RecordingSurface("discord"), RecordingSurface()]
    async with town(folder, *groups, now=now, source=source, surfaces=surfaces) as here:
        yield here


@pytest.fixture
async def discord(tmp_path: Path) -> AsyncIterator[Town]:
    async with server(tmp_path) as here:
        yield here


def moderator(here: Town, place: str = PAPERS, name: str = "Mo") -> Person:
    return here.user(f"discord:{name.lower()}", name, place, "moderator")


def fields(reply: Reply) -> dict[str, str]:
    return {field.name: field.value for field in reply.cards[0].fields}


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


# --- founding


async def test_a_moderator_sets_a_group_up_from_the_channel_and_starts_it(discord: Town) -> None:
    mo = moderator(discord)
    panel = await mo.says("/paper-admin setup")
    assert panel.text == "Nothing is posted before you press Start here (or type /paper-admin start)."
    assert panel.cards[0].title == "Setting up papers"
    zone = await mo.says("/paper-admin setup timezone:berlin post_at:9:00 cards:2")
    assert zone.text.startswith("Zone: UTC → Europe/Berlin. Cards a day: 5 → 2. Nothing is posted before")
    started = await mo.presses("Start here", zone.cards[0])
    assert started.text == "Started. The first post comes Monday 23 November, 09:00 CET."
    assert started.replaces
    assert started.cards[0].title == "Settings of papers"
    await discord.wait_until("2026-11-23 08:00")
    ((place, message),) = discord.surface.posts
    assert (place, message.card.kind, len(message.parts)) == (PAPERS, "digest", 2)


async def test_a_draft_is_found_again_in_its_channel_and_posts_nothing(discord: Town) -> None:
    mo = moderator(discord)
    await mo.says("/paper-admin setup cards:7")
    await discord.wait_until("2026-11-23 08:00")
    await discord.wait_until("2026-11-24 10:00")
    assert discord.surface.posts == []
    assert fields(await moderator(discord, name="Bo").says("/paper-admin setup"))["Cards a day"] == (
        "7 (changed by Mo)"
    )
    thread = moderator(discord, f"{PAPERS}/99")
    assert (await thread.says("/paper-admin setup")).cards[0].title == "Setting up papers"
    assert len(discord.club.groups.by_id) == 2


async def test_members_of_a_draft_are_told_that_nobody_meets_there(discord: Town) -> None:
    await moderator(discord).says("/paper-admin setup")
    reply = await discord.user("discord:ann", "Ann", PAPERS).says("/paper today")
    assert reply.text == "No reading group meets in this channel. A moderator makes one with /paper-admin setup."


async def test_who_is_no_moderator_founds_nothing(discord: Town) -> None:
    reply = await discord.user("discord:ann", "Ann", PAPERS).says("/paper setup")
    assert (reply.ok, reply.text) == (False, "/paper-admin setup is for moderators.")
    assert list(discord.club.groups.by_id) == ["readers"]
    assert await discord.club.store.read(lambda rows: rows.groups.founded()) == []


async def test_only_setup_founds(discord: Town) -> None:
    reply = await moderator(discord).says("/paper-admin start")
    assert reply.text == "No reading group meets in this channel. A moderator makes one with /paper-admin setup."
    assert await discord.club.store.read(lambda rows: rows.groups.founded()) == []


@pytest.mark.parametrize("place", ["web:elsewhere", "discord:dm/7", "discord:0/7", "discord:1", ""])
async def test_a_group_is_founded_in_a_channel_of_a_server_only(discord: Town, place: str) -> None:
    reply = await moderator(discord, place).says("/paper-admin setup")
    assert reply.text == "A group is made in a channel of a server, where it shall meet: type it there."
    assert await discord.club.store.read(lambda rows: rows.groups.founded()) == []


async def test_in_slack_a_group_has_an_id_of_its_team_and_channel(discord: Town) -> None:
    await moderator(discord, "slack:T01/C02").says("/paper-admin setup")
    assert "slack-t01-c02" in discord.club.groups.by_id


async def test_two_groups_in_two_channels_of_one_server_have_their_own_settings(discord: Town) -> None:
    here, there = moderator(discord), moderator(discord, OTHER)
    await here.says("/paper-admin setup cards:1 post_at:8:30 layout:channel")
    await there.says("/paper-admin setup cards:3 layout:channel")
    await here.says("/paper-admin start")
    await there.says("/paper-admin start")
    await discord.wait_until("2026-11-23 09:00")
    assert [place for place, _ in discord.surface.posts].count(PAPERS) == 2
    assert [place for place, _ in discord.surface.posts].count(OTHER) == 4
    vote = await discord.user("discord:ann", "Ann", OTHER).says("/paper vote 1")
    assert vote.ok
    assert (await discord.user("discord:ann", "Ann", PAPERS).says("/paper mine")).text.startswith(
        "Nothing is yours yet."
    )


async def test_a_group_is_set_up_for_another_channel_of_the_server(discord: Town) -> None:
    mo = moderator(discord)
    panel = await mo.says(f"/paper-admin setup channel:{OTHER} cards:3")
    assert panel.cards[0].body.startswith("This is about another channel.")
    assert panel.cards[0].selects == ()
    assert labels(panel.cards[0]) == ["Preview", "Undo", "Start there"]
    assert all(len(button.id.encode()) <= 100 for button in panel.cards[0].buttons)
    await mo.presses("Start there", panel.cards[0])
    await discord.wait_until("2026-11-23 09:00")
    assert {place for place, _ in discord.surface.posts} == {OTHER}


@pytest.mark.parametrize("channel", [FOREIGN, "slack:1/5", "papers", "discord:1"])
async def test_a_channel_of_another_server_is_refused(discord: Town, channel: str) -> None:
    reply = await moderator(discord).says(f"/paper-admin setup channel:{channel}")
    assert reply.text.startswith(f'"{channel}" is no channel of this server.')
    assert await discord.club.store.read(lambda rows: rows.groups.founded()) == []


async def test_a_press_that_is_delivered_twice_founds_and_changes_once(discord: Town) -> None:
    mo = moderator(discord)
    for _ in range(2):
        await mo.says("/paper-admin setup cards:7", request="s")
    steps = await discord.club.store.read(lambda rows: rows.audit.steps("discord-5", 10))
    assert [step.action for step in steps] == ["set day.cards", "found"]


# --- the panel


async def test_every_list_of_the_panel_applies_at_once(discord: Town) -> None:
    mo = moderator(discord)
    card = (await mo.says("/paper-admin setup")).cards[0]
    assert [select.label for select in card.selects] == ["Days", "Hour", "Cards a day", "Layout"]
    assert all(len(select.choices) <= 25 and len(select.id.encode()) <= 100 for select in card.selects)
    for label, value, said in (
        ("Days", "daily", "Days: mon-fri → daily."),
        ("Hour", "17:00", "Time: 09:00 → 17:00."),
        ("Cards a day", "8", "Cards a day: 5 → 8."),
        ("Layout", "thread", "Layout: digest → thread."),
    ):
        reply = await mo.chooses(label, value, card=card)
        assert reply.text.startswith(said)
        assert reply.replaces
        assert [choice.value for choice in list_of(reply.cards[0], label).choices if choice.chosen] == [value]
    day = discord.club.groups.by_id["discord-5"].day
    assert (day.on, day.post_at, day.cards, day.layout) == ("daily", time(17), 8, "thread")


async def test_an_hour_and_days_of_ones_own_stand_in_the_lists_too(discord: Town) -> None:
    card = (await moderator(discord).says("/paper-admin setup post_at:7:45 on:tue, fri")).cards[0]
    assert [c.value for c in list_of(card, "Hour").choices if c.chosen] == ["07:45"]
    assert [c.value for c in list_of(card, "Days").choices if c.chosen] == ["tue, fri"]
    assert len(list_of(card, "Hour").choices) == 25


async def test_zone_and_time_are_asked_in_a_form_and_only_what_changed_is_a_step(discord: Town) -> None:
    mo = moderator(discord)
    asked = await mo.presses("Name, zone and time", (await mo.says("/paper-admin setup")).cards[0])
    assert asked.text == "Type /paper-admin setup timezone:Europe/Berlin post_at:9:00 on:mon-fri cards:5"
    assert asked.form
    assert all(len(item.label) <= 45 for item in asked.form.inputs)
    reply = await mo.sends(asked.form, timezone="new york")
    assert reply.text.startswith("Zone: UTC → America/New_York.")
    assert set(discord.club.groups.overrides("discord-5")) == {"timezone"}
    again = await mo.sends(asked.form, timezone="america/new_york")
    assert again.text.startswith("That is how it is already.")


async def test_several_sources_can_be_chosen_and_only_theirs_are_posted(tmp_path: Path) -> None:
    other = ListedSource("herald", "The Herald")
    other.announce("2026-11-23", paper(50))
    gazette = ListedSource()
    gazette.announce("2026-11-23", paper(1))
    surfaces = [RecordingSurface("discord"), RecordingSurface()]
    async with town(tmp_path, source=gazette, sources=[other], surfaces=surfaces) as here:
        mo = moderator(here)
        card = (await mo.says("/paper-admin setup")).cards[0]
        assert [select.label for select in card.selects] == ["Days", "Cards a day", "Layout", "Sources"]
        assert [choice.chosen for choice in list_of(card, "Sources").choices] == [True, True]
        reply = await mo.chooses("Sources", "herald", card=card)
        assert reply.text.startswith("Sources: all → herald.")
        await mo.says("/paper-admin start")
        await here.wait_until("2026-11-23 09:00")
        ((_, message),) = here.surface.posts
        assert [part.title for part in message.parts] == ["Invented Paper Number 50"]
        both = await mo.chooses("Sources", "herald", "gazette", card=card)
        assert both.text.startswith("Sources: herald → all.")
        assert (await mo.says("/paper-admin setup sources:The Herald")).text.startswith("Sources: all → herald.")
        refused = await mo.says("/paper-admin setup sources:times")
        assert refused.text == 'There is no source "times", only gazette and herald.'


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("timezone:Mars", 'Timezone: "Mars" is not known, write one like "Europe/Berlin".'),
        ("timezone:Europe/Berln", 'Timezone: "Europe/Berln" is not known, did you mean "Europe/Berlin"?'),
        ("post_at:25:00", 'Post_at: "25:00" is not a time; write it as 9:00, 14:30 or 6 pm.'),
        ("post_at:13 pm", 'Post_at: "13 pm" is not a time; write it as 9:00, 14:30 or 6 pm.'),
        ("post_at:soon", 'Post_at: "soon" is not a time; write it as 9:00, 14:30 or 6 pm.'),
        ("on:someday", 'On: "someday" is not a list of weekdays; write "mon-fri", "tue, thu" or "daily".'),
        ("cards:many", 'Cards: "many" is not a number; write 1 to 20.'),
        ("cards:21", "Cards must be 1 to 20."),
        ("layout:poster", 'Layout: "poster" is not known; write "digest", "channel" or "thread".'),
    ],
)
async def test_a_wrong_value_says_what_to_type_and_changes_nothing(discord: Town, typed: str, text: str) -> None:
    reply = await moderator(discord).says(f"/paper-admin setup layout:thread {typed}")
    assert (reply.ok, reply.text) == (False, text)
    assert discord.club.groups.overrides("discord-5") == {}


@pytest.mark.parametrize(
    ("typed", "at"),
    [("9", "09:00"), ("9:00", "09:00"), ("9.30", "09:30"), ("9 am", "09:00"), ("9pm", "21:00"), ("12 am", "00:00")],
)
async def test_a_time_is_understood_as_people_write_it(discord: Town, typed: str, at: str) -> None:
    await moderator(discord).says(f"/paper-admin setup post_at:0:30 time:{typed}")
    assert f"{discord.club.groups.by_id['discord-5'].day.post_at:%H:%M}" == at


@pytest.mark.parametrize(
    ("typed", "on"),
    [
        ("daily", "daily"),
        ("every day", "daily"),
        ("Tuesday and Thursday", "tue, thu"),
        ("mon, wed", "mon, wed"),
        ("mon, mon, mon", "mon"),
        ("Tue/Thu & Sat", "tue, thu, sat"),
        ("weekends", "sat, sun"),
        ("Monday - Thursday", "mon-thu"),
    ],
)
async def test_days_are_understood_as_people_write_them(discord: Town, typed: str, on: str) -> None:
    await moderator(discord).says(f"/paper-admin setup on:{typed}")
    assert discord.club.groups.by_id["discord-5"].day.on == on


async def test_completions_offer_the_likeliest_first(discord: Town) -> None:
    mo = moderator(discord)
    zones = [value for _, value in await mo.completes("setup", "timezone", "ber")]
    assert zones[:1] == ["Europe/Berlin"]
    assert len(await mo.completes("setup", "timezone", "a")) == 25
    assert [value for _, value in await mo.completes("setup", "timezone")][:2] == ["UTC", "Europe/London"]
    assert [value for _, value in await mo.completes("setup", "timezone", "new y")] == ["America/New_York"]
    assert [value for _, value in await mo.completes("setup", "timezone", "São P")] == ["America/Sao_Paulo"]
    assert [value for _, value in await mo.completes("setup", "post_at", "9")] == ["09:00", "09:30"]
    assert [value for _, value in await mo.completes("setup", "post_at", "9pm")] == ["21:00"]
    assert len(await mo.completes("setup", "post_at")) == 25
    assert ("Every day", "daily") in await mo.completes("setup", "on")
    assert await mo.completes("setup", "on", "tue fri") == [("tue, fri", "tue, fri")]
    assert await mo.completes("setup", "sources", "gaz") == [("The Gazette", "gazette")]
    assert await discord.user("discord:ann", "Ann", PAPERS).completes("setup", "timezone", "ber") == []
    assert await discord.club.store.read(lambda rows: rows.groups.founded()) == [], "completing makes nothing"


# --- starting and stopping


@pytest.mark.parametrize(
    ("now", "said", "posted"),
    [
        ("2026-11-21 12:00", "The first post comes Monday 23 November, 09:00 UTC.", 0),
        ("2026-11-23 12:00", "The first post comes within a minute.", 1),
    ],
)
async def test_the_first_post_is_never_of_a_day_before_the_start(
    tmp_path: Path, now: str, said: str, posted: int
) -> None:
    async with server(tmp_path, now=now) as here:
        await moderator(here).says("/paper-admin setup")
        assert (await moderator(here).says("/paper-admin start")).text == f"Started. {said}"
        await here.tick()
        assert len(here.surface.posts) == posted


async def test_a_stopped_channel_gets_nothing_more_and_keeps_its_votes(discord: Town) -> None:
    mo = moderator(discord)
    await mo.says("/paper-admin setup")
    card = (await mo.says("/paper-admin start")).cards[0]
    assert labels(card) == ["Name, zone and time…", "Preview", "Undo", "Stop here"]
    await discord.wait_until("2026-11-23 09:00")
    await discord.user("discord:ann", "Ann", PAPERS).says("/paper vote 1")
    stopped = await mo.presses("Stop here", card)
    assert stopped.text.startswith("Stopped; all votes and claims stay. Nothing is posted before you press Start here")
    posts = len(discord.surface.posts)
    await discord.wait_until("2026-11-24 09:00")
    assert len(discord.surface.posts) == posts
    again = await mo.says("/paper-admin start")
    assert again.text == "Started. The next post comes within a minute."
    assert (await discord.user("discord:ann", "Ann", PAPERS).says("/paper mine")).text.startswith("1 vote.")


async def test_starting_and_stopping_twice_say_how_it_is(discord: Town) -> None:
    mo = moderator(discord)
    await mo.says("/paper-admin setup")
    assert (await mo.says("/paper-admin stop")).text.startswith("Nothing is posted in this channel.")
    await mo.says("/paper-admin start")
    assert (await mo.says("/paper-admin start")).text.startswith("papers meets here already.")


async def test_two_moderators_who_start_two_channels_at_once_have_both(discord: Town) -> None:
    mo, bo = moderator(discord), moderator(discord, name="Bo")
    await mo.says("/paper-admin setup")
    await asyncio.gather(mo.says("/paper-admin start"), bo.says("/paper-admin setup cards:9"))
    third = "discord:1/7"
    started = [mo.says(f"/paper-admin start channel:{OTHER}"), bo.says(f"/paper-admin start channel:{third}")]
    assert all(reply.ok for reply in await asyncio.gather(*started))
    assert set(discord.club.groups.by_id["discord-5"].channels) == {PAPERS, OTHER, third}
    stopped = [mo.says("/paper-admin stop"), bo.says(f"/paper-admin stop channel:{third}")]
    assert all(reply.ok for reply in await asyncio.gather(*stopped))
    assert discord.club.groups.by_id["discord-5"].channels == (OTHER,)


async def test_who_stops_a_further_channel_is_told_how_it_starts_again(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        mo = moderator(here)
        await mo.says(f"/paper-admin start channel:{OTHER}")
        reply = await moderator(here, OTHER).says("/paper-admin stop")
        assert reply.text == (
            "Stopped; all votes and claims stay. To start it again, type /paper-admin start in another channel of "
            "Readers and name this one."
        )
        assert reply.cards == (), "a panel would be about the group that is made here next"
        assert (await mo.says(f"/paper-admin start channel:{OTHER}")).text.startswith("Started.")


async def test_a_channel_of_another_group_is_refused(discord: Town) -> None:
    mo = moderator(discord)
    for place in (PAPERS, OTHER):
        await moderator(discord, place).says("/paper-admin setup")
        await moderator(discord, place).says("/paper-admin start")
    reply = await mo.says(f"/paper-admin start channel:{OTHER}")
    assert reply.text == "papers meets in that channel; /paper-admin stop there makes room."


async def test_a_group_meets_in_a_second_channel_of_its_server(discord: Town) -> None:
    mo = moderator(discord)
    await mo.says("/paper-admin setup")
    await mo.says("/paper-admin start")
    await mo.says(f"/paper-admin start channel:{OTHER}")
    assert list(discord.club.groups.by_id["discord-5"].channels) == [PAPERS, OTHER]
    await mo.says("/paper-admin stop")
    assert list(discord.club.groups.by_id["discord-5"].channels) == [OTHER]


async def test_a_channel_of_the_configuration_is_not_stopped_from_chat(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        ann = here.user("discord:ann", "Ann", PAPERS)
        assert labels((await ann.says("/paper-admin setup")).cards[0]) == ["Name, zone and time…", "Preview", "Undo"]
        reply = await ann.says("/paper-admin stop")
        assert reply.text == "This channel stands in the configuration; the operator can take it out there."
        assert here.club.groups.by_id["readers"].channels == BOUND.channels


# --- who may


async def test_a_moderator_of_one_group_can_do_nothing_in_another(tmp_path: Path) -> None:
    other = GroupSettings(id="others", channels=(OTHER,), moderators=("discord:bo",))
    async with server(tmp_path, BOUND, other) as here:
        assert (await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin setup cards:9")).ok
        for line in ("setup cards:9", "start", "stop", "settings", "reset post_at", "preview", "undo", "audit"):
            reply = await here.user("discord:ann", "Ann", OTHER).says(f"/paper-admin {line}")
            assert reply.text == f"/paper-admin {line.split()[0]} is for moderators."
            elsewhere = await here.user("discord:ann", "Ann", FOREIGN).says(f"/paper-admin {line}")
            assert not elsewhere.ok
        named = await here.user("discord:ann", "Ann", PAPERS).says(f"/paper-admin start channel:{OTHER}")
        assert named.text == "Reading group meets in that channel; /paper-admin stop there makes room."
        assert here.club.groups.overrides("others") == {}
        assert await here.club.store.read(lambda rows: rows.groups.founded()) == []


async def test_who_names_a_channel_of_another_group_changes_neither(discord: Town) -> None:
    for place in (PAPERS, OTHER):
        await moderator(discord, place).says("/paper-admin setup")
        await moderator(discord, place).says("/paper-admin start")
    before = dict(discord.club.groups.by_id)
    for line in (f"setup channel:{OTHER} cards:3", f"setup channel:{OTHER}", f"stop channel:{OTHER}"):
        reply = await moderator(discord).says(f"/paper-admin {line}")
        assert reply.text == "papers meets in that channel; type it there."
    assert dict(discord.club.groups.by_id) == before


async def test_a_member_is_refused_and_not_shown_the_moderators_commands(readers: Town) -> None:
    ann = await readers.member("Ann")
    assert (await ann.says("/paper setup")).text == "/paper-admin setup is for moderators."
    shown = (await ann.says("/paper help all")).cards
    assert not any(one.typed.startswith("/paper-admin") for card in shown for one in card.commands)
    assert (await ann.says("/paper help setup")).text.splitlines()[-1] == "For moderators."
    assert (await ann.says("/paper setpu")).text == 'There is no command "setpu". Did you mean "/paper-admin setup"?'


async def test_a_moderator_is_shown_them(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        cards = (await here.user("discord:ann", "Ann", PAPERS).says("/paper help all")).cards
        assert cards[-1].title == "For moderators"
        assert "/paper-admin undo" in [one.typed for one in cards[-1].commands]


# --- overrides and the configuration


async def test_what_was_changed_from_chat_wins_until_it_is_reset(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        ann = here.user("discord:ann", "Ann", PAPERS)
        assert (await ann.says("/paper-admin setup cards:9 post_at:10:00")).ok
    changed = replace(BOUND, day=replace(BOUND.day, cards=3, post_at=time(7)), name="Readers again")
    async with server(tmp_path, changed) as here:
        group = here.club.groups.by_id["readers"]
        assert (group.day.cards, group.day.post_at, group.name) == (9, time(10), "Readers again")
        reply = await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin reset cards", request="later")
        assert reply.text.startswith("Cards a day: 9 → 3.")
        assert here.club.groups.by_id["readers"].day.cards == 3
        again = await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin reset cards", request="still later")
        assert again.text.startswith("It is as configured.")
        wrong = await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin reset colour")
        assert wrong.text.startswith('There is no setting "colour"; there are name, timezone, post_at')


async def test_a_group_that_was_founded_and_started_is_there_after_a_restart(tmp_path: Path) -> None:
    async with server(tmp_path) as here:
        await moderator(here).says("/paper-admin setup timezone:Europe/Berlin")
        await moderator(here).says("/paper-admin start")
        await moderator(here, OTHER).says("/paper-admin setup")
    async with server(tmp_path) as here:
        assert here.club.groups.by_id["discord-5"].channels == (PAPERS,)
        await here.wait_until("2026-11-23 08:00")
        assert {place for place, _ in here.surface.posts} == {PAPERS}
        assert (await moderator(here, OTHER).says("/paper-admin setup")).cards[0].title == "Setting up papers"


async def test_channels_of_the_configuration_hold_beside_those_bound_from_chat(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        await here.user("discord:ann", "Ann", PAPERS).says(f"/paper-admin start channel:{OTHER}")
        assert here.club.groups.by_id["readers"].channels == ("web:readers", PAPERS, OTHER)
    both = replace(BOUND, channels=("web:readers", PAPERS, OTHER))
    async with server(tmp_path, both) as here:
        ann = here.user("discord:ann", "Ann", PAPERS)
        assert (await ann.says("/paper-admin reset channels")).text.startswith("It is as configured.")
        await here.wait_until("2026-11-23 08:00")
        assert {place for place, _ in here.surface.posts} == {PAPERS, OTHER}, "unbound from chat, bound all the same"


async def test_a_channel_that_the_configuration_gives_to_another_group_is_that_groups(tmp_path: Path) -> None:
    async with server(tmp_path) as here:
        await moderator(here).says("/paper-admin setup cards:1")
        await moderator(here).says("/paper-admin start")
        await moderator(here).says(f"/paper-admin start channel:{OTHER}")
    async with server(tmp_path, BOUND) as here:
        assert here.club.groups.by_id["discord-5"].channels == (OTHER,)
        await here.wait_until("2026-11-23 10:00")
        assert [place for place, _ in here.surface.posts].count(PAPERS) == 3, "one post, of Readers"
        panel = await moderator(here).says("/paper-admin setup")
        assert panel.cards[0].title == "Settings of Readers"
    async with server(tmp_path) as here:
        assert here.club.groups.by_id["discord-5"].channels == (PAPERS, OTHER), "and back, when it is taken out again"


async def test_a_group_that_was_founded_may_be_written_into_the_configuration(tmp_path: Path) -> None:
    async with server(tmp_path) as here:
        await moderator(here).says("/paper-admin setup cards:1 post_at:8:00")
        await moderator(here).says("/paper-admin start")
    written = replace(BERLIN, id="discord-5", name="Written", channels=(PAPERS,), moderators=("discord:ann",))
    async with server(tmp_path, written) as here:
        group = here.club.groups.by_id["discord-5"]
        assert (group.name, group.timezone, group.day.cards) == ("Written", "Europe/Berlin", 1)
        assert group.channels == (PAPERS,)
        ann = here.user("discord:ann", "Ann", PAPERS)
        said = await ann.presses_button((await ann.says("/paper-admin undo")).choices[0])
        assert said.text.startswith("Took back what Mo did: Channels as configured → discord:1/5.")
        await here.wait_until("2026-11-23 08:00")
        assert {place for place, _ in here.surface.posts} == {PAPERS}
    async with server(tmp_path) as here:
        assert here.club.groups.by_id["discord-5"].channels == (), "a draft again"
        await here.wait_until("2026-11-24 08:00")
        assert here.surface.posts == []


async def test_an_override_that_is_not_valid_any_more_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with server(tmp_path, BOUND) as here:
        ann = here.user("discord:ann", "Ann", PAPERS)
        await ann.says("/paper-admin setup cards:9")
        member = await here.club.store.peek(lambda rows: rows.people.member("readers", "discord:ann"))
        assert member
        values = {"timezone": "Europe/Atlantis", "day.sources": "gone", "colour": "red"}
        await here.club.store.write(lambda rows: rows.groups.override("readers", values, member.id, here.clock.now()))
    with caplog.at_level(logging.WARNING):
        async with server(tmp_path, BOUND) as here:
            assert here.club.groups.by_id["readers"].timezone == "Europe/Berlin"
            assert here.club.groups.by_id["readers"].day.cards == 9
            assert len(here.club.groups.ignored) == 3
    assert (
        'readers: "Europe/Atlantis" for timezone is left out: timezone: "Europe/Atlantis" is not known' in caplog.text
    )


async def test_settings_say_where_each_comes_from(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        await here.tick()
        ann = here.user("discord:ann", "Ann", PAPERS)
        await ann.says("/paper-admin setup post_at:10:00")
        week = [row for row in rows_of(GroupSettings) if row.command in ("schedule", "week")]
        by_default = "; ".join(f"{row.label} {say_setting(row, BERLIN)}" for row in week)
        assert by_default.startswith("Meets at no set time; Place not said; Length 60 minutes; Mode vote; Rule votes; ")
        assert (await ann.says("/paper-admin settings")).text.splitlines() == [
            "Name: Readers, from the configuration",
            "Zone: Europe/Berlin, from the configuration",
            "Time: 10:00, changed by Ann on Monday 23 November; /paper-admin reset post_at",
            "Days: mon-fri, the default",
            "Cards a day: 2, from the configuration",
            "Sources: all, the default",
            "Layout: channel, from the configuration",
            "Channels: web:readers, discord:1/5, from the configuration",
            f"Of the week by default: {by_default}.",
            "The next post comes Monday 23 November, 10:00 CET.",
        ]
        status = (await here.visitor().says("/paper status")).text
        assert "Next post: Monday 23 November, 10:00 CET." in status
        assert "post_at" not in status, "settings go by their names, and only moderators are told"


async def test_a_new_hour_counts_at_once(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        await here.tick()
        await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin setup post_at:10:00")
        await here.wait_until("2026-11-23 08:30")
        assert here.surface.titles == ["No new papers on Friday 20 November"]
        reply = await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin setup post_at:9:15")
        assert reply.text == "Time: 10:00 → 09:15. The next post comes within a minute."
        await here.tick()
        assert here.surface.titles[1] == "Papers for Monday 23 November"


@pytest.mark.parametrize("typed", ["post_at:13:00", "on:fri"])
async def test_a_change_after_the_post_brings_back_no_date_that_is_over(tmp_path: Path, typed: str) -> None:
    async with server(tmp_path, BOUND, now="2026-11-23 09:00") as here:
        await here.tick()
        assert here.surface.titles[0] == "Papers for Monday 23 November"
        ann, posts = here.user("discord:ann", "Ann", PAPERS), len(here.surface.posts)
        reply = await ann.says(f"/paper-admin setup {typed}")
        await here.tick()
        await here.wait_until("2026-11-23 12:30")
        assert len(here.surface.posts) == posts, "neither Friday's post nor a second one of Monday"
        coming = "Friday 27 November, 09:00" if "fri" in typed else "Tuesday 24 November, 13:00"
        assert reply.text.endswith(f"The next post comes {coming} CET.")
        assert f"Next post: {coming} CET." in (await ann.says("/paper status")).text
        assert f"The post of {coming[:-7]} as things" in (await ann.says("/paper-admin preview")).text
        await here.wait_until("2026-11-24 12:30")
        await here.wait_until("2026-11-27 12:30")
        assert len(here.surface.posts) > posts


async def test_more_cards_in_the_middle_of_a_day_are_not_promised_to_those_without(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND, now="2026-11-23 09:00") as here:
        await here.tick()
        await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin setup cards:9")
        here.source.announce("2026-11-23", paper(9))
        await here.wait_until("2026-11-23 10:30")
        cards = [card for card in await here.channel() if card.kind == "paper"]
        assert [card.number for card in cards] == [1, 2]
        assert "The first 2 have cards here" in (await here.channel())[0].body


async def test_on_the_web_a_moderator_types_the_same(readers: Town) -> None:
    await readers.tick()
    ann = await readers.member("Ann")
    await ann.says(f"/paper moderate {(await offer_codes(readers.club))['readers']}")
    panel = await ann.says("/paper-admin setup post_at:10:00")
    assert panel.text == "Time: 09:00 → 10:00. The next post comes Monday 23 November, 10:00 CET."
    assert panel.cards[0].footer == "Or type: /paper-admin setup timezone:Europe/Berlin post_at:9:00 on:mon-fri cards:5"
    assert "Start here" not in labels(panel.cards[0])


# --- looking ahead and back


async def test_a_preview_shows_the_next_post_and_writes_nothing_of_the_group(discord: Town) -> None:
    mo = moderator(discord)
    panel = (await mo.says("/paper-admin setup cards:2")).cards[0]
    discord.clock.move_to("2026-11-23 08:30")
    reply = await mo.presses("Preview", panel)
    assert reply.text == "The post of Monday 23 November as things stand now. Only you see it."
    assert [card.title for card in reply.cards] == [
        "Papers for Monday 23 November",
        "Invented Paper Number 1",
        "Invented Paper Number 2",
        "The list of Monday 23 November",
    ]
    assert reply.cards[0].body.startswith("4 papers. The first 2 are here; Show all lists the rest.")
    assert reply.cards[1].body == "We propose method 1, which learns faster."
    assert {button.command for card in reply.cards for button in card.buttons} == {"curate"}
    store = discord.club.store
    assert await store.read(lambda rows: rows.days.digests("discord-5", 5)) == []
    assert await store.read(lambda rows: rows.days.had("discord-5", discord.clock.now().date())) == frozenset()
    assert discord.surface.posts == []
    await mo.presses("Start here", panel)
    await discord.wait_until("2026-11-23 09:00")
    ((_, message),) = discord.surface.posts
    assert [card.title for card in (message.card, *message.parts)] == [card.title for card in reply.cards[:-1]]


async def test_a_preview_after_todays_post_is_of_tomorrow(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        await here.wait_until("2026-11-23 08:00")
        reply = await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin preview")
        assert reply.text.startswith("The post of Tuesday 24 November as things stand now.")
        assert reply.cards[0].title == "No new papers on Tuesday 24 November"


async def test_every_step_is_taken_back_in_words(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        await here.wait_until("2026-11-23 08:00")
        ann, bob = here.user("discord:ann", "Ann", PAPERS), here.user("discord:bob", "Bob", PAPERS)
        await ann.says("/paper-admin setup cards:7 timezone:Europe/Paris")
        await ann.says(f"/paper-admin start channel:{OTHER}")
        await bob.says("/paper claim 1")
        await ann.says("/paper-admin release 1")
        said = [(await ann.says("/paper-admin undo")).text for _ in range(4)]
        assert said[0].startswith("Took back what Ann did: claim of “Invented Paper Number 1”: Bob → nobody.")
        assert said[1].startswith("Took back what Ann did: Channels as configured → discord:1/6.")
        assert said[2].startswith(
            "Took back what Ann did: Cards a day as configured → 7; Zone as configured → Europe/Paris."
        )
        assert said[3] == "There is nothing to take back."
        assert here.club.groups.by_id["readers"] == BOUND
        assert (await here.card("Number 1")).fields[0].value == "Bob"


async def test_the_undo_of_the_panel_shows_the_panel_again(discord: Town) -> None:
    mo = moderator(discord)
    card = (await mo.says("/paper-admin setup cards:9")).cards[0]
    reply = await mo.presses("Undo", card, request="u")
    assert reply.replaces
    assert fields(reply)["Cards a day"] == "5"
    again = await mo.presses("Undo", card, request="u")
    assert again.text == reply.text


async def test_the_log_tells_who_did_what_when(discord: Town) -> None:
    mo = moderator(discord)
    await mo.says("/paper-admin setup cards:9")
    bo = moderator(discord, name="Bo")
    await bo.presses_button((await bo.says("/paper-admin undo")).choices[0])
    assert (await mo.says("/paper-admin audit")).text.splitlines() == [
        "Monday 23 November, 07:00 UTC, Bo: took back: Cards a day 9 → as configured",
        "Monday 23 November, 07:00 UTC, Mo: Cards a day as configured → 9 (taken back since)",
        "Monday 23 November, 07:00 UTC, Mo: made the group “papers”",
    ]


async def test_a_new_moderator_stands_in_the_log(readers: Town) -> None:
    ann = await readers.member("Ann")
    await ann.says(f"/paper moderate {(await offer_codes(readers.club))['readers']}")
    assert (await ann.says("/paper-admin audit")).text.endswith(", Ann: became a moderator by the one-time code")


async def test_a_change_that_is_delivered_late_again_says_how_it_is(discord: Town) -> None:
    mo = moderator(discord)
    await mo.says("/paper-admin setup cards:7", request="s")
    await moderator(discord, name="Bo").says("/paper-admin setup cards:9")
    again = await mo.says("/paper-admin setup cards:7", request="s")
    assert again.text.startswith("That is how it is already.")
    assert discord.club.groups.by_id["discord-5"].day.cards == 9


async def test_an_empty_log_says_so(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        reply = await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin audit")
        assert reply.text == "No moderator has done anything yet."


async def test_what_a_panel_offers_is_a_command_of_the_table(discord: Town) -> None:
    card = (await moderator(discord).says("/paper-admin setup")).cards[0]
    names = {info.name: {p.name for p in info.parameters} for info in discord.club.app.commands}
    assert all(read_button(button.id)[0] in names for button in card.buttons)
    assert all(select.argument in names[select.command] for select in card.selects)


async def test_two_groups_at_one_place_are_asked_apart_before_they_are_changed(tmp_path: Path) -> None:
    twins = [replace(berlin(), id=id, name=id, channels=(PAPERS,)) for id in ("one", "two")]
    async with server(tmp_path, *twins) as here:
        reply = await moderator(here).says("/paper-admin setup cards:9")
        assert reply.text.startswith("Several groups meet here: one, two.")
        asked = Request("1", "discord:mo", "setup", {"cards": "9"}, PAPERS, group="two", display_name="Mo")
        assert (await here.club.app.handle(replace(asked, roles=frozenset({"moderator"})))).ok
        assert set(here.club.groups.overrides("two")) == {"day.cards"}


# --- what the operator sees


async def test_check_shows_every_change_and_every_draft_beside_the_running_program(tmp_path: Path) -> None:
    async with server(tmp_path, BOUND) as here:
        await here.user("discord:ann", "Ann", PAPERS).says("/paper-admin setup post_at:10:00")
        await moderator(here, OTHER).says("/paper-admin setup")
        member = await here.club.store.peek(lambda rows: rows.people.member("readers", "discord:ann"))
        assert member
        values = {"timezone": "Europe/Atlantis"}
        await here.club.store.write(lambda rows: rows.groups.override("readers", values, member.id, here.clock.now()))
        lines = [line async for line in check(here.club.settings)]
    texts = [text for _, text in lines]
    assert "group readers: day.post_at is 10:00, changed by Ann on Monday 23 November" in texts
    assert "group readers: meets at no set time (week.session)" in texts
    assert "group discord-6: made from chat, not started; nothing is posted" in texts
    assert any(not ok and '"Europe/Atlantis" for timezone is left out' in text for ok, text in lines)


async def test_a_source_that_is_not_configured_is_a_fault_of_the_start(tmp_path: Path) -> None:
    lost = berlin(sources=("herald",))
    settings = Settings(database=str(tmp_path / "club.db"), groups=(lost,))
    fault = 'group readers: day.sources: there is no source "herald", only sample'
    assert (False, fault) in [line async for line in check(settings)]
    async with opened(settings) as club:
        with pytest.raises(StartError, match="there is no source"):
            await serve(club, asyncio.Event(), _nothing)
    with pytest.raises(StartError, match="there is no source"):
        await post_and_show(settings, None, None)


async def _nothing() -> None: ...


async def test_a_draft_is_not_posted_by_hand_either(tmp_path: Path) -> None:
    async with server(tmp_path) as here:
        await moderator(here).says("/paper-admin setup")
        settings = here.club.settings
    with pytest.raises(StartError, match='group "discord-5" is not started'):
        await post_and_show(settings, "discord-5", None)
    shown = await post_and_show(settings, None, None)
    assert len([card for card in shown.cards if card.kind == "digest"]) == 1, "of the configured group alone"


async def test_a_group_without_a_page_invites_nobody_to_it(tmp_path: Path) -> None:
    group = replace(BERLIN, channels=("discord:1/20",), moderators=("discord:mod",))
    async with town(tmp_path, group, surfaces=[RecordingSurface("discord")]) as club:
        mod = club.user("discord:mod", "Mod", "discord:1/20")
        reply = await mod.says("/paper-admin invite")
    assert (reply.ok, reply.text) == (
        False,
        "This group has no page: who speaks in its channels has a name already.",
    )

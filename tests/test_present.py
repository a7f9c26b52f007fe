"""Who presents: yes and no in one press, who follows, handing over, slides, the rota, leave, claims that sleep."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.meeting_club import ANSWERED, CLOSED, NAMED, OPENED, OVER, STARTED, MeetingClub, fields, labels, meetings


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[MeetingClub]:
    async with meetings(tmp_path) as club:
        yield club


async def asked(club: MeetingClub) -> None:
    """Ann claimed the paper that is picked, Bob is behind her; she is asked."""
    await club.ann.says("/paper claim 1")
    await club.bob.says("/paper claim 1")
    await club.pick(1)


# --- yes and no


async def test_who_claimed_it_is_asked_by_name_and_says_yes_in_one_press(club: MeetingClub) -> None:
    await asked(club)
    (message,) = await club.messages("ask")
    assert message.mentions == ("web:ann",)
    assert message.card.title == "Ann, can you present on Thursday 26 November?"
    assert message.card.body == (
        "It is about “Sparse Attention Is Enough”. Please answer by Tuesday 24 November, 17:00 CET."
    )
    assert fields(await club.card("pick"))["Presents"] == "Ann, who has not confirmed yet"
    reply = await club.ann.presses("I'll present", message.card)
    assert reply.text.startswith("You present on Thursday 26 November, 17:00 CET.")
    assert fields(await club.card("pick"))["Presents"] == "Ann"
    (answered,) = await club.messages("ask")
    assert (answered.card.title, answered.card.body) == ("Who presents on Thursday 26 November?", "Ann presents.")
    assert (answered.card.buttons, answered.mentions) == ((), ())


async def test_cant_make_it_asks_the_first_in_line(club: MeetingClub) -> None:
    await asked(club)
    assert fields(await club.card("pick"))["Next in line"] == "Bob"
    reply = await club.ann.presses("Can't", await club.card("ask"))
    assert reply.text == "You are not presenting on Thursday 26 November; Bob is asked now."
    first, second = await club.messages("ask")
    assert first.card.body == "This was passed on: Bob is asked now."
    assert second.mentions == ("web:bob",)
    assert "Next in line" not in fields(await club.card("pick"))


async def test_nobody_else_presses_yes_for_the_one_who_is_asked(club: MeetingClub) -> None:
    await asked(club)
    refused = await club.cid.presses("I'll present", await club.card("ask"))
    assert not refused.ok
    assert "Ann" in refused.text
    assert not (await club.cid.presses("Can't", await club.card("ask"))).ok


async def test_who_is_silent_is_nudged_and_then_the_next_is_asked(club: MeetingClub) -> None:
    await asked(club)
    await club.to("2026-11-24 02:00")
    nudge = (await club.messages("ask"))[-1]
    assert nudge.card.title == "Ann, are you presenting on Thursday 26 November?"
    assert nudge.card.body.endswith(
        "Please answer by Tuesday 24 November, 17:00 CET; after that the next in line is asked."
    )
    assert nudge.mentions == ("web:ann",)
    await club.to(ANSWERED)
    assert (await club.messages("ask"))[-1].mentions == ("web:bob",)
    assert not any(message.mentions == ("web:ann",) for message in await club.messages("ask"))


async def test_where_nobody_claimed_it_anybody_offers_and_one_wins(club: MeetingClub) -> None:
    card = await club.pick(1)
    assert fields(card)["Presents"] == "Nobody yet"
    assert "Nobody presents yet: press I'll present" in (await club.ann.says("/paper next")).text
    assert labels(await club.ann.says("/paper meeting present")) == ["I'll present"]
    assert (await club.ann.presses("I'll present", card)).ok
    late = await club.bob.presses("I'll present", card)
    assert not late.ok
    assert "Ann" in late.text
    assert fields(await club.card("pick"))["Presents"] == "Ann"


async def test_when_the_last_one_cant_the_channel_is_asked_and_can_press(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 1")
    await club.pick(1)
    reply = await club.ann.presses("Can't", await club.card("ask"))
    assert reply.text == "You are not presenting on Thursday 26 November. Everybody is told that somebody else can."
    notice = await club.card("notice")
    assert notice.title == "Meeting on Thursday 26 November"
    assert notice.body == "Ann can't present; nobody presents yet. Whoever would like to present presses I'll present."
    assert (await club.cid.presses("I'll present", notice)).ok
    assert (await club.card("notice")).buttons == ()
    assert (await club.card("ask")).body == "Cid presents."


async def test_where_nobody_is_left_it_is_an_open_discussion_until_somebody_offers(club: MeetingClub) -> None:
    await club.pick(1)
    await club.to(NAMED)
    assert fields(await club.card("pick"))["Presents"] == "Open discussion"
    assert (await club.ann.says("/paper next")).text.endswith("as an open discussion.")
    assert "it will be an open discussion" in (await club.card("notice")).body
    await club.ann.presses("I'll present", await club.card("pick"))
    assert fields(await club.card("pick"))["Presents"] == "Ann"


async def test_present_without_anything_says_how_one_stands(club: MeetingClub) -> None:
    await asked(club)
    mine = await club.ann.says("/paper meeting present")
    assert mine.text == "You are asked to present on Thursday 26 November, 17:00 CET."
    assert labels(mine) == ["I'll present", "Can't make it"]
    await club.ann.presses_button(mine.choices[0])
    assert labels(await club.ann.says("/paper meeting present")) == ["Can't make it"]
    theirs = await club.bob.says("/paper meeting present")
    assert theirs.text == "Ann presents on Thursday 26 November, 17:00 CET. /paper claim backs them up."
    assert (await club.bob.says("/paper meeting present perhaps")).text == '"perhaps" is none of these: yes, no.'


async def test_the_presenter_who_presses_back_up_keeps_the_paper(club: MeetingClub) -> None:
    await asked(club)
    reply = await club.ann.presses("I'd step in", await club.card("pick"))
    assert reply.text.startswith("You already hold “Sparse Attention Is Enough”")
    assert (await club.cid.presses("I'd step in", await club.card("pick"))).text.startswith(
        "Ann has claimed “Sparse Attention Is Enough” already; you are second in line after Ann"
    )


async def test_a_redelivered_press_that_gave_the_paper_back_does_not_take_it_again(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 1")
    await club.pick(1)
    card = await club.town.card("Sparse")
    for _ in range(2):
        await club.ann.presses("Claimed", card, request="gives-back")
        assert fields(await club.card("pick"))["Presents"] == "Nobody yet"
        assert "Claimed by" not in fields(await club.town.card("Sparse"))


async def test_co_presenters_stand_beside_the_presenter(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 1")
    await club.cid.says("/paper claim 1 as:co")
    await club.pick(1)
    assert fields(await club.card("pick"))["Presents"] == "Ann and Cid; Ann has not confirmed yet"
    await club.ann.says("/paper meeting present yes")
    assert fields(await club.card("pick"))["Presents"] == "Ann and Cid"
    assert (await club.cid.says("/paper claim 1")).text.startswith("You present “Sparse Attention Is Enough” together")
    assert fields(await club.card("pick"))["Presents"] == "Ann and Cid", "what is not named stays"


async def test_slides_of_who_cant_make_it_are_kept_and_a_paper_is_asked_about(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 1")
    await club.pick(1)
    both = await club.ann.says("/paper meeting present no paper:2")
    assert (both.ok, both.text) == (False, "Either you can't make it or you bring a paper: say one of them.")
    reply = await club.ann.says("/paper meeting present no slides:https://s.example.org/1")
    assert reply.text.endswith("Your slides stand on the meeting's card now.")
    assert ("slides", "https://s.example.org/1") in (await club.card("pick")).links


# --- slides


async def test_slides_are_a_link_of_who_presents(club: MeetingClub) -> None:
    await asked(club)
    assert (await club.ann.says("/paper meeting present yes slides:https://slides.example.org/1")).ok
    assert ("slides", "https://slides.example.org/1") in (await club.card("pick")).links
    refused = await club.cid.says("/paper meeting present slides:https://elsewhere.example.org")
    assert refused.text == (
        "The meeting of Thursday 26 November has slides already; only Ann and moderators can change them."
    )
    for wrong in (
        "javascript:alert(1)",
        "slides.example.org",
        "https://",
        "https://a.example/<script>",
        "ftp://a.example",
    ):
        reply = await club.ann.says("/paper meeting present", slides=wrong)
        assert (reply.ok, reply.text) == (False, "Slides are a link that begins with https:// or http://.")
    assert (await club.mod.says("/paper meeting present slides:https://slides.example.org/2")).ok
    assert ("slides", "https://slides.example.org/2") in (await club.card("pick")).links
    log = (await club.mod.says("/paper-admin audit")).text
    assert "Ann: Thursday 26 November: the slides are https://slides.example.org/1" in log
    assert "Mod: Thursday 26 November: the slides are https://slides.example.org/2" in log
    assert (await club.mod.says("/paper-admin undo")).ok
    assert ("slides", "https://slides.example.org/1") in (await club.card("pick")).links


async def test_yes_a_paper_and_slides_of_one_request_are_each_done_once(club: MeetingClub) -> None:
    await asked(club)
    for _ in range(2):
        reply = await club.ann.says(
            "/paper meeting present yes slides:https://slides.example.org/1", request="all-of-it"
        )
        assert reply.ok
        assert ("slides", "https://slides.example.org/1") in (await club.card("pick")).links
    log = (await club.mod.says("/paper-admin audit")).text
    assert (log.count("Ann presents"), log.count("the slides are")) == (1, 1)


# --- handing over


async def test_the_presenter_hands_over_and_the_other_is_asked(club: MeetingClub) -> None:
    await asked(club)
    reply = await club.ann.says("/paper meeting handover cid")
    assert reply.text == "Cid is asked to present on Thursday 26 November, 17:00 CET instead of you."
    assert (await club.messages("ask"))[-1].mentions == ("web:cid",)
    again = await club.ann.says("/paper meeting handover Bob")
    assert again.text == "You present nothing and hold no paper, so there is nothing to hand over."


async def test_a_claim_is_handed_over_and_of_several_one_is_named(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 1")
    assert (await club.ann.says("/paper meeting handover Bob")).text == "Bob holds “Sparse Attention Is Enough” now."
    await club.ann.says("/paper claim 2")
    await club.ann.says("/paper claim 3")
    assert (await club.ann.says("/paper meeting handover Bob")).text.startswith("You hold 2 papers. Say which one")
    assert (
        await club.ann.says("/paper meeting handover member:Bob paper:3")
    ).text == "Bob holds “What Diffusion Forgets” now."
    assert not (await club.ann.says("/paper meeting handover member:Bob paper:1")).ok
    assert (await club.ann.says("/paper meeting handover Ann")).text == "That is you already."
    assert (await club.ann.says("/paper meeting handover Zed")).text.startswith('Nobody here is called "Zed".')


async def test_a_redelivered_handover_gives_no_second_paper_away(club: MeetingClub) -> None:
    await asked(club)
    await club.ann.says("/paper claim 2")
    assert (await club.ann.says("/paper meeting handover cid", request="hands")).text.startswith(
        "Cid is asked to present"
    )
    again = await club.ann.says("/paper meeting handover cid", request="hands")
    assert (again.ok, again.text) == (True, "You handed that over to Cid already.")
    assert fields(await club.town.card("Tiny"))["Claimed by"] == "Ann"


async def test_a_redelivered_handover_of_a_claim_gives_no_meeting_away(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 2")
    assert (
        await club.ann.says("/paper meeting handover cid", request="hands")
    ).text == "Cid holds “Tiny Verifiers” now."
    await asked(club)
    assert (
        await club.ann.says("/paper meeting handover cid", request="hands")
    ).text == "You handed that over to Cid already."
    assert fields(await club.card("pick"))["Presents"].startswith("Ann")


async def test_nothing_is_handed_to_somebody_who_has_left(club: MeetingClub) -> None:
    await club.ann.says("/paper claim 1")
    club.town.surface.left = {"web:bob"}
    assert (await club.ann.says("/paper meeting handover Bob")).text == "Bob has left; nothing was handed over."
    assert fields(await club.town.card("Sparse"))["Claimed by"] == "Ann"


# --- presenter mode


async def test_in_presenter_mode_the_rota_names_somebody_who_brings_a_paper(tmp_path: Path) -> None:
    async with meetings(tmp_path, now="2026-11-12 08:00", mode="presenter") as club:
        await club.ann.says("/paper my rota in")
        await club.to(OPENED)
        card = await club.card("pick")
        assert card.title == "Meeting on Thursday 26 November"
        assert card.body == "Ann brings a paper by Monday 23 November, 17:00 CET."
        ask = await club.card("ask")
        assert (
            "You bring the paper: say which one by Monday 23 November, 17:00 CET, with /paper meeting present paper:"
            in ask.body
        )
        yes = await club.ann.presses("I'll present", ask)
        assert yes.text.startswith(
            "You present on Thursday 26 November, 17:00 CET. Bring a paper by Monday 23 November, 17:00 CET:"
        )
        assert "Ann brings a paper by Monday 23 November, 17:00 CET." in (await club.bob.says("/paper next")).text
        assert not (await club.bob.says("/paper meeting present paper:2")).ok
        brought = await club.ann.says("/paper meeting present paper:2")
        assert brought.text == "“Tiny Verifiers” is what we read on Thursday 26 November, 17:00 CET."
        assert (await club.card("pick")).title == "Thursday 26 November: Tiny Verifiers"


async def test_in_presenter_mode_without_a_rota_the_card_asks_who_presents(tmp_path: Path) -> None:
    async with meetings(tmp_path, mode="presenter") as club:
        await club.to(OPENED)
        card = await club.card("pick")
        assert card.body == "Who presents a paper? Press I'll present, then say which one."
        assert (await club.bob.presses("I'll present", card)).text.startswith("You present")
        assert (await club.card("pick")).body.startswith("Bob brings a paper")


# --- the rota and leave


async def test_rota_tells_my_load_and_takes_me_in_and_out(club: MeetingClub) -> None:
    first = await club.ann.says("/paper my rota")
    assert first.text == (
        "You have neither presented nor come to a meeting yet. "
        "You are not on the rota, so you present only when you offer."
    )
    assert labels(first) == ["Take turns", "Go on leave"]
    assert (await club.ann.presses_button(first.choices[0])).text.startswith("You are on the rota: it names you")
    assert (await club.ann.says("/paper my rota in")).text.startswith("You are on the rota already")
    assert (await club.ann.says("/paper my rota out")).text.startswith("You are off the rota")
    assert (await club.ann.says("/paper my rota out")).text.startswith("You are not on the rota")
    assert (await club.ann.says("/paper my rota dance")).text == '"dance" is none of these: in, out, leave, back.'


async def test_the_load_is_counted_from_meetings_that_are_over(club: MeetingClub) -> None:
    await asked(club)
    await club.ann.says("/paper meeting present yes")
    assert "You present on Thursday 26 November." in (await club.ann.says("/paper my rota")).text
    await club.to(STARTED)
    await club.to(OVER)
    await club.town.tick()
    assert (await club.ann.says("/paper my rota")).text.startswith(
        "You presented once, on Thursday 26 November 2026, and came to "
    )


async def test_only_moderators_see_what_everybody_carries(club: MeetingClub) -> None:
    await asked(club)
    await club.ann.says("/paper meeting present yes")
    await club.bob.says("/paper my rota in")
    await club.cid.says("/paper my rota leave")
    assert (await club.mod.says("/paper-admin drop 5")).ok
    await club.to(OVER)
    lines = (await club.mod.says("/paper my rota")).text.splitlines()
    assert lines[2] == "Only moderators see this:"
    assert lines[3].startswith("Ann: presented 1, last on Thursday 26 November; came to ")
    assert "Never presented: Bob (on the rota), Cid and Mod." in lines
    assert "On leave: Cid until further notice." in lines
    assert lines[-1] == "What moderators had to do: Thursday 3 December 0, Thursday 26 November 1; 0.5 steps a meeting."
    assert "Cid" not in (await club.bob.says("/paper my rota")).text


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("leave until:2026-12-03", "Thursday 3 December"),
        ("leave friday", "Friday 20 November"),
        ("leave until 3 dec", "Thursday 3 December"),
        ("leave until:tomorrow", "Saturday 21 November"),
        ("leave 2 weeks", "Friday 4 December"),
    ],
)
async def test_leave_has_a_last_day_in_the_words_that_people_use(club: MeetingClub, typed: str, until: str) -> None:
    reply = await club.ann.says(f"/paper my rota {typed}")
    assert reply.text == f"You are on leave until {until}: nobody asks you to present."
    assert f"You are on leave until {until}." in (await club.ann.says("/paper my rota")).text
    assert (await club.ann.says("/paper my rota back")).text == "Welcome back: you can be asked to present again."
    assert (await club.ann.says("/paper my rota back")).text == "You are not on leave."


async def test_a_leave_said_again_keeps_its_last_day(club: MeetingClub) -> None:
    await club.ann.says("/paper my rota until:2026-12-03")
    again = await club.ann.says("/paper my rota leave")
    assert again.text == "You are on leave until Thursday 3 December already."
    assert (await club.ann.presses_button(again.choices[0])).text.startswith("You are on leave until you say")
    assert "You are on leave until further notice." in (await club.ann.says("/paper my rota")).text
    wrong = await club.ann.says("/paper my rota in until:friday")
    assert (wrong.ok, wrong.text) == (False, "A last day is for a leave: /paper my rota leave until:friday")


async def test_a_leave_that_can_be_meant_in_two_ways_asks_back(club: MeetingClub) -> None:
    reply = await club.ann.says("/paper my rota leave next sunday")
    assert reply.text == "Which day is the last one of your leave?"
    assert labels(reply) == ["On Sunday 22 November", "On Sunday 29 November"]
    chosen = await club.ann.presses_button(reply.choices[-1])
    assert chosen.text == "You are on leave until Sunday 29 November: nobody asks you to present."


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("leave blah", '"blah" is no day. Write it like "friday", "3 dec" or 2026-12-03.'),
        ("leave until:2026-01-01", "Thursday 1 January 2026 is over."),
        ("leave december", '"december" is no day.'),
    ],
)
async def test_a_leave_until_no_day_says_how_to_write_one(club: MeetingClub, typed: str, answer: str) -> None:
    reply = await club.ann.says(f"/paper my rota {typed}")
    assert not reply.ok
    assert reply.text.startswith(answer)


async def test_who_goes_on_leave_does_not_present_what_falls_into_it(club: MeetingClub) -> None:
    await asked(club)
    assert (await club.ann.says("/paper my rota leave 22 nov")).text.endswith("nobody asks you to present.")
    assert fields(await club.card("pick"))["Presents"].startswith("Ann")
    assert (await club.ann.says("/paper my rota leave 1 dec")).text.endswith(
        "You were to present on Thursday 26 November; that is passed on."
    )
    assert not fields(await club.card("pick"))["Presents"].startswith("Ann")


# --- claims that sleep


async def test_a_claim_that_sleeps_asks_its_holder_who_alone_keeps_it(tmp_path: Path) -> None:
    async with meetings(tmp_path, sleep_weeks=2) as club:
        await club.ann.says("/paper claim 3")
        await club.vote(1)
        for now in (CLOSED, "2026-12-04 17:30", "2026-12-05 17:30"):
            await club.to(now)
        (message,) = [one for one in await club.messages("ask") if "keep it" in one.card.title]
        assert message.card.title == "Ann: keep it or give it back?"
        assert message.card.body == (
            "You claimed “What Diffusion Forgets” on Friday 20 November 2026 and it has not been picked. "
            "Until you say so, the claim does not count."
        )
        assert message.mentions == ("web:ann",)
        refused = await club.bob.presses("Keep", message.card)
        assert (refused.ok, refused.text) == (False, "It is Ann's claim: only they can keep it.")
        kept = await club.ann.presses("Keep", message.card)
        assert kept.text == "You keep “What Diffusion Forgets”; your claim counts again."
        assert (await club.card("ask")).body == "Ann keeps “What Diffusion Forgets”."
        assert (await club.ann.presses("Release", message.card)).text.startswith("You released")
        assert (await club.card("ask")).body == "It was given back; anyone can claim it."
        assert not (await club.ann.presses("Keep", message.card)).ok
        assert not (await club.ann.says("/paper claim claim:x")).ok


async def test_a_newcomer_on_the_rota_hears_from_when_on_they_are_named(club: MeetingClub) -> None:
    new = await club.town.member("Newcomer")
    assert "In your first week it does not: from " in (await new.says("/paper my rota in")).text
    club.town.clock.move(days=8)
    assert "first week" not in (await new.says("/paper my rota in")).text

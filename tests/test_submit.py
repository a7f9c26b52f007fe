"""Members hand papers in: by link, id or a whole message; once, whoever repeats what."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest

from bot.errors import SourceError
from bot.model import RawPaper
from tests.club import BERLIN, Person, Town, town
from tests.fakes.source import ListedSource, paper

LINK = "https://arxiv.org/abs/1706.03762"
BLOG = "https://example.org/post"


class Library:
    """A finder with the papers that the test gives it."""

    def __init__(self, *papers: RawPaper) -> None:
        self.papers = {f"arxiv:{raw.arxiv_id}": raw for raw in papers}
        self.down = False
        self.asked: list[str] = []

    async def find(self, key: str) -> RawPaper | None:
        self.asked.append(key)
        if self.down:
            raise SourceError("the library does not answer")
        return self.papers.get(key)


FOUND = RawPaper("Attention Is\nAll You Need", "We propose the Transformer.", arxiv_id="1706.03762")


@pytest.fixture
def library() -> Library:
    return Library(FOUND, replace(FOUND, title="BERT", arxiv_id="1810.04805"))


@pytest.fixture
async def club(tmp_path: Path, library: Library) -> AsyncIterator[Town]:
    source = ListedSource()
    source.announce("2026-11-23", paper(1, upvotes=2), paper(2, upvotes=1))
    async with town(tmp_path, source=source, finders=[library]) as readers:
        await readers.wait_until("2026-11-23 08:00")
        yield readers


async def test_a_link_joins_the_list_with_a_card_that_says_who_brought_it(club: Town) -> None:
    ann = await club.member("Ann")
    reply = await ann.says(f"/paper submit {LINK}")
    assert reply.text == "Handed in “Attention Is All You Need” as no. 3."
    card = await club.card("Attention")
    assert (card.body, card.url) == ("We propose the Transformer.", LINK)
    assert [(field.name, field.value) for field in card.fields] == [("Handed in by", "Ann")]
    assert card.footer == "handed in by a member"
    assert (await ann.says("/paper vote 3")).text.startswith("You voted for “Attention")
    assert "nominated" in (await ann.says("/paper show 3")).cards[0].fields[2].value


async def test_the_header_counts_what_was_announced_and_what_was_handed_in(club: Town) -> None:
    await (await club.member("Ann")).says(f"/paper submit {LINK}")
    header = (await club.channel())[0]
    assert (header.title, header.body) == ("Papers for Monday 23 November", "2 papers. One was handed in.")
    assert header.buttons[0].label == "Show all 3"
    club.source.announce("2026-11-23", paper(3))
    await club.wait_until("2026-11-23 09:30")
    body = "3 papers. The first 2 have cards here; Show all lists the rest. One came later. One was handed in."
    assert (await club.channel())[0].body == body


async def test_on_an_empty_day_the_reason_stays(club: Town) -> None:
    await club.wait_until("2026-11-24 08:00")
    await (await club.member("Ann")).says(f"/paper submit {LINK}")
    header = next(card for card in await club.channel() if "24 November" in card.title)
    assert header.title == "No new papers on Tuesday 24 November"
    assert header.body.startswith("The Gazette lists no papers for Tuesday 24 November.")
    assert header.body.endswith("One was handed in.")
    reply = await club.visitor().says("/paper today")
    assert [card.title for card in reply.cards] == ["Attention Is All You Need"]
    club.source.announce("2026-11-24", paper(5))
    await club.wait_until("2026-11-24 09:30")
    assert (await club.card("Number 5")).footer == "from The Gazette", "it is the first of its day, not late"


async def test_what_is_on_the_list_is_said_and_not_doubled(club: Town, library: Library) -> None:
    ann = await club.member("Ann")
    await ann.says(f"/paper submit {LINK}")
    for typed in (LINK, "1706.03762v2", "arXiv:1706.03762", "https://huggingface.co/papers/1706.03762"):
        reply = await ann.says(f"/paper submit {typed}")
        assert reply.text == "“Attention Is All You Need” is on the list already."
        assert [card.title for card in reply.cards] == ["Attention Is All You Need"]
    assert (await ann.says("/paper submit 2611.00002")).text == "“Invented Paper Number 2” is on the list already."
    assert library.asked == ["arxiv:1706.03762"]


async def test_a_request_that_arrives_twice_hands_in_once(club: Town) -> None:
    ann = await club.member("Ann")
    for _ in range(2):
        assert (await ann.says(f"/paper submit {LINK} {BLOG}", request="same")).ok
    assert len([card for card in await club.channel() if "Attention" in card.title]) == 1


async def test_a_message_with_several_links_is_read_whole(club: Town) -> None:
    ann = await club.member("Ann")
    text = f"Look: [this one]({LINK}), <https://arxiv.org/pdf/1810.04805.pdf>, (2611.00001) and {BLOG}!"
    reply = await ann.says("/paper submit", link=text)
    assert reply.text == (
        "Handed in “Attention Is All You Need” as no. 3 and “BERT” as no. 4. "
        "“Invented Paper Number 1” is on the list already. "
        f"I can't look up {BLOG}. Say it with its title: /paper submit link:{BLOG} title:…"
    )


async def test_five_links_are_taken_at_a_time(club: Town) -> None:
    ann = await club.member("Ann")
    links = " ".join(f"2611.{number:05}" for number in range(1, 8))
    reply = await ann.says("/paper submit", link=links)
    assert reply.text.endswith("2 more links left out: 5 at a time.")


async def test_a_paper_that_nobody_knows_is_taken_with_its_title(club: Town) -> None:
    ann = await club.member("Ann")
    reply = await ann.says(f"/paper submit {BLOG}")
    assert (reply.ok, reply.cards) == (False, ())
    reply = await ann.says(f"/paper submit {BLOG}/1 {BLOG}/2/{'long' * 500}")
    assert len(reply.text) < 500
    assert reply.text.endswith("…. Say each with its title: /paper submit link:… title:…")
    reply = await ann.says(f"/paper submit link:{BLOG} title: On <b> $\\ell_2$ norms")
    assert reply.text == "Handed in “On <b> ℓ₂ norms” as no. 3."
    assert (await club.card("norms")).url == BLOG
    assert (await ann.says("/paper submit link:10.1000/xyz title:By its DOI")).ok
    assert (await club.card("DOI")).url == "https://doi.org/10.1000/xyz"


async def test_a_paper_that_is_announced_after_it_was_handed_in_has_one_card(club: Town, library: Library) -> None:
    ann = await club.member("Ann")
    await ann.says(f"/paper submit {LINK}")
    await ann.says("/paper submit link:2611.00007 title:Nobody can look me up today")
    await ann.says("/paper vote 4")
    club.source.announce("2026-11-24", FOUND, paper(7, upvotes=3), paper(8))
    await club.wait_until("2026-11-24 08:00")
    titles = [card.title for card in await club.channel() if card.kind == "paper"]
    assert titles.count("Attention Is All You Need") == 1
    assert titles == [*titles[:2], "Attention Is All You Need", "Invented Paper Number 7", "Invented Paper Number 8"]
    card = await club.card("Number 7")
    assert card.body == "We propose method 7, which learns faster."
    assert card.buttons[0].label == "Vote 1"
    assert [(field.name, field.value) for field in card.fields] == [("Handed in by", "Ann")]
    assert (await club.visitor().says("/paper today")).text == "Papers for Tuesday 24 November: 1 paper"
    assert (await ann.says("/paper submit 2611.00007")).text == "“Invented Paper Number 7” is on the list already."


async def test_a_very_long_text_is_read_at_once(club: Town) -> None:
    ann, began = await club.member("Ann"), perf_counter()
    await ann.says("/paper submit", link="10.1000/" + ")" * 60_000)
    assert perf_counter() - began < 1


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,<b>", "//example.org", "file:///etc/passwd"])
async def test_what_is_no_link_of_the_web_is_not_taken(club: Town, link: str) -> None:
    reply = await (await club.member("Ann")).says("/paper submit", link=link, title="Click me")
    assert (reply.ok, reply.text[:27]) == (False, "There is no link in that. G")


async def test_one_paper_in_two_spellings_is_handed_in_once(club: Town) -> None:
    ann = await club.member("Ann")
    reply = await ann.says("/paper submit", link=f"{LINK} {LINK}?utm_source=x https://arxiv.org/pdf/1706.03762v5")
    assert reply.text == "Handed in “Attention Is All You Need” as no. 3."


async def test_a_finder_that_is_down_keeps_nothing_out(club: Town, library: Library) -> None:
    library.down = True
    ann = await club.member("Ann")
    assert (await ann.says(f"/paper submit {LINK}")).text.startswith("I can't look up https://arxiv.org")
    assert (await ann.says(f"/paper submit {LINK} title:Attention")).text == "Handed in “Attention” as no. 3."


async def test_a_paper_of_another_group_needs_no_finder(tmp_path: Path, library: Library) -> None:
    source = ListedSource()
    source.announce("2026-11-23", paper(1))
    other = replace(BERLIN, id="others", channels=("web:others",), day=replace(BERLIN.day, on="fri"))
    (tmp_path / "two").mkdir()
    async with town(tmp_path / "two", BERLIN, other, source=source, finders=[library]) as both:
        await both.wait_until("2026-11-23 08:00")
        eve = await both.member("Eve", "others")
        assert (await eve.says("/paper submit 2611.00001")).text == "Handed in “Invented Paper Number 1” as no. 1."
        assert library.asked == []
        assert (await both.card("Number 1")).fields == (), "in the other group nobody handed it in"


@pytest.mark.parametrize("typed", ["nothing at all", "see https://", "1234"])
async def test_a_text_without_a_link_says_so(club: Town, typed: str) -> None:
    reply = await (await club.member("Ann")).says(f"/paper submit {typed}")
    assert (reply.ok, reply.text.startswith("There is no link in that.")) == (False, True)


async def test_before_the_first_list_there_is_nowhere_to_put_it(tmp_path: Path, library: Library) -> None:
    async with town(tmp_path, finders=[library], now="2026-11-23 07:00") as readers:
        reply = await (await readers.member("Ann")).says(f"/paper submit {LINK}")
        assert reply.text == "There is no list yet to put it on. Hand it in again after the first post."


async def test_what_was_handed_in_is_not_listed_again_when_a_source_announces_it(club: Town) -> None:
    await (await club.member("Ann")).says(f"/paper submit {LINK}")
    club.source.announce("2026-11-24", replace(FOUND, upvotes=7))
    await club.wait_until("2026-11-24 08:00")
    digest = await club.club.store.read(lambda rows: rows.days.digest("readers", date(2026, 11, 24)))
    assert digest
    assert digest.papers == 0


# --- and withdraw them


async def handed_in(club: Town) -> tuple[Person, Person]:
    ann, bob = await club.member("Ann"), await club.member("Bob")
    await ann.says(f"/paper submit {LINK}")
    return ann, bob


async def test_who_handed_a_paper_in_withdraws_it_and_its_card_says_so(club: Town) -> None:
    ann, bob = await handed_in(club)
    await ann.says("/paper vote 3")
    await ann.says("/paper claim 3")
    reply = await ann.says("/paper withdraw 3")
    withdrawn = "You withdrew “Attention Is All You Need”: its card says so. /paper submit hands it in again."
    assert (reply.ok, reply.text) == (True, withdrawn)
    card = await club.card("Attention")
    assert [(field.name, field.value) for field in card.fields] == [("Withdrawn by", "Ann")]
    assert [button.label for button in card.buttons] == ["Summary", "Discuss"]
    assert (card.number, card.takes_emoji) == (3, False)
    assert "listed, withdrawn" in [field.value for field in (await bob.says("/paper show 3")).cards[0].fields]
    again = await ann.says("/paper withdraw 3")
    assert again.text == "“Attention Is All You Need” is withdrawn already. /paper submit hands it in again."


async def test_what_is_withdrawn_takes_neither_votes_nor_claims_nor_a_pick(club: Town) -> None:
    ann, bob = await handed_in(club)
    await ann.says("/paper withdraw 3")
    for word in ("vote", "claim"):
        reply = await bob.says(f"/paper {word} 3")
        assert (reply.ok, reply.text) == (
            False,
            "“Attention Is All You Need” was withdrawn by who handed it in. /paper submit hands it in again.",
        )
    assert "Attention" not in (await ann.says("/paper next")).text


async def test_only_who_handed_it_in_withdraws_it(club: Town) -> None:
    _, bob = await handed_in(club)
    reply = await bob.says("/paper withdraw 3")
    said = "“Attention Is All You Need” was not handed in by you. A moderator takes a paper off the vote."
    assert (reply.ok, reply.text) == (False, said)
    assert (await bob.says("/paper withdraw 1")).text.endswith("A moderator takes a paper off the vote.")


@pytest.mark.parametrize("word", ["vote", "claim"])
async def test_what_another_took_up_stays(club: Town, word: str) -> None:
    ann, bob = await handed_in(club)
    await bob.says(f"/paper {word} 3")
    reply = await ann.says("/paper withdraw 3")
    assert (reply.ok, reply.text[:36]) == (False, "“Attention Is All You Need” stays: s")
    await bob.says(f"/paper {'unvote' if word == 'vote' else 'release'} 3")
    assert (await ann.says("/paper withdraw 3")).ok, "nobody wants it by now"


async def test_withdraw_stands_in_the_answer_and_under_mine(club: Town) -> None:
    ann = await club.member("Ann")
    (card,) = (await ann.says(f"/paper submit {LINK}")).cards
    assert [button.label for button in card.buttons] == ["Vote", "Claim", "Withdraw"]
    mine = await ann.says("/paper mine")
    assert mine.text == "1 handed in. Only you see this."
    assert [(field.name, field.value) for field in mine.cards[0].fields] == [
        ("You", "handed in"),
        ("Handed in by", "Ann"),
    ]
    assert (await ann.presses("Withdraw", mine.cards[0])).ok
    (card,) = (await ann.says("/paper mine")).cards
    assert card.buttons == (), "there is nothing left to withdraw"


async def test_handed_in_again_it_is_on_the_newest_list_whoever_does(club: Town) -> None:
    ann, bob = await handed_in(club)
    await ann.says("/paper withdraw 3")
    club.source.announce("2026-11-24", paper(8))
    await club.wait_until("2026-11-24 08:00")
    assert (await bob.says(f"/paper submit {LINK}")).text == "Handed in “Attention Is All You Need” as no. 2."
    card = await club.card("Attention")
    assert [(field.name, field.value) for field in card.fields] == [("Handed in by", "Bob")]
    assert [button.label for button in card.buttons][:2] == ["Vote", "Claim"]
    assert (await ann.says("/paper vote 2")).text.startswith("You voted for “Attention")
    assert (await ann.says("/paper withdraw 2")).text.startswith(
        "“Attention Is All You Need” was not handed in by you."
    )
    titles = [card.title for card in (await ann.says("/paper today")).cards]
    assert titles == ["Invented Paper Number 8", "Attention Is All You Need"]


async def test_on_the_same_day_it_keeps_its_number(club: Town) -> None:
    ann, bob = await handed_in(club)
    await ann.says("/paper withdraw 3")
    assert (await bob.says(f"/paper submit {LINK}")).text == "Handed in “Attention Is All You Need” as no. 3."
    assert len([card for card in await club.channel() if "Attention" in card.title]) == 1


async def test_a_request_to_withdraw_that_comes_again_does_not_undo_what_came_between(club: Town) -> None:
    ann, _ = await handed_in(club)
    await ann.says("/paper withdraw 3", request="w")
    await ann.says(f"/paper submit {LINK}")
    await ann.says("/paper withdraw 3", request="w")
    assert (await ann.says("/paper vote 3")).ok

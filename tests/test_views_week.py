"""What the cards of a meeting say, in every state that it can be in: short, plain, complete, and never a None."""

import inspect
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.steps import KINDS as ACTIONS
from bot.cards import Card, Event, Message
from bot.model import (
    Claim,
    ClaimKind,
    Entry,
    GroupSettings,
    Logged,
    Member,
    Nominee,
    Paper,
    Participation,
    Pick,
    Question,
    Recap,
    RsvpAnswer,
    Session,
    Summary,
    Wanted,
    WeekSettings,
)
from bot.moments import plain
from bot.ports import Reads
from bot.ports.rows.attendance import Attended
from bot.views import KINDS, build
from bot.views.dates import spoken_span
from bot.views.events import event_card
from bot.views.moves import say_move, step_card
from bot.views.papers import found_card, full_card, paper_card, quoted
from bot.views.pick import pick_card
from bot.views.recap import archived_card, recap_card
from bot.views.session import reminder_card, room_card
from bot.views.timetable import TOLD
from bot.views.vote import first_sentence
from bot.voting.decision import decide
from bot.voting.export import to_data
from bot.week import wishes
from bot.week.timeline import StepKind, moment
from bot.wording import ordinal, shortened
from tests.electing import election, votes
from tests.fakes.nominated import Nominated
from tests.spoken import as_spoken

STARTS = datetime(2026, 11, 26, 16, tzinfo=UTC)
ASKED = STARTS - timedelta(days=4)
ANN, BOB, CID, DORA = (Member(n, name) for n, name in enumerate(("Ann", "Bob", "Cid", "Dora"), 1))
READERS = GroupSettings(
    id="readers", name="Readers", timezone="Europe/Berlin", week=WeekSettings(session="thu 17:00", place="Room 2.01")
)
PAPER = Paper("arxiv:2611.00001", "Tiny Verifiers", "Much is unknown.", ("Okello Adeyemi",), url="https://arxiv.org/x")
ENTRY = Entry(
    id=0,
    group="readers",
    paper=PAPER,
    posted_on=date(2026, 11, 20),
    rank=1,
    day=date(2026, 11, 20),
    source="gazette",
    reason="3 upvotes",
    summary=Summary("It lifts.", "from the abstract", "x"),
)
OTHER = replace(ENTRY, id=1, rank=2, paper=replace(PAPER, key="arxiv:2611.00002", title="A Second Look at Dropout"))
SESSION = Session(
    7,
    "readers",
    date(2026, 11, 26),
    STARTS,
    60,
    "Room 2.01",
    scheduled_at=STARTS - timedelta(days=14),
    closed_at=ASKED,
    entry=0,
    settled=True,
    presenter=ANN,
    asked_at=ASKED,
)
RECEIPT = decide(election(2, votes(3, 1)))
PICK = Pick("{}", json.dumps(to_data(RECEIPT)), ASKED)
ROOM = Participation(SESSION, ENTRY, PICK)
LONG = "An Exceedingly Long Title about " + ", ".join(f"Matter {n}" for n in range(40))


def fields(card: Card) -> dict[str, str]:
    return {field.name: plain(field.value) for field in card.fields}


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]


def claim(member: Member, kind: ClaimKind, number: int = 0) -> Claim:
    return Claim(number or member.id, 0, member, kind, ASKED)


class OneMeeting(Nominated):
    """As much of the rows as views ask."""

    def __init__(self, room: Participation = ROOM, entries: Sequence[Entry] = (ENTRY, OTHER)) -> None:
        super().__init__()
        self.kept = room
        self.others: list[Session] = []
        self.listed = {entry.id: entry for entry in entries}
        self.claimed: Claim | None = None
        self.step: Logged | None = None

    @property
    def rows(self) -> Reads:
        topics = ("attendance", "audit", "claims", "entries", "messages", "people", "picks", "sessions", "votes")
        return cast(Reads, SimpleNamespace(**dict.fromkeys(topics, self)))

    def session(self, group: str, session: int) -> Session | None:
        return self.kept.session if session == self.kept.session.id else None

    def some(self, group: str, ids: Sequence[int]) -> Sequence[Entry]:
        known = {entry.id: entry for entry in (*self.kept.related, self.kept.entry) if entry}
        return [known[id] for id in ids if id in known]

    def of_entries(self, group: str, entries: Sequence[int]) -> Sequence[Claim]:
        return self.kept.claims

    def newest_picks(self, group: str, sessions: Collection[int]) -> Mapping[int, Pick]:
        return {self.kept.session.id: self.kept.pick} if self.kept.pick else {}

    def ballots(self, group: str, sessions: Collection[int]) -> Mapping[int, int]:
        return {self.kept.session.id: self.kept.ballots}

    def attended(self, group: str, sessions: Collection[int]) -> Mapping[int, Attended]:
        room = self.kept
        joined: list[tuple[RsvpAnswer, Member]] = [("join", member) for member in room.coming]
        skipped: list[tuple[RsvpAnswer, Member]] = [("skip", member) for member in room.skipping]
        seconded = tuple((room.session.entry or 0, member) for member in room.seconded)
        done = Attended((*joined, *skipped), room.roles, room.readings, room.questions, room.recaps, seconded)
        return {room.session.id: done}

    def had_roles(self, group: str, members: Collection[int]) -> Mapping[tuple[int, str], int]:
        return {}

    def dealt_with(self, group: str) -> Mapping[int, str]:
        """As near as can be."""
        title = self.kept.entry.paper.title if self.kept.entry else ""
        return {entry.id: title for entry in self.kept.related}

    def newest(self, group: str, place: str, kind: str, key: str) -> int:
        return 1

    def sessions(self, group: str, since: datetime) -> Sequence[Session]:
        ahead = [other for other in (self.kept.session, *self.others) if other.ends > since]
        return sorted(ahead, key=lambda other: other.starts)

    def entry(self, group: str, entry: int) -> Entry | None:
        return self.listed.get(entry)

    def accounts(self, group: str, member: int) -> Sequence[str]:
        return [f"discord:{member}", f"web:{member}"]

    def claim_by_id(self, group: str, claim: int) -> Claim | None:
        return self.claimed

    def logged(self, group: str, step: int) -> Logged | None:
        return self.step

    def shown_ref(self, group: str, place: str, kind: str, key: str) -> str:
        return ""


async def built(
    kind: str, key: str = "7", store: OneMeeting | None = None, group: GroupSettings = READERS, at: datetime = ASKED
) -> Message:
    wanted = Wanted(1, "readers", "web:readers", kind, key, 1, 1, 0, "", "", at)
    message = build((store or OneMeeting()).rows, wanted, group)
    assert message
    return as_spoken(message)


# --- every state


def rooms() -> st.SearchStrategy[Participation]:
    members = st.sampled_from((ANN, BOB, CID, DORA))
    some = st.lists(members, unique=True, max_size=4).map(tuple)
    sessions = st.builds(
        lambda **changed: replace(SESSION, **changed),
        place=st.sampled_from(("", "Room 2.01", "https://meet.example.org/a")),
        status=st.sampled_from(("planned", "planned", "planned", "skipped", "cancelled")),
        why=st.sampled_from(("", "exam week", "holidays.")),
        minutes=st.sampled_from((30, 60, 500)),
        entry=st.just(0),
        settled=st.booleans(),
        closed_at=st.sampled_from((None, ASKED)),
        closes_at=st.sampled_from((None, ASKED + timedelta(days=1))),
        shortlist=st.sampled_from(((), (0, 1))),
        presenter=st.one_of(st.none(), members),
        asked_at=st.sampled_from((None, ASKED)),
        confirmed_at=st.sampled_from((None, ASKED)),
        tried=st.lists(st.integers(1, 4), unique=True, max_size=2).map(tuple),
        open_discussion=st.booleans(),
        slides=st.sampled_from(("", "https://slides.example.org/1")),
    )
    kinds = st.sampled_from(("holder", "co", "backup", "fallback"))
    return st.builds(
        Participation,
        session=sessions,
        entry=st.sampled_from((None, ENTRY, replace(ENTRY, paper=replace(PAPER, title=LONG), summary=None))),
        pick=st.sampled_from((None, PICK)),
        coming=some,
        skipping=some,
        readings=st.dictionaries(st.sampled_from(("read", "skimmed", "not yet")), st.integers(1, 3)),
        roles=st.sampled_from(((), (("critic", ANN),))),
        questions=st.lists(st.builds(Question, st.just(1), members, st.just("Why?"), st.just(ASKED))).map(tuple),
        recaps=st.lists(
            st.builds(
                Recap,
                members,
                st.sampled_from(((), ("One",), ("One", "Two"))),
                st.sampled_from((None, 1, 5)),
                st.just(ASKED),
            )
        ).map(tuple),
        claims=st.lists(st.builds(claim, members, kinds), max_size=4).map(tuple),
        related=st.sampled_from(((), (OTHER,), (replace(OTHER, reads_on=date(2026, 11, 5)),))),
        ballots=st.integers(0, 2),
        seconded=some,
    ).map(_with_its_entry)


def _with_its_entry(room: Participation) -> Participation:
    return room if room.entry else replace(room, session=replace(room.session, entry=None))


GROUPS = st.builds(
    lambda **week: replace(READERS, week=replace(READERS.week, **week)),
    mode=st.sampled_from(("vote", "presenter")),
    rule=st.sampled_from(("votes", "approval", "irv", "schulze")),
    pick=st.sampled_from(("automatic", "organiser")),
    hidden=st.booleans(),
    budget=st.sampled_from((0, 1, 3)),
    headcount=st.sampled_from((0, 3)),
    roles=st.sampled_from(((), ("critic", "scribe"))),
)
KEYS = {
    "ask": f"7 {moment(ASKED)}",
    "nudge": f"7 {moment(ASKED)}",
    "reminder": f"7 remind 1 day {moment(STARTS)}",
}
OF_OTHERS = {"call", "digest", "paper", "discussion", "second-chance", "sleep", "step"}
ABOUT_MEETINGS = tuple(sorted(KINDS.keys() - OF_OTHERS))


@pytest.mark.parametrize("kind", ABOUT_MEETINGS)
@given(room=rooms(), group=GROUPS, hours=st.integers(0, 200))
async def test_every_message_reads_well_in_every_state(
    kind: str, room: Participation, group: GroupSettings, hours: int
) -> None:
    store = OneMeeting(room)
    store.nominees = (Nominee(0, "a", "A", ASKED, votes=2), Nominee(1, "b", "B", ASKED, carried=1))
    at = STARTS - timedelta(hours=150) + timedelta(hours=hours)
    if kind == "reminder":
        at = min(at, room.session.starts)  # none stands when it is over
    message = await built(kind, KEYS.get(kind, "7"), store, group, at)
    for text in _texts(message):
        assert text == text.strip()
        assert text
        assert not re.search(r"None|\{|\}|  |\+0\d|datetime|, ,|\.\.(?!\.)|: \.| \.|“”", text), text
    assert message.card.title
    assert all(len(button.id.encode()) <= 100 and button.label for button in message.card.buttons)
    ids = [button.id for button in message.card.buttons]
    assert len(set(ids)) == len(ids)
    if message.card.buttons and kind != "recap":
        assert room.session.status == "planned"


def _texts(message: Message) -> list[str]:
    card = message.card
    optional = [card.body, card.footer, card.byline, card.label]
    fields = [text for field in card.fields for text in (field.name, *field.value.split("\n"))]
    return [message.text, card.title, *filter(None, optional), *fields, *(button.label for button in card.buttons)]


def test_there_is_a_view_for_every_kind_that_is_wanted() -> None:
    wanted = set(re.findall(r'Wish\("([a-z-]+)"', inspect.getsource(wishes)))
    assert len(wanted) >= 7
    assert wanted | OF_OTHERS <= set(KINDS)


def test_every_step_has_its_action_and_is_told_in_words() -> None:
    assert set(ACTIONS) == set(StepKind)
    silent = {StepKind.PICK, StepKind.NUDGE, StepKind.REMIND}  # told otherwise, or to one
    assert set(StepKind) - set(TOLD) == silent


async def test_nothing_is_shown_of_what_is_not_there() -> None:
    wanted = Wanted(1, "readers", "web:readers", "pick", "99", 1, 1, 0, "", "", ASKED)
    for kind in ABOUT_MEETINGS:
        key = KEYS.get(kind, "7").replace("7", "99", 1)
        assert build(OneMeeting().rows, replace(wanted, kind=kind, key=key), READERS) is None
    assert build(OneMeeting().rows, replace(wanted, kind="of another version"), READERS) is None
    assert build(OneMeeting().rows, replace(wanted, kind="step"), READERS) is None


# --- papers


def test_a_papers_card_has_who_claimed_it_and_who_follows_and_when_it_is_read() -> None:
    entry = replace(ENTRY, claimer=ANN, backups=(BOB, CID), reads_on=date(2026, 12, 3))
    assert fields(paper_card(entry, READERS)) == {"Read on": "Thursday 3 December", "Claimed by": "Ann; then Bob, Cid"}
    assert fields(paper_card(replace(entry, claimer=None, discussed=True), READERS)) == {
        "Discussed": "Thursday 3 December",
        "Claimed by": "Bob, Cid",
    }


def test_hidden_votes_stand_on_no_card() -> None:
    entry = replace(ENTRY, votes=7, hides_votes=True)
    for card in (paper_card(entry, READERS), found_card(entry, READERS), full_card(entry, READERS)):
        assert card.buttons[0].label == "Vote"
        assert "7" not in " ".join(fields(card).values())


@pytest.mark.parametrize(("week", "takes"), [({}, True), ({"hidden": True}, False), ({"budget": 3}, False)])
async def test_the_emoji_is_a_vote_where_reactions_can_be_counted(week: dict[str, Any], takes: bool) -> None:
    group = replace(READERS, week=replace(READERS.week, **week))
    assert (await built("paper", "0", group=group)).card.takes_emoji is takes


async def test_a_near_winner_comes_again_as_a_card_without_number_and_emoji() -> None:
    message = await built("second-chance", "1")
    assert message.text == "Once more: A Second Look at Dropout"
    assert (message.card.title, message.card.number, message.card.takes_emoji) == (
        "A Second Look at Dropout",
        None,
        False,
    )
    said = "It came close before: half of those votes count that are not given again."
    assert fields(message.card)["Once more"] == said
    assert labels(message.card)[0] == "Vote"


def test_a_long_title_is_cut_where_it_stands_inside_a_sentence() -> None:
    assert len(quoted(LONG)) <= 92
    assert quoted(LONG).endswith("…”")
    card = pick_card(replace(ROOM, entry=replace(ENTRY, paper=replace(PAPER, title=LONG))), READERS)
    assert LONG in card.title, "a title is cut by the surface"


# --- the pick


def test_the_pick_has_all_that_one_wants_to_know() -> None:
    claims = (claim(ANN, "holder"), claim(BOB, "co"), claim(CID, "backup"), claim(DORA, "fallback"))
    card = pick_card(replace(ROOM, claims=claims, coming=(ANN, BOB, CID, DORA)), READERS, "It won. Why. More.")
    assert (card.title, card.url, card.byline) == (
        "Thursday 26 November: Tiny Verifiers",
        "https://arxiv.org/x",
        "Okello Adeyemi",
    )
    assert fields(card) == {
        "When": "Thursday 26 November, 17:00 to 18:00 CET",
        "Where": "Room 2.01",
        "Presents": "Ann and Bob; Ann has not confirmed yet",
        "Next in line": "Cid, then Dora",
        "Picked": "It won. Why. More.",
        "Coming": "4: Ann, Bob and 2 more",
    }
    assert labels(card) == ["Join 4", "Skip", "Ask", "Why this paper?", "I'd step in", "Manage"]
    assert [button.label for button in card.buttons if button.moderators] == ["Manage"]


def test_a_count_that_was_taken_back_is_not_told_under_another_paper() -> None:
    other = replace(ROOM, session=replace(SESSION, entry=1), entry=OTHER)
    assert "Picked" not in fields(pick_card(other, READERS, "“Tiny Verifiers” is picked."))


def test_who_cant_or_sleeps_is_not_in_line() -> None:
    claims = (claim(BOB, "backup"), replace(claim(CID, "backup"), slept_at=ASKED), claim(DORA, "backup"))
    card = pick_card(replace(ROOM, session=replace(SESSION, tried=(BOB.id,)), claims=claims), READERS)
    assert fields(card)["Next in line"] == "Dora"


def test_a_proposal_says_who_settles_it_and_who_has_claimed_it() -> None:
    session = replace(SESSION, settled=False, presenter=None, asked_at=None)
    card = pick_card(replace(ROOM, session=session, claims=(claim(BOB, "holder"),), seconded=(ANN,)), READERS)
    assert card.title == "Proposed for Thursday 26 November: Tiny Verifiers"
    assert card.footer == "A moderator or two members confirm it; 1 member has so far."
    assert fields(card)["Presents"] == "Bob has claimed it"
    assert labels(card)[0] == "Confirm"
    assert "I'll present" not in labels(card)


@pytest.mark.parametrize(
    ("changed", "presents"),
    [
        ({"confirmed_at": ASKED}, "Ann"),
        ({}, "Ann, who has not confirmed yet"),
        ({"presenter": None}, "Nobody yet"),
        ({"presenter": None, "open_discussion": True}, "Open discussion"),
    ],
)
def test_the_card_says_who_presents(changed: dict[str, Any], presents: str) -> None:
    card = pick_card(replace(ROOM, session=replace(SESSION, **changed)), READERS)
    assert fields(card)["Presents"] == presents
    assert ("I'll present" in labels(card)) is ("presenter" in changed)


async def test_only_the_pick_of_the_next_meeting_is_pinned() -> None:
    store = OneMeeting()
    assert (await built("pick", store=store)).pinned
    store.others = [replace(SESSION, id=6, starts=STARTS - timedelta(days=1))]
    assert not (await built("pick", store=store)).pinned, "another one is before it"
    assert (await built("pick", store=store, at=STARTS - timedelta(hours=2))).pinned, "that is over"
    assert not (await built("pick", store=store, at=STARTS + timedelta(hours=2))).pinned
    store.others = [replace(store.others[0], status="skipped")]
    assert (await built("pick", store=store)).pinned


async def test_a_meeting_that_is_off_has_no_buttons_and_says_why() -> None:
    store = OneMeeting(replace(ROOM, session=replace(SESSION, status="skipped", why="exam week")))
    for kind in ABOUT_MEETINGS:
        message = await built(kind, KEYS.get(kind, "7"), store)
        assert "There is no meeting on Thursday 26 November: exam week." in message.card.body
        assert message.card.buttons == ()


# --- nominations


async def test_the_leading_five_stand_with_their_votes_and_a_button_each() -> None:
    entries = [replace(ENTRY, id=n, paper=replace(PAPER, title=f"Paper {n}")) for n in range(10, 17)]
    store = OneMeeting(replace(ROOM, session=replace(SESSION, closed_at=None, entry=None), entry=None), entries)
    store.nominees = tuple(
        Nominee(n, str(n), "", ASKED + timedelta(hours=n), votes=n - 10, carried=2 if n == 12 else 0, dropped=n == 16)
        for n in range(10, 17)
    )
    card = (await built("nominations", store=store)).card
    assert labels(card) == [
        "Vote 5 · Paper 15",
        "Vote 4 · Paper 12",
        "Vote 4 · Paper 14",
        "Vote 3 · Paper 13",
        "Vote 1 · Paper 11",
        "Join",
    ]
    assert card.body.endswith("6 papers to choose from; /paper vote takes any.")
    assert fields(card)["Paper 15"] == "5 votes, nobody has claimed it yet"
    hidden = replace(READERS, week=replace(READERS.week, hidden=True))
    card = (await built("nominations", store=store, group=hidden)).card
    assert labels(card)[:5] == [f"Vote · Paper {n}" for n in (12, 10, 11, 13, 14)]


async def test_without_nominations_the_card_says_how_to_nominate() -> None:
    store = OneMeeting(replace(ROOM, session=replace(SESSION, closed_at=None, entry=None), entry=None))
    body = (await built("nominations", store=store)).card.body
    assert "press Vote on a paper, type /paper vote, or hand one in with /paper submit." in body


# --- asking and reminding


async def test_only_accounts_of_the_surface_are_called() -> None:
    assert (await built("ask", KEYS["ask"])).mentions == ("web:1",)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"confirmed_at": ASKED}, "Ann presents."),
        ({"presenter": BOB, "asked_at": ASKED + timedelta(hours=1)}, "This was passed on: Bob is asked now."),
        (
            {"presenter": None, "asked_at": None},
            "Nobody does yet. Whoever would like to can press I'll present on the meeting's card.",
        ),
        (
            {"presenter": None, "asked_at": None, "open_discussion": True},
            "It will be an open discussion. Whoever would like to can press I'll present on the meeting's card.",
        ),
    ],
)
async def test_an_ask_that_was_answered_says_so_and_calls_nobody(changed: dict[str, Any], says: str) -> None:
    store = OneMeeting(replace(ROOM, session=replace(SESSION, **changed)))
    for kind in ("ask", "nudge"):
        message = await built(kind, KEYS[kind], store)
        assert (message.card.body, message.card.buttons, message.mentions) == (says, (), ())


@pytest.mark.parametrize("before", [timedelta(days=1), timedelta(hours=5), timedelta(minutes=1)])
async def test_a_reminder_names_the_day_and_says_nothing_that_becomes_false(before: timedelta) -> None:
    card = (await built("reminder", KEYS["reminder"], at=STARTS - before)).card
    assert card.title == "Reminder for Thursday 26 November: Tiny Verifiers"
    assert list(fields(card)) == ["When", "Where", "Presents", "Coming"]
    assert labels(card) == ["Join", "Skip", "Ask"]


def test_a_reminder_of_a_meeting_that_has_moved_says_where_to() -> None:
    card = reminder_card(ROOM, READERS, STARTS - timedelta(hours=2))
    assert (card.title, plain(card.body)) == ("Moved: Tiny Verifiers", "It is on Thursday 26 November, 17:00 CET now.")


def test_a_reminder_names_no_paper_that_is_only_proposed() -> None:
    proposed = replace(ROOM, session=replace(SESSION, settled=False))
    assert reminder_card(proposed, READERS, STARTS).title == "Reminder for Thursday 26 November: our meeting"


# --- the room


def test_the_room_has_questions_readings_roles_and_what_is_related() -> None:
    group = replace(READERS, week=replace(READERS.week, roles=("critic", "scribe")))
    room = replace(
        ROOM,
        coming=(ANN, BOB, CID),
        readings={"read": 2, "not yet": 1},
        roles=(("critic", BOB),),
        suggested=(("scribe", CID), ("reviewer", ANN)),
        questions=tuple(Question(n, DORA, f"Question {n}?", ASKED) for n in range(14)),
        related=(replace(OTHER, reads_on=date(2026, 11, 5)),),
    )
    card = room_card(room, group)
    shown = fields(card)
    assert shown["Coming"] == "3: Ann, Bob and Cid"
    assert shown["Who has read it"] == "2 read it and 1 not yet"
    assert shown["Roles"] == "Critic: Bob\nScribe: free; Cid had it least often"
    assert shown["Questions"].splitlines()[0] == "Dora: Question 0?"
    assert shown["Questions"].splitlines()[-1] == "and 2 more questions"
    assert shown["Related here"] == "“A Second Look at Dropout”, Thursday 5 November 2026"
    assert labels(card) == ["Ask", "Read", "Skimmed", "Not yet", "Join 3", "Skip", "Critic", "Scribe"]


def test_the_room_speaks_the_language_of_its_group() -> None:
    group = replace(READERS, language="de", week=replace(READERS.week, roles=("critic", "scribe")))
    room = replace(ROOM, readings={"read": 1, "skimmed": 2}, roles=(("critic", BOB),), suggested=(("scribe", CID),))
    shown = fields(room_card(room, group))
    assert shown["Wer es gelesen hat"] == "1 hat es gelesen und 2 haben es überflogen"
    assert shown["Rollen"] == "Kritik: Bob\nProtokoll: frei; am seltensten hatte sie Cid"


# --- the vote


def test_the_first_sentence_of_a_vote_ends_behind_its_date() -> None:
    assert (
        first_sentence("Stimm ab bis Montag, 23. November. Alle haben 2 Stimmen.")
        == "Stimm ab bis Montag, 23. November."
    )
    assert first_sentence("Vote. Then read.") == first_sentence("Vote") == "Vote."


# --- recap, archive, calendar


def test_the_recap_counts_what_was_said() -> None:
    recaps = (Recap(ANN, ("One",), 5, ASKED), Recap(BOB, (), 4, ASKED), Recap(CID, ("Two", "Three"), None, ASKED))
    card = recap_card(replace(ROOM, recaps=recaps), READERS)
    assert fields(card)["Worth our time"] == "4.5 of 5 from 2 members"
    assert fields(card)["Takeaways"] == "Ann: One\nCid: Two; Three"
    assert recap_card(replace(ROOM, recaps=(Recap(ANN, (), None, ASKED),)), READERS).title == "How was it?"


def test_an_archived_meeting_has_its_year_and_its_slides() -> None:
    room = replace(ROOM, session=replace(SESSION, slides="https://slides.example.org/1"))
    card = archived_card(room, READERS)
    assert fields(card) == {"Met on": "Thursday 26 November 2026", "Presented by": "Ann"}
    assert (card.links, card.entry, card.buttons) == ((("slides", "https://slides.example.org/1"),), 0, ())
    nothing = replace(ROOM, entry=None, session=replace(SESSION, entry=None, presenter=None, open_discussion=True))
    card = archived_card(nothing, READERS)
    assert (card.title, fields(card)["Presented by"]) == ("Meeting without a paper", "open discussion")


def test_an_event_has_times_and_place_and_is_called_off_with_the_meeting() -> None:
    card = event_card(ROOM, READERS)
    assert card.event == Event(STARTS, STARTS + timedelta(hours=1), "Room 2.01")
    assert (card.title, card.body) == (
        "Readers: Tiny Verifiers",
        "It lifts.\nPresents: Ann, who has not confirmed yet.",
    )
    off = event_card(replace(ROOM, session=replace(SESSION, status="cancelled", why="too few")), READERS)
    assert off.event
    assert off.event.is_cancelled
    assert off.body == "There is no meeting on Thursday 26 November: too few."
    proposed = event_card(replace(ROOM, session=replace(SESSION, settled=False)), READERS)
    assert proposed.title == "Readers: our meeting"


# --- steps


def logged(action: str, before: Mapping[str, Any], after: Mapping[str, Any], reason: str = "", by: str = "") -> Logged:
    names, titles = {1: "Ann", 2: "Bob"}, {0: "Tiny Verifiers", 1: "A Second Look at Dropout"}
    return Logged(5, ASKED, by, action, reason, before, after, 7, members=names, titles=titles)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (logged("close", {}, {"closed_at": ASKED}, "the ballot closed"), "the vote is closed"),
        (logged("shortlist", {}, {"shortlist": (0, 1)}), "the short list is made"),
        (
            logged("pick", {}, {"entry": 0}, "it has the most votes"),
            "“Tiny Verifiers” is picked (it has the most votes)",
        ),
        (logged("pick", {}, {}, "nobody voted"), "no paper is picked (nobody voted)"),
        (logged("propose", {}, {"entry": 0}), "“Tiny Verifiers” is proposed"),
        (logged("accept", {"settled": False}, {"settled": True}), "the paper is settled"),
        (
            logged("next", {"entry": 0}, {"entry": 1}),
            "“A Second Look at Dropout” is picked instead of “Tiny Verifiers”",
        ),
        (logged("reopen", {}, {"closes_at": ASKED}), "the vote is open again until Sunday 22 November, 17:00 CET"),
        (logged("skip", {}, {"status": "skipped", "why": "exams"}, "exams"), "there is no meeting: exams"),
        (logged("unskip", {}, {"status": "planned"}), "the meeting takes place after all"),
        (
            logged("move", {"starts": STARTS, "minutes": 60}, {"starts": ASKED, "minutes": 90}, "the room is taken"),
            "the meeting is on Sunday 22 November, 17:00 CET instead, it takes 90 minutes (the room is taken)",
        ),
        (logged("move", {"place": "A"}, {"place": ""}), "the place is open"),
        (logged("move", {"place": "A"}, {"place": "A"}), "the meeting stays as it is"),
        (logged("cancel", {}, {"why": "no schedule"}, "no schedule"), "the meeting is called off: no schedule"),
        (logged("name", {}, {"presenter": 1}, "it is their turn"), "it is Ann's turn to present"),
        (logged("name", {}, {"presenter": None}, "nobody is left"), "nobody can present: nobody is left"),
        (logged("confirm", {}, {"confirmed_at": ASKED}, by="Ann"), "Ann presents"),
        (logged("volunteer", {"presenter": None}, {"presenter": 2}), "Bob presents"),
        (logged("decline", {"presenter": 1}, {"presenter": 2}), "Ann can't present; Bob is asked"),
        (logged("decline", {"presenter": 1}, {"presenter": None}), "Ann can't present; nobody presents yet"),
        (
            logged("silent", {"presenter": 1}, {"presenter": None, "open_discussion": True}),
            "Ann did not answer in time; it will be an open discussion",
        ),
        (logged("hand over", {"presenter": 1}, {"presenter": 2}), "Ann hands over to Bob"),
        (logged("assign session", {"presenter": 1}, {"presenter": 2}), "Bob is to present"),
        (logged("release session", {"presenter": 1}, {"presenter": 2}), "Ann does not present any more; Bob is asked"),
        (
            logged("open", {"presenter": None}, {"open_discussion": True}),
            "nobody presents: it will be an open discussion",
        ),
        (logged("bring", {}, {"entry": 0}, by="Ann"), "Ann brings “Tiny Verifiers”"),
        (logged("headcount", {}, {}, "only 1 of 3 said yes"), "the meeting is called off: only 1 of 3 said yes"),
        (logged("missed", {}, {}, "nothing was chosen"), "nothing came of the meeting: nothing was chosen"),
        (logged("of another version", {}, {}), "of another version"),
    ],
)
def test_every_step_is_said_in_words(step: Logged, said: str) -> None:
    assert plain(say_move(step, READERS)) == said


def test_somebody_whose_name_is_not_known_is_somebody() -> None:
    assert say_move(logged("name", {}, {"presenter": 9}), READERS) == "it is somebody's turn to present"


async def test_the_channel_is_told_what_happened_what_to_do_and_when_it_was_taken_back() -> None:
    store = OneMeeting(replace(ROOM, session=replace(SESSION, presenter=None)))
    store.step = logged("decline", {"presenter": 1}, {"presenter": None}, by="Ann")
    card = (await built("step", "5", store)).card
    assert card.title == "Meeting on Thursday 26 November"
    assert card.body == "Ann can't present; nobody presents yet. Whoever would like to present presses I'll present."
    assert (labels(card), card.footer) == (["I'll present"], "")
    store.step = replace(store.step, undone=True)
    card = (await built("step", "5", store)).card
    assert (card.body, card.buttons) == ("Ann can't present; nobody presents yet. That was taken back.", ())


async def test_a_skipped_meeting_names_the_next_one() -> None:
    store = OneMeeting(replace(ROOM, session=replace(SESSION, status="skipped", why="exams")))
    store.others = [replace(SESSION, id=8, starts=STARTS + timedelta(days=7))]
    store.step = logged("skip", {}, {"status": "skipped"}, "exams", by="Mod")
    card = (await built("step", "5", store)).card
    assert card.body == (
        "There is no meeting: exams. Votes and claims stay as they are. The next meeting is on Thursday 3 December."
    )
    assert card.footer == "by Mod"


def test_a_step_of_no_known_meeting_has_a_title_too() -> None:
    assert step_card(logged("accept", {}, {"entry": 0}), READERS, None).title == "Our meetings"


# --- claims that sleep


async def test_a_sleeping_claim_calls_its_holder_and_one_that_woke_does_not() -> None:
    store = OneMeeting()
    store.claimed = replace(claim(ANN, "holder"), slept_at=ASKED + timedelta(weeks=8))
    message = await built("sleep", "1", store)
    assert message.mentions == ("web:1",)
    assert "You claimed “Tiny Verifiers” on Sunday 22 November 2026 and it has not been picked." in message.card.body
    assert labels(message.card) == ["Keep", "Release"]
    store.claimed = claim(ANN, "holder")
    kept = await built("sleep", "1", store)
    assert (kept.card.body, kept.mentions, kept.card.buttons) == ("Ann keeps “Tiny Verifiers”.", (), ())
    store.claimed = None
    assert (await built("sleep", "1", store)).card.body == "It was given back; anyone can claim it."


# --- times and words


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_meeting_over_midnight_names_both_days() -> None:
    said = spoken_span(at("2026-11-26 22:30"), 60, READERS)
    assert plain(said) == "Thursday 26 November, 23:30 to Friday 27 November, 00:30 CET"


def test_lists_and_places_are_said_as_people_say_them() -> None:
    assert shortened(["a", "b", "c"], 2) == "a, b and c"
    assert shortened(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert shortened([], 2) == ""
    assert [ordinal(n) for n in (1, 2, 5, 6, 11, 21, 22, 103, 112)] == [
        "first", "second", "fifth", "6th", "11th", "21st", "22nd", "103rd", "112th",
    ]  # fmt: skip

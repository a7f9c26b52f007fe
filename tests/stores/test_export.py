"""Contract of a store: what a group did, as JSON data that says all and names nobody's account."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from adapters.stores.sqlite.export import export
from adapters.stores.sqlite.links import REFERENCES
from bot.actions.attendance import ask, check_in, rsvp, take_role, write_recap
from bot.actions.ballots import cast_ballot
from bot.actions.claims import assign_claim, claim_paper, put_to_sleep, release_claim, wake_claim
from bot.actions.entries import drop_entry
from bot.actions.links import offer_link
from bot.actions.people import set_leave
from bot.actions.picks import second_paper
from bot.actions.settings import change_settings
from bot.actions.submissions import submit
from bot.actions.undo import undo_step
from bot.actions.votes import cast_vote, pass_on, retract_vote
from bot.model import ClaimMove, Pick
from tests.stores.scene import AT, B, Scene, later, listing

Data = dict[str, Any]
ELECTION = {"seed": "readers/2026-11-26", "votes": [{"member": 1, "entry": 1}], "words": "Größe"}


async def exported(scene: Scene, group: str = "readers") -> Data:
    """As it is read again from a file."""
    data: Data = json.loads(json.dumps(await scene.store.read(lambda rows: rows.groups.export(group))))
    return data


async def test_a_group_that_did_nothing_has_its_papers_and_members(scene: Scene) -> None:
    data = await exported(scene)
    assert (data["id"], data["name"], data["language"]) == ("readers", "Readers", "en")
    assert data["members"] == [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}]
    assert [(one["id"], one["key"], one["title"]) for one in data["entries"]] == [
        (1, "arxiv:2411.00001", "Diffusion models that sing"),
        (2, "arxiv:2411.00002", "Running robots"),
        (3, "arxiv:2411.00003", "Graphs at rest"),
    ]
    empty = ("sessions", "votes", "passes", "claims", "second_chances", "audit")
    assert {name: data[name] for name in empty} == {name: [] for name in empty}


async def test_votes_are_the_whole_log(scene: Scene) -> None:
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    await scene.store.act(retract_vote, scene.by(scene.ann, at=later(hours=1)), scene.first)
    await scene.store.act(cast_vote, scene.by(scene.bob, at=later(hours=2)), scene.first)
    await scene.store.act(pass_on, scene.by(scene.ann), scene.entries[1])
    data = await exported(scene)
    assert data["votes"] == [
        {"member": 1, "entry": 1, "at": "2026-11-20T08:00:00+00:00", "retracted_at": "2026-11-20T09:00:00+00:00"},
        {"member": 2, "entry": 1, "at": "2026-11-20T10:00:00+00:00", "retracted_at": None},
    ]
    assert data["passes"] == [{"member": 1, "entry": 2, "at": "2026-11-20T08:00:00+00:00"}]


async def test_claims_have_their_times(scene: Scene) -> None:
    for member in (scene.ann, scene.bob):
        await scene.store.act(claim_paper, scene.by(member), scene.first)
    (claim, _) = await scene.store.peek(lambda rows: rows.claims.claims("readers", scene.first))
    await scene.store.write(put_to_sleep, "readers", claim.id, later(hours=1))
    await scene.store.act(wake_claim, scene.by(scene.ann, at=later(hours=2)), claim.id)
    await scene.store.act(release_claim, scene.by(scene.ann, at=later(hours=3)), scene.first)
    held, followed = (await exported(scene))["claims"]
    assert (held["member"], held["kind"], held["kept_at"], held["released_at"]) == (
        1,
        "holder",
        "2026-11-20T10:00:00+00:00",
        "2026-11-20T11:00:00+00:00",
    )
    assert (followed["member"], followed["kind"], followed["released_at"]) == (2, "holder", None)


async def test_a_session_has_all_that_was_done_for_it(scene: Scene) -> None:
    session = await scene.meet()
    entry, second = scene.entries[:2]
    pick = Pick(json.dumps(ELECTION), '{"winner": 1}', AT, scene.bob)
    await scene.move(session, sets={"shortlist": (entry, second)})
    await scene.store.act(cast_ballot, scene.by(scene.ann), session.id, [[second], [entry]])
    sets = {"entry": entry, "presenter": scene.ann.id, "closed_at": later(hours=1), "tried": (scene.bob.id,)}
    await scene.move(session, "pick", sets=sets, done=("pick",), pick=pick, carried=scene.near(session, (second, 1)))
    await scene.store.act(second_paper, scene.by(scene.bob), session.id)
    await scene.store.act(rsvp, scene.by(scene.ann), session.id, "join")
    await scene.store.act(check_in, scene.by(scene.ann), session.id, "read")
    await scene.store.act(take_role, scene.by(scene.bob), session.id, "scribe")
    await scene.store.act(ask, scene.by(scene.bob), session.id, "Why?")
    await scene.store.act(write_recap, scene.by(scene.ann), session.id, {0: "one", 1: "two"}, 4)
    data = await exported(scene)
    (found,) = data["sessions"]
    at = "2026-11-20T08:00:00+00:00"
    assert (found["on"], found["starts"], found["minutes"]) == ("2026-11-26", "2026-11-26T08:00:00+00:00", 60)
    assert (found["entry"], found["presenter"], found["tried"], found["settled"]) == (entry, 1, [2], False)
    assert (found["shortlist"], found["closed_at"]) == ([entry, second], "2026-11-20T09:00:00+00:00")
    assert found["picks"] == [{"at": at, "by": 2, "election": ELECTION, "receipt": {"winner": 1}}]
    assert found["ballots"] == [{"member": 1, "ranking": [[second], [entry]], "at": at}]
    assert found["seconded"] == [{"member": 2, "entry": entry, "at": at}]
    assert found["rsvps"] == [{"member": who, "answer": "join", "at": at} for who in (1, 2)]
    assert found["readings"] == [{"member": 1, "state": "read", "at": at}]
    assert found["roles"] == [{"role": "scribe", "member": 2, "at": at}]
    assert found["questions"] == [{"member": 2, "text": "Why?", "at": at}]
    assert found["recaps"] == [{"member": 1, "takeaways": ["one", "two"], "rating": 4, "at": at}]
    assert found["steps"] == [{"key": "pick", "at": at}]
    assert data["second_chances"] == [{"entry": second, "session": session.id, "carried": 1, "shown_at": None}]


async def test_a_pick_that_was_taken_back_is_not_among_those_that_count(scene: Scene) -> None:
    session = await scene.meet()
    for number in (1, 2):
        await scene.move(session, "pick", sets={"entry": number}, pick=Pick("{}", json.dumps({"winner": number}), AT))
    await scene.store.act(undo_step, scene.by(scene.ann))
    (found,) = (await exported(scene))["sessions"]
    assert [pick["receipt"] for pick in found["picks"]] == [{"winner": 1}]
    assert [pick["receipt"] for pick in found["picks_taken_back"]] == [{"winner": 2}]
    assert found["entry"] == 1


async def test_the_log_says_who_did_what_in_plain_values(scene: Scene) -> None:
    session = await scene.meet()
    await scene.store.act(change_settings, scene.by(scene.ann), {"day.cards": "7", "channels": "discord:1/5"})
    await scene.store.act(claim_paper, scene.by(scene.ann), scene.first)
    await scene.store.act(claim_paper, scene.by(scene.bob), scene.first)
    await scene.store.act(assign_claim, scene.by(scene.ann), scene.first, scene.bob.id)
    await scene.store.act(drop_entry, scene.by(scene.ann), scene.entries[1], True, "no code")
    give = ClaimMove("give", entry=scene.entries[2], member=scene.ann.id)
    await scene.move(session, "move", reason="a holiday", sets={"starts": later(days=7)}, claims=(give,))
    settings, assigned, dropped, moved = (await exported(scene))["audit"]
    assert (settings["by"], settings["action"], settings["after"]) == (1, "set channels, day.cards", {"day.cards": "7"})
    assert (assigned["before"], assigned["after"], assigned["entry"]) == (1, 2, scene.first)
    assert (dropped["after"], dropped["reason"]) == ("dropped", "no code")
    assert (moved["by"], moved["session"], moved["reason"]) == (None, session.id, "a holiday")
    assert moved["before"] == {str(session.id): {"starts": "2026-11-26T08:00:00+00:00"}}
    assert moved["after"] == {str(session.id): {"starts": "2026-11-27T08:00:00+00:00"}}


async def test_turns_are_those_of_the_last_step_that_was_done(scene: Scene) -> None:
    session = await scene.meet()
    await scene.move(session, sets={"presenter": scene.ann.id})
    await scene.store.act(set_leave, scene.by(scene.bob), (date(2026, 12, 1), None))
    assert [one["presented"] for one in (await exported(scene))["turns"]] == [0, 0]
    await scene.move(session, at=session.ends, done=("recap",))
    ann, bob = (await exported(scene))["turns"]
    assert (ann["member"], ann["presented"], ann["last_presented"], ann["came"]) == (1, 1, "2026-11-26", 1)
    assert (bob["presented"], bob["leave"], bob["on_rota"]) == (0, ["2026-12-01", None], False)


async def test_what_is_exported_twice_is_the_same(scene: Scene) -> None:
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    assert await exported(scene) == await exported(scene)


async def test_no_account_no_place_and_nothing_of_another_group_is_in_it(scene: Scene) -> None:
    paper = listing(replace(B, key="arxiv:2411.00055", title="Only theirs"))
    await scene.store.act(submit, scene.by(scene.eve), paper, None)
    await scene.store.act(offer_link, scene.by(scene.ann), "secret hash")
    await scene.store.act(cast_vote, scene.by(scene.ann), scene.first)
    text = json.dumps(await exported(scene))
    for word in ("web:1", "slack:T", "secret hash", "Eve", "Only theirs"):
        assert word not in text
    assert "Only theirs" in json.dumps(await exported(scene, "others"))
    assert (await exported(scene, "nowhere"))["sessions"] == []


LEFT_OUT = {
    "saved": "a member's own list, which is no doing of the group",
    "override": "what holds now is a matter of the installation; who changed what is in the audit",
    "vote_source": "by which means a vote was given; the votes themselves are exported",
}


async def test_every_table_of_members_is_exported_or_left_out_on_purpose(scene: Scene, tmp_path: Path) -> None:
    """A new table that refers to a member is named here until the export reads it."""
    with closing(sqlite3.connect(tmp_path / "paperclub.db")) as connection:
        connection.row_factory = sqlite3.Row
        of_members = {table for table, _, _ in connection.execute(REFERENCES)}
        read = set[str]()

        def note(action: int, table: str | None, *_: object) -> int:
            if action == sqlite3.SQLITE_READ and table:
                read.add(table)
            return sqlite3.SQLITE_OK

        connection.set_authorizer(note)
        export(connection, "readers")
    assert len(of_members) >= 15
    assert of_members - read == set(LEFT_OUT)

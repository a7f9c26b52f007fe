"""One call of every verb of the rows, and of what the core asks by several of them, for a group of any size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bench.grown import AT, GROUP, ME, MODERATOR, PLACE, SOURCE, TODAY, Size
from bot.actions.attendance import ask, rsvp, write_recap
from bot.actions.claims import claim_paper
from bot.actions.deliveries import pace
from bot.actions.entries import drop_entry
from bot.actions.links import EARLIER
from bot.actions.picks import pick_paper
from bot.actions.reactions import take_reaction
from bot.actions.reschedule import skip_meeting
from bot.actions.settings import change_settings
from bot.actions.votes import cast_vote, pass_on, retract_vote
from bot.groups import settings_of
from bot.model import (
    Act,
    BallotSlip,
    Digest,
    GroupSettings,
    Listing,
    NearWinner,
    Paper,
    Pick,
    Planned,
    Saved,
    SourceReport,
    Summary,
    Trace,
    Wanted,
    WeekSettings,
)
from bot.ports import Rows, perform
from bot.ports.rows.links import Belonging, Membership
from bot.ports.rows.people import Invitation
from bot.week.archive import archive_of
from bot.week.efforts import efforts_of, moderating
from bot.week.electorate import electorate_of
from bot.week.participation import participation_of
from bot.week.second_chances import second_chances

SETTINGS = GroupSettings(id=GROUP, name="Grown", channels=(PLACE,), week=WeekSettings(session="thu 17:00"))
PACE = pace(0, 0)
PAPER = Paper("new:1", "An Invented Paper")
SUMMARY = Summary("It is short.", "from the abstract", "bench")
PLANNED = Planned(TODAY, AT, 60, "Room 2")
HELD = Membership(GROUP, "member", "Me", AT, on_rota=True, leave=None)


@dataclass(frozen=True, slots=True)
class Spot:
    """What is asked about, in a group of that size."""

    size: Size
    wanted: Wanted  # the popular paper's card
    words: str

    @property
    def popular(self) -> int:
        return self.size.popular

    @property
    def quiet(self) -> int:
        return self.size.quiet

    @property
    def next(self) -> int:
        """The meeting to come."""
        return self.size.sessions

    @property
    def held(self) -> int:
        """The one before, or the only one."""
        return max(1, self.size.sessions - 1)

    @property
    def act(self) -> Act:
        return Act("growth", GROUP, ME, "web", AT)


SINCE = AT.replace(month=10)
LATER = AT.replace(month=12)


def _add_entry(rows: Rows) -> None:
    rows.papers.put([PAPER], AT)
    rows.days.put(Digest(GROUP, LATER.date(), ()))
    rows.entries.add(GROUP, LATER.date(), [(1, Listing(PAPER, TODAY, SOURCE, ""))])


def _add_entry_again(rows: Rows) -> None:
    rows.days.put(Digest(GROUP, LATER.date(), ()))
    paper = replace(PAPER, key="bench:1")
    rows.entries.add_again(GROUP, LATER.date(), 1, Listing(paper, TODAY, SOURCE, ""), (ME, LATER))


def _curate(rows: Rows) -> None:
    rows.papers.put([PAPER], AT)
    rows.curations.put(GROUP, PAPER.key, ME, AT, hidden=False)


def _newcomer(rows: Rows) -> int:
    member = rows.people.put_account("web:new", "New")
    rows.people.put_member(GROUP, member, "New", AT)
    return member


def _belonging(rows: Rows) -> Belonging:
    return Belonging("pass", "member_id", True, (1,), 1, {"at": 1})


Call = Callable[[Rows, Spot], object]

CALLS: Mapping[str, Call] = {
    "attendance.add_question": lambda rows, spot: rows.attendance.add_question(GROUP, spot.next, ME, "Why?", AT),
    "attendance.answer": lambda rows, spot: rows.attendance.answer(GROUP, spot.held, ME),
    "attendance.attended": lambda rows, spot: rows.attendance.attended(GROUP, [spot.held]),
    "attendance.count_held": lambda rows, spot: rows.attendance.count_held(GROUP, AT),
    "attendance.drop_answer": lambda rows, spot: rows.attendance.drop_answer(GROUP, spot.held, ME),
    "attendance.drop_role": lambda rows, spot: rows.attendance.drop_role(GROUP, spot.held, "critic"),
    "attendance.had_roles": lambda rows, spot: rows.attendance.had_roles(GROUP, range(1, 21)),
    "attendance.held": lambda rows, spot: rows.attendance.held(GROUP, AT, 5),
    "attendance.put_answer": lambda rows, spot: rows.attendance.put_answer(GROUP, spot.next, ME, "skip", AT),
    "attendance.put_reading": lambda rows, spot: rows.attendance.put_reading(GROUP, spot.next, ME, "skimmed", AT),
    "attendance.put_recap": lambda rows, spot: rows.attendance.put_recap(GROUP, spot.held, ME, ["So."], 4, AT),
    "attendance.put_role": lambda rows, spot: rows.attendance.put_role(GROUP, spot.next, ME, "critic", AT),
    "attendance.texts": lambda rows, spot: rows.attendance.texts(GROUP, AT),
    "attendance.who_has": lambda rows, spot: rows.attendance.who_has(GROUP, spot.held, "critic"),
    "attendance.withdraw_question": lambda rows, spot: rows.attendance.withdraw_question(GROUP, 1, 1, AT),
    "audit.actors": lambda rows, spot: rows.audit.actors(GROUP, ["confirm"], 5),
    "audit.add": lambda rows, spot: rows.audit.add(GROUP, AT, ME, "drop", entry=spot.popular),
    "audit.add_move": lambda rows, spot: rows.audit.add_move(spot.act, spot.next, "pick", "", Trace()),
    "audit.deeds": lambda rows, spot: rows.audit.deeds(GROUP, AT - timedelta(days=7), LATER),
    "audit.logged": lambda rows, spot: rows.audit.logged(GROUP, 1),
    "audit.mark_undone": lambda rows, spot: rows.audit.mark_undone(GROUP, 1, AT),
    "audit.newest_of": lambda rows, spot: rows.audit.newest_of(GROUP, MODERATOR, "drop"),
    "audit.reword": lambda rows, spot: rows.audit.reword(GROUP, {1: ("", "")}),
    "audit.of_session": lambda rows, spot: rows.audit.of_session(GROUP, spot.next),
    "audit.rename": lambda rows, spot: rows.audit.rename(GROUP, ME, 3),
    "audit.standing": lambda rows, spot: rows.audit.standing(GROUP, None, 50),
    "audit.step": lambda rows, spot: rows.audit.step(GROUP, 1),
    "audit.steps": lambda rows, spot: rows.audit.steps(GROUP, 10),
    "audit.trace": lambda rows, spot: rows.audit.trace(GROUP, 1),
    "changes.changes": lambda rows, spot: rows.changes.changes(GROUP, spot.size.changes - 10, 500),
    "changes.count": lambda rows, spot: rows.changes.count(),
    "changes.drop_old": lambda rows, spot: rows.changes.drop_old(spot.size.changes // 2),
    "changes.last_change": lambda rows, spot: rows.changes.last_change(GROUP),
    "changes.note": lambda rows, spot: rows.changes.note(GROUP, "entry:1"),
    "claims.asked": lambda rows, spot: rows.claims.asked(GROUP, 3, "sleep"),
    "claims.begin": lambda rows, spot: rows.claims.begin(GROUP, spot.quiet, ME, "holder", AT),
    "claims.change": lambda rows, spot: rows.claims.change(1, {"kept_at": AT}),
    "claims.claim_by_id": lambda rows, spot: rows.claims.claim_by_id(GROUP, 1),
    "claims.claims": lambda rows, spot: rows.claims.claims(GROUP, 3),
    "claims.find": lambda rows, spot: rows.claims.find(GROUP, 1),
    "claims.history": lambda rows, spot: rows.claims.history(GROUP, 3),
    "claims.of_entries": lambda rows, spot: rows.claims.of_entries(GROUP, range(1, 21)),
    "claims.longest_awake": lambda rows, spot: rows.claims.longest_awake(GROUP),
    "claims.sleepers": lambda rows, spot: rows.claims.sleepers(GROUP, SINCE),
    "curations.drop": lambda rows, spot: rows.curations.drop(GROUP, [PAPER.key]),
    "curations.drop_old": lambda rows, spot: rows.curations.drop_old(SINCE),
    "curations.of": lambda rows, spot: rows.curations.of(GROUP),
    "curations.put": lambda rows, spot: _curate(rows),
    "days.covered": lambda rows, spot: rows.days.covered([GROUP], TODAY, SINCE.date()),
    "days.digest": lambda rows, spot: rows.days.digest(GROUP, TODAY),
    "days.digests": lambda rows, spot: rows.days.digests(GROUP, 10),
    "days.had": lambda rows, spot: rows.days.had(GROUP, SINCE.date()),
    "days.mark_had": lambda rows, spot: rows.days.mark_had(GROUP, TODAY, [(SOURCE, LATER.date())]),
    "days.newest": lambda rows, spot: rows.days.newest(GROUP, TODAY, TODAY),
    "days.put": lambda rows, spot: rows.days.put(Digest(GROUP, TODAY, covers=((SOURCE, TODAY),))),
    "entries.add": lambda rows, spot: _add_entry(rows),
    "entries.add_again": lambda rows, spot: _add_entry_again(rows),
    "entries.count_parts": lambda rows, spot: rows.entries.count_parts(GROUP, TODAY),
    "entries.dealt_with": lambda rows, spot: rows.entries.dealt_with(GROUP),
    "entries.entries": lambda rows, spot: rows.entries.entries(GROUP, TODAY),
    "entries.entry": lambda rows, spot: rows.entries.entry(GROUP, spot.popular),
    "entries.entry_by_key": lambda rows, spot: rows.entries.entry_by_key(GROUP, "bench:1"),
    "entries.held_by": lambda rows, spot: rows.entries.held_by(GROUP, ME, "voted"),
    "entries.ids": lambda rows, spot: rows.entries.ids(GROUP, [f"bench:{n}" for n in range(50)]),
    "entries.is_taken_up": lambda rows, spot: rows.entries.is_taken_up(GROUP, spot.popular, ME, "discussion"),
    "entries.known": lambda rows, spot: rows.entries.known(GROUP, [f"bench:{n}" for n in range(50)]),
    "entries.last_rank": lambda rows, spot: rows.entries.last_rank(GROUP, TODAY),
    "entries.numbered": lambda rows, spot: rows.entries.numbered(GROUP, TODAY, 1, 1),
    "entries.of_papers": lambda rows, spot: rows.entries.of_papers([f"bench:{n}" for n in range(50)]),
    "entries.on_sheet": lambda rows, spot: rows.entries.on_sheet(GROUP, TODAY, 1),
    "entries.parts": lambda rows, spot: rows.entries.parts(GROUP, [spot.popular, spot.quiet, 1]),
    "entries.put_dropped": lambda rows, spot: rows.entries.put_dropped(GROUP, spot.popular, dropped=True),
    "entries.put_sheet": lambda rows, spot: rows.entries.put_sheet(GROUP, spot.popular, 1),
    "entries.put_withdrawn": lambda rows, spot: rows.entries.put_withdrawn(GROUP, spot.popular, LATER),
    "entries.search": lambda rows, spot: rows.entries.search(GROUP, spot.words, limit=5),
    "entries.set_paper": lambda rows, spot: rows.entries.set_paper(GROUP, 1, "bench:1"),
    "entries.some": lambda rows, spot: rows.entries.some(GROUP, [spot.popular, spot.quiet, 1]),
    "entries.submitted": lambda rows, spot: rows.entries.submitted(GROUP, ME),
    "entries.titles": lambda rows, spot: rows.entries.titles(GROUP, spot.words, 25),
    "groups.bind": lambda rows, spot: rows.groups.bind(GROUP, [PLACE]),
    "groups.configure": lambda rows, spot: rows.groups.configure(SETTINGS, "{}"),
    "groups.export": lambda rows, spot: rows.groups.export(GROUP),
    "groups.found": lambda rows, spot: rows.groups.found(replace(SETTINGS, id="new", channels=("web:new",)), AT),
    "groups.founded": lambda rows, spot: rows.groups.founded(),
    "groups.neighbours": lambda rows, spot: rows.groups.neighbours(GROUP, [PLACE]),
    "groups.override": lambda rows, spot: rows.groups.override(GROUP, {"post_at": "09:00"}, ME, AT),
    "groups.overrides": lambda rows, spot: rows.groups.overrides(),
    "groups.put": lambda rows, spot: rows.groups.put(SETTINGS),
    "groups.put_sources": lambda rows, spot: rows.groups.put_sources([SOURCE]),
    "groups.stored": lambda rows, spot: rows.groups.stored(GROUP),
    "groups.unbind": lambda rows, spot: rows.groups.unbind(GROUP, [PLACE]),
    "groups.unbind_all": lambda rows, spot: rows.groups.unbind_all(),
    "kept.keep": lambda rows, spot: rows.kept.keep("growth", "1"),
    "kept.recall": lambda rows, spot: rows.kept.recall("growth"),
    "kept.remember": lambda rows, spot: rows.kept.remember("growth", "1"),
    "links.accounts": lambda rows, spot: rows.links.accounts(ME),
    "links.agree": lambda rows, spot: rows.links.agree(rows.links.ask(ME, 3, LATER).id, ME),
    "links.ask": lambda rows, spot: rows.links.ask(ME, 3, LATER),
    "links.asked": lambda rows, spot: rows.links.asked(ME, AT),
    "links.belongings": lambda rows, spot: rows.links.belongings(GROUP, ME),
    "links.brought": lambda rows, spot: rows.links.brought(1),
    "links.code": lambda rows, spot: rows.links.code("hash"),
    "links.drop": lambda rows, spot: rows.links.drop(1),
    "links.drop_asked": lambda rows, spot: rows.links.drop_asked(ME),
    "links.drop_code": lambda rows, spot: rows.links.drop_code(ME),
    "links.drop_old": lambda rows, spot: rows.links.drop_old(AT),
    "links.give": lambda rows, spot: rows.links.give(GROUP, _belonging(rows), ME),
    "links.link": lambda rows, spot: rows.links.link(1),
    "links.made": lambda rows, spot: rows.links.made(ME, AT),
    "links.make": lambda rows, spot: rows.links.make(rows.links.ask(ME, 3, LATER).id, AT, LATER, "{}"),
    "links.take": lambda rows, spot: rows.links.take(GROUP, _belonging(rows), ME),
    "links.drop_membership": lambda rows, spot: rows.links.drop_membership(GROUP, 0),
    "links.memberships": lambda rows, spot: rows.links.memberships(ME),
    "links.move_accounts": lambda rows, spot: rows.links.move_accounts(ME, 3),
    "links.move_all": lambda rows, spot: rows.links.move_all(GROUP, ME, _newcomer(rows), EARLIER),
    "links.put_code": lambda rows, spot: rows.links.put_code(ME, "hash", LATER),
    "links.put_membership": lambda rows, spot: rows.links.put_membership(
        ME, Membership(GROUP, "member", "Me", AT, True, None)
    ),
    "looks.due": lambda rows, spot: rows.looks.due(AT, 1),
    "looks.hasten": lambda rows, spot: rows.looks.hasten(GROUP, AT),
    "looks.hasten_all": lambda rows, spot: rows.looks.hasten_all(AT),
    "looks.hold": lambda rows, spot: rows.looks.hold([GROUP], LATER),
    "looks.next": lambda rows, spot: rows.looks.next(GROUP),
    "looks.put": lambda rows, spot: rows.looks.put({GROUP: AT}, LATER),
    "messages.add_reaction": lambda rows, spot: rows.messages.add_reaction(spot.wanted.id, 0, "web:2", AT),
    "messages.begin_round": lambda rows, spot: rows.messages.begin_round(spot.wanted),
    "messages.drop_reaction": lambda rows, spot: rows.messages.drop_reaction(spot.wanted.id, 0, "web:1"),
    "messages.drop_reactions": lambda rows, spot: rows.messages.drop_reactions(spot.wanted.id),
    "messages.due": lambda rows, spot: rows.messages.due("web", LATER, PACE, 5),
    "messages.end_alert": lambda rows, spot: rows.messages.end_alert(PLACE),
    "messages.find_shown": lambda rows, spot: rows.messages.find_shown("web", spot.wanted.ref),
    "messages.free_leases": lambda rows, spot: rows.messages.free_leases(),
    "messages.give_up": lambda rows, spot: rows.messages.give_up(spot.wanted, "503", AT),
    "messages.lease": lambda rows, spot: rows.messages.lease([spot.wanted], AT),
    "messages.message": lambda rows, spot: rows.messages.message(GROUP, spot.wanted.id),
    "messages.messages": lambda rows, spot: rows.messages.messages(GROUP, PLACE, before=None, limit=30),
    "messages.newest": lambda rows, spot: rows.messages.newest(GROUP, PLACE, "paper", spot.wanted.key),
    "messages.next_due": lambda rows, spot: rows.messages.next_due("web", LATER, PACE),
    "messages.open_cards": lambda rows, spot: rows.messages.open_cards(
        "web", SINCE, posted=["paper"], meeting=["event"]
    ),
    "messages.put_off": lambda rows, spot: rows.messages.put_off(spot.wanted, AT, "503"),
    "messages.put_previewed": lambda rows, spot: rows.messages.put_previewed(spot.wanted, AT, AT),
    "messages.put_shown": lambda rows, spot: rows.messages.put_shown(spot.wanted, "ref", "hash", AT),
    "messages.raise_alert": lambda rows, spot: rows.messages.raise_alert(PLACE, "503", AT),
    "messages.reaction_counts": lambda rows, spot: rows.messages.reaction_counts([spot.wanted.id]),
    "messages.reacting": lambda rows, spot: rows.messages.reacting(spot.wanted.id, 0),
    "messages.reactions_of": lambda rows, spot: rows.messages.reactions_of(GROUP, 1, "paper", spot.wanted.key, 0),
    "messages.renew": lambda rows, spot: rows.messages.renew(GROUP, "paper", spot.wanted.key, AT, AT),
    "messages.retry": lambda rows, spot: rows.messages.retry(SINCE),
    "messages.show_again": lambda rows, spot: rows.messages.show_again(GROUP, ["paper"], [spot.wanted.key], AT),
    "messages.show_each": lambda rows, spot: rows.messages.show_each(GROUP, ["paper"], [spot.wanted.key], AT),
    "messages.show_newer": lambda rows, spot: rows.messages.show_newer(GROUP, ["paper"], AT - timedelta(days=14), AT),
    "messages.show_young": lambda rows, spot: rows.messages.show_young(
        "paper", ["bench:1"], AT - timedelta(hours=1), AT
    ),
    "messages.show_young_sheets": lambda rows, spot: rows.messages.show_young_sheets(
        "digest", ["bench:1"], AT - timedelta(hours=1), AT
    ),
    "messages.put_elsewhere": lambda rows, spot: rows.messages.put_elsewhere(GROUP, "event", PLACE, PLACE),
    "messages.group_of": lambda rows, spot: rows.messages.group_of("web", spot.wanted.ref),
    "messages.shown_ref": lambda rows, spot: rows.messages.shown_ref(GROUP, PLACE, "paper", spot.wanted.key),
    "messages.shown_refs": lambda rows, spot: rows.messages.shown_refs(
        GROUP, PLACE, ["paper", "discussion"], [spot.wanted.key]
    ),
    "messages.troubles": lambda rows, spot: rows.messages.troubles(GROUP, AT),
    "messages.want": lambda rows, spot: rows.messages.want(GROUP, "paper", "0", AT),
    "messages.want_again": lambda rows, spot: rows.messages.want_again(GROUP, "paper", spot.wanted.key, AT),
    "messages.want_anew": lambda rows, spot: rows.messages.want_anew(GROUP, "paper", spot.wanted.key, PLACE, AT, AT),
    "papers.announce": lambda rows, spot: rows.papers.announce(SOURCE, LATER.date(), ["bench:1"]),
    "papers.announced": lambda rows, spot: rows.papers.announced(SOURCE, TODAY),
    "papers.paper": lambda rows, spot: rows.papers.paper("bench:1"),
    "papers.papers": lambda rows, spot: rows.papers.papers(["bench:1", "bench:2"]),
    "papers.put": lambda rows, spot: rows.papers.put([PAPER], AT),
    "papers.put_report": lambda rows, spot: rows.papers.put_report(SourceReport(SOURCE, TODAY, AT, 1, 0)),
    "papers.put_summaries": lambda rows, spot: rows.papers.put_summaries({"bench:1": SUMMARY}, AT),
    "papers.report": lambda rows, spot: rows.papers.report(SOURCE, TODAY),
    "papers.reports": lambda rows, spot: rows.papers.reports(),
    "papers.summaries": lambda rows, spot: rows.papers.summaries(["bench:1", "bench:2"]),
    "people.drop_invitation": lambda rows, spot: rows.people.drop_invitation(GROUP),
    "people.invitation": lambda rows, spot: rows.people.invitation(GROUP, AT),
    "people.is_code": lambda rows, spot: rows.people.is_code(GROUP, "hash"),
    "people.put_invitation": lambda rows, spot: rows.people.put_invitation(GROUP, "hash", Invitation(9, LATER)),
    "people.take_seat": lambda rows, spot: rows.people.take_seat(GROUP, "hash", AT),
    "people.account_name": lambda rows, spot: rows.people.account_name("web:1"),
    "people.accounts": lambda rows, spot: rows.people.accounts(GROUP, ME),
    "people.is_member": lambda rows, spot: rows.people.is_member(GROUP, ME),
    "people.member": lambda rows, spot: rows.people.member(GROUP, f"web:{ME}"),
    "people.members": lambda rows, spot: rows.people.members(GROUP),
    "people.other_names": lambda rows, spot: rows.people.other_names(GROUP, "web:2"),
    "people.put_account": lambda rows, spot: rows.people.put_account("web:2", "Me"),
    "people.put_code": lambda rows, spot: rows.people.put_code(GROUP, "hash"),
    "people.put_member": lambda rows, spot: rows.people.put_member(GROUP, ME, "Me", AT),
    "people.role": lambda rows, spot: rows.people.role(GROUP, ME),
    "people.set_leave": lambda rows, spot: rows.people.set_leave(GROUP, ME, (TODAY, None)),
    "people.set_role": lambda rows, spot: rows.people.set_role(GROUP, ME, "moderator"),
    "people.set_rota": lambda rows, spot: rows.people.set_rota(GROUP, ME, True),
    "people.take_code": lambda rows, spot: rows.people.take_code(GROUP, "hash"),
    "people.turns": lambda rows, spot: rows.people.turns(GROUP, AT),
    "picks.add": lambda rows, spot: rows.picks.add(GROUP, spot.next, Pick("{}", "{}", AT)),
    "picks.add_ballot": lambda rows, spot: rows.picks.add_ballot(GROUP, spot.next, BallotSlip(ME, (), AT)),
    "picks.ballot": lambda rows, spot: rows.picks.ballot(GROUP, spot.next, ME),
    "picks.ballots": lambda rows, spot: rows.picks.ballots(GROUP, [spot.held]),
    "picks.carry": lambda rows, spot: rows.picks.carry(GROUP, NearWinner(spot.popular, spot.next, 2)),
    "picks.closes": lambda rows, spot: rows.picks.closes(GROUP),
    "picks.drop_ballots": lambda rows, spot: rows.picks.drop_ballots(GROUP, [1]),
    "picks.drop_near": lambda rows, spot: rows.picks.drop_near(GROUP, spot.held),
    "picks.drop_seconded": lambda rows, spot: rows.picks.drop_seconded(GROUP, spot.next),
    "picks.first_counted": lambda rows, spot: rows.picks.first_counted(GROUP, spot.held),
    "picks.holders": lambda rows, spot: rows.picks.holders(GROUP, None),
    "picks.mark_shown": lambda rows, spot: rows.picks.mark_shown(GROUP, spot.popular, AT),
    "picks.near": lambda rows, spot: rows.picks.near(GROUP, spot.held),
    "picks.near_winners": lambda rows, spot: rows.picks.near_winners(GROUP, SINCE),
    "picks.newest_picks": lambda rows, spot: rows.picks.newest_picks(GROUP, [spot.held]),
    "picks.over": lambda rows, spot: rows.picks.over(GROUP, AT, 4),
    "picks.papers": lambda rows, spot: rows.picks.papers(GROUP, [spot.popular, spot.quiet]),
    "picks.picks": lambda rows, spot: rows.picks.picks(GROUP, spot.held),
    "picks.put_near": lambda rows, spot: rows.picks.put_near(GROUP, NearWinner(spot.popular, spot.held, 2, None)),
    "picks.reading": lambda rows, spot: rows.picks.reading(GROUP, spot.next),
    "picks.second": lambda rows, spot: rows.picks.second(GROUP, spot.next, spot.popular, ME, AT),
    "picks.seconded": lambda rows, spot: rows.picks.seconded(GROUP, spot.next, spot.popular),
    "picks.slips": lambda rows, spot: rows.picks.slips(GROUP, spot.held),
    "picks.standing_ballots": lambda rows, spot: rows.picks.standing_ballots(GROUP, spot.held),
    "picks.submitted": lambda rows, spot: rows.picks.submitted(GROUP, SINCE, None),
    "picks.take_back": lambda rows, spot: rows.picks.take_back(GROUP, 1, AT),
    "picks.voters": lambda rows, spot: rows.picks.voters(GROUP),
    "requests.drop_old": lambda rows, spot: rows.requests.drop_old(SINCE),
    "requests.knows": lambda rows, spot: rows.requests.knows(spot.act),
    "requests.remember": lambda rows, spot: rows.requests.remember(spot.act),
    "saved.drop": lambda rows, spot: rows.saved.drop(GROUP, ME, PAPER.key),
    "saved.of": lambda rows, spot: rows.saved.of(GROUP, ME),
    "saved.put": lambda rows, spot: rows.saved.put(GROUP, ME, Saved(PAPER.key, PAPER.title, "https://example.org", AT)),
    "sessions.add": lambda rows, spot: rows.sessions.add(GROUP, PLANNED, AT),
    "sessions.change": lambda rows, spot: rows.sessions.change(GROUP, spot.next, {"place": "Room 3"}),
    "sessions.counting": lambda rows, spot: rows.sessions.counting(GROUP, spot.popular, AT),
    "sessions.done_steps": lambda rows, spot: rows.sessions.done_steps(GROUP, spot.held),
    "sessions.last_session": lambda rows, spot: rows.sessions.last_session(GROUP, AT),
    "sessions.mark": lambda rows, spot: rows.sessions.mark(GROUP, spot.next, ["ask"], AT),
    "sessions.naming": lambda rows, spot: rows.sessions.naming(GROUP, ME, SINCE),
    "sessions.session": lambda rows, spot: rows.sessions.session(GROUP, spot.next),
    "sessions.session_of": lambda rows, spot: rows.sessions.session_of(GROUP, spot.popular),
    "sessions.session_on": lambda rows, spot: rows.sessions.session_on(GROUP, TODAY),
    "sessions.sessions": lambda rows, spot: rows.sessions.sessions(GROUP, SINCE),
    "sessions.unmark": lambda rows, spot: rows.sessions.unmark(GROUP, spot.held, ["recap"]),
    "sessions.unmark_all": lambda rows, spot: rows.sessions.unmark_all(GROUP, spot.held),
    "votes.add_source": lambda rows, spot: rows.votes.add_source(GROUP, ME, spot.quiet, "web", AT),
    "votes.backed": lambda rows, spot: rows.votes.backed(GROUP, SINCE, None),
    "votes.close_span": lambda rows, spot: rows.votes.close_span(GROUP, ME, spot.popular, AT),
    "votes.drop_pass": lambda rows, spot: rows.votes.drop_pass(GROUP, ME, 1),
    "votes.drop_source": lambda rows, spot: rows.votes.drop_source(GROUP, ME, spot.popular, "web"),
    "votes.drop_sources": lambda rows, spot: rows.votes.drop_sources(GROUP, ME, spot.popular),
    "votes.end_spans": lambda rows, spot: rows.votes.end_spans({1: AT}),
    "votes.given": lambda rows, spot: rows.votes.given(GROUP, ME, None),
    "votes.open_span": lambda rows, spot: rows.votes.open_span(GROUP, ME, spot.quiet, AT),
    "votes.open_spans_of_both": lambda rows, spot: rows.votes.open_spans_of_both(GROUP, ME, 3),
    "votes.put_pass": lambda rows, spot: rows.votes.put_pass(GROUP, ME, spot.quiet, AT),
    "votes.spans": lambda rows, spot: rows.votes.spans(GROUP, SINCE),
    "votes.stance": lambda rows, spot: rows.votes.stance(GROUP, ME),
    "votes.standing": lambda rows, spot: rows.votes.standing(GROUP, ME, spot.popular),
    "votes.begin_window": lambda rows, spot: rows.votes.begin_window(GROUP, SINCE),
    "votes.window": lambda rows, spot: rows.votes.window(GROUP),
}

# What the core asks by several verbs.
READS: Mapping[str, Call] = {
    "the archive": lambda rows, spot: archive_of(rows, GROUP, "", AT, 5),
    "what it took its moderators": lambda rows, spot: efforts_of(rows, GROUP, AT, 10),
    "who moderates": lambda rows, spot: moderating(rows, GROUP),
    "a meeting's room": lambda rows, spot: participation_of(rows, GROUP, spot.held),
    "what a pick is made from": lambda rows, spot: electorate_of(rows, GROUP, spot.next),
    "what comes back": lambda rows, spot: second_chances(rows, GROUP),
    "a group's settings": lambda rows, spot: settings_of(rows, GROUP),
}

# What members and moderators do, each in a transaction of its own.
ACTIONS: Mapping[str, Call] = {
    "cast a vote": lambda rows, spot: perform(rows, cast_vote, spot.act, spot.quiet),
    "react": lambda rows, spot: take_reaction(rows, spot.act, spot.wanted.id, spot.popular, "web:2", on=True),
    "take a vote back": lambda rows, spot: perform(rows, retract_vote, spot.act, spot.popular),
    "pass": lambda rows, spot: perform(rows, pass_on, spot.act, spot.popular),
    "claim a paper": lambda rows, spot: perform(rows, claim_paper, spot.act, spot.quiet),
    "come to a meeting": lambda rows, spot: perform(rows, rsvp, spot.act, spot.next, "skip"),
    "ask a question": lambda rows, spot: perform(rows, ask, spot.act, spot.next, "Why?"),
    "write a recap": lambda rows, spot: perform(rows, write_recap, spot.act, spot.held, {0: "So."}, 4),
    "drop a paper": lambda rows, spot: perform(rows, drop_entry, spot.act, spot.popular, True, ""),
    "choose the paper": lambda rows, spot: perform(rows, pick_paper, spot.act, spot.next, spot.popular),
    "skip a meeting": lambda rows, spot: perform(rows, skip_meeting, spot.act, spot.next, "a holiday"),
    "change a setting": lambda rows, spot: perform(rows, change_settings, spot.act, {"day.post_at": "09:30"}),
}

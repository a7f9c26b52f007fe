"""Two accounts of one person: their members become one, with all that either did."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions.messages import show_claims, show_entry, show_session
from bot.errors import Refused
from bot.model import Act, Claim
from bot.ports import Reads, Rows, answered_by, answered_with
from bot.ports.rows.links import Membership, OneOfEach
from bot.ports.rows.votes import Span
from bot.rests import has_passed

VALID = timedelta(minutes=10)  # a code
NAMED_FOR = timedelta(weeks=1)  # after its start a session's messages still tell who was there
STRENGTH = ("holder", "co", "backup", "fallback")

EARLIER: Sequence[OneOfEach] = ("vote", "pass", "seconding")  # of two the earlier counts; of all else the newer


@dataclass(frozen=True, slots=True)
class Pair:
    """Of two members in one group."""

    group: str
    old: int  # who goes
    new: int  # who stays
    at: datetime


@answered_with(None)
def offer_link(rows: Rows, act: Act, code_hash: str) -> None:
    """A code by which the member of another account becomes one with this one; replaces the last one."""
    rows.links.put_code(act.member, code_hash, act.at + VALID)


def _is_linked(rows: Reads, act: Act, code_hash: str) -> bool:
    return len(rows.people.accounts(act.group, act.member)) > 1


@answered_by(_is_linked)
def link_accounts(rows: Rows, act: Act, code_hash: str) -> bool:
    """The member who acts becomes one with the member who was offered the code: all accounts, votes, claims and
    sessions are then one member's. Once per code; False when there is no such code. Raises Refused: own code."""
    code = rows.links.code(code_hash)
    if code is None or has_passed(code.until, act.at, VALID):
        return False
    if code.member == act.member:
        raise Refused("own code")
    _unite(rows, act.member, code.member, act.at)
    return True


def _unite(rows: Rows, old: int, new: int, at: datetime) -> None:
    kept = {membership.group: membership for membership in rows.links.memberships(new)}
    for membership in rows.links.memberships(old):
        stays = kept.get(membership.group)
        rows.links.put_membership(new, as_one(stays, membership) if stays else membership)
        _unite_in(rows, Pair(membership.group, old, new, at))
    for member in (old, new):
        rows.links.drop_code(member)
    rows.links.move_accounts(old, new)
    rows.links.drop_member(old)


def as_one(stays: Membership, goes: Membership) -> Membership:
    """Under the name of who stays. The earlier joining counts, whoever may moderate still may, and whoever is away."""
    return replace(
        stays,
        role="moderator" if "moderator" in (stays.role, goes.role) else "member",
        joined_at=min(stays.joined_at, goes.joined_at),
        on_rota=stays.on_rota or goes.on_rota,
        leave=stays.leave or goes.leave,
    )


def _unite_in(rows: Rows, pair: Pair) -> None:
    group, old, new = pair.group, pair.old, pair.new
    goes, stays = rows.votes.stance(group, old), rows.votes.stance(group, new)
    touched = goes.voted | goes.passed | {*rows.entries.submitted(group, old)}
    _settle_votes(rows, pair)
    _settle_claims(rows, pair, goes.claimed & stays.claimed)
    for member, entries in ((new, goes.voted & stays.passed), (old, stays.voted & goes.passed)):
        for entry in entries:  # a vote says more than a pass
            rows.votes.drop_pass(group, member, entry)
    rows.links.move_all(group, old, new, EARLIER)
    sessions = _rename_tried(rows, pair)
    rows.audit.rename(group, old, new)
    rows.links.drop_membership(group, old)
    _show(rows, pair, touched - goes.claimed, goes.claimed, sessions)


def _show(rows: Rows, pair: Pair, touched: Collection[int], claimed: Collection[int], sessions: Sequence[int]) -> None:
    for entry in sorted(touched):
        show_entry(rows, pair.group, entry, pair.at)
    for entry in sorted(claimed):
        show_claims(rows, pair.group, entry, pair.at)
    for session in sessions:
        show_session(rows, pair.group, session, pair.at)


# --- where both have one


def _settle_votes(rows: Rows, pair: Pair) -> None:
    closed = rows.votes.window(pair.group)
    pairs = rows.votes.open_spans_of_both(pair.group, pair.old, pair.new)
    rows.votes.end_spans(dict(ending_span(one, other, closed, pair.at) for one, other in pairs))


def ending_span(one: Span, other: Span, closed: datetime | None, at: datetime) -> tuple[int, datetime]:
    """Which of two votes on a paper ends, and when. The earlier stays; but one that was counted for a meeting before
    does not stand in the way of one that counts now: it ends where that begins."""
    earlier, later = sorted((one, other), key=lambda span: (span.at, span.id))
    if closed and earlier.at < closed <= later.at:
        return earlier.id, later.at
    return later.id, at


def _settle_claims(rows: Rows, pair: Pair, entries: Collection[int]) -> None:
    for entry in entries:
        claims = rows.claims.claims(pair.group, entry)
        stronger, weaker = by_strength([claim for claim in claims if claim.member.id in (pair.old, pair.new)])
        rows.claims.change(weaker.id, {"released_at": pair.at})
        if not weaker.slept_at:
            rows.claims.change(stronger.id, {"slept_at": None})


def by_strength(claims: Sequence[Claim]) -> Sequence[Claim]:
    """The one that stays first."""
    return sorted(claims, key=lambda claim: (STRENGTH.index(claim.kind), claim.at, claim.id))


# --- where members were asked in vain


def _rename_tried(rows: Rows, pair: Pair) -> Sequence[int]:
    """The sessions whose messages may name the member."""
    found = rows.sessions.naming(pair.group, pair.old, pair.at - NAMED_FOR)
    for session, tried in found.items():
        if pair.old in tried:
            rows.sessions.change(pair.group, session, {"tried": tuple(each_once(tried, pair.old, pair.new))})
    return list(found)


def each_once(members: Sequence[int], old: int, new: int) -> Sequence[int]:
    """In their order."""
    return list(dict.fromkeys(new if member == old else member for member in members))

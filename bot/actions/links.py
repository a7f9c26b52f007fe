"""Two accounts of one person: once both say so, their members become one, with all that either did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.actions.link_record import Brought, Share, write_brought
from bot.actions.messages import show_claims, show_entry, show_session
from bot.errors import Refused
from bot.model import Act, Claim
from bot.ports import Reads, Rows, answered_by, answered_with
from bot.ports.rows.links import Link, Membership, OneOfEach
from bot.ports.rows.votes import Span
from bot.rests import has_passed

VALID = timedelta(minutes=10)  # a code, and a question
NAMED_FOR = timedelta(weeks=1)  # after its start a session's messages still tell who was there
TAKEN_APART_FOR = timedelta(days=7)
STRENGTH = ("holder", "co", "backup", "fallback")

EARLIER: Sequence[OneOfEach] = ("vote", "pass", "seconding")  # of two the earlier counts; of all else the newer


@dataclass(frozen=True, slots=True)
class Pair:
    """Of two members in one group."""

    group: str
    old: int  # who goes
    new: int  # who stays
    at: datetime


# --- both say so


@answered_with(None)
def offer_link(rows: Rows, act: Act, code_hash: str) -> None:
    """A code by which the member of another account becomes one with this one; replaces the last one."""
    rows.links.put_code(act.member, code_hash, act.at + VALID)


def _asked(rows: Reads, act: Act, code_hash: str) -> Link | None:
    return rows.links.asked(act.member, act.at)


@answered_by(_asked)
def ask_link(rows: Rows, act: Act, code_hash: str) -> Link | None:
    """Asks the member who acts, and the one who was offered the code, whether they are one; who was offered it is the
    one that would stay. Once per code; None when there is no such code. Raises Refused: own code."""
    code = rows.links.code(code_hash)
    if code is None or has_passed(code.until, act.at, VALID):
        return None
    if code.member == act.member:
        raise Refused("own code")
    rows.links.drop_code(code.member)
    for member in (code.member, act.member):
        rows.links.drop_asked(member)
    return rows.links.ask(code.member, act.member, act.at + VALID)


def _link(rows: Reads, act: Act, link: int) -> Link | None:
    return rows.links.link(link)


@answered_by(_link)
def agree_to_link(rows: Rows, act: Act, link: int) -> Link | None:
    """Once both members did, they are one: all accounts, votes, claims and sessions are then those of who stays.
    Raises Refused: link gone."""
    found = require_asked(rows, act, link)
    rows.links.agree(link, act.member)
    if found.agreed | {act.member} == {found.stays, found.goes}:
        _unite(rows, found, act.at)
    return rows.links.link(link)


@answered_with(None)
def refuse_link(rows: Rows, act: Act, link: int) -> None:
    """Either member may; the other is asked no more. Raises Refused: link gone."""
    require_asked(rows, act, link)
    rows.links.drop(link)


def require_asked(rows: Reads, act: Act, link: int) -> Link:
    """Raises Refused: link gone."""
    found = rows.links.link(link)
    members = (found.stays, found.goes) if found else ()
    if found is None or found.made_at or has_passed(found.until, act.at, VALID) or act.member not in members:
        raise Refused("link gone")
    return found


# --- two become one


def _unite(rows: Rows, link: Link, at: datetime) -> None:
    old, new = link.goes, link.stays
    kept = {membership.group: membership for membership in rows.links.memberships(new)}
    gone = {membership.group: membership for membership in rows.links.memberships(old)}
    shares = {group: _bring(rows, Pair(group, old, new, at), goes, kept.get(group)) for group, goes in gone.items()}
    for group, stays in kept.items():
        _note(rows, group, link, at, gone.get(group, next(iter(gone.values()))).name, stays.name)
    name = next(iter(kept.values())).name
    for group in gone.keys() - kept.keys():
        _note(rows, group, link, at, gone[group].name, name)
    brought = Brought(tuple(rows.links.accounts(old)), name, shares)
    for member in (old, new):
        rows.links.drop_code(member)
    rows.links.move_accounts(old, new)
    rows.links.make(link.id, at, at + TAKEN_APART_FOR, write_brought(brought))
    for member in (old, new):
        rows.links.drop_asked(member)


def _note(rows: Rows, group: str, link: Link, at: datetime, goes: str, stays: str) -> None:
    rows.audit.add(group, at, link.stays, "link", before=goes, after=stays)


def _bring(rows: Rows, pair: Pair, goes: Membership, stays: Membership | None) -> Share:
    """What either had before, and how it was left, of all that may have changed."""
    mine = rows.links.belongings(pair.group, pair.old)
    own = rows.links.belongings(pair.group, pair.new)
    left = as_one(stays, goes, pair.at.date())
    rows.links.put_membership(pair.new, left)
    tried, told = _unite_in(rows, pair)
    known, about = {one.identity for one in mine}, {one.entry for one in mine} - {None}
    after = rows.links.belongings(pair.group, pair.new)
    return Share(
        goes,
        stays,
        left,
        tuple(mine),
        tuple(one for one in own if one.identity in known or one.entry in about),
        tuple(one for one in after if one.identity in known or one.entry in about),
        tried,
        told,
    )


def as_one(stays: Membership | None, goes: Membership, today: date) -> Membership:
    """Who stays keeps role and name, and moderates only where they did. The earlier joining counts, and whoever is
    away or is going to be. A group that knows only who goes keeps the name that it knows."""
    if stays is None:
        return replace(goes, role="member")
    return replace(
        stays,
        joined_at=min(stays.joined_at, goes.joined_at),
        on_rota=stays.on_rota or goes.on_rota,
        leave=goes.leave if _is_over(stays, today) and goes.leave else stays.leave,
    )


def _is_over(held: Membership, today: date) -> bool:
    """They are not away, and not going to be."""
    return held.leave is None or (held.leave[1] or today) < today


def _unite_in(rows: Rows, pair: Pair) -> tuple[Mapping[int, Sequence[int]], Mapping[int, tuple[str, str]]]:
    """Who was asked in vain in sessions, and what the log told, where it named who goes."""
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
    told = rows.audit.rename(group, old, new)
    rows.links.drop_membership(group, old)
    _show(rows, pair, touched - goes.claimed, goes.claimed, list(sessions))
    return {session: tried for session, tried in sessions.items() if old in tried}, told


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


def _rename_tried(rows: Rows, pair: Pair) -> Mapping[int, Sequence[int]]:
    """The sessions whose messages may name the member, with whom they named."""
    found = rows.sessions.naming(pair.group, pair.old, pair.at - NAMED_FOR)
    for session, tried in found.items():
        if pair.old in tried:
            rows.sessions.change(pair.group, session, {"tried": tuple(each_once(tried, pair.old, pair.new))})
    return found


def each_once(members: Sequence[int], old: int, new: int) -> Sequence[int]:
    """In their order."""
    return list(dict.fromkeys(new if member == old else member for member in members))

"""Claims of papers: to present one, with somebody, behind somebody, or if nobody else does.

Where a meeting reads the paper, a claim is about who presents it there, and the meeting changes with it.
"""

from datetime import datetime

from bot.actions.facts import Facts, facts_for
from bot.actions.messages import QUESTION, show_claims, want
from bot.actions.moves import carry_out, end_claim, give_claim, promote_claim
from bot.actions.presenter import declined, handed_over, volunteered
from bot.errors import Refused
from bot.model import Act, Claim, ClaimKind, ClaimResult, Session, Wish
from bot.ports import Reads, Rows, answered_by, answered_with
from bot.views.sheets import standing_of
from bot.week.succession import first_backup, holder_of, kind_for, must_stay, own_of, result_of


def claims_result(rows: Reads, act: Act, entry: int, *_: object, changed: bool = False, **__: object) -> ClaimResult:
    """How claims of an entry stand, for the member who acts."""
    return result_of(rows.claims.claims(act.group, entry), act.member, changed=changed)


# --- members


@answered_by(claims_result)
def claim_paper(
    rows: Rows, act: Act, entry: int, kind: ClaimKind | None = None, *, toggles: bool = False
) -> ClaimResult:
    """Who would be holder where there is one becomes a backup. A claim that the member has changes its kind, where one
    is named. With `toggles`, who has one gives it back. Raises Refused: no entry, withdrawn,
    was read."""
    facts = facts_for(rows, act)
    own = own_of(rows.claims.claims(act.group, facts.entry(entry).id), act.member)
    if toggles and own and own.slept_at is None:
        return _release(rows, act, facts, entry)
    facts.require_handed_in(facts.entry(entry))
    facts.require_unread(entry)
    session = _reading(facts, entry)
    if session and session.presenter is None and _presents_now(facts, session, kind):
        carry_out(rows, act, session.id, volunteered(facts, act, session))
        now_own = own_of(rows.claims.claims(act.group, entry), act.member)
        if now_own and now_own.kind == "holder":
            return claims_result(rows, act, entry, changed=own is None or own.kind != "holder")
    return _claim(rows, act, entry, kind)


@answered_by(claims_result)
def release_claim(rows: Rows, act: Act, entry: int) -> ClaimResult:
    """Ends the member's own claim of any kind; with the holder's the first backup becomes the holder. Raises Refused:
    no entry."""
    return _release(rows, act, facts_for(rows, act), entry)


@answered_by(claims_result)
def hand_over_claim(rows: Rows, act: Act, entry: int, to: int) -> ClaimResult:
    """From the holder to another member. Raises Refused: no entry, not the holder, no member."""
    facts = facts_for(rows, act)
    holder = holder_of(rows.claims.claims(act.group, facts.entry(entry).id))
    if holder is None or holder.member.id != act.member:
        raise Refused("not the holder")
    if not rows.people.is_member(act.group, to):
        raise Refused("no member")
    if to == act.member:
        return claims_result(rows, act, entry)
    end_claim(rows, act, holder)
    give_claim(rows, act, entry, to)
    return _changed(rows, act, entry)


@answered_with(False)
def wake_claim(rows: Rows, act: Act, claim: int) -> bool:
    """Its holder keeps it: it counts again from now on. Raises Refused: not your claim."""
    found = rows.claims.claim_by_id(act.group, claim)
    if found is None or found.member.id != act.member:
        raise Refused("not your claim", entry=found.entry if found else None)
    _wake(rows, act, found)
    show_claims(rows, act.group, found.entry, act.at)
    return True


# --- moderators


@answered_by(claims_result)
def revoke_claim(rows: Rows, act: Act, entry: int) -> ClaimResult:
    """Anybody's who holds it. Of a meeting's presenter the next in line is asked; else nobody follows by themselves,
    but the moderator's own goes the way of all members'. Raises Refused: no entry, and what `declined` does."""
    facts = facts_for(rows, act)
    session = _reading(facts, facts.entry(entry).id)
    if session and session.presenter:
        move = declined(facts, act, session, session.presenter.id, "", "release session")
        carry_out(rows, act, session.id, move)
        return claims_result(rows, act, entry, changed=True)
    holder = holder_of(rows.claims.claims(act.group, entry))
    if holder is None or holder.member.id == act.member:
        return _release(rows, act, facts, entry)
    _log(rows, act, entry, "release", str(holder.member.id), "", "a moderator released it")
    end_claim(rows, act, holder)
    return _changed(rows, act, entry)


@answered_by(claims_result)
def assign_claim(rows: Rows, act: Act, entry: int, to: int) -> ClaimResult:
    """To a member, whoever held it. The presenter of a meeting that reads the entry changes with it, and is asked.
    Raises Refused: no entry, withdrawn, and what `handed_over` does."""
    facts = facts_for(rows, act)
    facts.require_handed_in(facts.entry(entry))
    session = _reading(facts, entry)
    if session:
        moves = handed_over(facts, act, session, to, "assign session")
        carry_out(rows, act, session.id, *moves)
        return claims_result(rows, act, entry, changed=True)
    claims = rows.claims.claims(act.group, entry)
    holder, own = holder_of(claims), own_of(claims, to)
    if holder and holder.member.id == to:
        return claims_result(rows, act, entry)
    after = f"{to} {own.kind}" if own else str(to)  # so that an undo gives the place in line back
    _log(rows, act, entry, "assign", str(holder.member.id) if holder else "", after, "a moderator assigned it")
    if holder:
        end_claim(rows, act, holder)
    give_claim(rows, act, entry, to)
    return _changed(rows, act, entry)


def give_back(rows: Rows, act: Act, entry: int, before: str, after: str) -> bool:
    """Undoes what a moderator did to who holds an entry. Both are members' ids, "" for nobody, with what they had in it
    before they held it; False, and nothing changed, when it is not `after` who holds it."""
    member, _, kind = after.partition(" ")
    if not is_held_by(rows, act, entry, member):
        return False
    holder = holder_of(rows.claims.claims(act.group, entry))
    if holder:
        rows.claims.change(holder.id, {"kind": _kind(kind)} if kind else {"released_at": act.at})
    if former := before.partition(" ")[0]:
        _begin_again(rows, act, entry, int(former))
    show_claims(rows, act.group, entry, act.at)
    return True


def is_held_by(rows: Reads, act: Act, entry: int, member: str) -> bool:
    """A member's id, "" for nobody."""
    holder = holder_of(rows.claims.claims(act.group, entry))
    return (str(holder.member.id) if holder else "") == member


def _kind(word: str) -> ClaimKind:
    kinds: tuple[ClaimKind, ...] = ("holder", "co", "backup", "fallback")
    return next(kind for kind in kinds if kind == word)


def _begin_again(rows: Rows, act: Act, entry: int, member: int) -> None:
    """As old as it was, unless they have another part in it by now."""
    history = rows.claims.history(act.group, entry)
    held = [claim for claim in history if claim.member.id == member and claim.kind == "holder"]
    if own_of(rows.claims.claims(act.group, entry), member) or not held:
        give_claim(rows, act, entry, member)
    else:
        rows.claims.change(max(claim.id for claim in held), {"released_at": None})


# --- the program


def put_to_sleep(rows: Rows, group: str, claim: int, now: datetime) -> bool:
    """A holder's claim that was never picked for long does not count from now on, and its holder is asked. False when
    it is no holder's any more, or sleeps already."""
    found = rows.claims.claim_by_id(group, claim)
    if found is None or found.kind != "holder" or found.slept_at:
        return False
    rows.claims.change(found.id, {"slept_at": now})
    card = standing_of(rows, group, found.entry)
    want(rows, group, Wish(QUESTION, _question(rows, group, found), card.kind), now, card.key)
    show_claims(rows, group, found.entry, now)
    return True


def _question(rows: Reads, group: str, claim: Claim) -> str:
    """When a claim falls asleep again, its id, a space and how often it did."""
    asked = [key for key in rows.claims.asked(group, claim.entry, QUESTION) if key.partition(" ")[0] == str(claim.id)]
    return f"{claim.id} {len(asked) + 1}" if asked else str(claim.id)


# --- what it comes to


def _reading(facts: Facts, entry: int) -> Session | None:
    """The meeting that reads it and is not over."""
    session = facts.reading(entry)
    return session if session and session.settled and session.ends > facts.now else None


def _presents_now(facts: Facts, session: Session, kind: ClaimKind | None) -> bool:
    """Whoever would take it if nobody else does, does once the time for others is over."""
    return kind != "fallback" or facts.names_somebody(session)


def _release(rows: Rows, act: Act, facts: Facts, entry: int) -> ClaimResult:
    session = _reading(facts, facts.entry(entry).id)
    if session and session.presenter and session.presenter.id == act.member:
        carry_out(rows, act, session.id, declined(facts, act, session, act.member, "", "decline"))
        return claims_result(rows, act, entry, changed=True)
    own = own_of(rows.claims.claims(act.group, entry), act.member)
    if own is None:
        return claims_result(rows, act, entry)
    end_claim(rows, act, own)
    if own.kind == "holder":
        _promote_first(rows, act, entry)
    return _changed(rows, act, entry)


def _claim(rows: Rows, act: Act, entry: int, asked: ClaimKind | None) -> ClaimResult:
    claims = rows.claims.claims(act.group, entry)
    own = own_of(claims, act.member)
    others = [claim for claim in claims if claim.member.id != act.member]
    kind = kind_for(asked, others, own)
    if own and (own.kind == kind or (own.kind == "holder" and must_stay(kind, others))):
        return _say_again(rows, act, own)
    if own and own.kind == "holder":
        rows.claims.change(own.id, {"kind": kind, "at": act.at, "kept_at": None, "slept_at": None})
        _promote_first(rows, act, entry)
    else:
        _begin(rows, act, entry, kind, own, holder_of(claims))
    return _changed(rows, act, entry)


def _begin(rows: Rows, act: Act, entry: int, kind: ClaimKind, own: Claim | None, holder: Claim | None) -> None:
    if kind == "holder" and holder:  # it sleeps
        rows.claims.change(holder.id, {"kind": "backup"})
    if own is None:
        rows.claims.begin(act.group, entry, act.member, kind, act.at)
    elif kind == "holder":
        promote_claim(rows, act, own)
    else:
        rows.claims.change(own.id, {"kind": kind, "at": act.at, "kept_at": None, "slept_at": None})


def _say_again(rows: Rows, act: Act, own: Claim) -> ClaimResult:
    """A claim that sleeps wakes up when its member claims once more."""
    if not own.slept_at:
        return claims_result(rows, act, own.entry)
    _wake(rows, act, own)
    return _changed(rows, act, own.entry)


def _wake(rows: Rows, act: Act, claim: Claim) -> None:
    rows.claims.change(claim.id, {"slept_at": None, "kept_at": act.at})


def _promote_first(rows: Rows, act: Act, entry: int) -> None:
    """Behind whoever held it: the first who waits."""
    others = [claim for claim in rows.claims.claims(act.group, entry) if claim.member.id != act.member]
    if first := first_backup(others):
        promote_claim(rows, act, first)


def _changed(rows: Rows, act: Act, entry: int) -> ClaimResult:
    show_claims(rows, act.group, entry, act.at)
    return claims_result(rows, act, entry, changed=True)


def _log(rows: Rows, act: Act, entry: int, action: str, before: str, after: str, reason: str) -> None:
    rows.audit.add(act.group, act.at, act.member, action, entry=entry, before=before, after=after, reason=reason)

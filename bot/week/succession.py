"""Who holds a paper, who follows and in which order, and what a member gets who asks for a part in it. Pure.

There is never more than one holder. Who waits as a backup stays in line until they leave it or hold the paper.
"""

from collections.abc import Sequence

from bot.model import Claim, ClaimKind, ClaimResult


def holder_of(claims: Sequence[Claim]) -> Claim | None:
    return next((claim for claim in claims if claim.kind == "holder"), None)


def own_of(claims: Sequence[Claim], member: int) -> Claim | None:
    return next((claim for claim in claims if claim.member.id == member), None)


def first_backup(claims: Sequence[Claim]) -> Claim | None:
    """Who is awake."""
    return next((claim for claim in claims if claim.kind == "backup" and not claim.slept_at), None)


def kind_for(asked: ClaimKind | None, others: Sequence[Claim], own: Claim | None) -> ClaimKind:
    """What a member gets who asks for it. A claim that sleeps keeps nobody from holding the paper; an only `co` or
    `backup` where nobody has it becomes the holder. Who presents beside the holder, and says only that they claim it,
    keeps that."""
    holder, kind = holder_of(others), asked or "holder"
    if kind == "holder":
        behind: ClaimKind = "co" if asked is None and own and own.kind == "co" else "backup"
        return behind if holder and not holder.slept_at else "holder"
    if kind in ("co", "backup") and not any(claim.kind != "fallback" for claim in others):
        return "holder"
    return kind


def must_stay(kind: ClaimKind, others: Sequence[Claim]) -> bool:
    """Whether the paper would have co-presenters or backups and nobody who holds it."""
    return kind != "fallback" and first_backup(others) is None


def result_of(claims: Sequence[Claim], member: int, *, changed: bool) -> ClaimResult:
    own, holder = own_of(claims, member), holder_of(claims)
    backups = [claim.member.id for claim in claims if claim.kind == "backup"]
    place = backups.index(member) + 1 if own and own.kind == "backup" else 0
    return ClaimResult(changed, holder.member if holder else None, own.kind if own else "", place)

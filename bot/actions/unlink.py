"""Takes two members apart who became one. Each has again what they brought; what happened since stays with the one who
stayed, and what was taken back since stays taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.actions.link_record import Brought, Share, read_brought
from bot.actions.links import each_once
from bot.actions.messages import show_claims, show_session
from bot.errors import Refused
from bot.model import Act
from bot.ports import Rows, answered_with
from bot.ports.rows.links import Belonging, Link, Membership, Value

VOTES = ("vote_source", "vote_span")  # how a vote stands and since when it counts: one thing

Told = Mapping[tuple[Value, ...], Belonging]


@answered_with(None)
def unlink(rows: Rows, act: Act, link: int) -> None:
    """From either account, while it may be; one that was made later comes first. Raises Refused: link gone."""
    found = rows.links.made(act.member, act.at)
    if found is None or found.id != link:
        raise Refused("link gone")
    brought = read_brought(rows.links.brought(link))
    for group, share in brought.shares.items():
        _part(_parting(rows, act, found, group, share), brought.name)
    rows.links.move_accounts(found.stays, found.goes, brought.accounts)
    _note(rows, act, found, brought)
    rows.links.drop(link)


def _note(rows: Rows, act: Act, link: Link, brought: Brought) -> None:
    """In every group of either."""
    went = next(iter(brought.shares.values())).goes.name
    stayed = {one.group: one.name for one in rows.links.memberships(link.stays)}
    for group in sorted(stayed.keys() | brought.shares.keys()):
        name = brought.shares[group].goes.name if group in brought.shares else went
        by = link.stays if group in stayed else link.goes
        rows.audit.add(group, act.at, by, "unlink", before=stayed.get(group, brought.name), after=name)


@dataclass(frozen=True, slots=True)
class Parting:
    """In one group: what there was before, how the link left it, and now. `stirred` is of which something happened
    since."""

    rows: Rows
    act: Act
    group: str
    goes: int
    stays: int
    share: Share
    mine: Told
    own: Told
    left: Told
    now: Told
    stirred: frozenset[tuple[str, int | None]]

    def is_as_left(self, one: Belonging) -> bool:
        if one.entry is None:
            return self.now.get(one.identity) == self.left.get(one.identity)
        return _matter(one) not in self.stirred

    def give(self, one: Belonging, member: int) -> None:
        self.rows.links.give(self.group, one, member)

    def take(self, one: Belonging) -> None:
        """From who stayed."""
        self.rows.links.take(self.group, one, self.stays)


def _parting(rows: Rows, act: Act, link: Link, group: str, share: Share) -> Parting:
    left, now = _by_identity(share.after), _by_identity(rows.links.belongings(group, link.stays))
    changed = (one for one in (*left.values(), *now.values()) if left.get(one.identity) != now.get(one.identity))
    stirred = frozenset(_matter(one) for one in changed if one.entry is not None)
    mine, own = _by_identity(share.mine), _by_identity(share.own)
    return Parting(rows, act, group, link.goes, link.stays, share, mine, own, left, now, stirred)


def _by_identity(told: Iterable[Belonging]) -> Told:
    return {one.identity: one for one in told}


def _matter(one: Belonging) -> tuple[str, int | None]:
    return ("vote" if one.table in VOTES else one.table, one.entry)


def _part(parting: Parting, stayed: str) -> None:
    """`stayed` is what who stayed was called."""
    parting.rows.links.put_membership(parting.goes, parting.share.goes)
    for one in parting.mine.values():
        _give_back(parting, one)
    for one in parting.own.values():
        changed = one != parting.left.get(one.identity)
        if changed and one.identity not in parting.mine and parting.is_as_left(one):
            parting.give(one, parting.stays)
    entries = {one.entry for one in (*parting.mine.values(), *parting.own.values()) if one.entry is not None}
    for entry in sorted(entries):
        _settle_vote(parting, entry)
    _rename_again(parting)
    _put_membership(parting, stayed)
    _show(parting, sorted(entries))


def _give_back(parting: Parting, one: Belonging) -> None:
    now = parting.now.get(one.identity)
    if parting.is_as_left(one):
        if one.identity in parting.own:
            parting.give(parting.own[one.identity], parting.stays)
        elif one.keyed:
            parting.take(one)
        parting.give(one, parting.goes)
    elif now and one.table != "vote_source":  # which follows from what counts
        parting.give(one if one.keyed else now, parting.goes)


# --- votes of which something happened since


def _settle_vote(parting: Parting, entry: int) -> None:
    """A vote that counts has a way in which it was given, and one that was given counts. A vote says more than a
    pass."""
    if ("vote", entry) in parting.stirred:
        _settle_of_goes(parting, entry)
        _settle_of_stays(parting, entry)
    for member in (parting.goes, parting.stays):
        standing = parting.rows.votes.standing(parting.group, member, entry)
        if standing and standing.has_voted and standing.has_passed:
            parting.rows.votes.drop_pass(parting.group, member, entry)


def _settle_of_goes(parting: Parting, entry: int) -> None:
    standing = parting.rows.votes.standing(parting.group, parting.goes, entry)
    if standing is None or not standing.counts_from:
        return
    for one in parting.mine.values():
        if one.table == "vote_source" and one.entry == entry:
            if one.identity not in parting.own and parting.now.get(one.identity) == parting.left.get(one.identity):
                parting.take(one)
            parting.give(one, parting.goes)


def _settle_of_stays(parting: Parting, entry: int) -> None:
    votes = parting.rows.votes
    standing = votes.standing(parting.group, parting.stays, entry)
    if standing and standing.has_voted and not standing.counts_from:
        votes.open_span(parting.group, parting.stays, entry, parting.act.at)
    if standing and standing.counts_from and not standing.has_voted:
        votes.close_span(parting.group, parting.stays, entry, parting.act.at)


# --- names


def _rename_again(parting: Parting) -> None:
    rows, group = parting.rows, parting.group
    for session, tried in parting.share.tried.items():
        found = rows.sessions.session(group, session)
        if found and list(found.tried) == list(each_once(tried, parting.goes, parting.stays)):
            rows.sessions.change(group, session, {"tried": tuple(tried)})
    rows.audit.reword(group, parting.share.told)


def _put_membership(parting: Parting, stayed: str) -> None:
    rows, share, stays = parting.rows, parting.share, parting.stays
    now = next(one for one in rows.links.memberships(stays) if one.group == parting.group)
    if share.stays:
        rows.links.put_membership(stays, as_before(now, share.stays, share.left))
        return
    remaining = rows.links.belongings(parting.group, stays)
    if any(one.table != "audit" for one in remaining):
        rows.links.put_membership(stays, replace(now, name=stayed))
        return
    for one in remaining:  # steps in the log of a group that they were never in otherwise
        parting.give(one, parting.goes)
    rows.links.drop_membership(parting.group, stays)


def as_before(now: Membership, before: Membership, left: Membership) -> Membership:
    """What was not changed since."""
    return replace(
        now,
        joined_at=before.joined_at if now.joined_at == left.joined_at else now.joined_at,
        on_rota=before.on_rota if now.on_rota == left.on_rota else now.on_rota,
        leave=before.leave if now.leave == left.leave else now.leave,
    )


def _show(parting: Parting, entries: Sequence[int]) -> None:
    for entry in entries:
        show_claims(parting.rows, parting.group, entry, parting.act.at)
    presented = {one.key[0] for one in parting.mine.values() if one.table == "session"}
    for session in sorted(presented | parting.share.tried.keys(), key=int):  # type: ignore[arg-type]
        show_session(parting.rows, parting.group, int(session or 0), parting.act.at)

"""Members and what they are in a group: who joins and is called how, who moderates, the rota, leave."""

from datetime import date, datetime

from bot.actions.messages import note, show_entry
from bot.groups.names import fit_name, require_free
from bot.model import Act, Member
from bot.ports import Reads, Rows, answered_by, answered_with

Leave = tuple[date, date | None]  # first and last day away; None: until further


def enrol(rows: Rows, group: str, account: str, name: str, at: datetime, request: str = "") -> Member:
    """The account's member in this group, made or renamed, unless that request is known. No act: who joins is nobody
    there yet. Raises Refused: bad name, taken name."""
    name = fit_name(name, account)
    known = rows.people.member(group, account)
    is_new = rows.requests.remember(Act(request, group, 0, "", at))
    if known and (known.name == name or not is_new):
        return known
    require_free(rows, group, account, name)
    member = rows.people.put_account(account, name)
    rows.people.put_member(group, member, name, at)
    for entry in sorted(rows.votes.stance(group, member).claimed):  # their name stands on these cards
        show_entry(rows, group, entry, at)
    return Member(member, name, known.role if known else "member")


# --- moderators


def offer_code(rows: Rows, group: str, code_hash: str) -> None:
    """The one code that makes its finder a moderator; replaces the last one."""
    rows.people.put_code(group, code_hash)


def _moderates(rows: Reads, act: Act, code_hash: str) -> bool:
    return rows.people.role(act.group, act.member) == "moderator"


@answered_by(_moderates)
def redeem_code(rows: Rows, act: Act, code_hash: str) -> bool:
    """Makes the member a moderator, once per code. False: no such code."""
    if not rows.people.take_code(act.group, code_hash):
        return False
    before = rows.people.role(act.group, act.member) or ""
    rows.people.set_role(act.group, act.member, "moderator")
    why = "the one-time code"
    rows.audit.add(act.group, act.at, act.member, "role", before=before, after="moderator", reason=why)
    return True


# --- the rota


@answered_with(False)
def set_rota(rows: Rows, act: Act, on: bool) -> bool:
    """False when nothing changed."""
    return rows.people.set_rota(act.group, act.member, on) and _note(rows, act)


@answered_with(False)
def set_leave(rows: Rows, act: Act, leave: Leave | None) -> bool:
    """None: back. False when nothing changed."""
    return rows.people.set_leave(act.group, act.member, leave) and _note(rows, act)


def _note(rows: Rows, act: Act) -> bool:
    note(rows, act.group, f"member:{act.member}", act.at)
    return True

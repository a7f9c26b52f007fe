"""Members and what they are in a group: who joins and is called how, who moderates, the rota, leave."""

from datetime import date, datetime

from bot.actions.messages import note, show_entry
from bot.errors import Refused
from bot.groups.names import fit_name, require_free
from bot.model import Act, Member
from bot.ports import Reads, Rows, answered_by, answered_with
from bot.ports.rows.people import Invitation

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


def is_renamed(rows: Reads, group: str, member: Member, account: str, name: str) -> bool:
    """Whether the platform calls the member another name than they have here. Who has several accounts keeps theirs
    until one of them is renamed there."""
    if name in (member.name, ""):
        return False
    return len(rows.people.accounts(group, member.id)) == 1 or rows.people.account_name(account) != name


# --- who is invited


@answered_with(None)
def invite(rows: Rows, act: Act, code_hash: str, invitation: Invitation) -> None:
    """A code by which so many may choose a name where anybody could; replaces the last one."""
    rows.people.put_invitation(act.group, code_hash, invitation)
    until = invitation.until.date().isoformat()
    rows.audit.add(act.group, act.at, act.member, "invite", after=str(invitation.seats), reason=until)


@answered_with(True)
def end_invitation(rows: Rows, act: Act) -> bool:
    """False when none stands."""
    if rows.people.invitation(act.group, act.at) is None:
        return False
    rows.people.drop_invitation(act.group)
    rows.audit.add(act.group, act.at, act.member, "end invitation")
    return True


def enrol_invited(
    rows: Rows, group: str, account: str, name: str, at: datetime, request: str, code_hash: str
) -> Member:
    """As `enrol`; who is new needs the code that a moderator gave out, or the one that makes a moderator, which stays
    good for that. Raises Refused: not invited."""
    if rows.people.member(group, account) is None:
        is_invited = rows.people.take_seat(group, code_hash, at) or rows.people.is_code(group, code_hash)
        if not is_invited:
            raise Refused("not invited")
    return enrol(rows, group, account, name, at, request)


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

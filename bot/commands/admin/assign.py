"""A moderator hands a paper to a member. The platform is asked first whether that member is still there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions.claims import assign_claim
from bot.actions.people import enrol
from bot.cards import Choice, Reply
from bot.commands.admin.replies import done
from bot.commands.parameters import MOST_CHOICES, PAPER
from bot.commands.table import Ambiguous, Context, Parameter, Policy, command
from bot.errors import DeliveryError, UserError
from bot.groups.names import as_read, find_members
from bot.languages import Phrase, phrase, say
from bot.model import Entry, Member
from bot.views.dates import day_of
from bot.views.papers import quoted

ACCOUNT = re.compile(r"[a-z]+:\S+")
MEMBER_ID = "member:"
OFFERED = 5


@dataclass(frozen=True, slots=True)
class Assignee:
    """Somebody who may be handed a paper. `member` is None for one who never spoke to us."""

    name: str
    accounts: Sequence[str]
    member: Member | None = None


async def read_member(context: Context, typed: str) -> Assignee:
    """An account, as the platform's own picker gives it, or words of a name."""
    if typed.startswith(MEMBER_ID):
        return await _by_id(context, typed.removeprefix(MEMBER_ID))
    if ACCOUNT.fullmatch(typed):
        return await _by_account(context, typed)
    found = await context.store.read(find_members, context.group.id, typed, OFFERED)
    if not found:
        raise UserError(
            'Nobody here is called "{typed:.40}". /paper status tells whether the group is the right one.', typed=typed
        )
    exact = [member for member in found if as_read(member.name) == as_read(typed)]
    if len(exact) != 1:
        raise _ask_which(typed, exact or found)
    return await _assignee(context, exact[0])


def _ask_which(typed: str, found: Sequence[Member]) -> Ambiguous:
    """Also of one, whose name is not just that."""
    choices = [Choice(member.name, f"{MEMBER_ID}{member.id}") for member in found]
    if len(found) == 1:
        return Ambiguous('Did you mean this one by "{typed:.40}"?', choices, typed=typed)
    return Ambiguous('Several members fit "{typed:.40}". Which one?', choices, typed=typed)


async def _assignee(context: Context, member: Member) -> Assignee:
    accounts = await context.store.read(lambda rows: rows.people.accounts(context.group.id, member.id))
    return Assignee(member.name, accounts, member)


async def _by_id(context: Context, number: str) -> Assignee:
    members = await context.store.read(lambda rows: rows.people.members(context.group.id))
    found = next((member for member in members if str(member.id) == number), None)
    if found is None:
        raise UserError("Nobody here is meant by that any more. Say their name.")
    return await _assignee(context, found)


async def _by_account(context: Context, account: str) -> Assignee:
    member = await context.store.peek(lambda rows: rows.people.member(context.group.id, account))
    name = member.name if member else context.request.args.get("member_name", "").strip()
    if not name:
        raise UserError("Paperclub does not know them yet. Ask them to vote or to claim once; then try again.")
    return Assignee(name, (account,), member)


async def enrolled(context: Context, candidate: Assignee, otherwise: str | Phrase) -> Member:
    """The member that they are or become. The platform is asked first, by any of their accounts. Raises UserError for
    one who has left, and when the platform does not say; `otherwise` tells what came of it: "nothing was assigned"."""
    try:
        is_here = any([await context.surfaces.is_here(context.group, account) for account in candidate.accounts])
    except DeliveryError as error:
        raise UserError(
            "I could not find out whether {name} is still here ({error}); {otherwise}. Try again soon.",
            name=candidate.name,
            error=str(error),
            otherwise=otherwise,
        ) from None
    if not is_here:
        raise UserError("{name} has left; {otherwise}.", name=candidate.name, otherwise=otherwise)
    if candidate.member:
        return candidate.member
    account, name = candidate.accounts[0], candidate.name
    return await context.store.write(enrol, context.group.id, account, name, context.now())


async def complete_member(context: Context, typed: str) -> Sequence[Choice]:
    found = await context.store.read(find_members, context.group.id, typed, MOST_CHOICES)
    return [Choice(member.name, member.name) for member in found]


MEMBER = Parameter(
    "member",
    "who presents it",
    read_member,
    kind="member",
    complete=complete_member,
    de=("mitglied", "wer es vorstellt"),
)


@command(
    "assign",
    "give a paper to a member to present, whoever holds it",
    Policy.MODERATOR,
    PAPER,
    MEMBER,
    slow=True,
    de=("zuweisen", "einem Mitglied ein Paper zum Vorstellen geben, wer es auch hat"),
)
async def assign(context: Context, paper: Entry, member: Assignee) -> Reply:
    to = await enrolled(context, member, phrase("nothing was assigned"))
    reads = await context.store.peek(lambda rows: rows.sessions.session_of(context.group.id, paper.id))
    before = reads.presenter if reads and reads.ends > context.now() and reads.presenter else paper.claimer
    result = await context.store.act(assign_claim, context.act(), paper.id, to.id)
    group, title = context.group, quoted(paper.paper.title)
    who = result.holder.name if result.holder else say(group, "Nobody")
    said = say(group, "{name} presents {title}.", name=who, title=title)
    if result.changed and before and before.id != to.id:
        said = say(group, "{name} presents {title} instead of {before}.", name=who, title=title, before=before.name)
    return done(group, said, await _say_asked(context, paper, to.id))


async def _say_asked(context: Context, paper: Entry, member: int) -> str:
    """Of a paper that a meeting reads."""
    reads = await context.store.peek(lambda rows: rows.sessions.session_of(context.group.id, paper.id))
    if reads is None or reads.presenter is None or reads.presenter.id != member or reads.ends <= context.now():
        return ""
    group, day = context.group, day_of(reads, context.group)
    if reads.confirmed_at:
        return say(group, "It is read on {day}.", day=day)
    return say(group, "It is read on {day}: they are asked whether they can.", day=day)

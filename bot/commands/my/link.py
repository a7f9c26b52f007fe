"""One member with several accounts: a code from one of them, said from the other; then each is shown whom it would be
one with, and both say yes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.actions.codes import hash_code, new_code
from bot.actions.links import VALID, agree_to_link, ask_link, offer_link, refuse_link
from bot.actions.unlink import unlink
from bot.cards import Button, Reply
from bot.commands.parameters import read_text
from bot.commands.sections import YOURS
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.groups.post_times import local_date
from bot.ports import Reads
from bot.ports.rows.links import Link
from bot.views.dates import spoken
from bot.wording import join_words, plural

SURFACES = {"web": "the web page", "discord": "Discord", "slack": "Slack", "mail": "mail", "terminal": "the terminal"}
WORD = re.compile(r"(yes|no|apart)[- ]?([0-9]{1,18})", re.IGNORECASE)
LOOK = "look"

CODE = Parameter(
    "code",
    "the code that your other account was given, or the answer that you are asked for",
    read_text,
    required=False,
    de=("code", "der Code, den dein anderes Konto bekommen hat, oder die Antwort, nach der du gefragt wirst"),
)
AGAIN = Button("Look whether it was said", "link", argument=("code", LOOK))
NOT_VALID = (
    "That code is not valid (any more). Ask for a new one with /paper my link from your other account, "
    "and say it within ten minutes."
)


@command(
    "link",
    "your other account: the same member, one vote, the same claims",
    Policy.MEMBER,
    CODE,
    de=("verknüpfen", "dein anderes Konto: dasselbe Mitglied, eine Stimme, dieselben Zusagen"),
    section=YOURS,
)
async def link(context: Context, code: str = "") -> Reply:
    answer = WORD.fullmatch(code.strip())
    if answer:
        return await ANSWERS[answer[1].lower()](context, int(answer[2]))
    asked = await context.store.peek(lambda rows: rows.links.asked(context.act().member, context.now()))
    if code.lower() == LOOK or not code:
        if asked:
            return await _ask(context, asked)
        return await _offer(context) if not code else _not_said(context)
    return await _say_code(context, code)


# --- the code


async def _offer(context: Context) -> Reply:
    code = new_code()
    await context.store.act(offer_link, context.act(), hash_code(code))
    lines = [
        f"Say this from your other account within {_minutes()}: /paper my link {code}",
        "Then come back here, see who said it, and say yes. Only you see the code; give it to nobody else.",
    ]
    made = await context.store.peek(lambda rows: rows.links.made(context.act().member, context.now()))
    if made is None:
        return Reply("\n".join(lines), choices=(AGAIN,))
    until = spoken(local_date(made.until, context.group), context.group)
    lines.append(
        f"You are one with another account. Until {until} you can take them apart: /paper my link apart-{made.id}"
    )
    return Reply("\n".join(lines), choices=(AGAIN, Button("Take them apart", "link", argument=_word("apart", made))))


def _not_said(context: Context) -> Reply:
    text = "Nobody has said your code yet, or it is too old. /paper my link gives you a new one."
    return Reply(text, choices=(AGAIN,), ok=False, replaces=context.request.pressed)


async def _say_code(context: Context, code: str) -> Reply:
    asked = await context.store.act(ask_link, context.act(), hash_code(code))
    if asked is None:
        raise UserError(NOT_VALID)
    return await _ask(context, asked)


def _minutes() -> str:
    return plural(VALID // timedelta(minutes=1), "minute")


def _word(answer: str, link: Link) -> tuple[str, str]:
    return ("code", f"{answer}-{link.id}")


# --- whom one would be one with


@dataclass(frozen=True, slots=True)
class Side:
    """One of two members, as the other is shown them in a group."""

    name: str
    accounts: Sequence[str]
    here: str  # what they are and have in the group
    moderates: Sequence[str]  # groups, as a member who was made a moderator there

    @property
    def said(self) -> str:
        return f"{self.name}, on {_say_surfaces(self.accounts)}: {self.here}"


def _side(rows: Reads, group: str, member: int) -> Side:
    memberships = rows.links.memberships(member)
    here = next((one for one in memberships if one.group == group), None)
    has = "not in this group yet"
    if here:
        stance = rows.votes.stance(group, member)
        has = f"{here.role} here, with {plural(len(stance.voted), 'vote')} and {plural(len(stance.claimed), 'claim')}"
    name = here.name if here else next((one.name for one in memberships), "Somebody")
    moderates = [one.group for one in memberships if one.role == "moderator"]
    return Side(name, rows.links.accounts(member), has, moderates)


async def _ask(context: Context, link: Link) -> Reply:
    """Shows who is meant, and asks for yes or no, unless this member has said yes."""
    me, group = context.act().member, context.group.id
    stays = await context.store.read(_side, group, link.stays)
    goes = await context.store.read(_side, group, link.goes)
    other = goes if me == link.stays else stays
    if me in link.agreed:
        text = f"Now {other.name} has to say yes, too, within {_minutes()}: /paper my link from there."
        return Reply(text, choices=(AGAIN,), replaces=context.request.pressed)
    lines = [
        f"Is this you as well? {other.said}.",
        f"If you say yes on both sides you are one member, called {stays.name}, with the votes and claims of both. "
        f"Say yes only if both accounts are yours.",
        *_lost(context, goes, stays, is_mine=me == link.goes),
        f"Or type: /paper my link yes-{link.id}, /paper my link no-{link.id}",
    ]
    yes = Button("Yes, both are mine", "link", argument=_word("yes", link))
    no = Button("No", "link", argument=_word("no", link))
    return Reply("\n".join(lines), choices=(yes, no), replaces=context.request.pressed)


def _lost(context: Context, goes: Side, stays: Side, *, is_mine: bool) -> Sequence[str]:
    """Roles do not come along. The other's groups are not for everybody to see."""
    lost = [group for group in goes.moderates if group not in stays.moderates]
    known = lost if is_mine else [group for group in lost if group == context.group.id]
    if not known:
        return ()
    names = join_words(
        [context.groups.by_id[group].name if group in context.groups.by_id else group for group in known]
    )
    return (
        f"The role of {goes.name} as moderator of {names} does not come along. To keep it, say no, ask for the code "
        f"from {goes.name}’s account, and say it from the other.",
    )


# --- the answers


async def _yes(context: Context, number: int) -> Reply:
    link = await context.store.act(agree_to_link, context.act(), number)
    if link is None or link.made_at is None:
        return await _ask(context, link) if link else _not_said(context)
    side = await context.store.read(_side, context.group.id, link.stays)
    until = spoken(local_date(link.until, context.group), context.group)
    text = (
        f"You are {side.name} now, on {_say_surfaces(side.accounts)}: {side.here}. Of two votes on a paper one counts. "
        f"If that was a mistake, /paper my link takes them apart again until {until}."
    )
    return Reply(text, replaces=context.request.pressed)


async def _no(context: Context, number: int) -> Reply:
    await context.store.act(refuse_link, context.act(), number)
    return Reply("They stay two. Nothing was changed.", replaces=context.request.pressed)


async def _apart(context: Context, number: int) -> Reply:
    await context.store.act(unlink, context.act(), number)
    text = (
        "They are two members again, each with the votes, claims and roles that they brought. What was done since "
        "stays with the one who kept the name."
    )
    return Reply(text, replaces=context.request.pressed)


ANSWERS = {"yes": _yes, "no": _no, "apart": _apart}


def _say_surfaces(accounts: Sequence[str]) -> str:
    """`Discord and the web page`"""
    surfaces = list(dict.fromkeys(account.partition(":")[0] for account in accounts))
    named = [SURFACES.get(name, name) for name in surfaces]
    return join_words(named) if len(named) > 1 or len(accounts) == 1 else f"{len(accounts)} accounts of {named[0]}"

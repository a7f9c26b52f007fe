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
from bot.languages import count, joined, msgid, say
from bot.model import GroupSettings
from bot.ports import Reads
from bot.ports.rows.links import Link
from bot.views.dates import spoken

SURFACES = {
    "web": msgid("the web page"),
    "discord": msgid("Discord"),
    "slack": msgid("Slack"),
    "mail": msgid("mail"),
    "terminal": msgid("the terminal"),
}
WORD = re.compile(r"(yes|no|apart)[- ]?([0-9]{1,18})", re.IGNORECASE)
LOOK = "look"
MINUTES = VALID // timedelta(minutes=1)

CODE = Parameter(
    "code",
    "the code that your other account was given, or the answer that you are asked for",
    read_text,
    required=False,
    de=("code", "der Code, den dein anderes Konto bekommen hat, oder die Antwort, nach der du gefragt wirst"),
)
NOT_VALID = msgid(
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
    group = context.group
    lines = [
        count(
            group,
            "Say this from your other account within {n} minute: /paper my link {code}",
            "Say this from your other account within {n} minutes: /paper my link {code}",
            MINUTES,
            code=code,
        ),
        say(group, "Then come back here, see who said it, and say yes. Only you see the code; give it to nobody else."),
    ]
    made = await context.store.peek(lambda rows: rows.links.made(context.act().member, context.now()))
    if made is None:
        return Reply("\n".join(lines), choices=(_again(group),))
    lines.append(
        say(
            group,
            "You are one with another account. Until {day} you can take them apart: {typed}",
            day=spoken(local_date(made.until, group), group),
            typed=f"/paper my link apart-{made.id}",
        )
    )
    apart = Button(say(group, "Take them apart"), "link", argument=_word("apart", made))
    return Reply("\n".join(lines), choices=(_again(group), apart))


def _again(group: GroupSettings) -> Button:
    return Button(say(group, "Look whether it was said"), "link", argument=("code", LOOK))


def _not_said(context: Context) -> Reply:
    group = context.group
    text = say(group, "Nobody has said your code yet, or it is too old. /paper my link gives you a new one.")
    return Reply(text, choices=(_again(group),), ok=False, replaces=context.request.pressed)


async def _say_code(context: Context, code: str) -> Reply:
    asked = await context.store.act(ask_link, context.act(), hash_code(code))
    if asked is None:
        raise UserError(NOT_VALID)
    return await _ask(context, asked)


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

    def said(self, group: GroupSettings) -> str:
        on = _say_surfaces(self.accounts, group)
        return say(group, "{name}, on {surfaces}: {here}", name=self.name, surfaces=on, here=self.here)


ROLES = {"member": msgid("member here"), "moderator": msgid("moderator here")}


def _side(rows: Reads, group: GroupSettings, member: int) -> Side:
    memberships = rows.links.memberships(member)
    here = next((one for one in memberships if one.group == group.id), None)
    has = say(group, "not in this group yet")
    if here:
        stance = rows.votes.stance(group.id, member)
        votes = count(group, "{n} vote", "{n} votes", len(stance.voted))
        claims = count(group, "{n} claim", "{n} claims", len(stance.claimed))
        role = say(group, ROLES[here.role])
        has = say(group, "{role}, with {votes} and {claims}", role=role, votes=votes, claims=claims)
    name = here.name if here else next((one.name for one in memberships), say(group, "Somebody"))
    moderates = [one.group for one in memberships if one.role == "moderator"]
    return Side(name, rows.links.accounts(member), has, moderates)


async def _ask(context: Context, link: Link) -> Reply:
    """Shows who is meant, and asks for yes or no, unless this member has said yes."""
    me, group = context.act().member, context.group
    stays = await context.store.read(_side, group, link.stays)
    goes = await context.store.read(_side, group, link.goes)
    other = goes if me == link.stays else stays
    if me in link.agreed:
        text = count(
            group,
            "Now {name} has to say yes, too, within {n} minute: /paper my link from there.",
            "Now {name} has to say yes, too, within {n} minutes: /paper my link from there.",
            MINUTES,
            name=other.name,
        )
        return Reply(text, choices=(_again(group),), replaces=context.request.pressed)
    lines = [
        f"{say(group, 'Is this you as well?')} {other.said(group)}.",
        say(
            group,
            "If you say yes on both sides you are one member, called {name}, with the votes and claims of both. "
            "Say yes only if both accounts are yours.",
            name=stays.name,
        ),
        *_lost(context, goes, stays, is_mine=me == link.goes),
        say(group, "Or type: {typed}", typed=f"/paper my link yes-{link.id}, /paper my link no-{link.id}"),
    ]
    yes = Button(say(group, "Yes, both are mine"), "link", argument=_word("yes", link))
    no = Button(say(group, "No"), "link", argument=_word("no", link))
    return Reply("\n".join(lines), choices=(yes, no), replaces=context.request.pressed)


def _lost(context: Context, goes: Side, stays: Side, *, is_mine: bool) -> Sequence[str]:
    """Roles do not come along. The other's groups are not for everybody to see."""
    lost = [group for group in goes.moderates if group not in stays.moderates]
    known = lost if is_mine else [group for group in lost if group == context.group.id]
    if not known:
        return ()
    names = joined(
        context.group, [context.groups.by_id[group].name if group in context.groups.by_id else group for group in known]
    )
    return (
        say(
            context.group,
            "The role of {name} as moderator of {groups} does not come along. To keep it, say no, ask for the code "
            "from {name}’s account, and say it from the other.",
            name=goes.name,
            groups=names,
        ),
    )


# --- the answers


async def _yes(context: Context, number: int) -> Reply:
    link = await context.store.act(agree_to_link, context.act(), number)
    if link is None or link.made_at is None:
        return await _ask(context, link) if link else _not_said(context)
    side = await context.store.read(_side, context.group, link.stays)
    group = context.group
    text = say(
        group,
        "You are {name} now, on {surfaces}: {here}. Of two votes on a paper one counts. "
        "If that was a mistake, /paper my link takes them apart again until {day}.",
        name=side.name,
        surfaces=_say_surfaces(side.accounts, group),
        here=side.here,
        day=spoken(local_date(link.until, group), group),
    )
    return Reply(text, replaces=context.request.pressed)


async def _no(context: Context, number: int) -> Reply:
    await context.store.act(refuse_link, context.act(), number)
    return Reply(say(context.group, "They stay two. Nothing was changed."), replaces=context.request.pressed)


async def _apart(context: Context, number: int) -> Reply:
    await context.store.act(unlink, context.act(), number)
    text = say(
        context.group,
        "They are two members again, each with the votes, claims and roles that they brought. What was done since "
        "stays with the one who kept the name.",
    )
    return Reply(text, replaces=context.request.pressed)


ANSWERS = {"yes": _yes, "no": _no, "apart": _apart}


def _say_surfaces(accounts: Sequence[str], group: GroupSettings) -> str:
    """`Discord and the web page`"""
    surfaces = list(dict.fromkeys(account.partition(":")[0] for account in accounts))
    named = [say(group, SURFACES.get(name, name)) for name in surfaces]
    if len(named) > 1 or len(accounts) == 1:
        return joined(group, named)
    return count(group, "{n} account of {surface}", "{n} accounts of {surface}", len(accounts), surface=named[0])

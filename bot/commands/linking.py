"""One member with several accounts: a code from one of them, said from the other, makes them one."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from bot.actions.links import VALID, link_accounts, offer_link
from bot.cards import Reply
from bot.commands.house import hash_code
from bot.commands.parameters import read_text
from bot.commands.sections import YOURS
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.wording import join_words, plural

SURFACES = {"web": "the web page", "discord": "Discord", "slack": "Slack", "mail": "mail", "terminal": "the terminal"}

CODE = Parameter(
    "code", "the code that you were given", read_text, required=False, de=("code", "der Code, den du bekommen hast")
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
    return await _join(context, code) if code else await _offer(context)


async def _offer(context: Context) -> Reply:
    code = "-".join(secrets.token_hex(2).upper() for _ in range(4))
    await context.store.act(offer_link, context.act(), hash_code(code))
    minutes = plural(VALID // timedelta(minutes=1), "minute")
    return Reply(
        f"Say this from your other account within {minutes}: /paper my link {code}\n"
        "Both are then one member. Only you see the code; whoever has it becomes you."
    )


async def _join(context: Context, code: str) -> Reply:
    if not await context.store.act(link_accounts, context.act(), hash_code(code)):
        raise UserError(
            "That code is not valid (any more). Ask for a new one with /paper my link from your other account, "
            "and say it within ten minutes."
        )
    group, account = context.group.id, context.request.account
    member = await context.store.peek(lambda rows: rows.people.member(group, account))
    if member is None:
        return Reply("Both accounts are one member now.")
    accounts = await context.store.read(lambda rows: rows.people.accounts(group, member.id))
    stance = await context.store.read(lambda rows: rows.votes.stance(group, member.id))
    has = join_words([plural(len(stance.voted), "vote"), plural(len(stance.claimed), "claim")])
    return Reply(
        f"You are {member.name}, on {_say_surfaces(accounts)}, with {has}. Of two votes on a paper one counts."
    )


def _say_surfaces(accounts: Sequence[str]) -> str:
    """`Discord and the web page`"""
    surfaces = [account.partition(":")[0] for account in accounts]
    named = [SURFACES.get(name, name) for name in dict.fromkeys(surfaces)]
    return join_words(named) if len(named) > 1 else f"{len(accounts)} accounts of {named[0]}"

"""On the web: a name, and a moderator's role by a code."""

from bot.actions.codes import hash_code
from bot.actions.people import enrol, enrol_invited, redeem_code
from bot.cards import Reply
from bot.commands.parameters import CODE, NAME, read_text
from bot.commands.sections import YOURS
from bot.commands.table import Context, Parameter, Policy, command
from bot.errors import UserError
from bot.languages import say

INVITATION = Parameter(
    "code",
    "the code that a moderator gave you, where one is needed",
    read_text,
    required=False,
    de=("code", "der Code, den dir ein Moderator gegeben hat, wo einer nötig ist"),
)


@command(
    "join",
    "your name in this group",
    Policy.ANYONE,
    NAME,
    INVITATION,
    only_on=("web",),
    de=("beitreten", "dein Name in dieser Gruppe"),
    section=YOURS,
    everyday=True,
)
async def join(context: Context, name: str, code: str = "") -> Reply:
    asked, group = context.request, context.group.id
    if asked.from_outside:
        hashed = hash_code(code)
        member = await context.store.write(enrol_invited, group, asked.account, name, context.now(), asked.id, hashed)
    else:
        member = await context.store.write(enrol, group, asked.account, name, context.now(), asked.id)
    return Reply(say(context.group, "You are {name}.", name=member.name))


@command(
    "moderate",
    "become a moderator",
    Policy.MEMBER,
    CODE,
    only_on=("web",),
    de=("moderieren", "Moderator werden"),
    section=YOURS,
    everyday=True,
)
async def moderate(context: Context, code: str) -> Reply:
    if await context.store.act(redeem_code, context.act(), hash_code(code)):
        return Reply(say(context.group, "You are a moderator of this group now."))
    raise UserError("That code is not valid (any more). The program prints a new one at each start.")

"""Commands by which members claim papers: to present one, with somebody, behind somebody, or if nobody else does."""

from dataclasses import replace

from bot.actions.claims import claim_paper, release_claim, wake_claim
from bot.cards import Button, Choice, Reply
from bot.commands.parameters import BY_ID, ENTRY_ID, PAPER, one_of, read_paper
from bot.commands.sessions import say_when
from bot.commands.table import Context, Policy, command
from bot.errors import UserError
from bot.languages import msgid, phrase, say
from bot.model import ClaimKind, ClaimResult, Entry, GroupSettings, Session
from bot.views.papers import quoted

CLAIM = "claim:"  # before a claim's id, for a button that is about the claim itself

IN_LINE = {
    1: msgid("first in line"),
    2: msgid("second in line"),
    3: msgid("third in line"),
    4: msgid("fourth in line"),
    5: msgid("fifth in line"),
}
LATER = msgid("no. {n} in line")

AS = one_of(
    "as",
    "how: alone, with whoever holds it, behind them, or if nobody else does",
    Choice(msgid("I present it"), "holder"),
    Choice(msgid("I present it together with whoever holds it"), "co"),
    Choice(msgid("I present it if they can't"), "backup"),
    Choice(msgid("I'll take it if nobody else does"), "fallback"),
    de=("als", "wie: allein, mit anderen, hinter ihnen, oder wenn es sonst niemand tut"),
)


async def read_claimed(context: Context, typed: str) -> Entry:
    """A paper, or the paper of a claim that is the member's own."""
    if not typed.startswith(CLAIM):
        return await read_paper(context, typed)
    number = typed.removeprefix(CLAIM)
    found = (
        await context.store.peek(lambda rows: rows.claims.claim_by_id(context.group.id, int(number)))
        if ENTRY_ID.fullmatch(number)
        else None
    )
    if found is None:
        raise UserError("That claim has ended. Claim on the paper's card begins a new one.")
    if context.member is None or found.member.id != context.member.id:
        raise UserError("It is {name}'s claim: only they can keep it.", name=found.member.name)
    return await read_paper(context, f"{BY_ID}{found.entry}")


@command(
    "claim",
    "I'll present this; release, or the button pressed again, gives it back",
    Policy.MEMBER,
    replace(PAPER, read=read_claimed),
    AS,
    de=("übernehmen", "das stelle ich vor; release oder der Knopf noch einmal gibt es zurück"),
)
async def claim(context: Context, paper: Entry, **how: ClaimKind) -> Reply:
    """`how` has what was typed for `as`, which is no name for a parameter in Python."""
    act, kind = context.act(), how.get("as")
    keeps = context.request.args.get("paper", "").startswith(CLAIM)
    if keeps:
        await context.store.act(wake_claim, act, int(context.request.args["paper"].removeprefix(CLAIM)))
        title = quoted(paper.paper.title)
        return Reply(say(context.group, "You keep {title}; your claim counts again.", title=title))
    result = await context.store.act(claim_paper, act, paper.id, kind, toggles=context.toggles)
    return await _tell(context, paper, result)


@command(
    "release",
    "I can't present this after all",
    Policy.MEMBER,
    PAPER,
    de=("zurückgeben", "ich kann es doch nicht vorstellen"),
)
async def release(context: Context, paper: Entry) -> Reply:
    return await _tell(context, paper, await context.store.act(release_claim, context.act(), paper.id))


async def _tell(context: Context, paper: Entry, result: ClaimResult) -> Reply:
    """How the claim stands now, which is also right for a request that is delivered twice."""
    title = quoted(paper.paper.title)
    if not result.kind:
        return _tell_without(context, paper, result)
    session = await context.store.peek(lambda rows: rows.sessions.session_of(context.group.id, paper.id))
    said, presents = _say(context, title, result, session), bool(session and _presents(context, session))
    return Reply(said, is_shown=result.changed and result.kind == "holder" and not presents)


def _say(context: Context, title: str, result: ClaimResult, session: Session | None) -> str:
    group = context.group
    match result.kind:
        case "holder" if session and session.ends > context.now() and _presents(context, session):
            when = say_when(context, session)
            if result.changed:
                return say(
                    group, "You claimed {title}, which is read on {when}: you present it.", title=title, when=when
                )
            return say(
                group, "You already hold {title}, which is read on {when}: you present it.", title=title, when=when
            )
        case "holder" if result.changed:
            return say(group, "You claimed {title}. /paper release gives it back.", title=title)
        case "holder":
            return say(group, "You already hold {title}. /paper release gives it back.", title=title)
        case "co":
            return _say_co(context, title, result)
        case "backup":
            return _say_line(group, title, result)
        case _ if result.holder:
            name = result.holder.name
            return say(group, "You present {title} if nobody else does; {name} holds it now.", title=title, name=name)
        case _:
            return say(group, "You present {title} if nobody else does; nobody holds it yet.", title=title)


def _say_co(context: Context, title: str, result: ClaimResult) -> str:
    holder = result.holder
    if holder and holder.id != context.act().member:
        return say(context.group, "You present {title} together with {name}.", title=title, name=holder.name)
    return say(context.group, "You present {title} together with whoever holds it.", title=title)


def _presents(context: Context, session: Session) -> bool:
    return session.presenter is not None and session.presenter.id == context.act().member


def _say_line(group: GroupSettings, title: str, result: ClaimResult) -> str:
    """Who came second in a race hears who won and where they are in line."""
    if result.holder is None:
        return say(group, "Somebody has claimed {title} already; you hear from us when they can't.", title=title)
    return say(
        group,
        "{name} has claimed {title} already; you are {place} after {name}, and hear from us when they can't.",
        name=result.holder.name,
        title=title,
        place=phrase(IN_LINE.get(result.place, LATER), n=result.place),
    )


def _tell_without(context: Context, paper: Entry, result: ClaimResult) -> Reply:
    group, title, holder = context.group, quoted(paper.paper.title), result.holder
    if not result.changed and holder:
        told = [
            say(group, "You have no claim on {title}.", title=title),
            say(group, "It is claimed by {name}, so it is theirs to release.", name=holder.name),
        ]
        if context.is_moderator:
            told.append(say(group, "As a moderator you free it with /paper-admin release."))
        return Reply(" ".join(told), ok=False)
    choices = (Button(say(group, "Claim again"), "claim", paper.id, once=True),) if result.changed else ()
    return Reply(_say_released(group, title, result), choices=choices)


def _say_released(group: GroupSettings, title: str, result: ClaimResult) -> str:
    if result.holder:
        return say(group, "You released {title}; {name} holds it now.", title=title, name=result.holder.name)
    if result.changed:
        return say(group, "You released {title}; anyone can claim it.", title=title)
    return say(group, "Nobody holds {title}; anyone can claim it.", title=title)

"""Commands by which members claim papers: to present one, with somebody, behind somebody, or if nobody else does."""

from dataclasses import replace

from bot.actions.claims import claim_paper, release_claim, wake_claim
from bot.cards import Button, Choice, Reply
from bot.commands.parameters import ENTRY_ID, PAPER, one_of, read_paper
from bot.commands.sessions import say_when
from bot.commands.table import Context, Policy, command
from bot.errors import UserError
from bot.model import ClaimKind, ClaimResult, Entry, Member, Session
from bot.views.papers import quoted
from bot.wording import ordinal

CLAIM = "claim:"  # before a claim's id, for a button that is about the claim itself

AS = one_of(
    "as",
    "how: alone, with whoever holds it, behind them, or if nobody else does",
    Choice("I present it", "holder"),
    Choice("I present it together with whoever holds it", "co"),
    Choice("I present it if they can't", "backup"),
    Choice("I'll take it if nobody else does", "fallback"),
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
        raise UserError(f"It is {found.member.name}'s claim: only they can keep it.")
    return await read_paper(context, f"entry:{found.entry}")


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
        return Reply(f"You keep {quoted(paper.paper.title)}; your claim counts again.")
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
    said = "You claimed" if result.changed else "You already hold"
    match result.kind:
        case "holder" if session and session.ends > context.now() and _presents(context, session):
            return f"{said} {title}, which is read on {say_when(context, session)}: you present it."
        case "holder":
            return f"{said} {title}. /paper release gives it back."
        case "co":
            return f"You present {title} together with {_other(context, result, 'whoever holds it')}."
        case "backup":
            return _say_line(title, result)
        case _:
            who = f"{result.holder.name} holds it now" if result.holder else "nobody holds it yet"
            return f"You present {title} if nobody else does; {who}."


def _presents(context: Context, session: Session) -> bool:
    return session.presenter is not None and session.presenter.id == context.act().member


def _other(context: Context, result: ClaimResult, otherwise: str) -> str:
    holder: Member | None = result.holder
    return holder.name if holder and holder.id != context.act().member else otherwise


def _say_line(title: str, result: ClaimResult) -> str:
    """Who came second in a race hears who won and where they are in line."""
    holder = result.holder.name if result.holder else "Somebody"
    place = f"you are {ordinal(result.place)} in line after {holder}"
    return f"{holder} has claimed {title} already; {place}, and hear from us when they can't."


def _tell_without(context: Context, paper: Entry, result: ClaimResult) -> Reply:
    title, holder = quoted(paper.paper.title), result.holder
    if not result.changed and holder:
        free = " As a moderator you free it with /paper-admin release." if context.is_moderator else ""
        said = f"You have no claim on {title}. It is claimed by {holder.name}, so it is theirs to release."
        return Reply(f"{said}{free}", ok=False)
    released = f"You released {title}" if result.changed else f"Nobody holds {title}"
    choices = (Button("Claim again", "claim", paper.id, once=True),) if result.changed else ()
    said = f"{released}; {holder.name} holds it now." if holder else f"{released}; anyone can claim it."
    return Reply(said, choices=choices)

"""Read, decide, move: and anew where somebody else moved the session meanwhile."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.errors import UserError
from bot.model import Act, GroupSettings, Move, Session
from bot.week.facts import Facts

TRIES = 6

Decide = Callable[[Session], Awaitable[Sequence[Move]]]


async def carry_out(facts: Facts, act: Act, group: GroupSettings, session: int, decide: Decide) -> Session:
    """The session as it is afterwards. `decide` gets it as it stands; () leaves it so. A request that comes again is
    answered with things as they are."""
    if await facts.store.has_moved(act):
        return await facts.session(group, session)
    for _ in range(TRIES):
        found = await facts.session(group, session)
        moves = await decide(found)
        if not moves:
            return found
        if await facts.store.move(act, moves):
            return await facts.session(group, session)
    raise UserError("Others are changing this meeting at this very moment. Look at it again, then repeat it.")


def require_taking_place(session: Session, group: GroupSettings) -> None:
    """Whether it is still to come or over."""
    if session.status != "planned":
        raise UserError(
            f"The meeting of {day_of(session, group)} does not take place: {session.why or session.status}. A "
            "moderator brings a skipped one back with /paper-admin undo."
        )


def require_planned(session: Session, group: GroupSettings, now: datetime) -> None:
    """It is still to come or on."""
    require_taking_place(session, group)
    if session.ends <= now:
        raise UserError(f"The meeting of {day_of(session, group)} is over. /paper next tells of the one that comes.")


def require_to_come(session: Session, group: GroupSettings, now: datetime) -> None:
    require_planned(session, group, now)
    if session.starts <= now:
        raise UserError(f"The meeting of {day_of(session, group)} has begun; that can't be changed any more.")


def day_of(session: Session, group: GroupSettings) -> str:
    local = session.starts.astimezone(group.zone)
    return f"{local:%A} {local.day} {local:%B}"

"""The week of a group: what the clock brings, and what members and moderators change. Every change is one Move.

`facts` are read; decisions are plain functions in `planning`, `picking`, `presenting`, `rota` and `shifting`; what a
step of the timeline comes to is in `steps`. Here is all that others call.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.errors import UserError
from bot.model import Act, ClaimKind, ClaimResult, Entry, GroupSettings, Session
from bot.ports import Clock, Store
from bot.week.calling import Calling
from bot.week.choosing import Choosing
from bot.week.claiming import Claiming
from bot.week.facts import Facts
from bot.week.seating import Seats
from bot.week.steps import Steps
from bot.week.ticking import Ticking

NO_MEETING = "No meeting is planned. A moderator sets it with /paper-admin schedule thursdays 17:00."
NO_MORE = (
    "No meeting is to come: the dates that were set are over. A moderator sets new ones with /paper-admin schedule."
)
NONE_YET = "This group has not met yet. /paper next tells of the first meeting."


class Weekly:
    """Whatever takes an Act raises UserError with a sentence that says what to do; then nothing was changed. It reads,
    decides and moves; where somebody else moved the session meanwhile, it decides anew."""

    def __init__(self, store: Store, clock: Clock, calendars: Collection[str] = ()) -> None:
        """`calendars`: surfaces that have one of their own."""
        self._facts = facts = Facts(store, clock, calendars)
        steps = Steps(facts)
        self._ticking = Ticking(facts, steps)
        self._choosing = Choosing(facts, steps)
        self._calling = Calling(facts, steps)
        self._seats = Seats(facts, steps)
        self._claiming = Claiming(facts, self._seats)

    # --- what the clock brings

    async def tick(self, group: GroupSettings) -> None:
        """Plans the sessions to come and does what is due for each, once, however often and late it is called."""
        await self._ticking.tick(group)

    async def settings_changed(self, act: Act, before: GroupSettings, after: GroupSettings) -> None:
        """To be called once they are: a vote that would have closed in the past by the new ones goes on for half of the
        time that is left."""
        await self._calling.settings_changed(act, before, after)

    # --- which session is meant

    async def current(self, group: GroupSettings) -> Session:
        """The planned session that is on, or the next. Raises UserError when there is none, which says why and what to
        do."""
        for session in await self._ticking.plan(group):
            if session.ends > self._facts.now():
                return session
        raise UserError(NO_MORE if group.week.recurrence else NO_MEETING)

    async def latest(self, group: GroupSettings) -> Session:
        """The one that is on or was last, for recaps and slides. Raises UserError."""
        session = await self._facts.store.read(lambda rows: rows.sessions.last_session(group.id, self._facts.now()))
        if session is None:
            raise UserError(NONE_YET)
        return session

    # --- moderators: the pick

    async def pick(self, act: Act, group: GroupSettings, session: Session, entry: Entry, reason: str = "") -> Session:
        """An organiser's choice, whatever the votes say; the receipt says so."""
        return await self._choosing.pick(act, group, session, entry, reason)

    async def accept(self, act: Act, group: GroupSettings, session: Session) -> Session:
        """The proposed paper."""
        return await self._choosing.accept(act, group, session)

    async def next_paper(self, act: Act, group: GroupSettings, session: Session, reason: str = "") -> Session:
        """Veto: the runner-up of the receipt instead of the paper that is picked or proposed."""
        return await self._choosing.next_paper(act, group, session, reason)

    async def reopen(
        self, act: Act, group: GroupSettings, session: Session, until: datetime | None = None, reason: str = ""
    ) -> Session:
        """The vote goes on until then, or for half of the time that is left; the pick is taken back."""
        return await self._choosing.reopen(act, group, session, until, reason)

    async def second(self, act: Act, group: GroupSettings, session: Session) -> tuple[Session, int]:
        """A member confirms the proposal; with the second it is settled. Also how many have."""
        return await self._choosing.second(act, group, session)

    # --- moderators: when and whether

    async def skip(self, act: Act, group: GroupSettings, session: Session, reason: str) -> Session | None:
        """Votes and claims stay, the pick and its presenter go on to the next session, what that had to the one behind
        it. The next session, when one is planned."""
        return await self._calling.skip(act, group, session, reason)

    async def unskip(self, act: Act, group: GroupSettings, session: Session) -> Session:
        """It takes place after all."""
        return await self._calling.unskip(act, group, session)

    async def reschedule(
        self,
        act: Act,
        group: GroupSettings,
        session: Session,
        *,
        starts: datetime | None = None,
        minutes: int | None = None,
        place: str | None = None,
    ) -> Session:
        """This session alone. A new start asks its presenter anew."""
        return await self._calling.reschedule(act, group, session, starts, minutes, place)

    # --- who presents

    async def confirm(self, act: Act, group: GroupSettings, session: Session) -> Session:
        """The presenter says yes. Said by another where nobody presents, they do from now on ("I'll present")."""
        return await self._seats.confirm(act, group, session)

    async def decline(self, act: Act, group: GroupSettings, session: Session, reason: str = "") -> Session:
        """The presenter can't make it: the first backup is asked, then who takes it if nobody else does, then the
        channel; after the time for volunteers the rota."""
        return await self._seats.decline(act, group, session, act.member, reason)

    async def hand_over(self, act: Act, group: GroupSettings, session: Session, to: int) -> Session:
        """From the presenter (or by a moderator) to another member, who is asked."""
        return await self._seats.seat(act, group, session, to, "hand over")

    async def bring(self, act: Act, group: GroupSettings, session: Session, entry: Entry) -> Session:
        """The presenter of a group with mode = "presenter" says what they will present."""
        return await self._seats.bring(act, group, session, entry)

    async def put_slides(
        self, act: Act, group: GroupSettings, session: Session, link: str, *, moderates: bool = False
    ) -> Session:
        """Anybody where there are none yet; those that stand there are changed by whoever presents and by moderators.
        The session may be over."""
        return await self._seats.put_slides(act, group, session, link, moderates=moderates)

    async def went_on_leave(self, act: Act, group: GroupSettings, member: int) -> Sequence[Session]:
        """To be called once the leave is set: they present no session in that time. Those that they were to present."""
        return await self._seats.went_on_leave(act, group, member)

    # --- claims, which may be of a paper that a session reads

    async def claim(
        self, act: Act, group: GroupSettings, entry: Entry, kind: ClaimKind = "holder", *, toggles: bool = False
    ) -> ClaimResult:
        """With `toggles`, who has a claim gives it back."""
        return await self._claiming.claim(act, group, entry, kind, toggles=toggles)

    async def release(self, act: Act, group: GroupSettings, entry: Entry) -> ClaimResult:
        return await self._claiming.release(act, group, entry)

    async def revoke(self, act: Act, group: GroupSettings, entry: Entry) -> ClaimResult:
        """By a moderator. Of a session's presenter the next in line is asked."""
        return await self._claiming.revoke(act, group, entry)

    async def assign(self, act: Act, group: GroupSettings, entry: Entry, to: int) -> ClaimResult:
        """By a moderator. The presenter of a session that reads the entry changes with it, and is asked."""
        return await self._claiming.assign(act, group, entry, to)

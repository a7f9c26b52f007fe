"""What the clock brings: plans the sessions to come, does what is due for each, looks after claims and near-winners.

Nothing is remembered here but when the slow things were looked at last: a restart loses and repeats nothing.
"""

import logging
from datetime import datetime, timedelta

from bot.model import Act, GroupSettings, Session
from bot.week.facts import Facts
from bot.week.planning import arrange
from bot.week.steps import Steps

log = logging.getLogger(__name__)

PASSES = 8  # over the plan: what moved may free dates for others
MOST_STEPS = 40  # of one session in one tick, and of refusals
LOOK_EVERY = timedelta(hours=1)


class Ticking:
    def __init__(self, facts: Facts, steps: Steps) -> None:
        self._facts = facts
        self._store = facts.store
        self._steps = steps
        self._looked: dict[str, datetime] = {}

    async def tick(self, group: GroupSettings) -> None:
        for session in await self.plan(group):
            await self._take_steps(group, session)
        if group.week.recurrence is not None:
            await self._wake_sleepers(group)
            await self._show_again(group)

    # --- planning

    async def plan(self, group: GroupSettings) -> list[Session]:
        """The planned sessions, by start, as they are once the settings are met."""
        for _ in range(PASSES):
            sessions = await self._facts.sessions(group)
            now = self._facts.now()
            wanted = arrange(group, sessions, now)
            if wanted.is_done:
                return [session for session in sessions if session.status == "planned"]
            planned = {session.id: session for session in sessions}
            for move in wanted.moves:
                move = await self._steps.restarted(group, planned[move.session], move)
                await self._store.move(self._act(group), [move])
            if wanted.planned:
                await self._store.plan(group.id, wanted.planned, now)
            elif wanted.stranded:
                await self._call_off(group, wanted.stranded[0])
            elif wanted.handed:
                await self._store.move(self._act(group), await self._steps.handed_on(group, *wanted.handed))
        log.error("the meetings of %s do not come to rest", group.id)
        return [session for session in await self._facts.sessions(group) if session.status == "planned"]

    async def _call_off(self, group: GroupSettings, session: Session) -> None:
        reason = "the group meets on other days now"
        moves = await self._steps.called_off(group, session, "cancel", reason, "cancelled")
        await self._store.move(self._act(group), moves)

    def _act(self, group: GroupSettings) -> Act:
        return Act("", group.id, 0, "", self._facts.now())

    # --- steps

    async def _take_steps(self, group: GroupSettings, session: Session) -> None:
        """One after the other: each may change what comes next. A refused one is decided anew."""
        for _ in range(MOST_STEPS):
            moves = await self._steps.next(group, session)
            if not moves:
                return
            await self._store.move(self._act(group), moves)
            session = await self._facts.session(group, session.id)
        log.error("the steps of the meeting %d of %s do not come to an end", session.id, group.id)

    # --- claims and near-winners

    async def _wake_sleepers(self, group: GroupSettings) -> None:
        """Claims that were never picked for weeks fall asleep, and their holders are asked."""
        now = self._facts.now()
        looked = self._looked.get(group.id)
        if not group.week.sleep_weeks or (looked and looked <= now < looked + LOOK_EVERY):
            return
        for claim in await self._store.read(
            lambda rows: rows.claims.sleepers(group.id, now - timedelta(weeks=group.week.sleep_weeks))
        ):
            await self._store.put_to_sleep(group.id, claim.id, now)
        self._looked[group.id] = now

    async def _show_again(self, group: GroupSettings) -> None:
        """On a day whose post had nothing new, one near-winner comes back."""
        now = self._facts.now()
        today = now.astimezone(group.zone).date()
        newest = await self._store.read(lambda rows: rows.days.digests(group.id, 1))
        if not newest or newest[0].posted_on != today or newest[0].announced:
            return
        key = f"second chance {group.id}"
        day, _, chosen = (await self._store.read(lambda rows: rows.kept.recall(key))).partition(" ")
        if day != today.isoformat():
            entries = await self._store.read(lambda rows: rows.picks.second_chances(group.id))
            if not entries:
                return
            chosen = str(entries[0])
            await self._store.write(lambda rows: rows.kept.remember(key, f"{today} {chosen}"))
        if chosen:
            await self._store.show_again(group.id, int(chosen), now)
            await self._store.write(lambda rows: rows.kept.remember(key, str(today)))

"""The voting emoji on our cards, as votes, and who marked an event, as who comes. Knows no platform and no emoji."""

import logging
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions.attendance import take_mark
from bot.actions.people import enrol, is_renamed
from bot.actions.reactions import mirror_reaction, take_reaction
from bot.errors import Refused
from bot.model import Act, GroupSettings, Member, OpenCard, Reaction, Wanted
from bot.ports import Clock, Reads, Store
from bot.views.sheets import CARD, DIGEST, read_sheet
from bot.week.plan import step_time
from bot.week.timeline import StepKind

log = logging.getLogger(__name__)

OPEN_FOR = timedelta(days=14)
EVENT = "event"  # its key is the session's id


def open_cards(rows: Reads, surface: str, since: datetime) -> Sequence[OpenCard]:
    """Papers' cards posted since then, and events of sessions that began since then or will; newest first."""
    found = rows.messages.open_cards(surface, since, posted=(CARD, DIGEST), meeting=(EVENT,))
    cards = (card if message.kind == DIGEST else replace(card, numbers=(0,)) for message, card in found)
    open_ = [card for card in cards if card.numbers]  # not the headings of papers that have cards of their own
    counts = rows.messages.reaction_counts([card.message for card in open_])
    return [replace(card, known=tuple(counts.get(card.message, ()))) for card in open_]


def next_close(rows: Reads, group: GroupSettings, now: datetime) -> datetime | None:
    """Of the vote that is open; None where none is."""
    ahead = rows.sessions.sessions(group.id, now)
    session = next((one for one in ahead if one.status == "planned" and not one.closed_at), None)
    return step_time(StepKind.CLOSE, session, group) if session else None


def entry_of(rows: Reads, message: Wanted, number: int) -> int | None:
    """The paper for which an emoji on a message stands; None: for none."""
    if message.kind == CARD:
        return None if number else int(message.key)
    return rows.entries.numbered(message.group, *read_sheet(message.key), number)


class Reactions:
    def __init__(self, groups: Mapping[str, GroupSettings], store: Store, clock: Clock) -> None:
        self._groups = groups
        self._store = store
        self._clock = clock

    async def take(self, surface: str, reaction: Reaction) -> bool:
        """False for a message that we don't know. Does nothing where it is no card of a group that we have, or nobody
        can be enrolled."""
        card = await self._store.peek(lambda rows: rows.messages.find_shown(surface, reaction.ref))
        group = self._groups.get(card.group) if card else None
        if card and group and card.kind == EVENT:
            await self._answer(card, reaction)
        elif card and group and card.kind in (CARD, DIGEST) and (group.week.counts_reactions or not reaction.on):
            await self._mirror(card, reaction)
        return card is not None

    async def open_cards(self, surface: str) -> Sequence[OpenCard]:
        """Also those on which the emoji is no vote any more: it may still be taken away."""
        now = self._clock.now()
        cards = await self._store.read(open_cards, surface, now - OPEN_FOR)
        groups = [group for group in self._groups.values() if not group.week.counts_reactions]
        silent = {place for group in groups for place in group.channels}
        waits = await self._waits({card.place for card in cards}, now)
        return [replace(card, takes_emoji=card.place not in silent, closes_in=waits.get(card.place)) for card in cards]

    async def _waits(self, places: AbstractSet[str], now: datetime) -> Mapping[str, float]:
        """Seconds until the open vote of the group of each place closes; none where a group never meets: then there is
        no close before which to look."""
        never = [group for group in self._groups.values() if not group.week.session]
        meeting = [group for group in self._groups.values() if group.week.session and places & {*group.channels}]
        closes = await self._store.read(lambda rows: [next_close(rows, group, now) for group in meeting])
        return {place: 0.0 for group in never for place in group.channels} | {
            place: (close - now).total_seconds()
            for group, close in zip(meeting, closes, strict=True)
            if close
            for place in group.channels
        }

    async def reconcile(self, card: OpenCard, reacting: Mapping[str, str], number: int = 0) -> None:
        surface = card.place.partition(":")[0]
        known = await self._store.read(lambda rows: rows.messages.reacting(card.message, number))
        for account in [*reacting.keys() - known.keys(), *known.keys() - reacting.keys()]:
            name = reacting.get(account, "")
            await self.take(surface, Reaction(account, card.ref, account in reacting, name, number))

    async def _mirror(self, card: Wanted, reaction: Reaction) -> None:
        entry = await self._store.peek(entry_of, card, reaction.number)
        member = await self._member(card.group, reaction) if entry else None
        if entry is None or member is None:
            return
        mark = (card.id, entry, reaction.account)
        try:
            act = self._act(card, member)
            await self._store.write(take_reaction, act, *mark, on=reaction.on, number=reaction.number)
        except Refused as error:  # a paper that was dropped takes no votes
            log.info("%s on paper %d: %s", reaction.account, entry, error.reason)

    async def _answer(self, card: Wanted, reaction: Reaction) -> None:
        """To the question whether they come. Only a change of what stands on the platform is one: who marked the event
        and then said by other means that they do not come is not asked again by a replay or a restart."""
        member = await self._member(card.group, reaction)
        if member is None:
            return
        act, session = self._act(card, member), int(card.key)
        try:
            await self._store.write(take_mark, act, card.id, session, reaction.account, on=reaction.on)
        except Refused as error:  # a meeting that is over; the mark stands all the same
            log.info("%s about session %s: %s", reaction.account, card.key, error.reason)
            await self._store.write(mirror_reaction, act, card.id, reaction.account, on=reaction.on)

    def _act(self, card: Wanted, member: Member) -> Act:
        return Act("", card.group, member.id, f"{card.place.partition(':')[0]}/reaction", self._clock.now())

    async def _member(self, group: str, reaction: Reaction) -> Member | None:
        member = await self._store.peek(lambda rows: rows.people.member(group, reaction.account))
        name = reaction.display_name
        if not reaction.on or not name or (member and member.name == name):
            return member
        if member and not await self._store.read(is_renamed, group, member, reaction.account, name):
            return member
        try:
            return await self._store.write(enrol, group, reaction.account, name, self._clock.now())
        except Refused as error:
            log.warning("the name of %s: %s", reaction.account, error.reason)
            return member

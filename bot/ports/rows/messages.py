"""Rows of messages that are wanted, leased, shown or in trouble, and of the emoji that stand on them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import OpenCard, Trouble, Wanted


@dataclass(frozen=True, slots=True)
class Pace:
    """When messages are due."""

    early: float  # seconds between two edits of one message, in its first time
    late: float  # and later
    first: timedelta  # how long that first time lasts, from its first post
    stale: timedelta  # what waited for its first post so long is never due
    rest: timedelta  # the longest that one is leased or put off: more than that is not believed
    patient: Collection[str]  # kinds whose edits come after all else


class MessageReads(Protocol):
    def due(
        self, surface: str, now: datetime, pace: Pace, limit: int, resting: Collection[str] = ()
    ) -> Sequence[Wanted]:
        """Messages on `surface` that are not shown as wanted, by the oldest wish, each the first of its place. Not one
        that is leased, was put off or given up, in a `resting` place, or under a message that is not posted yet."""
        ...

    def next_due(self, surface: str, now: datetime, pace: Pace, resting: Collection[str] = ()) -> datetime | None:
        """When there will next be one."""
        ...

    def troubles(self, group: str, stale: datetime) -> Sequence[Trouble]:
        """Messages that were given up or wait for another attempt. One that waits for its first post since `stale` or
        longer counts as given up."""
        ...

    def messages(self, group: str, place: str, *, before: int | None, limit: int) -> Sequence[tuple[Wanted, datetime]]:
        """Shown ones with the time of their first post, newest last."""
        ...

    def message(self, group: str, message: int) -> tuple[Wanted, datetime] | None: ...

    def find_shown(self, surface: str, ref: str) -> Wanted | None:
        """The message that stands on a surface under that name."""
        ...

    def group_of(self, surface: str, ref: str) -> str:
        """Whose message of that name stands on a surface, also where the group meets no more; "" when nobody's."""
        ...

    def shown_ref(self, group: str, place: str, kind: str, key: str) -> str:
        """The surface's name of a message that stands in a place; "" when it does not."""
        ...

    def newest(self, group: str, place: str, kind: str, key: str) -> int:
        """The id of the last message of that kind that was wanted in a place under this key or one that goes on after a
        space; 0 when none was."""
        ...

    def shown_refs(
        self, group: str, place: str, kinds: Sequence[str], keys: Sequence[str]
    ) -> Mapping[tuple[str, str], str]:
        """The same for several, by kind and key; those that do not stand there are left out."""
        ...

    def open_cards(
        self, surface: str, since: datetime, *, posted: Sequence[str], meeting: Sequence[str]
    ) -> Sequence[tuple[Wanted, OpenCard]]:
        """With the numbers of the entries that are its parts. Of the kinds `posted` those that were since then, of the
        kinds `meeting` those whose key is a session that began since then or will; newest first."""
        ...

    def reacting(self, message: int, number: int) -> Mapping[str, str]:
        """Accounts that have the emoji of that number on a message, as we last knew, with their names. 0: the voting
        emoji, on a message that is about one paper."""
        ...

    def reaction_counts(self, messages: Sequence[int]) -> Mapping[int, Sequence[tuple[int, int]]]:
        """Of each message that has any the numbers of its emoji, with how many accounts have them, as we last knew."""
        ...

    def reactions_of(self, group: str, member: int, kind: str, key: str, number: int) -> Sequence[tuple[str, str, str]]:
        """(place, ref, account) of the member's emoji on a message, wherever it stands, as we last knew."""
        ...


class MessageRows(MessageReads, Protocol):
    # wishes

    def want(
        self,
        group: str,
        kind: str,
        key: str,
        at: datetime,
        *,
        parent_kind: str = "",
        parent_key: str = "",
        surfaces: Collection[str] = (),
        place: str = "",
    ) -> int:
        """A new message in every channel of the group that has it not yet (only on these surfaces, only in that place,
        when any is named), under the parent that is wanted there, if one is. How many there are now that were not."""
        ...

    def want_again(self, group: str, kind: str, key: str, at: datetime, *, place: str = "") -> None:
        """The message that has just this key is to be shown again, wherever it stands or in that place. See
        `show_again`."""
        ...

    def want_anew(self, group: str, kind: str, key: str, place: str, at: datetime, stale: datetime) -> bool:
        """The same for one message, which is sent even when it looks as it did. Its wish stays as old as it is unless
        it is from `stale` or before. False when there is none."""
        ...

    def put_previewed(self, message: Wanted, at: datetime, until: datetime) -> None:
        """Something newer than we know of is shown: it is wanted from `at` on, but not sent before `until`, and then
        even when it looks as it did."""
        ...

    def put_elsewhere(self, group: str, kind: str, old: str, new: str) -> None:
        """Messages of a kind that stand in a place are those of another, where it has none of the same key."""
        ...

    def renew(self, group: str, kind: str, key: str, at: datetime, stale: datetime) -> None:
        """Wishes from `stale` or before that wait for their first post are as if made now."""
        ...

    # delivery; of a message in another round nothing is changed

    def lease(self, messages: Sequence[Wanted], until: datetime) -> None:
        """They are not due before then, and have one attempt more."""
        ...

    def put_shown(self, message: Wanted, ref: str, hash: str, at: datetime) -> bool:
        """Revision `message.wanted` is shown; a newer wish stays due. False: another round."""
        ...

    def put_off(self, message: Wanted, until: datetime, error: str) -> None: ...

    def give_up(self, message: Wanted, error: str, at: datetime) -> None:
        """Revision `message.wanted` gets no more attempts; a newer wish stays due."""
        ...

    def begin_round(self, message: Wanted) -> bool:
        """As if it had never been posted, due at once; it keeps its id and the time of its first post. False: another
        round."""
        ...

    def free_leases(self) -> None: ...

    def retry(self, since: datetime) -> None:
        """What was given up later than that is due again."""
        ...

    def raise_alert(self, place: str, error: str, at: datetime) -> bool:
        """False when that one stands."""
        ...

    def end_alert(self, place: str) -> None: ...

    # the emoji

    def drop_reactions(self, message: int) -> None:
        """All that stood on it."""

    def show_young(self, kind: str, papers: Sequence[str], since: datetime, at: datetime) -> Sequence[tuple[str, int]]:
        """In all groups the messages of this kind whose key is an entry of one of these papers, if they were first
        posted later than `since` and not given up, are to be shown again. Returns (group, entry) of each."""
        ...

    def show_young_sheets(self, kind: str, papers: Sequence[str], since: datetime, at: datetime) -> None:
        """The same for messages of which an entry of one of these papers is a part."""
        ...

    def add_reaction(self, message: int, number: int, account: str, at: datetime) -> bool:
        """The emoji stands on the platform. False when we knew."""
        ...

    def drop_reaction(self, message: int, number: int, account: str) -> bool:
        """It does not any more. False when we knew."""
        ...

    def show_again(self, group: str, kinds: Sequence[str], keys: Sequence[str], at: datetime) -> None:
        """The messages of these kinds, under each of these keys or one that goes on after a space, are to be shown
        again. One that was given up gets another attempt; one that waits after a failure goes on waiting."""
        ...

    def show_each(self, group: str, kinds: Sequence[str], keys: Sequence[str], at: datetime) -> None:
        """The same for those that have just one of these keys, at once."""
        ...

    def show_newer(self, group: str, kinds: Sequence[str], since: datetime, at: datetime) -> None:
        """The same for the messages of these kinds that were first posted after `since`."""
        ...

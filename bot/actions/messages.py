"""Which fact stands in which messages: what changed is shown again wherever it stands; and wishing for new ones. Words
nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.model import Digest, Wish
from bot.ports import Rows
from bot.views import telling
from bot.views.sheets import CARD, DIGEST, MOST_PARTS, sheet_key, standing_of, standings_of

DISCUSSION = "discussion"
BESIDE_CARD = tuple({*telling("votes")} - {CARD})  # their key is the entry's id, as a discussion's is
COUNTS = telling("counts")  # their key is the session's id
LIVING = telling("session")
ASK = "ask"  # asks who is to present; its key is the session's id and when they were asked
QUESTION = "sleep"  # asks whether a claim is kept; its key is the claim's id, maybe with a number
VOTED_ON = timedelta(weeks=2)  # cards on which votes are still given
COUNTED_FOR = timedelta(days=1)  # after its start a session's counts are history
STALE = timedelta(days=2)  # what was never posted by then never is: nobody wants last week's cards in one heap


def want(rows: Rows, group: str, wish: Wish, at: datetime, parent: str = "") -> None:
    """Whether it stands or not; one that is stale gets another two days, since somebody asks for it again. `parent` is
    the key of the message it belongs under, else its own up to the space."""
    rows.messages.renew(group, wish.kind, wish.key, at, at - STALE)
    rows.messages.want_again(group, wish.kind, wish.key, at)
    rows.messages.want(
        group,
        wish.kind,
        wish.key,
        at,
        parent_kind=wish.under,
        parent_key=parent or wish.key.partition(" ")[0],
        surfaces=wish.surfaces,
    )


def note(rows: Rows, group: str, what: str, at: datetime) -> None:
    """Something that the group did or has is another: pages hear of it, and the clock looks at the group again."""
    rows.changes.note(group, what)
    rows.looks.hasten(group, at)


UPVOTES_FOR = timedelta(hours=1)  # after its first post, upvotes alone edit no card


def want_digest(rows: Rows, digest: Digest, at: datetime) -> None:
    """The header of a day."""
    rows.messages.want(digest.group, DIGEST, sheet_key(digest.posted_on, 1), at)


def want_cards(rows: Rows, digest: Digest, entries: Sequence[int], at: datetime) -> None:
    """In that order: as parts of the day's messages, or each in its own, which stands under the header of the digest
    where that is the layout."""
    if digest.layout == "digest":
        _want_parts(rows, digest, entries, at)
        return
    is_under = digest.layout == "thread"
    header = {"parent_kind": DIGEST, "parent_key": sheet_key(digest.posted_on, 1)} if is_under else {}
    for entry in entries:
        rows.messages.want(digest.group, CARD, str(entry), at, **header)


def _want_parts(rows: Rows, digest: Digest, entries: Sequence[int], at: datetime) -> None:
    """What a message has begun with it keeps; what comes later goes to the last one, or begins another."""
    before = rows.entries.count_parts(digest.group, digest.posted_on)
    for place, entry in enumerate(entries, before):
        sheet = place // MOST_PARTS + 1
        rows.entries.put_sheet(digest.group, entry, sheet)
        if sheet > 1 and place % MOST_PARTS == 0:
            _want_sheet(rows, digest, sheet, at)


def _want_sheet(rows: Rows, digest: Digest, sheet: int, at: datetime) -> None:
    """One behind the first."""
    first = {"parent_kind": DIGEST, "parent_key": sheet_key(digest.posted_on, 1)}
    rows.messages.want(digest.group, DIGEST, sheet_key(digest.posted_on, sheet), at, **first)


def want_list(rows: Rows, digest: Digest, at: datetime) -> None:
    """All that a day's post is made of, in the channels that don't have it yet."""
    want_digest(rows, digest, at)
    if digest.layout != "digest":
        listed = rows.entries.entries(digest.group, digest.posted_on)
        want_cards(rows, digest, [entry.id for entry in listed[: digest.cards]], at)
        return
    parts = rows.entries.count_parts(digest.group, digest.posted_on)
    for sheet in range(2, (parts - 1) // MOST_PARTS + 2):
        _want_sheet(rows, digest, sheet, at)


def show_digest(rows: Rows, digest: Digest, at: datetime) -> None:
    """What its messages tell changed."""
    rows.messages.show_again(digest.group, (DIGEST,), (digest.posted_on.isoformat(),), at)


def show_card(rows: Rows, group: str, entry: int, at: datetime, place: str = "") -> None:
    """The message in which the paper's card stands, everywhere or in a place."""
    standing = standing_of(rows, group, entry)
    rows.messages.want_again(group, standing.kind, standing.key, at, place=place)


def show_papers(rows: Rows, keys: Sequence[str], at: datetime) -> None:
    """What is known of papers changed, whichever groups have them."""
    for group, entry in rows.entries.of_papers(keys) if keys else ():
        show_entry(rows, group, entry, at)


def show_upvotes(rows: Rows, keys: Sequence[str], at: datetime) -> None:
    """Their upvotes did, and nothing else."""
    if not keys:
        return
    rows.messages.show_young_sheets(DIGEST, keys, at - UPVOTES_FOR, at)
    for group, entry in rows.messages.show_young(CARD, keys, at - UPVOTES_FOR, at):
        rows.changes.note(group, f"entry:{entry}")


def show_entry(rows: Rows, group: str, entry: int, at: datetime) -> None:
    """How the entry itself stands changed."""
    show_card(rows, group, entry, at)
    note(rows, group, f"entry:{entry}", at)


def show_votes(rows: Rows, group: str, entry: int, at: datetime) -> None:
    """Votes on an entry changed, or what becomes of them."""
    rows.messages.show_again(group, BESIDE_CARD, (str(entry),), at)
    show_card(rows, group, entry, at)
    note(rows, group, f"entry:{entry}", at)
    show_counts(rows, group, entry, at)


def show_tallies(rows: Rows, group: str, entries: Collection[int], at: datetime) -> None:
    """Their votes are counted anew, since a vote closed or goes on."""
    if entries:
        cards = {standing.key for standing in standings_of(rows, group, sorted(entries)).values()}
        kinds = (*BESIDE_CARD, CARD, DIGEST)
        rows.messages.show_each(group, kinds, sorted(cards.union(map(str, entries))), at)
        note(rows, group, "tallies", at)


def show_counts(rows: Rows, group: str, entry: int, at: datetime) -> None:
    """The meetings whose vote the entry is in."""
    sessions = rows.sessions.counting(group, entry, at - COUNTED_FOR)
    rows.messages.show_again(group, COUNTS, [str(session) for session in sessions], at)


def show_claims(rows: Rows, group: str, entry: int, at: datetime) -> None:
    """Claims of an entry changed."""
    show_votes(rows, group, entry, at)
    rows.messages.show_again(group, (QUESTION,), rows.claims.asked(group, entry, QUESTION), at)


def show_session(rows: Rows, group: str, session: int, at: datetime) -> None:
    """A meeting changed, or what members do for it."""
    rows.messages.show_again(group, LIVING, (str(session),), at)
    note(rows, group, f"session:{session}", at)


def show_settings(rows: Rows, group: str, at: datetime) -> None:
    """What is worded by the group's settings: the meetings to come, and the newer cards of papers."""
    rows.messages.show_newer(group, (CARD, DIGEST), at - VOTED_ON, at)
    since = at - COUNTED_FOR
    sessions = [session for session in rows.sessions.sessions(group, since) if session.starts > since]
    rows.messages.show_again(group, LIVING, [str(session.id) for session in sessions], at)

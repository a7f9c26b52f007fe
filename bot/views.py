"""What members read: entries and digests as cards. All wording of the product's messages is here; no markup is."""

from dataclasses import replace
from datetime import date

from bot.cards import Button, Card, Field, Message
from bot.dates import spoken, spoken_days, spoken_time
from bot.model import Digest, Entry, GroupSettings, Paper, Wanted
from bot.ports import Store
from bot.wording import capitalised, join_words, plural

NAMED_AUTHORS = 3


async def build(wanted: Wanted, group: GroupSettings, store: Store) -> Message | None:
    """The message of (kind, key) as it should be shown now; None when there is nothing to show any more."""
    if wanted.kind == "digest":
        return await _digest(wanted, group, store)
    entry = await store.entry(group.id, int(wanted.key))
    if entry is None:
        return None
    if wanted.kind == "discussion":
        return Message(f"Discussion: {entry.paper.title}", discussion_card(entry))
    talk = await store.shown_ref(group.id, wanted.place, "discussion", wanted.key)
    return Message(headline(entry), replace(paper_card(entry), discussion=talk))


async def _digest(wanted: Wanted, group: GroupSettings, store: Store) -> Message | None:
    digest = await store.digest(group.id, date.fromisoformat(wanted.key))
    if digest is None:
        return None
    card = digest_card(digest, group)
    return Message(f"{card.title}. {card.body}", card)


# --- a paper


def headline(entry: Entry) -> str:
    return f"{entry.rank}. {entry.paper.title}"


def paper_card(entry: Entry) -> Card:
    """The living card: the same wherever it stands, edited in place."""
    summary = entry.summary
    return Card(
        kind="paper",
        title=entry.paper.title,
        url=entry.paper.url,
        byline=authors(entry.paper),
        body=summary.text if summary else "",
        label=summary.label if summary else "",
        fields=_fields(entry),
        links=entry.paper.links,
        footer=_footer(entry),
        buttons=_buttons(entry),
        entry=entry.id,
        number=entry.rank,
    )


def discussion_card(entry: Entry) -> Card:
    """What opens the discussion of a paper. It stays as it is: the paper's own card is the living one."""
    sentence = f"{entry.summary.text} " if entry.summary else ""
    return Card(
        kind="discussion",
        title=entry.paper.title,
        url=entry.paper.url,
        byline=authors(entry.paper),
        body=f"{sentence}Discuss it here.",
        entry=entry.id,
    )


def full_card(entry: Entry) -> Card:
    """Everything we know of a paper, for the one who asked."""
    paper = entry.paper
    facts = (
        Field("State", ", ".join(entry.states)),
        Field("Published", f"{paper.published:%-d %B %Y}" if paper.published else ""),
        Field("Version", f"v{paper.version}" if paper.version else ""),
        Field("Listed", spoken(entry.posted_on)),
        Field("Known as", paper.key if paper.key.startswith(("arxiv:", "doi:")) else ""),
    )
    summary = (Field("In a sentence", entry.summary.text),) if entry.summary else ()
    return replace(
        paper_card(entry),
        byline=", ".join(paper.authors),
        body=paper.abstract or "No abstract is known.",
        label=paper.origin if paper.abstract else "",
        fields=(*summary, *_fields(entry), *(fact for fact in facts if fact.value)),
    )


def abstract_card(entry: Entry) -> Card:
    """For a second look: the abstract below the sentence."""
    paper = entry.paper
    return replace(listed_card(entry), body=paper.abstract, label=paper.origin)


def listed_card(entry: Entry) -> Card:
    """One of a day's list."""
    return replace(paper_card(entry), links=(), buttons=_buttons(entry)[:2])


def found_card(entry: Entry) -> Card:
    """One of many from several days; without its number, which means another paper on today's list."""
    return replace(listed_card(entry), number=None)


def authors(paper: Paper) -> str:
    named = ", ".join(paper.authors[:NAMED_AUTHORS])
    more = len(paper.authors) - NAMED_AUTHORS
    return f"{named} and {more} more" if more > 0 else named


def _fields(entry: Entry) -> tuple[Field, ...]:
    dropped = [Field("Dropped", "not for this group")] if entry.dropped else []
    claimed = [Field("Claimed by", entry.claimer.name)] if entry.claimer else []
    submitted = [Field("Handed in by", entry.submitter.name)] if entry.submitter else []
    return (*dropped, *claimed, *submitted)


def _footer(entry: Entry) -> str:
    upvotes = entry.paper.upvotes
    counted = f"{plural(upvotes, 'upvote')}" if upvotes is not None else ""
    return " · ".join(part for part in (counted, entry.reason) if part)


def _buttons(entry: Entry) -> tuple[Button, ...]:
    return (
        Button(_counted("Vote", entry.votes), "vote", entry.id),
        Button("Claimed" if entry.claimer else "Claim", "claim", entry.id),
        Button("Summary", "summary", entry.id),
        Button(_counted("Pass", entry.passes), "pass", entry.id),
        Button("Discuss", "discuss", entry.id),
    )


def _counted(word: str, count: int) -> str:
    return f"{word} {count}" if count else word


# --- the day


def digest_card(digest: Digest, group: GroupSettings) -> Card:
    button = (Button(f"Show all {digest.papers}", "today", on=digest.posted_on),) if digest.papers else ()
    title = f"{'Papers for' if digest.announced else 'No new papers on'} {spoken(digest.posted_on)}"
    sentences = _header(digest) if digest.announced else _empty(digest, group)
    if digest.submitted:
        sentences.append("One was handed in." if digest.submitted == 1 else f"{digest.submitted} were handed in.")
    return Card("digest", title, body=" ".join(sentences), buttons=button)


def _empty(digest: Digest, group: GroupSettings) -> list[str]:
    due = [f"The next post is due {spoken_time(digest.next_due, group)}."] if digest.next_due else []
    return [*([digest.why] if digest.why else []), *due]


def _header(digest: Digest) -> list[str]:
    announced = "" if digest.days == (digest.posted_on,) else f", announced {spoken_days(digest.days)}"
    sentences = [f"{plural(digest.announced, 'paper')}{announced}."]
    if digest.announced > digest.cards:
        have = "The first has a card" if digest.cards == 1 else f"The first {digest.cards} have cards"
        sentences.append(f"{have} here; Show all lists the rest.")
    if digest.late:
        sentences.append(f"{digest.late} came later." if digest.late > 1 else "One came later.")
    if digest.missing:
        sentences.append(f"{capitalised(join_words(digest.missing))} could not be read yet.")
    return sentences


def next_words(digest: Digest | None, group: GroupSettings) -> str:
    """For a group that has nothing on its list."""
    if digest and digest.next_due:
        return f"The next post is due {spoken_time(digest.next_due, group)}."
    return f"The first post is due at {group.day.post_at:%H:%M} ({group.timezone}), {group.day.on}."

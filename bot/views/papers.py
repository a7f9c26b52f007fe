"""A paper as cards: the living one of its channels, what opens its discussion, and what an answer lists."""

from dataclasses import replace

from bot.cards import Button, Card, Field, Message
from bot.model import Entry, GroupSettings, Paper, Wanted
from bot.papers.text import cut
from bot.ports import Reads
from bot.views.dates import spoken
from bot.views.kinds import message
from bot.views.receipt import number
from bot.wording import plural

NAMED_AUTHORS = 3
LONGEST_QUOTED = 90  # characters of a title that stands inside a sentence


@message("paper", "votes")
def build_paper(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    entry = rows.entries.entry(group.id, int(wanted.key))
    if entry is None:
        return None
    talk = discussion_of(rows, wanted.place, entry)
    return Message(headline(entry), living_card(entry, group, talk), silent=True)  # the day's header has notified


def living_card(entry: Entry, group: GroupSettings, talk: str) -> Card:
    """`talk` is the name of its discussion, "" before there is one."""
    return replace(paper_card(entry, group), discussion=talk, takes_emoji=group.week.counts_reactions and entry.is_open)


def discussion_of(rows: Reads, place: str, entry: Entry) -> str:
    """The surface's name of the message that opened it in a place, "" before there is one."""
    return rows.messages.shown_ref(entry.group, place, "discussion", str(entry.id))


@message("discussion")
def build_discussion(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    entry = rows.entries.entry(group.id, int(wanted.key))
    return Message(f"Discussion: {entry.paper.title}", discussion_card(entry)) if entry else None


@message("second-chance", "votes")
def build_second_chance(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    """The emoji of votes belongs on the paper's own card."""
    entry = rows.entries.entry(group.id, int(wanted.key))
    if entry is None:
        return None
    came_near = Field("Once more", "It came close before: half of those votes count that are not given again.")
    card = paper_card(entry, group)
    again = replace(card, fields=(came_near, *card.fields), number=None, takes_emoji=False)
    return Message(f"Once more: {entry.paper.title}", again)


def quoted(title: str) -> str:
    """For the inside of a sentence."""
    return f"“{shortened_title(title)}”"


def shortened_title(title: str) -> str:
    return cut(title, LONGEST_QUOTED)


def headline(entry: Entry) -> str:
    return f"{entry.rank}. {entry.paper.title}"


def paper_card(entry: Entry, group: GroupSettings) -> Card:
    """The living card: the same wherever it stands, edited in place."""
    summary = entry.summary
    return Card(
        kind="paper",
        title=entry.paper.title,
        url=entry.paper.url,
        byline=authors(entry.paper),
        body=summary.text if summary else "",
        label=summary.label if summary else "",
        fields=_fields(entry, group),
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


def full_card(entry: Entry, group: GroupSettings) -> Card:
    """Everything we know of a paper, for the one who asked."""
    paper = entry.paper
    facts = (
        Field("State", ", ".join(entry.states)),
        Field("Published", f"{paper.published:%-d %B %Y}" if paper.published else ""),
        Field("Version", f"v{paper.version}" if paper.version else ""),
        Field("Listed", spoken(entry.posted_on, group)),
        Field("Known as", paper.key if paper.key.startswith(("arxiv:", "doi:")) else ""),
    )
    summary = (Field("In a sentence", entry.summary.text),) if entry.summary else ()
    return replace(
        paper_card(entry, group),
        byline=", ".join(paper.authors),
        body=paper.abstract or "No abstract is known.",
        label=paper.origin if paper.abstract else "",
        fields=(*summary, *_fields(entry, group), *(fact for fact in facts if fact.value)),
    )


def abstract_card(entry: Entry, group: GroupSettings) -> Card:
    """For a second look: the abstract below the sentence."""
    paper = entry.paper
    return replace(listed_card(entry, group), body=paper.abstract, label=paper.origin)


def listed_card(entry: Entry, group: GroupSettings) -> Card:
    """One of a day's list."""
    return replace(paper_card(entry, group), links=(), buttons=_votes_and_claims(entry)[:2])


def found_card(entry: Entry, group: GroupSettings) -> Card:
    """One of many from several days; without its number, which means another paper on today's list."""
    return replace(listed_card(entry, group), number=None)


def authors(paper: Paper) -> str:
    named = ", ".join(paper.authors[:NAMED_AUTHORS])
    more = len(paper.authors) - NAMED_AUTHORS
    return f"{named} and {more} more" if more > 0 else named


def say_claimed(entry: Entry) -> str:
    """`Ann; then Bob, Cid`, "" when nobody has claimed it."""
    holder = [entry.claimer.name] if entry.claimer else []
    line = ", ".join(member.name for member in entry.backups)
    return "; ".join([*holder, *([f"then {line}" if holder else line] if line else [])])


def _fields(entry: Entry, group: GroupSettings) -> tuple[Field, ...]:
    read = "Discussed" if entry.discussed else "Read on"
    facts = (
        Field("Dropped", "not for this group" if entry.dropped else ""),
        Field(read, spoken(entry.reads_on, group) if entry.reads_on else ""),
        Field("Votes at the close", number(entry.picked_with) if entry.picked_with else ""),
        Field("Claimed by", say_claimed(entry)),
        Field("Chosen by", entry.chooser.name if entry.chooser else ""),
        Field("Handed in by", entry.submitter.name if entry.submitter else ""),
    )
    return tuple(fact for fact in facts if fact.value)


def _footer(entry: Entry) -> str:
    upvotes = entry.paper.upvotes
    counted = f"{plural(upvotes, 'upvote')}" if upvotes is not None else ""
    return " · ".join(part for part in (counted, entry.reason) if part)


def _buttons(entry: Entry) -> tuple[Button, ...]:
    votes = _votes_and_claims(entry)
    return (*votes[:2], Button("Summary", "summary", entry.id), *votes[2:], Button("Discuss", "discuss", entry.id))


def _votes_and_claims(entry: Entry) -> tuple[Button, ...]:
    """None where they lead nowhere. No count where another meeting's vote is not about it."""
    if not entry.is_open:
        return ()
    is_silent = entry.hides_votes or entry.reads_on is not None
    return (
        Button(counted("Vote", 0 if is_silent else entry.votes), "vote", entry.id),
        Button("Claimed" if entry.claimer else "Claim", "claim", entry.id),
        Button(counted("Pass", entry.passes), "pass", entry.id),
    )


def shortcut(card: Card) -> Button:
    """Of a paper that shares its message with others: "Vote 1 · 3" is its number and its votes."""
    vote = card.buttons[0]
    count = vote.label.removeprefix("Vote").strip()
    return replace(vote, label=f"Vote {card.number} · {count}" if count else f"Vote {card.number}")


def counted(word: str, count: int) -> str:
    return f"{word} {count}" if count else word

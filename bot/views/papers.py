"""A paper as cards: the living one of its channels, what opens its discussion, and what an answer lists."""

from dataclasses import replace

from bot.cards import Button, Card, Field, Message
from bot.languages import count, msgid, say, written
from bot.model import Entry, GroupSettings, Paper, Wanted
from bot.papers.text import cut
from bot.ports import Reads
from bot.views.dates import spoken
from bot.views.kinds import message
from bot.views.receipt import number

NAMED_AUTHORS = 3
STATES = {
    "listed": msgid("listed"),
    "dropped": msgid("dropped"),
    "withdrawn": msgid("withdrawn"),
    "nominated": msgid("nominated"),
    "claimed": msgid("claimed"),
    "scheduled": msgid("scheduled"),
    "discussed": msgid("discussed"),
}
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
    if entry is None:
        return None
    opened = say(group, "Discussion: {title}", title=entry.paper.title)
    return Message(opened, discussion_card(entry, group))


@message("second-chance", "votes")
def build_second_chance(rows: Reads, wanted: Wanted, group: GroupSettings) -> Message | None:
    """The emoji of votes belongs on the paper's own card."""
    entry = rows.entries.entry(group.id, int(wanted.key))
    if entry is None:
        return None
    carried = say(group, "It came close before: half of those votes count that are not given again.")
    came_near = Field(say(group, "Once more"), carried)
    card = paper_card(entry, group)
    again = replace(card, fields=(came_near, *card.fields), number=None, takes_emoji=False)
    return Message(say(group, "Once more: {title}", title=entry.paper.title), again)


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
        byline=authors(entry.paper, group),
        body=summary.text if summary else "",
        label=summary.label if summary else "",
        fields=_fields(entry, group),
        links=entry.paper.links,
        footer=_footer(entry, group),
        buttons=_buttons(entry, group),
        entry=entry.id,
        number=entry.rank,
    )


def discussion_card(entry: Entry, group: GroupSettings) -> Card:
    """What opens the discussion of a paper. It stays as it is: the paper's own card is the living one."""
    sentences = (entry.summary.text if entry.summary else "", say(group, "Discuss it here."))
    return Card(
        kind="discussion",
        title=entry.paper.title,
        url=entry.paper.url,
        byline=authors(entry.paper, group),
        body=" ".join(sentences).strip(),
        entry=entry.id,
    )


def full_card(entry: Entry, group: GroupSettings) -> Card:
    """Everything we know of a paper, for the one who asked."""
    paper = entry.paper
    facts = (
        Field(say(group, "State"), ", ".join(say(group, STATES[state]) for state in entry.states)),
        Field(say(group, "Published"), written(group, "d MMMM y", paper.published) if paper.published else ""),
        Field(say(group, "Version"), f"v{paper.version}" if paper.version else ""),
        Field(say(group, "Listed"), spoken(entry.posted_on, group)),
        Field(say(group, "Known as"), paper.key if paper.key.startswith(("arxiv:", "doi:")) else ""),
    )
    summary = (Field(say(group, "In a sentence"), entry.summary.text),) if entry.summary else ()
    return replace(
        paper_card(entry, group),
        byline=", ".join(paper.authors),
        body=paper.abstract or say(group, "No abstract is known."),
        label=paper.origin if paper.abstract else "",
        fields=(*summary, *_fields(entry, group), *(fact for fact in facts if fact.value)),
    )


def abstract_card(entry: Entry, group: GroupSettings) -> Card:
    """For a second look: the abstract below the sentence."""
    paper = entry.paper
    return replace(listed_card(entry, group), body=paper.abstract, label=paper.origin)


def listed_card(entry: Entry, group: GroupSettings) -> Card:
    """One of a day's list."""
    return replace(paper_card(entry, group), links=(), buttons=_votes_and_claims(entry, group)[:2])


def revocable_card(entry: Entry, group: GroupSettings) -> Card:
    """For who handed it in, as long as no meeting has it. Whether others voted is not told by it."""
    card = listed_card(entry, group)
    if not entry.is_open or entry.reads_on:
        return card
    return replace(card, buttons=(*card.buttons, Button(say(group, "Withdraw"), "withdraw", entry.id)))


def found_card(entry: Entry, group: GroupSettings) -> Card:
    """One of many from several days; without its number, which means another paper on today's list."""
    return replace(listed_card(entry, group), number=None)


def authors(paper: Paper, group: GroupSettings) -> str:
    named = ", ".join(paper.authors[:NAMED_AUTHORS])
    more = len(paper.authors) - NAMED_AUTHORS
    return count(group, "{names} and {n} more", "{names} and {n} more", more, names=named) if more > 0 else named


def say_claimed(entry: Entry, group: GroupSettings) -> str:
    """`Ann; then Bob, Cid`, "" when nobody has claimed it."""
    line = ", ".join(member.name for member in entry.backups)
    if entry.claimer and line:
        return say(group, "{holder}; then {line}", holder=entry.claimer.name, line=line)
    return entry.claimer.name if entry.claimer else line


def _fields(entry: Entry, group: GroupSettings) -> tuple[Field, ...]:
    read = say(group, "Discussed" if entry.discussed else "Read on")
    facts = (
        Field(say(group, "Dropped"), say(group, "not for this group") if entry.dropped else ""),
        Field(read, spoken(entry.reads_on, group) if entry.reads_on else ""),
        Field(say(group, "Votes at the close"), number(entry.picked_with) if entry.picked_with else ""),
        Field(say(group, "Claimed by"), say_claimed(entry, group)),
        Field(say(group, "Chosen by"), entry.chooser.name if entry.chooser else ""),
        _handed_in(entry, group),
    )
    return tuple(fact for fact in facts if fact.value)


def _handed_in(entry: Entry, group: GroupSettings) -> Field:
    name = entry.submitter.name if entry.submitter else ""
    return Field(say(group, "Withdrawn by" if entry.withdrawn else "Handed in by"), name)


def _footer(entry: Entry, group: GroupSettings) -> str:
    upvotes = entry.paper.upvotes
    counted = count(group, "{n} upvote", "{n} upvotes", upvotes) if upvotes is not None else ""
    return " · ".join(part for part in (counted, entry.reason) if part)


def _buttons(entry: Entry, group: GroupSettings) -> tuple[Button, ...]:
    votes = _votes_and_claims(entry, group)
    summary = Button(say(group, "Summary"), "summary", entry.id)
    return (*votes[:2], summary, *votes[2:], Button(say(group, "Discuss"), "discuss", entry.id))


def _votes_and_claims(entry: Entry, group: GroupSettings) -> tuple[Button, ...]:
    """None where they lead nowhere. No count where another meeting's vote is not about it."""
    if not entry.is_open:
        return ()
    is_silent = entry.hides_votes or entry.reads_on is not None
    return (
        Button(counted(say(group, "Vote"), 0 if is_silent else entry.votes), "vote", entry.id),
        Button(say(group, "Claimed" if entry.claimer else "Claim"), "claim", entry.id),
        Button(counted(say(group, "Pass"), entry.passes), "pass", entry.id),
    )


def shortcut(card: Card) -> Button:
    """Of a paper that shares its message with others: "Vote 1 · 3" is its number and its votes."""
    vote = card.buttons[0]
    word, _, votes = vote.label.rpartition(" ")
    is_counted = votes.isdigit()
    return replace(vote, label=f"{word} {card.number} · {votes}" if is_counted else f"{vote.label} {card.number}")


def counted(word: str, number: int) -> str:
    return f"{word} {number}" if number else word

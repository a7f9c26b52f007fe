"""What members type, turned into what commands take: a paper, a date, words. Answers nothing itself."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.actions.day import latest_digests
from bot.cards import Choice
from bot.commands.table import Ambiguous, Context, Parameter, Policy
from bot.errors import UserError
from bot.languages import msgid, say
from bot.model import Entry, Found, Titled
from bot.papers.ids import paper_key, read_reference
from bot.papers.text import cut
from bot.parsing import is_like_number, read_number
from bot.ports import Reads, Words
from bot.views.dates import spoken

MAX_QUERY = 200  # characters
OFFERED = 5
MOST_CHOICES = 25  # Discord's limits
LONGEST_LABEL = 100
BY_ID = "entry:"  # before an entry's id, as buttons and completed titles have it
ENTRY_ID = re.compile(r"[0-9]{1,18}")


async def read_paper(context: Context, typed: str) -> Entry:
    """By entry id (buttons), number on today's list, arXiv id or link, or its title. Raises Ambiguous for words of a
    title, however few papers they fit: what is done to a paper is done to the one that was meant."""
    found = await _find_papers(context, typed)
    if isinstance(found, Entry):
        return found
    if len(found.entries) == 1:
        raise Ambiguous('Did you mean this one by "{typed}"?', _offers(found), typed=_shown(typed))
    if found.total > OFFERED:
        sentence = msgid('Several titles hold "{typed}" (the best {most} of {total}). Which one?')
        raise Ambiguous(sentence, _offers(found), typed=_shown(typed), most=OFFERED, total=found.total)
    raise Ambiguous('Several titles hold "{typed}". Which one?', _offers(found), typed=_shown(typed))


async def read_shown(context: Context, typed: str) -> Entry:
    """The same to be looked at only: there one that fits is good enough."""
    found = await _find_papers(context, typed)
    if isinstance(found, Found) and len(found.entries) == 1:
        return found.entries[0]
    return found if isinstance(found, Entry) else await read_paper(context, typed)


async def _find_papers(context: Context, typed: str) -> Entry | Found:
    """The one that is named, or those whose titles hold the words. Raises UserError when there is none."""
    typed = typed.strip("\"'“”„‘’ ") or typed
    if typed.startswith(BY_ID):
        return await _by_entry(context, typed.removeprefix(BY_ID))
    if key := read_reference(typed):
        return await _by_key(context, key, typed)
    if is_like_number(typed):
        return await _by_number(context, read_number(typed))
    return await _by_words(context, typed)


def _offers(found: Found) -> Sequence[Choice]:
    return [Choice(entry.paper.title, f"{BY_ID}{entry.id}") for entry in found.entries]


def _shown(typed: str) -> str:
    return typed.strip("\"'“”„‘’ ")[:80]


async def read_entry(context: Context, typed: str) -> int:
    """The same as an id, for what the store looks up itself: a button's is not looked up twice."""
    number = typed.removeprefix(BY_ID)
    return int(number) if number != typed and ENTRY_ID.fullmatch(number) else (await read_paper(context, typed)).id


async def _by_entry(context: Context, number: str) -> Entry:
    entry = int(number) if ENTRY_ID.fullmatch(number) else 0
    found = await context.store.peek(lambda rows: rows.entries.entry(context.group.id, entry))
    if found is None:
        raise UserError("That paper is not on this group's list.")
    return found


async def _by_number(context: Context, number: int | None) -> Entry:
    listed = await context.store.read(_newest_list, context.group.id, context.now())
    if not listed:
        raise UserError("Nothing is on the list yet. /paper help says what else you can do.")
    found = next((entry for entry in listed if entry.rank == number), None)
    if found is None:
        raise UserError("The newest list has numbers 1 to {last}. /paper today shows it.", last=len(listed))
    return found


def _newest_list(rows: Reads, group: str, now: datetime) -> Sequence[Entry]:
    """The newest that has papers."""
    lists = (digest.posted_on for digest in latest_digests(rows, group, now, 10) if digest.papers)
    newest = next(lists, None)
    return rows.entries.entries(group, newest) if newest else ()


async def _by_key(context: Context, key: str, typed: str) -> Entry:
    found = await context.store.read(lambda rows: rows.entries.entry_by_key(context.group.id, key))
    if found is None:
        raise UserError('"{typed:.80}" is not on this group\'s list. /paper search finds papers that are.', typed=typed)
    return found


async def _by_words(context: Context, typed: str) -> Entry | Found:
    found = await context.store.read(
        lambda rows: rows.entries.search(context.group.id, typed[:MAX_QUERY], limit=OFFERED, titles_only=True)
    )
    exact = [entry for entry in found.entries if paper_key(title=entry.paper.title) == paper_key(title=typed)]
    if len(exact) == 1:
        return exact[0]
    if not found.entries:
        raise UserError('No title holds "{typed:.80}". /paper search looks into the abstracts too.', typed=typed)
    return Found(tuple(exact), len(exact)) if exact else found


def one_of(name: str, about: str, *choices: Choice, de: Words, required: bool = False) -> Parameter:
    """A word out of a few, which platforms offer as a list."""

    async def read(context: Context, typed: str) -> str:
        asked, words = typed.casefold(), [choice.value for choice in choices]
        for choice in choices:
            if asked in (choice.value.casefold(), choice.label.casefold()):
                return choice.value
        raise UserError('"{typed:.40}" is none of these: {words}.', typed=typed, words=", ".join(words))

    return Parameter(name, about, read, required=required, choices=choices, de=de)


async def read_text(context: Context, typed: str) -> str:
    return typed


async def read_query(context: Context, typed: str) -> str:
    if len(typed) > MAX_QUERY:
        raise UserError("That is too long to search for; {longest} characters are enough.", longest=MAX_QUERY)
    return typed


async def read_date(context: Context, typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise UserError('"{typed:.40}" is not a date; write it as 2026-01-31.', typed=typed) from None


async def complete_paper(context: Context, typed: str) -> Sequence[Choice]:
    found = await context.store.read(
        lambda rows: rows.entries.titles(context.group.id, (read_reference(typed) or typed)[:MAX_QUERY], MOST_CHOICES)
    )
    return [Choice(cut(_numbered(item), LONGEST_LABEL), f"{BY_ID}{item.entry}") for item in found]


def _numbered(item: Titled) -> str:
    return f"{item.number}. {item.title}" if item.number else item.title


async def complete_date(context: Context, typed: str) -> Sequence[Choice]:
    digests = await context.store.read(lambda rows: rows.days.digests(context.group.id, MOST_CHOICES))
    choices = [Choice(spoken(digest.posted_on, context.group), digest.posted_on.isoformat()) for digest in digests]
    return [item for item in choices if typed.lower() in f"{item.label} {item.value}".lower()]


async def complete_command(context: Context, typed: str) -> Sequence[Choice]:
    """Topics first; then commands by their word, or by all that is typed for them."""
    offered = [row for row in context.commands if row.is_offered_on(context.surface)]
    known = [row for row in offered if context.is_moderator or row.policy is not Policy.MODERATOR]
    asked = typed.lower()
    found = [row for row in known if asked in row.typed or asked in row.name]
    found.sort(key=lambda row: not row.word.startswith(asked) and not row.info.path.startswith(asked))
    titles = {row.section.topic: say(context.group, row.section.title) for row in known}
    topics = [Choice(title, topic) for topic, title in titles.items() if topic.startswith(asked)]
    commands = [Choice(cut(row.line_for(context.group), LONGEST_LABEL), row.name) for row in found]
    return [*topics, *commands][:MOST_CHOICES]


PAPER = Parameter(
    "paper",
    "which paper (its number on today's list, arXiv id, link, or words of its title)",
    read_paper,
    kind="paper",
    complete=complete_paper,
    de=("paper", "welches Paper (Nummer auf der Liste von heute, arXiv-Id, Link oder Wörter des Titels)"),
)
SHOWN = replace(PAPER, read=read_shown)
ENTRY = replace(PAPER, read=read_entry)
QUERY = Parameter("query", "what to look for", read_query, de=("suchwort", "wonach gesucht wird"))
DATE = Parameter(
    "date",
    "the date of a list, as 2026-01-31",
    read_date,
    required=False,
    kind="date",
    complete=complete_date,
    de=("datum", "das Datum einer Liste, wie 2026-01-31"),
)
NAME = Parameter("name", "your name", read_text, de=("name", "dein Name"))
CODE = Parameter(
    "code",
    "the code that the program printed at its start",
    read_text,
    de=("code", "der Code, den das Programm beim Start ausgegeben hat"),
)
TOPIC = Parameter(
    "command",
    "a topic, or which command",
    read_text,
    required=False,
    complete=complete_command,
    de=("befehl", "ein Thema, oder welcher Befehl"),
)

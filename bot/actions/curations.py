"""What moderators choose for the lists to come: which papers come first, and which on none. The ranking stands where
nobody touches it."""

from bot.errors import Refused
from bot.model import Act, Curation, Paper
from bot.papers.lookup import told_key
from bot.ports import Reads, Rows, answered_with

CURATIONS = ("choose", "hide", "leave to ranking")  # what they do, in the audit
FIRST, HIDDEN = "first", "hidden"  # how a paper stands, in the audit before its key


@answered_with(None)
def curate_paper(rows: Rows, act: Act, paper: Paper, *, hidden: bool) -> None:
    """Raises Refused: listed already."""
    if rows.entries.known(act.group, [paper.key, told_key(act.group, paper.key)]):
        raise Refused("listed already", title=paper.title)
    if rows.papers.paper(paper.key) is None:
        rows.papers.put([paper], act.at)
    before = _standing(rows, act.group, paper.key)
    rows.curations.put(act.group, paper.key, act.member, act.at, hidden=hidden)
    _note(rows, act, "hide" if hidden else "choose", before, _standing(rows, act.group, paper.key))


@answered_with(None)
def leave_to_ranking(rows: Rows, act: Act, key: str) -> None:
    """Nobody has chosen anything for it."""
    if before := _standing(rows, act.group, key):
        rows.curations.drop(act.group, [key])
        _note(rows, act, "leave to ranking", before, "")


def take_back_curation(rows: Rows, act: Act, before: str, after: str) -> bool:
    """False when it does not stand as that step left it, or the paper is on a list by now."""
    if not is_curated(rows, act, before, after):
        return False
    stood, _, key = (before or after).partition(" ")
    if before:
        rows.curations.put(act.group, key, act.member, act.at, hidden=stood == HIDDEN)
    else:
        rows.curations.drop(act.group, [key])
    return True


def is_curated(rows: Reads, act: Act, before: str, after: str) -> bool:
    """Whether it could be taken back now."""
    _, _, key = (before or after).partition(" ")
    return _standing(rows, act.group, key) == after and not rows.entries.known(act.group, [key])


def _standing(rows: Reads, group: str, key: str) -> str:
    found = next((choice for choice in rows.curations.of(group) if choice.key == key), None)
    return _told(found) if found else ""


def _told(choice: Curation) -> str:
    return f"{HIDDEN if choice.hidden else FIRST} {choice.key}"


def _note(rows: Rows, act: Act, action: str, before: str, after: str) -> None:
    rows.audit.add(act.group, act.at, act.member, action, before=before, after=after)

"""Members' names in a group: which may be chosen, what a reader can tell apart, and who is meant by a few words."""

import unicodedata
from collections.abc import Sequence
from operator import itemgetter

from bot.errors import Refused
from bot.model import Member
from bot.moments import unmarked
from bot.ports import Reads

LONGEST_NAME = 40
CHOSEN_ON = "web"  # elsewhere the platform has names, and tells people of one name apart


def is_chosen(account: str) -> bool:
    """Whether the member of such an account chooses their name here."""
    return account.partition(":")[0] == CHOSEN_ON


def fit_name(name: str, account: str) -> str:
    """A platform's long name is cut, since it must not shut its member out. Raises Refused: bad name."""
    name = " ".join(unmarked(name).encode(errors="ignore").decode().split())  # a lone surrogate can't be stored
    if not is_chosen(account):
        name = name[:LONGEST_NAME].rstrip()
    if not 1 <= len(name) <= LONGEST_NAME or not as_read(name):
        raise Refused("bad name", longest=LONGEST_NAME)
    return name


def require_free(rows: Reads, group: str, account: str, name: str) -> None:
    """Names are how members know each other where they choose them. Raises Refused: taken name."""
    if not is_chosen(account):
        return
    read = as_read(name)
    if any(as_read(other) == read for other in rows.people.other_names(group, account)):
        raise Refused("taken name", name=name)


def find_members(rows: Reads, group: str, words: str, limit: int) -> Sequence[Member]:
    """Members whose name holds these words, one that has just this name first."""
    typed = as_read(words)
    named = [(as_read(member.name), member) for member in rows.people.members(group)]
    fitting = [(name != typed, member) for name, member in named if typed in name]
    return [member for _, member in sorted(fitting, key=itemgetter(0))][:limit]


def as_read(name: str) -> str:
    """What a reader can tell apart: neither case nor width, nor characters that show nothing."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    if not folded.isprintable():  # almost every name is, and looking at each character takes the most time
        folded = "".join(c for c in folded if unicodedata.category(c)[0] != "C")
    return " ".join(folded.split())

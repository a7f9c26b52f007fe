"""Untrusted text → text that Discord shows as it is: no ping, no markup, no link, no more room than there is.

Lengths are counted as Discord counts them, in UTF-16 code units.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from adapters.chat.discord.places import CHANNEL
from bot.moments import Moment, pieces
from bot.moments import plain as spoken

ELLIPSIS = "…"
JOINER, EMOJI_STYLE, KEYCAP = "\u200d", "\ufe0f", "\u20e3"
ISOLATE, POP = "\u2068", "\u2069"
BREAK = "\u200b"  # zero width: no client reads "@" and a name across it
BRACKETS = str.maketrans("[]", "()")
MOST_MARKS = 4  # combining marks on one letter; Vietnamese, Thai and Devanagari need fewer
BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")  # letters that show nothing
ORDINARY = re.compile("[ -~\n¡-¬®-ɏ‘’“”–—…]*")  # left to right, nothing to clean; most texts are
MARKUP = re.compile(r"[\\*_~|`\[\]<]")
AT_LINE_START = re.compile(r"^(\s*)(?=#{1,3}\s|-#|>|[-+]\s)", re.MULTILINE)
NUMBERED = re.compile(r"^(\s*\d+)(?=[.)]\s)", re.MULTILINE)
NAMES_ALL = re.compile(r"@(?=everyone|here|[!&]?\d)")
INVITE = re.compile(r"(discord(?:app)?\.[a-z]{2,3})/", re.IGNORECASE)
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
STAMP = re.compile(r"<t:-?[0-9]+:[A-Za-z]>")  # a time that each reader sees in their own zone
HELD = "\ufdd0"  # is no character; in the place of one, while what stands around it is escaped
AT_A_WORD = 0.6  # of the room must be used before a cut at a word is better than one within it


def units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Plain text: without control and format characters, stacked marks and lone surrogates. Lines stay lines; times
    are spoken."""
    if ORDINARY.fullmatch(text):
        return text.strip()
    text = unicodedata.normalize("NFC", spoken(text).translate(BLANK))
    return "".join(_harmless(text)).strip()


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _harmless(text: str) -> Iterator[str]:
    marks = 0
    for at, char in enumerate(text):
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if char == JOINER:
            if _joins_emoji(text, at):
                yield char
        elif kind in ("Zl", "Zp") or char == "\n":
            yield "\n"
        elif char == "\t" or kind == "Zs":
            yield " "
        elif kind not in ("Cc", "Cf", "Cs") and marks <= MOST_MARKS:
            yield char


def _joins_emoji(text: str, at: int) -> bool:
    before = text[at - 2] if at > 1 and text[at - 1] == EMOJI_STYLE else text[at - 1] if at else ""
    return is_emoji(before) and is_emoji(text[at + 1 : at + 2])


def is_emoji(char: str) -> bool:
    return bool(char) and (unicodedata.category(char) == "So" or _is_tone(char))


def _is_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


@lru_cache(maxsize=1024)  # a card's texts are the same at each of its edits
def escape(text: str) -> str:
    """Cleaned text for where Discord reads markup: times in it are the reader's own."""
    times = [_stamp(piece) for piece in pieces(text) if isinstance(piece, Moment)]
    if not times:
        return _escape(text)
    around = "".join(piece.replace(HELD, "") if isinstance(piece, str) else HELD for piece in pieces(text))
    before, *after = _escape(around).split(HELD)
    return before + "".join(f"{time}{words}" for time, words in zip(times, after, strict=True))


def _stamp(moment: Moment) -> str:
    stamp = f"<t:{moment.unix}:{moment.style}>"
    return f" ({stamp})" if moment.style == "R" else stamp


def _escape(text: str) -> str:
    """The only place that puts backslashes."""
    text = MARKUP.sub(r"\\\g<0>", clean(text))
    text = text.replace("://", r":\//").replace("@", f"@{BREAK}")
    text = INVITE.sub(r"\1\\/", text)
    text = NUMBERED.sub(r"\1\\", text)
    return AT_LINE_START.sub(r"\1\\", text)


def plain(text: str, most: int) -> str:
    """One line for where Discord reads no markup: buttons, menus, footers, names of threads."""
    return isolated(NAMES_ALL.sub(f"@{BREAK}", one_line(text)), most)


def line(text: str, most: int) -> str:
    """One line for where it does, but shows no times: titles, names of fields."""
    return isolated(escape(one_line(text)), most)


def name_of_link(text: str, most: int) -> str:
    """For between `[` and `](`, where no bracket may stand, escaped or not, nor what looks like an address."""
    return line(text.translate(BRACKETS).replace("://", ":"), most)


def paragraphs(text: str, most: int) -> str:
    """Several lines, at most one of them empty in a row. A channel with its address is shown as Discord shows it."""
    text = CHANNEL.sub(r"<#\2>", escape(text))
    return isolated(re.sub(r"\n\s*\n\s*", "\n\n", text), most)


def isolated(text: str, most: int) -> str:
    """Cut; text that runs from right to left does not turn around what stands beside it."""
    if ORDINARY.fullmatch(text) or not any(unicodedata.bidirectional(char) in RIGHT_TO_LEFT for char in text):
        return cut(text, most)
    return f"{ISOLATE}{cut(text, most - 2)}{POP}" if most > 3 else cut(text, most)


def cut(text: str, most: int) -> str:
    """At most so many units: cut at a word, with an ellipsis, never within an escape, an emoji or a time."""
    if len(text) * 2 <= most or units(text) <= most:
        return text
    if most < 1:
        return ""
    kept, room, used, word = "", most - 1, 0, 0
    for atom in _atoms(text):
        size = units(atom)
        if atom.isspace():
            word = len(kept.rstrip())
        if used + size > room:
            break
        kept, used = kept + atom, used + size
    if word >= len(kept) * AT_A_WORD:
        kept = kept[:word]
    return kept.rstrip() + ELLIPSIS


def _atoms(text: str) -> Iterator[str]:
    """What is shown as one: an escaped character, a time, an emoji with all that is joined to it, a letter with its
    marks."""
    at = 0
    while at < len(text):
        if text[at] == "<" and (time := STAMP.match(text, at)):
            yield time[0]
            at = time.end()
            continue
        end = at + (2 if text[at] == "\\" else 1)
        if _is_flag(text[at]) and _is_flag(text[end : end + 1]):
            end += 1
        while end < len(text):
            if text[end] == JOINER:
                end += 2
            elif _sticks(text[end]):
                end += 1
            else:
                break
        yield text[at:end]
        at = end


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _sticks(char: str) -> bool:
    if char.isascii():
        return False
    return char in (EMOJI_STYLE, KEYCAP, BREAK) or _is_tone(char) or unicodedata.category(char) in ("Mn", "Me", "Mc")

"""Cuts what someone typed about when they meet into tokens. Decides nothing but what a word is."""

import re
from collections.abc import Callable, Iterator
from datetime import time
from difflib import get_close_matches
from unicodedata import combining, normalize

from bot.languages import Phrase, msgid, phrase
from bot.parsing.tokens import Ahead, CalendarDay, ClockTime, Dotted, MonthName, Nth, Token, Weekdays, Weeks, Word
from bot.parsing.vocabulary import (
    ENGLISH,
    EXAMPLES,
    MONTHS,
    NTH_WORDS,
    NUMBERS,
    REFUSED,
    TWO_TONGUED,
    WEEKDAY_WORDS,
    WORDS,
)

MAX_LENGTH = 200


def cut(text: str) -> list[Token]:
    """Raises ValueError for what is no such phrase."""
    plain = _plain(text)
    tokens: list[Token] = []
    at = 0
    while at < len(plain):
        found, read = _match(plain, at)
        tokens += read(found)
        at = found.end()
    if not tokens:
        raise ValueError(phrase("When? Write it like {examples}.", examples=EXAMPLES))
    return tokens


def _plain(text: str) -> str:
    """Lower case, no accents, plain dashes, numbers in digits, single spaces."""
    if len(text) > MAX_LENGTH:
        raise ValueError(phrase("This is too long. Write it like {examples}.", examples=EXAMPLES))
    letters = normalize("NFKD", normalize("NFKD", text).casefold())
    kept = "".join(c for c in letters if not combining(c) and c not in "\u2018\u2019'`")
    dashed = " ".join(re.sub(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]", "-", kept).split())
    words = re.findall(r"[a-z]+", dashed)
    if ENGLISH.intersection(words):
        dashed = re.sub(rf"\b({'|'.join(TWO_TONGUED)})\b", " ", dashed)
    return re.sub(r"\b[a-z]+\b", lambda found: str(NUMBERS.get(found[0], found[0])), dashed)


def _match(plain: str, at: int) -> tuple[re.Match[str], "_Read"]:
    for pattern, read in _PATTERNS:
        if found := pattern.match(plain, at):
            return found, read
    raise _not_understood(plain[at : at + 20].split(" ")[0])


def _not_understood(word: str) -> ValueError:
    return ValueError(phrase('"{word}" is not understood. Write it like {examples}.', word=word, examples=EXAMPLES))


def _refused(word: str, reason: str) -> ValueError:
    return ValueError(
        phrase(
            '"{word}" is not understood: {reason}. Write it like {examples}.',
            word=word,
            reason=phrase(reason),
            examples=EXAMPLES,
        )
    )


def _no_word(word: str) -> ValueError:
    near = get_close_matches(word, [*WORDS, *MONTHS], 1, 0.75)
    return ValueError(_did_you_mean(word, near[0])) if near else _not_understood(word)


def _did_you_mean(word: str, near: str) -> Phrase:
    return phrase(
        '"{word}" is not understood. Did you mean "{near}"? Write it like {examples}.',
        word=word,
        near=near,
        examples=EXAMPLES,
    )


# --- what a match becomes ----------------------------------------------------------------------------------------

_Read = Callable[[re.Match[str]], list[Token]]


def _word(found: re.Match[str]) -> list[Token]:
    word = found[0]
    if word in REFUSED:
        raise _refused(word, REFUSED[word])
    if word not in WORDS:
        raise _no_word(word)
    return [] if WORDS[word] is Word.FILLER else [WORDS[word]]


def _nothing(_: re.Match[str]) -> list[Token]:
    return []


def _always(*tokens: Token) -> _Read:
    return lambda _: list(tokens)


def _refuse(reason: str) -> _Read:
    def read(found: re.Match[str]) -> list[Token]:
        raise _refused(found[0].strip(), reason)

    return read


def _weeks(found: re.Match[str]) -> list[Token]:
    count = found["count"]
    return [Word.EVERY, Weeks(int(count) if count.isdigit() else 2 if count == "other" else NTH_WORDS[count])]


def _ahead(found: re.Match[str]) -> list[Token]:
    return [Ahead(int(found["count"] or 1) * (7 if found["weeks"] else 1))]


def _nth(found: re.Match[str]) -> list[Token]:
    return [Nth(int(found[1]))]


def _iso(found: re.Match[str]) -> list[Token]:
    return [CalendarDay(((int(found["m"]), int(found["d"])),), int(found["y"]))]


def _named(found: re.Match[str]) -> list[Token]:
    """`3 dec`, `dec 3rd, 2026`; also `3, 10 and 17 dec`."""
    year = int(found["y"]) if found["y"] else None
    month = MONTHS[found["month"]]
    return [CalendarDay(((month, int(day)),), year) for day in re.findall(r"[0-9]+", found["d"])]


def _slashed(found: re.Match[str]) -> list[Token]:
    first, second = int(found["a"]), int(found["b"])
    return [CalendarDay(((second, first), (first, second)), _year(found["y"]))]


def _dotted_date(found: re.Match[str]) -> list[Token]:
    return [CalendarDay(((int(found["m"]), int(found["d"])),), _year(found["y"]))]


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month(found: re.Match[str]) -> list[Token]:
    return [MonthName(MONTHS[found["month"]], int(found["y"]) if found["y"] else None)]


def _dotted(found: re.Match[str]) -> list[Token]:
    """`17.30` is a time, `3.5` a date, `17.05` either."""
    first, second = int(found["h"]), int(found["min"])
    day = CalendarDay(((second, first),))
    if len(found["min"]) == 1:
        return [day]
    if not (1 <= first <= 31 and 1 <= second <= 12):
        return [_time(first, second, found["h"])]
    return [Dotted(_time(first, second, found["h"]), day) if first < 24 else day]


def _clock(found: re.Match[str]) -> list[Token]:
    hour, minute = int(found["h"]), found.groupdict().get("min")
    suffix = (found["half"] or found["unit"] or "").strip()
    return [
        _suffixed(hour, int(minute or 0), suffix) if suffix else _time(hour, int(minute or 0), found["h"], not minute)
    ]


def _noon(found: re.Match[str]) -> list[Token]:
    return [ClockTime((time(0 if found[1].startswith(("midn", "mittern")) else 12),))]


def _suffixed(hour: int, minute: int, suffix: str) -> ClockTime:
    """`h` counts 24 hours; `Uhr` does too, but is said of the afternoon as well."""
    if suffix in ("a", "p"):
        return _half(hour, minute, suffix == "p")
    if suffix in ("o clock", "oclock"):
        return _time(hour, minute, str(hour), True)
    if suffix == "uhr":
        return _time(hour, minute, str(hour))
    return ClockTime((_on_clock(hour, minute),))


def _half(hour: int, minute: int, afternoon: bool) -> ClockTime:
    if hour > 12 and afternoon:
        return ClockTime((_on_clock(hour, minute),))  # "17:00 pm"
    if not 1 <= hour <= 12:
        raise _not_understood(f"{hour}{'pm' if afternoon else 'am'}")
    return ClockTime((_on_clock(hour % 12 + 12 * afternoon, minute),))


def _time(hour: int, minute: int, digits: str, bare: bool = False) -> ClockTime:
    """One to six o'clock is rather in the afternoon, seven to eleven in the morning; a leading zero makes it certain.
    A time with minutes from seven on is read as written."""
    at = _on_clock(hour, minute)
    certain = len(digits) == 2 and digits.startswith("0")
    if certain or not 1 <= hour <= (11 if bare else 6):
        return ClockTime((at,))
    later = time(hour + 12, minute)
    return ClockTime((later, at) if hour < 7 else (at, later))


def _on_clock(hour: int, minute: int) -> time:
    if hour > 23:
        raise _not_understood(f"{hour}:{minute:02}" if minute else str(hour))
    return time(hour, minute)


# --- the patterns, the more particular first ---------------------------------------------------------------------


def _any_of(words: Iterator[str] | list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH = rf"(?P<month>{_any_of(list(MONTHS))})\b\.?"
_DAY_OF_MONTH = r"[0-9]{1,2}(?:st|nd|rd|th|\.)?"
_WITH_YEAR = r"(?:,? ?(?P<y>20[0-9]{2})(?![:.]?[0-9]))?"
_NTHS = _any_of([word for word in NTH_WORDS if word != "last" and not word.startswith("letzte")])
_GERMAN_DAY = _any_of([word for word in WEEKDAY_WORDS if "tag" in word or word == "mittwoch"])
_HALF = rf"(?P<half>[ap])\.? ?m\b\.?(?! (?:{_GERMAN_DAY})\b)"
_UNIT = r"(?P<unit>uhr|hrs?|hours?|h|o ?clock)\b"
_EACH = r"(?:every|each|jede[nrs]?|alle) "
_WEEK = r"(?:weeks?|wks?|wochen?)\b"

_PATTERNS: list[tuple[re.Pattern[str], _Read]] = [
    (re.compile(pattern), read)
    for pattern, read in (
        (r"[ ,;.&+!?@()\"/]+", _nothing),
        (r"-", _always(Word.DASH)),
        (rf"{_EACH}(?P<count>[0-9]{{1,3}}|other|{_NTHS}) ?-?{_WEEK}", _weeks),
        (rf"{_EACH}(?P<count>[0-9]{{1,3}}) (?=(?:{_any_of(list(WEEKDAY_WORDS))})s?\b)", _weeks),
        (
            rf"{_EACH}(?:[0-9]+|other|{_NTHS}) (?:months?|days?|years?|monate?|tage?|jahre?)\b",
            _refuse(REFUSED["quarterly"]),
        ),
        (r"(?:14-?taglich|14-?tagig|2-?wochentlich|2-?weekly)\b", _always(Weeks(2))),
        (r"bi-?weekly\b", _always(Word.BIWEEKLY)),
        (rf"{_EACH}(?:day|tag)\b", _always(Weekdays(tuple(range(7))))),
        (r"(?:the )?day after tomorrow\b", _always(Ahead(2))),
        (r"in (?:(?P<count>[0-9]{1,2})|an?|eine[mnr]?) (?:days?|tagen?|(?P<weeks>weeks?|wochen?))\b", _ahead),
        (r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})(?:(?![0-9t])|t(?=[0-9]))", _iso),
        (
            rf"{_DAY_OF_MONTH} ?(?:-|to|until|till|bis) ?{_DAY_OF_MONTH} ?(?:of )?{_MONTH}",
            _refuse(msgid("name each date")),
        ),
        (rf"{_MONTH} ?[0-9]{{1,2}} ?- ?[0-9]{{1,2}}(?! ?[0-9:.hapu])", _refuse(msgid("name each date"))),
        (rf"(?P<d>{_DAY_OF_MONTH}(?:(?:, ?| and | & | und ){_DAY_OF_MONTH})*) ?(?:of )?{_MONTH}{_WITH_YEAR}", _named),
        (
            rf"{_MONTH} ?(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9])(?![:.][0-9])"
            rf"(?! ?(?:{_HALF}|{_UNIT})){_WITH_YEAR}".replace("<half>", "<_half>").replace("<unit>", "<_unit>"),
            _named,
        ),
        (r"(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})(?:/(?P<y>[0-9]{4}|[0-9]{2}))?(?![0-9/])", _slashed),
        (r"(?P<a>[0-9]{1,2})-(?P<b>[0-9]{1,2})-(?P<y>[0-9]{4})(?![0-9-])", _slashed),
        (
            r"(?P<d>[0-9]{1,2})\. ?(?P<m>[0-9]{1,2})\.(?: ?(?P<y>20[0-9]{2}|(?<! )[0-9]{2})(?![:.]?[0-9]))?",
            _dotted_date,
        ),
        (rf"(?P<h>[0-9]{{1,2}})\.(?P<min>[0-5][0-9]) ?(?:{_HALF}|{_UNIT})", _clock),
        (r"(?P<h>[0-9]{1,2})\.(?P<min>[0-9]{1,2})(?![0-9.:])", _dotted),
        (rf"([1-5])\. (?=(?:{_GERMAN_DAY})\b)", _nth),
        (rf"(?P<h>[0-9]{{1,2}})(?:[:h](?P<min>[0-5][0-9]))(?![0-9:])(?: ?(?:{_HALF}|{_UNIT}))?", _clock),
        (r"20[2-4][0-9]\b(?! ?(?:h|hrs?|uhr)\b)", _refuse(msgid("a year stands behind its month"))),
        (rf"(?P<h>[01][0-9]|2[0-3])(?P<min>[0-5][0-9])(?![0-9:])(?: ?(?:{_HALF}|{_UNIT}))?", _clock),
        (r"(?:12 ?)?(noon|midday|mittags?|midnight|mitternacht)\b", _noon),
        (rf"(?P<h>[0-9]{{1,2}})(?P<min>(?!))?(?: ?(?:{_HALF}|{_UNIT})|(?![0-9:a-z]))", _clock),
        (r"[1-5](?:st|nd|rd|th)\b", _word),
        (rf"{_MONTH}{_WITH_YEAR}", _month),
        (r"(?:europe|america|asia|africa|australia|pacific|atlantic|indian|etc)/[a-z_/+-]+", _refuse(REFUSED["utc"])),
        (r"[a-z]+", _word),
    )
]

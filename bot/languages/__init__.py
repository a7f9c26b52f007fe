"""The product's sentences in the language of who reads them. English stands in the code; each other language has a
catalogue beside this file, as gettext knows them (`de.po`). Knows no sentence itself; see docs/languages.md."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # imported where it is used: 25 ms
    from babel import Locale

HERE = Path(__file__).parent
ENGLISH = "en"
REGIONS = {ENGLISH: "en_GB"}  # by whose habit dates, lists and numbers are written, where a language has several
OFFERED = re.compile(
    r"\s*([a-z]{2,3})\b[^;,]*(?:;\s*q=([01](?:\.[0-9]{1,3})?))?", re.IGNORECASE
)  # one of an Accept-Language


class Listener(Protocol):
    """To whom something is said: a group, or a reader of it (`bot.model.addressed`)."""

    @property
    def tongue(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of whom nothing is known but the language."""

    tongue: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said later, where somebody listens; as a text, English. See `phrase`."""

    sentence: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return say(Reader(), self)


def phrase(sentence: str, /, **values: object) -> Phrase:
    """For what is found where nobody listens: `raise ValueError(phrase("{word} is not understood.", word=…))`"""
    return Phrase(sentence, values)


def say(to: Listener, sentence: str | Phrase, /, **values: object) -> str:
    """`say(group, "You voted for {title}.", title=…)`. The sentence is looked up as it stands; what has no translation
    stays as it is. Of the values only phrases are translated."""
    if isinstance(sentence, Phrase):
        return say(to, sentence.sentence, **sentence.values)
    said = _catalogue(to.tongue).gettext(sentence) if sentence else ""  # gettext has its header under ""
    return said.format_map(_worded(to, values)) if values else said


def count(to: Listener, one: str, many: str, number: int, /, **values: object) -> str:
    """`count(group, "{n} paper", "{n} papers", 3)`, by the rule of the language for its plurals."""
    return _catalogue(to.tongue).ngettext(one, many, number).format_map({"n": number, **_worded(to, values)})


def _worded(to: Listener, values: Mapping[str, object]) -> Mapping[str, object]:
    return {name: say(to, value) if isinstance(value, Phrase) else value for name, value in values.items()}


def msgid(sentence: str) -> str:
    """Marks a sentence that stands where nobody listens yet, as in a table: it is said later, by `say`."""
    return sentence


def msgids(one: str, many: str) -> tuple[str, str]:
    """The same of what is counted later: `count(to, *VOTES, 3)`"""
    return one, many


def joined(to: Listener, words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`"""
    return _listed(to, words, "standard")


def either(to: Listener, words: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`"""
    return _listed(to, words, "or")


def shortened(to: Listener, words: Sequence[str], most: int) -> str:
    """`a, b and 3 more`; never "1 more", which can as well be said."""
    more = len(words) - most
    if more < 2:
        return joined(to, words)
    return count(to, "{words} and {n} more", "{words} and {n} more", more, words=", ".join(words[:most]))


def decimal(to: Listener, number: float) -> str:
    """With one digit behind the point: `4.3`"""
    from babel.numbers import format_decimal

    return format_decimal(number, "0.0", habits(to.tongue))


def written(to: Listener, pattern: str, day: date) -> str:
    """A date by a pattern of the Unicode CLDR, of which each language has its own."""
    from babel.dates import format_date

    return format_date(day, say(to, pattern), habits(to.tongue))


# --- which languages there are


@cache
def languages() -> frozenset[str]:
    return frozenset((ENGLISH, *(file.stem for file in HERE.glob("*.po"))))


@lru_cache(1024)  # of what people's clients send
def understood(locale: str, otherwise: str) -> str:
    """The language to answer in: the reader's first one that we have (`de`, `en-GB`, or what a browser sends), else the
    group's."""
    offered = [(float(found[2] or 1), found[1].lower()) for found in map(OFFERED.match, locale.split(",")) if found]
    ranked = [language for weight, language in sorted(offered, key=lambda one: -one[0]) if weight]
    return next((language for language in ranked if language in languages()), otherwise)


@cache
def habits(tongue: str) -> "Locale":
    """How dates, lists and numbers are written. A language that nobody has translated is answered in English."""
    from babel import Locale

    spoken = tongue if tongue in languages() else ENGLISH
    return Locale.parse(REGIONS.get(spoken, spoken))


@cache
def _catalogue(tongue: str) -> NullTranslations:
    if tongue == ENGLISH or tongue not in languages():
        return NullTranslations()
    from babel.messages.mofile import write_mo  # imported here: an English group never needs it
    from babel.messages.pofile import read_po

    packed = BytesIO()
    with (HERE / f"{tongue}.po").open("rb") as file:
        write_mo(packed, read_po(file, locale=tongue))
    packed.seek(0)
    return GNUTranslations(packed)


def _listed(to: Listener, words: Sequence[str], style: Literal["standard", "or"]) -> str:
    from babel.lists import format_list

    return format_list(words, style, habits(to.tongue)) if len(words) > 1 else "".join(words)

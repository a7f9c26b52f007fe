"""Small matters of English that several messages share. Knows nothing of what they say."""

from collections.abc import Sequence


def plural(count: int, word: str) -> str:
    """`1 paper`, `3 papers`, `2 passes`"""
    ending = "" if count == 1 else "es" if word.endswith("s") else "s"
    return f"{count} {word}{ending}"


def capitalised(text: str) -> str:
    """For the beginning of a sentence; leaves the rest as it is."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Capitalised, with a full stop where it ends with no mark of its own."""
    return capitalised(text) if text.endswith((".", "?", "!", "…")) else f"{capitalised(text)}."


def join_words(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`"""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def shortened(words: Sequence[str], most: int) -> str:
    """`a, b and 3 more`; never "1 more", which can as well be said."""
    more = len(words) - most
    return join_words([*words[:most], f"{more} more"] if more > 1 else words)


def ordinal(place: int) -> str:
    """`first`, `second` … `11th`"""
    named = ("first", "second", "third", "fourth", "fifth")
    if 1 <= place <= len(named):
        return named[place - 1]
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"

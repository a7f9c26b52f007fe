"""Small matters of English that several messages share. Knows nothing of what they say."""

from collections.abc import Sequence


def plural(count: int, word: str) -> str:
    """`1 paper`, `3 papers`, `2 passes`"""
    ending = "" if count == 1 else "es" if word.endswith("s") else "s"
    return f"{count} {word}{ending}"


def capitalised(text: str) -> str:
    """For the beginning of a sentence; leaves the rest as it is."""
    return text[:1].upper() + text[1:]


def join_words(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`"""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)

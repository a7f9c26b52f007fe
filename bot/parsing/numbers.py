"""Numbers of a list as people type them: 3, #3, [3], no. 3, 3rd. Knows no list."""

import re
import unicodedata

WORD = r"(?:no|nr|num|number|nummer|paper)\b"
DIGITS = r"\d+(?:st|nd|rd|th)?"
LIKE_A_NUMBER = re.compile(rf"[^\w]*(?:{WORD}[^\w]*)?(?:{DIGITS}(?:[^\w]+|$))+", re.IGNORECASE)
NUMBER = re.compile(rf"[#\[({{]*\s*(?:{WORD}[.:#]*\s*)?(?P<number>{DIGITS})\s*[.):\]}}!,;]*", re.IGNORECASE)
MOST_DIGITS = 9


def is_like_number(typed: str) -> bool:
    """Whether it can be meant as nothing else: digits, and signs around them."""
    return bool(LIKE_A_NUMBER.fullmatch(_plain(typed)))


def read_number(typed: str) -> int | None:
    """None where it is not just one: -1, 1-3, 2.5."""
    found = NUMBER.fullmatch(_plain(typed))
    digits = re.sub("[a-z]", "", found["number"].lower()) if found else ""
    return int(digits) if 0 < len(digits) <= MOST_DIGITS else None


def _plain(typed: str) -> str:
    """With digits and signs of every width: ３, ③, №."""
    return unicodedata.normalize("NFKC", typed).strip()

"""Picks the sentence of an abstract that says what the paper does. Writes nothing of its own, asks no model."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass

from adapters.summarizers.sentences import split_sentences
from bot.model import Paper, Summary

_WHO = (
    r"(?:we|(?:this|the|our|the present) (?:[a-z-]+ )?(?:paper|work|study|survey|article|report|review|tutorial|thesis)"
    r"|(?:the )?authors)"
)
# Weights fitted on half of the Daily Papers and checked on the other half (bench/summary.py).
_CUES: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern, re.IGNORECASE))
    for weight, pattern in (
        (1.75, rf"\b{_WHO} (?:\w+ ){{0,2}}(?:propos|present|introduc)(?:es?|s)?\b"),
        (
            0.75,
            rf"\b{_WHO} (?:\w+ )?(?:develop|design|build|study|stud(?=ies)|investigate|explore|examine|revisit|address"
            r"|cover|formulate|describe|create|construct|adapt|argue|ask|analy[sz]e|review|survey|provide|offer|prove|outline)"
            r"(?:e?s|ies)?\b",
        ),
        (0.5, rf"\b{_WHO} (?:\w+ )?(?:show|demonstrate|find|reveal|discover|establish|identif(?:y|ies)|observe)s?\b"),
        (
            0.5,
            r"\b(?:novel|new|first|unified|framework|(?:benchmark|model|method|approach) (?:for|that)|that enables"
            r"|designed to)\b",
        ),
        (-0.75, r"\bwe (?:also|further|then|additionally|first|next)\b"),
        (
            -0.75,
            r"^(?:furthermore|moreover|additionally|in addition|finally|specifically|lastly|next|then|second|third"
            r"|first)\b",
        ),
        (
            -0.75,
            r"^(?:however|existing|recent|current|despite|while|although|most|prior|yet|traditional|previous|notably)\b",
        ),
        (-0.75, r"^(?:unfortunately|meanwhile|for (?:example|instance)|consequently|as a result)\b"),
        (
            -0.5,
            r"^(?:it|they|this|these|such|that|its|here|there|then|thus|hence|therefore|both|each|all)\b"
            r"(?! (?:paper|work|study|survey))",
        ),
        (
            -1.0,
            r"https?:|\bgithub\b|\b(?:will be|are|is) (?:made )?(?:publicly |freely |open)?(?:available|released)\b",
        ),
        (-1.0, r"\?[\"'”’)]*$"),
    )
)
_TITLE_WEIGHT = 3.25
_TOPIC_WEIGHT = 1.0
_SHORT = 90
_SHORT_WEIGHT = -1.5

_COMMON = re.compile(
    r"(?:an?|the|of|for|in|on|to|and|with|via|from|by|is|are|as|at|or|its?|this|that|we|our|be|can|into|how|what|not|do"
    r"|through|using|towards?|without|beyond|ha[sv]e?|which|these|their|such|than|more)"
)
_CLAUSE_END = re.compile(r"[;:,—–](?=\s)|\s[—–](?=\s)")


@dataclass(frozen=True, slots=True)
class _Paper:
    title: frozenset[str]
    counts: Counter[str]
    total: int


def best_sentence(title: str, abstract: str, limit: int = 280) -> str:
    """A whole sentence of the abstract, cut only when none fits the limit; "" for an empty abstract."""
    sentences = split_sentences(abstract)
    if not sentences:
        return ""
    counts = Counter(_words(abstract))
    paper = _Paper(frozenset(_words(title)), counts, max(1, counts.total()))
    fitting = [sentence for sentence in sentences if len(sentence) <= limit]
    best = max(fitting or sentences, key=lambda sentence: _score(sentence, paper))
    return best if fitting else _shorten(best, limit)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if not _COMMON.fullmatch(word)]


def _score(sentence: str, paper: _Paper) -> float:
    words = frozenset(_words(sentence))
    cues = sum(weight for weight, pattern in _CUES if pattern.search(sentence))
    title = len(words & paper.title) / max(1, len(paper.title))
    topic = sum(paper.counts[word] for word in words) / paper.total
    short = _SHORT_WEIGHT if len(sentence) < _SHORT else 0.0
    return cues + _TITLE_WEIGHT * title + _TOPIC_WEIGHT * topic + short


def _shorten(sentence: str, limit: int) -> str:
    """At a clause when that keeps half of the room, else at a word; never over the limit."""
    if limit < 1:
        return ""
    head = sentence[: limit - 1]
    ends = [found.start() for found in _CLAUSE_END.finditer(head) if found.start() * 2 >= limit]
    kept = head[: ends[-1]] if ends else head.rpartition(" ")[0] or head
    return f"{kept.rstrip(' ,;:-–—(')}…"


class Extractive:
    """Implements ports.Summarizer; needs neither network nor key, so it is also the fallback of others."""

    name = "extractive"

    async def summarise(self, paper: Paper, language: str) -> Summary | None:
        """In the language of the abstract, whatever was asked for."""
        text = await asyncio.to_thread(best_sentence, paper.title, paper.abstract)  # some milliseconds
        return Summary(text, f"from {paper.origin}", self.name, language) if text else None

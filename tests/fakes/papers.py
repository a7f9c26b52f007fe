"""Invented papers as cards, some of them hostile. For tests of surfaces only."""

from datetime import date

from bot.cards import Button, Card

HOSTILE = '<script>alert(1)</script> "quoted" \u202egnp.exe </h3><img src=x onerror=alert(1)> @everyone'

PAPERS = (
    (
        "Sparse Attention Is Enough: Linear-Time Transformers Without the Approximation Tax",
        "Maren Oldenburg, Teodor Vasquez-Lindqvist, Aiko Tanemura and 9 more",
        "Replaces dense attention by a learned block-sparse pattern that keeps accuracy on long documents while the "
        "cost grows linearly with length.",
        "128 upvotes · listed by Hugging Face",
    ),
    (
        "What Do Diffusion Models Forget? Memorisation and Its Decay under Further Training on Filtered Data",
        "Ines Farouk, Jonas Bieber",
        "Measures how quickly memorised training images fade when a diffusion model is trained further on data without "
        "them, and finds that most are gone within two per cent of the original steps.",
        "64 upvotes · listed by Hugging Face",
    ),
    (
        "Tiny Verifiers",
        "Okello Adeyemi, Priya Raghunathan, Søren Kjær and 2 more",
        "A 300-million-parameter model that checks chains of reasoning step by step lifts the answers of models fifty "
        "times its size.",
        "41 upvotes · listed by Hugging Face",
    ),
    (
        "On the Impossibility of Watermarking Short Texts (and What to Do Instead)",
        "Lucía Hernández-Prado",
        "Shows that no watermark can be both unnoticeable and robust below about a hundred tokens, then proposes "
        "signed provenance for such texts.",
        "12 upvotes · listed by Hugging Face",
    ),
    (HOSTILE, "Robert'); DROP TABLE papers;--", "A <b>body</b> & more; see javascript:alert(1).", "9 upvotes"),
)


def digest(day: date = date(2026, 11, 23), papers: int = 9) -> Card:
    return Card(
        kind="digest",
        title=f"Papers for {day:%A} {day.day} {day:%B}",
        body=f"{papers} papers. The first 5 have cards here; Show all lists the rest.",
        buttons=(Button(f"Show all {papers}", "today", on=day),),
    )


def empty_digest() -> Card:
    return Card(
        kind="digest",
        title="No new papers on Friday 20 November",
        body="Every paper on Hugging Face's list was posted here before. The next post is due Monday at 09:00.",
    )


def paper(entry: int, number: int | None = None) -> Card:
    title, authors, body, footer = PAPERS[(entry - 1) % len(PAPERS)]
    is_hostile = title == HOSTILE
    return Card(
        kind="paper",
        title=title,
        url="javascript:alert(1)" if is_hostile else f"https://arxiv.org/abs/2611.{entry:05}",
        byline=authors,
        body=body,
        label="from the abstract",
        links=(("code", "javascript:alert(2)" if is_hostile else f"https://github.com/example/{entry}"),),
        footer=footer,
        entry=100 + entry,
        number=number or entry,
    )


def two_days() -> list[Card]:
    """Messages 1 to 13: an older day, an empty one, and the newest with entries 106 to 110 as messages 9 to 13."""
    older = [digest(date(2026, 11, 19)), *(paper(entry) for entry in range(1, 6))]
    newer = [digest(), *(paper(entry, entry - 5) for entry in range(6, 11))]
    return [*older, empty_digest(), *newer]

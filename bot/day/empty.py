"""Why a post has no papers, in one sentence for members; fixed in the digest, since the facts behind it pass."""

from collections.abc import Collection, Mapping, Sequence

from bot.languages import count, joined, say
from bot.model import Covered, GroupSettings
from bot.papers.announcements import is_weekend
from bot.ports import Reads
from bot.views.dates import spoken_days
from bot.wording import capitalised

Labels = Mapping[str, str]  # the sources, by name, as members read them


def labels_of(labels: Labels, pairs: Collection[Covered]) -> tuple[str, ...]:
    return tuple(sorted({labels[name] for name, _ in pairs if name in labels}))


def why_empty(
    rows: Reads,
    labels: Labels,
    about: Sequence[Covered],
    unread: Collection[Covered],
    announced: int,
    group: GroupSettings,
) -> str:
    """`announced` papers are on other lists of the group."""
    if not about:
        return say(group, "No source has closed a new list since the last post.")
    if unread:
        return _why_unread(labels_of(labels, unread), group)
    if announced:
        return count(
            group,
            "The {n} paper that was announced is on another list of this group.",
            "The {n} papers that were announced are on another list of this group.",
            announced,
        )
    return _why_silent(rows, labels_of(labels, about), about, group)


def _why_unread(labels: Sequence[str], group: GroupSettings) -> str:
    return count(
        group,
        "{sources} can't be read right now; we try every ten minutes, and the papers will appear here.",
        "{sources} can't be read right now; we try every ten minutes, and the papers will appear here.",
        len(labels),
        sources=capitalised(joined(group, labels)),
    )


def _why_silent(rows: Reads, labels: Sequence[str], about: Sequence[Covered], group: GroupSettings) -> str:
    who, days = capitalised(joined(group, labels)), {day for _, day in about}
    if all(is_weekend(day) for day in days):
        return count(
            group,
            "{sources} announces nothing at the weekend.",
            "{sources} announce nothing at the weekend.",
            len(labels),
            sources=who,
        )
    if notes := _notes(rows, about):
        return " ".join(notes)
    return count(
        group,
        "{sources} lists no papers for {days}.",
        "{sources} list no papers for {days}.",
        len(labels),
        sources=who,
        days=spoken_days(days, group),
    )


def _notes(rows: Reads, pairs: Sequence[Covered]) -> Sequence[str]:
    reports = [rows.papers.report(name, day) for name, day in pairs]
    return sorted({report.note for report in reports if report and report.note})

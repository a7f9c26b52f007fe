"""Why a post has no papers, in one sentence for members; fixed in the digest, since the facts behind it pass."""

from collections.abc import Collection, Mapping, Sequence

from bot.model import Covered, GroupSettings
from bot.papers.announcements import is_weekend
from bot.ports import Reads
from bot.views.dates import spoken_days
from bot.wording import capitalised, join_words

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
        return "No source has closed a new list since the last post."
    if unread:
        who = capitalised(join_words(labels_of(labels, unread)))
        return f"{who} can't be read right now; we try every ten minutes, and the papers will appear here."
    if announced:
        were = "1 paper that was announced is" if announced == 1 else f"{announced} papers that were announced are"
        return f"The {were} on another list of this group."
    return _why_silent(rows, labels_of(labels, about), about, group)


def _why_silent(rows: Reads, labels: Sequence[str], about: Sequence[Covered], group: GroupSettings) -> str:
    who, s = capitalised(join_words(labels)), "" if len(labels) > 1 else "s"
    days = {day for _, day in about}
    if all(is_weekend(day) for day in days):
        return f"{who} announce{s} nothing at the weekend."
    if notes := _notes(rows, about):
        return " ".join(notes)
    return f"{who} list{s} no papers for {spoken_days(days, group)}."


def _notes(rows: Reads, pairs: Sequence[Covered]) -> Sequence[str]:
    reports = [rows.papers.report(name, day) for name, day in pairs]
    return sorted({report.note for report in reports if report and report.note})

"""What sources announce, and what papers are about in a sentence. A paper is the same in every group that has it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.actions.messages import show_papers, show_upvotes
from bot.model import Paper, SourceReport, Summary
from bot.papers.merge import merge, says_more
from bot.ports import Rows


def record_day(rows: Rows, report: SourceReport, papers: Sequence[Paper], settled: datetime | None = None) -> None:
    """What a source announced on a day, in its order: papers are merged by key, announcements only grow. `settled`:
    when that list does, as posts wait for the first answer since."""
    last = rows.papers.report(report.source, report.day)
    known = rows.papers.papers([paper.key for paper in papers])
    merged = _merge_all(known, papers)
    rows.papers.put([paper for paper in merged.values() if paper != known.get(paper.key)], report.at)
    has_grown = rows.papers.announce(report.source, report.day, list(dict.fromkeys(paper.key for paper in papers)))
    rows.papers.put_report(report)
    _show_changed(rows, known, merged, report.at)
    if has_grown or last is None or last.problem or _is_first(last, report.at, settled):
        rows.looks.hasten_all(report.at)  # any group may have it on a list


def record_failure(
    rows: Rows, source: str, day: date, problem: str, at: datetime, settled: datetime | None = None
) -> None:
    """What was read before stays."""
    last = rows.papers.report(source, day) or SourceReport(source, day, at, papers=0, skipped=0)
    rows.papers.put_report(replace(last, at=at, problem=problem))
    if not last.problem or _is_first(last, at, settled):
        rows.looks.hasten_all(at)


def _is_first(last: SourceReport, at: datetime, settled: datetime | None) -> bool:
    """Answer since the list settled."""
    return settled is not None and last.at < settled <= at


def put_summaries(rows: Rows, summaries: Mapping[str, Summary], at: datetime) -> None:
    """By the papers' keys; the newest one of a language is read there. Raises StoreError when there is no such
    paper."""
    stand = rows.papers.summaries(list(summaries))
    fresh = {key: summary for key, summary in summaries.items() if (key, summary) not in stand}
    if fresh:
        rows.papers.put_summaries(fresh, at)
        show_papers(rows, list(fresh), at)


def _merge_all(known: Mapping[str, Paper], papers: Sequence[Paper]) -> Mapping[str, Paper]:
    merged = dict(known)
    for paper in papers:
        old = merged.get(paper.key)
        merged[paper.key] = merge(old, paper) if old else paper
    return merged


def _show_changed(rows: Rows, known: Mapping[str, Paper], merged: Mapping[str, Paper], at: datetime) -> None:
    """No group has a paper that was not known."""
    changed = {key: says_more(old, merged[key]) for key, old in known.items() if merged[key] != old}
    show_papers(rows, [key for key, more in changed.items() if more], at)
    show_upvotes(rows, [key for key, more in changed.items() if not more], at)

"""The lines of `/paper status`: when the next post is due, how sources answered, what could not be delivered."""

from collections.abc import Sequence

from bot.actions import deliveries
from bot.actions.day import latest_digests
from bot.clock import Watch
from bot.day.daily import Daily
from bot.groups import Groups
from bot.groups.post_times import due_at
from bot.model import Digest, GroupSettings, SourceReport, Trouble
from bot.ports import Clock, Store
from bot.views.dates import spoken, spoken_time
from bot.wording import capitalised, plural

VERSION = "0.1.0"


class Status:
    def __init__(self, groups: Groups, store: Store, clock: Clock, daily: Daily, watch: Watch) -> None:
        self._groups = groups
        self._store = store
        self._clock = clock
        self._daily = daily
        self._watch = watch

    async def lines(self, group: str) -> Sequence[str]:
        settings, now = self._groups.by_id[group], self._clock.now()
        last = await self._store.read(latest_digests, group, now)
        labels = self._daily.labels
        used = labels.keys() & (settings.day.sources or labels)
        reports = [
            report for report in await self._store.read(lambda rows: rows.papers.reports()) if report.source in used
        ]
        troubles = {(t.place, t.error): t for t in await self._store.read(deliveries.troubles, group, now)}.values()
        on = await self._daily.next_post(settings, self._groups.due(settings, now))
        due = f"Next post: {spoken_time(max(now, due_at(settings, on)), settings)}."
        return [
            f"Paperclub {VERSION}.",
            *([self._watch.doubt] if self._watch.doubt else []),
            due if settings.channels else "Nothing is posted: /paper-admin start begins.",
            *(_last_post(digest, settings) for digest in last),
            *(_source(report, labels[report.source], settings) for report in reports),
            *(_delivery(trouble) for trouble in troubles),
            *([] if troubles else ["Every message was delivered."]),
        ]


def _source(report: SourceReport, label: str, group: GroupSettings) -> str:
    about = f"{capitalised(label)}, {spoken(report.day, group)}"
    if report.problem:
        return f"{about}: {report.problem}"
    skipped = f", {report.skipped} unreadable" if report.skipped else ""
    note = f" {report.note}" if report.note else ""
    return f"{about}: {plural(report.papers, 'paper')}{skipped}.{note}"


def _last_post(digest: Digest, group: GroupSettings) -> str:
    late = f", {digest.late} late" if digest.late else ""
    return f"Last post: {spoken(digest.posted_on, group)}, {plural(digest.papers, 'paper')}{late}."


def _delivery(trouble: Trouble) -> str:
    state = "given up" if trouble.given_up else "trying again"
    return f"{trouble.place}: {trouble.error} ({plural(trouble.attempts, 'attempt')}, {state})"

"""The lines of `/paper status`: when the next post is due, how sources answered, what could not be delivered."""

from collections.abc import Sequence

from bot.actions import deliveries
from bot.actions.day import latest_digests
from bot.clock import Watch
from bot.day.daily import Daily
from bot.groups import Groups
from bot.groups.post_times import due_at
from bot.languages import count, say
from bot.model import Digest, GroupSettings, SourceReport, Trouble
from bot.ports import Clock, Store
from bot.views.dates import spoken, spoken_time
from bot.wording import capitalised

VERSION = "0.1.0"


class Status:
    def __init__(self, groups: Groups, store: Store, clock: Clock, daily: Daily, watch: Watch) -> None:
        self._groups = groups
        self._store = store
        self._clock = clock
        self._daily = daily
        self._watch = watch

    async def lines(self, group: GroupSettings) -> Sequence[str]:
        now = self._clock.now()
        last = await self._store.read(latest_digests, group.id, now)
        labels = self._daily.labels
        used = labels.keys() & (group.day.sources or labels)
        reports = [
            report for report in await self._store.read(lambda rows: rows.papers.reports()) if report.source in used
        ]
        troubles = {(t.place, t.error): t for t in await self._store.read(deliveries.troubles, group.id, now)}.values()
        on = await self._daily.next_post(group, self._groups.due(group, now))
        due = say(group, "Next post: {time}.", time=spoken_time(max(now, due_at(group, on)), group))
        return [
            say(group, "Paperclub {version}.", version=VERSION),
            *([self._watch.doubt] if self._watch.doubt else []),
            due if group.channels else say(group, "Nothing is posted: /paper-admin start begins."),
            *(_last_post(digest, group) for digest in last),
            *(_source(report, labels[report.source], group) for report in reports),
            *(_delivery(trouble, group) for trouble in troubles),
            *([] if troubles else [say(group, "Every message was delivered.")]),
        ]


def _source(report: SourceReport, label: str, group: GroupSettings) -> str:
    about = f"{capitalised(label)}, {spoken(report.day, group)}"
    if report.problem:
        return f"{about}: {report.problem}"
    said = count(group, "{n} paper", "{n} papers", report.papers)
    if report.skipped:
        said = f"{said}, {count(group, '{n} unreadable', '{n} unreadable', report.skipped)}"
    return f"{about}: {said}. {report.note}".strip()


def _last_post(digest: Digest, group: GroupSettings) -> str:
    papers = count(group, "{n} paper", "{n} papers", digest.papers)
    if digest.late:
        papers = f"{papers}, {count(group, '{n} late', '{n} late', digest.late)}"
    return say(group, "Last post: {day}, {papers}.", day=spoken(digest.posted_on, group), papers=papers)


def _delivery(trouble: Trouble, group: GroupSettings) -> str:
    state = say(group, "given up") if trouble.given_up else say(group, "trying again")
    attempts = count(group, "{n} attempt", "{n} attempts", trouble.attempts)
    return f"{trouble.place}: {trouble.error} ({attempts}, {state})"

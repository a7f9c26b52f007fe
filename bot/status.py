"""The lines of `/paper status`: when the next post is due, how sources answered, what could not be delivered."""

from collections.abc import Sequence

from bot.dates import next_due, spoken, spoken_time
from bot.groups import Groups
from bot.model import Digest, GroupSettings, Override, SourceReport, Trouble
from bot.ports import Clock, Source, Store
from bot.wording import capitalised, plural

VERSION = "0.1.0"


class Status:
    def __init__(self, groups: Groups, store: Store, clock: Clock, sources: Sequence[Source]) -> None:
        self._groups = groups
        self._store = store
        self._clock = clock
        self._labels = {source.name: source.label for source in sources}

    async def lines(self, group: str) -> Sequence[str]:
        settings, now = self._groups.by_id[group], self._clock.now()
        last = await self._store.digests(group, 1)
        sources = settings.day.sources or self._labels
        reports = [r for r in await self._store.reports() if r.source in self._labels and r.source in sources]
        troubles = await self._store.troubles(group, now)
        due = f"Next post: {spoken_time(next_due(settings, now), settings)} ({settings.timezone})."
        changed = (changed_from_chat(override, settings) for override in self._groups.overrides(group).values())
        return [
            f"Paperclub {VERSION}.",
            due if settings.channels else "Nothing is posted: /paper-admin start begins.",
            *(f"{capitalised(line)}." for line in changed),
            *(_last_post(digest) for digest in last),
            *(self._source(report) for report in reports),
            *(_delivery(trouble) for trouble in troubles),
            *([] if troubles else ["Every message was delivered."]),
        ]

    def _source(self, report: SourceReport) -> str:
        label = capitalised(self._labels[report.source])
        if report.problem:
            return f"{label}, {spoken(report.day)}: {report.problem}"
        skipped = f", {report.skipped} unreadable" if report.skipped else ""
        note = f" {report.note}" if report.note else ""
        return f"{label}, {spoken(report.day)}: {plural(report.papers, 'paper')}{skipped}.{note}"


def changed_from_chat(override: Override, group: GroupSettings) -> str:
    """`timezone is Europe/Berlin, changed by Ann on Monday 23 November`"""
    on = spoken(override.at.astimezone(group.zone).date())
    return f"{override.name} is {override.value}, changed by {override.by} on {on}"


def _last_post(digest: Digest) -> str:
    late = f", {digest.late} late" if digest.late else ""
    return f"Last post: {spoken(digest.posted_on)}, {plural(digest.papers, 'paper')}{late}."


def _delivery(trouble: Trouble) -> str:
    state = "given up" if trouble.given_up else "trying again"
    return f"{trouble.place}: {trouble.error} ({plural(trouble.attempts, 'attempt')}, {state})"
